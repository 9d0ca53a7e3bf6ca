/*
 * mask.c: stage, and the program as it checks a service.  Replaces one word in
 * a text; knows nothing of what the word opens.
 */
#include <string.h>

#include "text/mask.h"

/* Bytes; more than any piece that comes (answer.h) and a key. */
#define HELD_MAX	(8 * 1024 * 1024)

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
		buf_puts(out, "***");
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
