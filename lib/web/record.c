/*
 * record.c: worker.  Forms records; knows neither requests nor what an answer
 * says.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "web/record.h"

#define VERSION_1	1
#define FCGI_STDOUT	6

static void
begin_record(struct record *r, int id, size_t n)
{
	r->left = n < RECORD_MAX ? n : RECORD_MAX;
	r->header_left = RECORD_HEADER;
	r->header[0] = VERSION_1;
	r->header[1] = FCGI_STDOUT;
	r->header[2] = (unsigned char)(id >> 8);
	r->header[3] = (unsigned char)id;
	r->header[4] = (unsigned char)(r->left >> 8);
	r->header[5] = (unsigned char)r->left;
}

/* Notes that so many bytes were sent.  Returns how many were content. */
static ssize_t
note_sent(struct record *r, size_t n)
{
	size_t head = n < r->header_left ? n : r->header_left;

	r->header_left -= head;
	r->left -= n - head;
	return (ssize_t)(n - head);
}

ssize_t
record_send(struct record *r, int fd, int id, const char *data, size_t n)
{
	struct iovec parts[2];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	/* sendmsg only reads it, though the type of an iovec lacks a const. */
	union { const char *bytes; char *any; } content = { data };
	ssize_t sent;

	if (n == 0)
		return 0;
	if (r->left == 0)
		begin_record(r, id, n);
	parts[0] = (struct iovec){ r->header + RECORD_HEADER - r->header_left,
	    r->header_left };
	parts[1] = (struct iovec){ content.any, r->left };
	do {
		sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (sent == -1 && errno == EINTR);
	if (sent == -1)
		return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
	return note_sent(r, (size_t)sent);
}
