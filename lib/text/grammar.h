/*
 * grammar: whether bytes are one JSON text (RFC 8259), and if not, where the
 * fault is and what it is.
 *
 * json-c has a strict mode, which is not used.  json-c 0.16 accepts NaN, names
 * in single quotes and control characters in strings even if it is strict.
 * 0.18 refuses every string with a character beyond ASCII on machines whose
 * char is signed, and whole numbers that are too large, without naming the
 * member.
 */
#ifndef GRAMMAR_H
#define GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the n bytes at text are one JSON text in UTF-8, with or without
 * white space around it, of at most `depth` levels (a number or string alone
 * is one level).  It is stricter than the RFC in one point: a name that holds
 * a NUL is refused, since json-c would cut it there.  If the answer is false,
 * *why is a sentence without a full stop that need not be freed, and *at is
 * the index of the first faulty byte, or n if the text ends too early.
 */
bool	grammar_check(const char *text, size_t n, int depth, const char **why,
	    size_t *at);

#endif
