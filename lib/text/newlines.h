/*
 * newlines: the newlines of a model's text, made the same.
 *
 * Models and their servers write LF, CRLF and CR; the public wire writes a
 * newline as the sign U+2B91, so that sign stands for a newline where a model
 * writes it, too.  Past this module a newline is one LF.
 *
 *	struct newlines newlines = NEWLINES_INIT;
 *
 *	newlines_read(&newlines, "one\r", 4, &out);	"one\n"
 *	newlines_read(&newlines, "\ntwo", 4, &out);	"two"
 *
 * The state joins a CRLF that was cut in two.  It belongs to one text, and
 * begins anew where the text does.
 */
#ifndef NEWLINES_H
#define NEWLINES_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct newlines {
	bool	after_cr;	/* a LF that comes now belongs to that CR */
};

#define NEWLINES_INIT { false }

/*
 * Whether newlines_read would change anything of this text.  Most text is as
 * it should be, and need not be copied.
 */
bool	newlines_are_plain(const struct newlines *newlines, const char *text,
	    size_t n);

/* Appends the text, whole code points, to out; look at out->failed. */
void	newlines_read(struct newlines *newlines, const char *text, size_t n,
	    struct buf *out);

#endif
