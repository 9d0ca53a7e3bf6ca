/*
 * sniff: what the body of an answer is, told by its first bytes.
 *
 *	struct sniff sniff = { 0 };
 *
 *	sniff_feed(&sniff, status, type, data, n);	each piece
 *	if (sniff.is_stream) ...
 */
#ifndef SNIFF_H
#define SNIFF_H

#include <stdbool.h>
#include <stddef.h>

/* So many of the first bytes tell text from what is not text. */
#define SNIFF_MAX	64

struct sniff {
	bool	begun;		/* is_stream is known */
	bool	is_stream;	/* of events */
	bool	binary;		/* it does not begin as text */
	size_t	looked;		/* bytes of it seen for that */
};

/*
 * Takes the next piece of a body that came with this HTTP status and
 * Content-Type ("" if it had none).
 */
void	sniff_feed(struct sniff *sniff, int status, const char *type,
	    const char *data, size_t n);

#endif
