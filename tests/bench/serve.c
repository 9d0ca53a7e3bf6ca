/*
 * serve.c: see serve.h.  HTTP and pacing; knows no options and no signals.
 */
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cook.h"
#include "link.h"
#include "serve.h"

#define REQUEST_MAX	(1 << 20)

struct conn {
	struct due	 due;		/* first: a due is its conn */
	struct link	 link;
	bool		 streaming;
	struct script	 script;
	int64_t		 asked_ns;
	double		 token_ns;	/* 0: a flood */
	long		 batch;		/* events in one write */
	int64_t		 first_ns;	/* of this answer */
	char		*in;		/* the request, or several */
	size_t		 in_len, in_size;
	char		*out;		/* one write */
	size_t		 out_len, out_sent;
};

/* --- connections --------------------------------------------------------- */

void
provider_watch(const struct provider *p, int op, int fd, uint32_t events,
    void *data)
{
	struct epoll_event ev = { .events = events, .data.ptr = data };

	if (epoll_ctl(p->epoll, op, fd, &ev) == -1)
		die("epoll_ctl");
}

void
provider_open(struct provider *p)
{
	struct conn *c;
	int fd, on = 1;

	fd = accept4(p->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd == -1)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    (c->out = malloc(p->out_size)) == NULL)
		die("memory");
	link_open(&c->link, fd, p->context);
	p->open++;
	provider_watch(p, EPOLL_CTL_ADD, fd, EPOLLIN, c);
}

static void
close_conn(struct provider *p, struct conn *c)
{
	pace_remove(&p->pace, &c->due);
	if (c->streaming) {
		p->streams--;
		p->early++;
		printf("early %" PRId64 " %ld\n", now_ns(), p->streams);
	}
	p->open--;
	link_close(&c->link);
	free(c->in);
	free(c->out);
	free(c);
}

/* --- what goes out ------------------------------------------------------- */

/*
 * When the writing that begins with token i is due: with the last token of its
 * event, as a model sends it.  The first event is due at first_ns.
 */
static int64_t
due_ns(const struct options *o, const struct conn *c, long i)
{
	long after = i + o->chunk < c->script.tokens ? i :
	    c->script.tokens - o->chunk;

	/* Later than this round, so that a flood serves all in turn. */
	if (c->token_ns == 0 && i > 0)
		return now_ns();
	return c->asked_ns + c->first_ns + (after <= 0 ? 0 :
	    (int64_t)((double)after * c->token_ns));
}

/* How many tokens the event has that begins with token i. */
static long
event_tokens(const struct options *o, const struct script *s, long i)
{
	long n = s->is_list ? 1 : o->chunk;

	return n < s->tokens - i ? n : s->tokens - i;
}

/* The next tokens as one chunk of HTTP's chunked coding. */
static void
write_tokens(const struct options *o, struct conn *c)
{
	struct script *s = &c->script;
	char *body = c->out + 6, *to = body;
	int64_t now = now_ns();
	long n, k;

	if (s->next == 0)
		to += cook_begin(to);
	for (k = 0; k < c->batch && s->next < s->tokens; k++) {
		n = event_tokens(o, s, s->next);
		to += cook_tokens(to, s, s->next, n, now);
		s->next += n;
	}
	if (s->next == s->tokens)
		to += cook_end(to, s);
	snprintf(c->out, 5, "%04x", (unsigned)(to - body));
	memcpy(c->out + 4, "\r\n", 2);
	memcpy(to, "\r\n0\r\n\r\n", 7);
	c->out_len = (size_t)(to - c->out) +
	    (s->next == s->tokens ? 7 : 2);
	c->out_sent = 0;
}

/* 1 all sent, 0 the reader is slow, -1 it has gone. */
static int
flush_conn(const struct provider *p, struct conn *c)
{
	ssize_t n;

	while (c->out_sent < c->out_len) {
		n = link_send(&c->link, c->out + c->out_sent, c->out_len -
		    c->out_sent);
		if (n == -1 && errno == EAGAIN) {
			provider_watch(p, EPOLL_CTL_MOD, c->link.fd,
			    EPOLLIN | EPOLLOUT, c);
			return 0;
		}
		if (n == -1)
			return -1;
		c->out_sent += (size_t)n;
	}
	c->out_len = c->out_sent = 0;
	return 1;
}

static void take_request(struct provider *, struct conn *);

/* What follows when a write is through. */
static void
go_on(struct provider *p, struct conn *c)
{
	if (c->streaming && c->script.next == c->script.tokens) {
		c->streaming = false;
		p->streams--;
	}
	if (c->streaming) {
		c->due.ns = due_ns(&p->options, c, c->script.next);
		pace_add(&p->pace, &c->due);
	} else {
		take_request(p, c);
	}
}

static void
send_on(struct provider *p, struct conn *c)
{
	switch (flush_conn(p, c)) {
	case 1:
		go_on(p, c);
		break;
	case -1:
		close_conn(p, c);
		break;
	}
}

