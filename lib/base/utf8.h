/*
 * utf8: code points in bytes (RFC 3629: no surrogates, nothing over U+10FFFF,
 * no overlong forms).  Pure functions over borrowed memory.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Decodes the code point at s (n > 0 bytes) into *cp and returns its length,
 * 1 to 4; 0 where the bytes are not valid or not complete.
 */
size_t	utf8_next(const char *s, size_t n, uint32_t *cp);

bool	utf8_valid(const char *s, size_t n);

/* Code points in valid text. */
size_t	utf8_count(const char *s, size_t n);

/* The longest prefix of valid text, at most max bytes, that cuts none. */
size_t	utf8_cut(const char *s, size_t n, size_t max);

/* Appends s to out, each invalid byte replaced by U+FFFD. */
int	utf8_clean(struct buf *out, const char *s, size_t n);

/*
 * Whether this is text that people write: 0; -1 where it is not UTF-8; 1 where
 * it holds a control character other than tab, LF and CR, left in *cp.
 */
int	utf8_check(const char *s, size_t n, uint32_t *cp);

/*
 * Whether cp is written by people as part of a word, of any script.  A coarse
 * table (blocks of symbols, punctuation, emoji and private use are out), for
 * telling "beef" and "김치" from "!!!" and "123"; not Unicode's category L.
 */
bool	utf8_is_letter(uint32_t cp);

#endif
