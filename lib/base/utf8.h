/*
 * utf8: code points in bytes, as RFC 3629 defines them: no surrogates, nothing
 * above U+10FFFF, no overlong forms.  All functions are pure and borrow what
 * they read.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Decodes the code point at s, of which n bytes (at least 1) can be read, into
 * *cp.  Returns its length, 1 to 4 bytes, or 0 if the bytes are not valid or
 * the code point is not complete.
 */
size_t	utf8_next(const char *s, size_t n, uint32_t *cp);

/* Whether all n bytes are valid UTF-8. */
bool	utf8_valid(const char *s, size_t n);

/* How many code points the n bytes hold, which must be valid. */
size_t	utf8_count(const char *s, size_t n);

/*
 * How many of the n bytes, which must be valid, fit into max bytes without
 * cutting a code point in two.
 */
size_t	utf8_cut(const char *s, size_t n, size_t max);

/*
 * How many bytes at the end of s are the beginning of a code point that more
 * bytes may complete: 0 to 3.  The bytes before them may be valid or not.
 */
size_t	utf8_begun(const char *s, size_t n);

/*
 * Appends s to out, with U+FFFD for every byte that belongs to no valid code
 * point.  Returns 0, or -1 with out->failed.
 */
int	utf8_clean(struct buf *out, const char *s, size_t n);

/*
 * Returns 0 if the n bytes are plain text, -1 if they are not UTF-8, and 1 if
 * they hold a control character other than tab, LF and CR, which is then in
 * *cp.
 */
int	utf8_check(const char *s, size_t n, uint32_t *cp);

/*
 * Whether cp can be part of a word, in any script.  A coarse table excludes
 * blocks of symbols, punctuation, emoji and private use; it tells "beef" and
 * "김치" from "!!!" and "123", and is not Unicode's category L.
 */
bool	utf8_is_letter(uint32_t cp);

#endif