/* Tokens that are late are still written one by one, as they were due. */
void
provider_send_due(struct provider *p)
{
	int64_t now = now_ns();
	struct due *due;

	while ((due = pace_first(&p->pace)) != NULL && due->ns <= now) {
		pace_remove(&p->pace, due);
		if (((struct conn *)due)->token_ns > 0) {
			p->writes++;
			p->late += now_ns() - due->ns > LATE_NS;
		} else {
			p->floods++;
		}
		write_tokens(&p->options, (struct conn *)due);
		send_on(p, (struct conn *)due);
	}
}

/* --- what comes in ------------------------------------------------------- */

static void
refuse(struct provider *p, struct conn *c)
{
	static const char answer[] =
	    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

	p->refused++;
	memcpy(c->out, answer, sizeof(answer) - 1);
	c->out_len = sizeof(answer) - 1;
	send_on(p, c);
}

/*
 * Which part, how many tokens and how fast: by the options, but a visitor's
 * text may ask for more tokens in a flood, as many as one write takes.
 */
static void
plan_answer(const struct options *o, struct conn *c, const char *body)
{
	const char *part = strstr(body, "Part: ");
	const char *asked = strstr(body, "Flood: ");
	const char *line = strstr(body, "Line: ");
	size_t n;

	part = part == NULL ? "" : part + strlen("Part: ");
	n = strspn(part, "abcdefghijklmnopqrstuvwxyz");
	c->script = (struct script){ .is_list = n == 4 &&
	    memcmp(part, "init", 4) == 0 };
	c->script.tokens = parts_tokens(&o->parts, part, n, o->tokens);
	c->script.thoughts = c->script.is_list ? 0 : o->thoughts;
	c->script.is_seen = line != NULL;
	if (line != NULL)
		c->script.line = strtol(line + strlen("Line: "), NULL, 10);
	c->token_ns = o->token_ns;
	c->first_ns = o->first_ns;
	if (rand() % 100 < o->late_percent)
		c->first_ns += o->late_ns;
	c->batch = o->batch;
	if (asked != NULL && !c->script.is_list) {
		c->script.tokens = strtol(asked + strlen("Flood: "), NULL, 10);
		c->token_ns = 0;
		c->batch = BATCH_MAX;
	}
	if (c->script.is_list && c->script.tokens < COOK_INIT_MIN)
		diex("init needs %d tokens at least", COOK_INIT_MIN);
	c->asked_ns = now_ns();
	if (o->log)
		printf("asked %" PRId64 " %.*s\n", c->asked_ns, (int)n, part);
}

static void
answer(struct provider *p, struct conn *c, const char *body)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n"
	    "Content-Type: text/event-stream; charset=utf-8\r\n"
	    "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";

	plan_answer(&p->options, c, body);
	c->streaming = true;
	p->requests++;
	p->streams++;
	memcpy(c->out, head, sizeof(head) - 1);
	c->out_len = sizeof(head) - 1;
	send_on(p, c);
}

/* The length of the body, or -1 where none is said. */
static long
body_length(const char *head)
{
	const char *p = strcasestr(head, "\r\ncontent-length:");

	return p == NULL ? -1 : strtol(p + 17, NULL, 10);
}

/* Serves the request at the head of c->in when it is whole. */
static void
take_request(struct provider *p, struct conn *c)
{
	char *body;
	size_t whole;
	long n;

	if (c->in_len == 0 || c->streaming ||
	    (body = strstr(c->in, "\r\n\r\n")) == NULL)
		return;
	body[2] = '\0';
	n = body_length(c->in);
	body[2] = '\r';
	whole = (size_t)(body + 4 - c->in) + (size_t)(n < 0 ? 0 : n);
	if (c->in_len < whole)
		return;
	/* Taken out before it is answered: the next may come after it. */
	if (strncmp(c->in, "POST ", 5) != 0 || n < 0) {
		memmove(c->in, c->in + whole, c->in_len - whole + 1);
		c->in_len -= whole;
		refuse(p, c);
		return;
	}
	body = strndup(body + 4, (size_t)n);
	memmove(c->in, c->in + whole, c->in_len - whole + 1);
	c->in_len -= whole;
	answer(p, c, body);
	free(body);
}

static void
read_conn(struct provider *p, struct conn *c)
{
	ssize_t n;

	if (c->in_size - c->in_len < 4097) {
		c->in_size += 16384;
		if (c->in_size > REQUEST_MAX ||
		    (c->in = realloc(c->in, c->in_size)) == NULL)
			diex("a request longer than %d bytes", REQUEST_MAX);
	}
	n = link_recv(&c->link, c->in + c->in_len, c->in_size - c->in_len - 1);
	if (n == 0 || (n == -1 && errno != EAGAIN)) {
		close_conn(p, c);
		return;
	}
	if (n == -1)
		return;
	c->in_len += (size_t)n;
	c->in[c->in_len] = '\0';
	if (link_pending(&c->link) > 0)
		read_conn(p, c);
	else
		take_request(p, c);
}

void
provider_serve(struct provider *p, struct conn *c, uint32_t events)
{
	/* One at a time: either may close it; the other is reported again. */
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		read_conn(p, c);
	} else if (events & EPOLLOUT) {
		provider_watch(p, EPOLL_CTL_MOD, c->link.fd, EPOLLIN, c);
		send_on(p, c);
	}
}
