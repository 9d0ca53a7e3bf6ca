/*
 * grammar: whether bytes are one JSON text (RFC 8259), and if not, where the
 * fault is and what it is.  json-c's own strictness is not asked for: 0.16
 * takes NaN, names in single quotes and control characters in strings; 0.18
 * refuses every string beyond ASCII where char is signed, and whole numbers
 * that are too large, without a word about their field.
 */
#ifndef GRAMMAR_H
#define GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the n bytes at text are one JSON text in UTF-8 of at most `depth`
 * levels (a scalar at the top is one level), with white space around it.
 * Beyond the RFC it refuses names that hold a NUL, since json-c cuts them
 * there.  If it is none, *why is a static sentence without an end, and *at the
 * byte of the fault, at most n.
 */
bool	grammar_check(const char *text, size_t n, int depth, const char **why,
	    size_t *at);

#endif
