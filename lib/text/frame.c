/*
 * frame.c: worker and stage.  Messages in a pipe; knows descriptors and
 * bytes, but nothing of what a payload says.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/frame.h"


int
frame_put(struct buf *out, enum frame_type type, const void *data, size_t n)
{
	unsigned char head[FRAME_HEADER] = { (unsigned char)type,
	    FRAME_VERSION };

	if (n > FRAME_MAX) {
		out->failed = true;
		return -1;
	}
	/* FRAME_MAX fits into two bytes, so the upper two stay 0. */
	head[6] = (unsigned char)(n >> 8);
	head[7] = (unsigned char)n;
	buf_add(out, head, sizeof(head));
	return buf_add(out, data, n);
}

int
frame_put_text(struct buf *out, enum frame_type type, const char *text,
    size_t n)
{
	size_t cut;

	/* A text without bytes is one empty frame. */
	do {
		cut = utf8_cut(text, n, FRAME_MAX);
		if (frame_put(out, type, text, cut) == -1)
			return -1;
		text += cut;
		n -= cut;
	} while (n > 0);
	return 0;
}

ssize_t
frame_fill(struct buf *in, int fd)
{
	const size_t want = 4095;	/* a page, with the '\0' after it */
	size_t most = in->max - in->len, n = want < most ? want : most;
	ssize_t got;
	char *room;

	/*
	 * n is not 0, since all complete frames were taken out before, and
	 * max leaves room for one more.  A read of 0 bytes would look like
	 * the end of the pipe.
	 */
	if ((room = buf_room(in, n)) == NULL) {
		errno = ENOMEM;
		return -1;
	}
	do
		got = read(fd, room, n);
	while (got == -1 && errno == EINTR);
	if (got > 0)
		in->len += (size_t)got;
	in->data[in->len] = '\0';
	return got;
}

int
frame_next(const struct buf *in, size_t *pos, struct frame *frame)
{
	const unsigned char *head = (const unsigned char *)in->data + *pos;
	size_t have = in->len - *pos, len;

	if (have < FRAME_HEADER)
		return 0;
	/* The header is judged before the payload is there. */
	len = (size_t)head[4] << 24 | (size_t)head[5] << 16 |
	    (size_t)head[6] << 8 | head[7];
	if (head[0] == 0 || head[0] > FRAME_LAST ||
	    head[1] != FRAME_VERSION || head[2] != 0 || head[3] != 0 ||
	    len > FRAME_MAX)
		return -1;
	if (have < FRAME_HEADER + len)
		return 0;
	frame->type = (enum frame_type)head[0];
	frame->data = in->data + *pos + FRAME_HEADER;
	frame->len = len;
	*pos += FRAME_HEADER + len;
	return 1;
}
