/*
 * mask.c: stage.  One word in a stream; knows nothing of whose it is.
 */
#include <string.h>

#include "text/mask.h"

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

void
mask_feed(struct mask *m, const char *text, size_t n, struct buf *out)
{
	const char *hit;
	size_t said;

	if (m->secret == NULL) {
		buf_add(out, text, n);
		return;
	}
	buf_add(&m->held, text, n);
	while ((hit = memmem(m->held.data, m->held.len, m->secret,
	    m->len)) != NULL) {
		said = (size_t)(hit - m->held.data);
		buf_add(out, m->held.data, said);
		buf_puts(out, "***");
		buf_drop(&m->held, said + m->len);
	}
	said = m->held.len - buf_begun(&m->held, m->secret);
	buf_add(out, m->held.data, said);
	buf_drop(&m->held, said);
}

void
mask_end(struct mask *m, struct buf *out)
{
	buf_add(out, m->held.data, m->held.len);
	buf_reset(&m->held);
}
