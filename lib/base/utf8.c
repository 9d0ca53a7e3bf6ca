/*
 * utf8.c: any process.  Code points; knows nothing of what they say.
 */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

size_t
utf8_next(const char *s, size_t n, uint32_t *cp)
{
	/* By length: what is less has a shorter form, so this one is wrong. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)s[0];
	size_t len, i;

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	/* 0x80 to 0xbf continue a code point; the others begin none either. */
	if (c < 0xc2 || c > 0xf4 || n < len)
		return 0;
	*cp = c & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		c = (unsigned char)s[i];
		if ((c & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (c & 0x3f);
	}
	/* 0xd800 to 0xdfff are the surrogates of UTF-16, no code points. */
	if (*cp < least[len] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return len;
}

bool
utf8_valid(const char *s, size_t n)
{
	uint32_t cp;
	size_t len;

	while (n > 0) {
		if ((len = utf8_next(s, n, &cp)) == 0)
			return false;
		s += len;
		n -= len;
	}
	return true;
}

/* Counts the bytes that begin a code point: all but 10xxxxxx. */
size_t
utf8_count(const char *s, size_t n)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

int
utf8_check(const char *s, size_t n, uint32_t *cp)
{
	size_t i, len;

	for (i = 0; i < n; i += len) {
		if ((len = utf8_next(s + i, n - i, cp)) == 0)
			return -1;
		/* C0 with three exceptions, DEL, and C1. */
		if ((*cp < 0x20 && *cp != '\t' && *cp != '\n' &&
		    *cp != '\r') || (*cp >= 0x7f && *cp < 0xa0))
			return 1;
	}
	return 0;
}

size_t
utf8_cut(const char *s, size_t n, size_t max)
{
	if (n <= max)
		return n;
	/* The byte after the cut must begin a code point. */
	while (max > 0 && ((unsigned char)s[max] & 0xc0) == 0x80)
		max--;
	return max;
}

/* Whether the k bytes at s are the first of a valid code point of len bytes. */
static bool
is_begun(const char *s, size_t k, size_t len)
{
	char low[4], high[4];
	uint32_t cp;

	/* Which second bytes are allowed depends on the first one. */
	memset(low, 0x80, sizeof(low));
	memset(high, 0xbf, sizeof(high));
	memcpy(low, s, k);
	memcpy(high, s, k);
	return utf8_next(low, len, &cp) == len ||
	    utf8_next(high, len, &cp) == len;
}

size_t
utf8_begun(const char *s, size_t n)
{
	unsigned char c;
	size_t k, len;

	for (k = 1; k <= 3 && k <= n; k++) {
		c = (unsigned char)s[n - k];
		if ((c & 0xc0) == 0x80)
			continue;
		len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
		return len > k && is_begun(s + n - k, k, len) ? k : 0;
	}
	return 0;
}

int
utf8_clean(struct buf *out, const char *s, size_t n)
{
	uint32_t cp;
	size_t len, good = 0;

	while (good < n) {
		if ((len = utf8_next(s + good, n - good, &cp)) > 0) {
			good += len;
			continue;
		}
		/* The valid bytes before the bad one, then U+FFFD for it. */
		buf_add(out, s, good);
		buf_puts(out, "\xef\xbf\xbd");
		s += good + 1;
		n -= good + 1;
		good = 0;
	}
	return buf_add(out, s, good);
}

bool
utf8_is_letter(uint32_t cp)
{
	/* First and last code point of blocks above ASCII without letters. */
	static const struct { uint32_t first, last; } none[] = {
		{ 0x80, 0xa9 }, { 0xab, 0xb4 }, { 0xb6, 0xb9 }, { 0xbb, 0xbf },
		{ 0xd7, 0xd7 }, { 0xf7, 0xf7 },
		{ 0x2000, 0x2070 }, { 0x2072, 0x207e }, { 0x2080, 0x208f },
		{ 0x20a0, 0x20ff }, { 0x2190, 0x2bff }, { 0x2e00, 0x2e7f },
		{ 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0x3030, 0x3030 },
		{ 0xe000, 0xf8ff }, { 0xfe00, 0xfe6f }, { 0xff00, 0xff20 },
		{ 0xff3b, 0xff40 }, { 0xff5b, 0xff65 }, { 0xffe0, 0xffff },
		{ 0x1f000, 0x1faff }, { 0xe0000, 0x10ffff },
	};
	size_t i;

	if (cp < 0x80)
		return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (cp >= none[i].first && cp <= none[i].last)
			return false;
	return true;
}
