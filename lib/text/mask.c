/*
 * mask.c: stage, and the program as it checks a service.  Replaces one word in
 * a text; knows nothing of what the word opens.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text/mask.h"

/* Bytes; more than any piece that comes (answer.h) and a key. */
#define HELD_MAX	(8 * 1024 * 1024)

/* Whether the n bytes at s begin with that spelling; case does not count. */
static bool
begins_with(const char *s, size_t n, const char *spelling)
{
	size_t len = strlen(spelling);

	return len <= n && strncasecmp(s, spelling, len) == 0;
}

/*
 * How many of the n bytes at s, of which there is one at least, stand for the
 * character c, as it is or as JSON, a URL or a page may escape it; 0 if they
 * stand for another.
 */
static size_t
spelled_length(const char *s, size_t n, char c)
{
	static const char *const forms[] = { "\\u%04x", "%%%02x", "&#%d;",
	    "&#x%x;", "&#x%02x;", "\\%c" };
	static const char *const names[] = { "&amp;", "&quot;", "&lt;",
	    "&gt;" };
	char text[12];
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		snprintf(text, sizeof(text), forms[i], c);
		if (begins_with(s, n, text))
			return strlen(text);
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (c == "&\"<>"[i] && begins_with(s, n, names[i]))
			return strlen(names[i]);
	return *s == c;
}

/* How many of the n bytes at s stand for the key; 0 if they do not begin so. */
static size_t
key_length(const char *s, size_t n, const char *key)
{
	size_t at = 0, one;

	for (; *key != '\0'; key++, at += one)
		if (at == n ||
		    (one = spelled_length(s + at, n - at, *key)) == 0)
			return 0;
	return at;
}

void
mask_text(struct buf *out, const char *text, size_t n, const char *key)
{
	size_t i = 0, begin = 0, len;
	bool secret = key != NULL && strlen(key) >= MASK_LEAST;

	while (secret && i < n) {
		/* The key itself, or what escapes a character, begins here. */
		len = text[i] == *key || text[i] == '\\' || text[i] == '%' ||
		    text[i] == '&' ? key_length(text + i, n - i, key) : 0;
		if (len > 0) {
			buf_add(out, text + begin, i - begin);
			buf_puts(out, MASK_HIDDEN);
			begin = i + len;
		}
		i += len > 0 ? len : 1;
	}
	buf_add(out, text + begin, n - begin);
}

void
mask_init(struct mask *m, const char *secret)
{
	m->len = secret == NULL ? 0 : strlen(secret);
	m->secret = m->len < MASK_LEAST ? NULL : secret;
	buf_init(&m->held, HELD_MAX);
}

void
mask_free(struct mask *m)
{
	buf_free(&m->held);
}

/*
 * A piece and what is held are searched together, so that the secret is found
 * wherever it was cut.  Without a secret nothing is held.
 */
void
mask_feed(struct mask *m, const char *text, size_t n, struct buf *out)
{
	const char *hit;
	size_t before;

	if (m->secret == NULL) {
		buf_add(out, text, n);
		return;
	}
	buf_add(&m->held, text, n);
	while ((hit = memmem(m->held.data, m->held.len, m->secret,
	    m->len)) != NULL) {
		before = (size_t)(hit - m->held.data);
		buf_add(out, m->held.data, before);
		buf_puts(out, MASK_HIDDEN);
		buf_drop(&m->held, before + m->len);
	}
	/* Only an end that may be a beginning of the secret stays held. */
	before = m->held.len - buf_begun(&m->held, m->secret);
	buf_add(out, m->held.data, before);
	buf_drop(&m->held, before);
}

void
mask_end(struct mask *m, struct buf *out)
{
	buf_add(out, m->held.data, m->held.len);
	buf_reset(&m->held);
}
