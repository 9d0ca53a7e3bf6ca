/*
 * load: visitors of a running recipe.fcgi.
 *
 *	load --url http://HOST:PORT/generate [--parts init=30,add=150,...]
 *	    [--visitors N] [--runs N] [--leave PERCENT] [--after TOKENS]
 *	    [--pause MS] [--bytes N] [--seconds N] [--on-hand TEXT] [--json]
 *	    [--named] [--key HEX]
 *
 * Makes N runs in all, so many visitors at once, each on a connection of its
 * own, and reads every stream strictly: ids, the order and number of every
 * listed part's tokens, and all parts done.  PERCENT of the runs are left
 * after some of their tokens, between none and all, or after just so many.  A
 * pause lies between two runs of one visitor.  With --bytes a visitor reads so many a second, in one
 * piece; after --seconds all that are still there leave.
 *
 * With --named each run has a name of its own, so the site keeps it.  With --key
 * all visitors name the same one: the first begins it, and the others read it.
 *
 * Without --parts nothing is known of the text, and only states are checked.
 *
 * Exits 1 if anything was wrong with a stream.  Times inside the tokens come
 * from the simulated provider (cook.h), which must run on this machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tally.h"
#include "tool.h"
#include "visit.h"

/* Longer than any pause between two events: the program's heartbeat. */
#define SILENCE_MS	15000
#define EVENTS		64

struct options {
	struct parts	parts;
	char		request[1024];
	const char	*url, *on_hand, *key;
	struct addrinfo	*where;
	long		visitors, runs, leave, bytes;
	long		after;			/* tokens, -1: any */
	int64_t		pause_ns, end_ns;	/* 0: none */
	bool		json, named;
};

/* The digits of a name, which each run replaces by its own. */
#define NO_NAME	"00000000000000000000000000000000"

struct visitor {
	int		fd;		/* -1: between two runs */
	bool		asked;		/* the request was sent */
	int64_t		next_ns;	/* of the next run, or slow reading */
	long		leave_at;	/* tokens, -1: stays */
	struct visit	visit;
};

struct load {
	struct options	 options;
	struct tally	 tally;
	struct visitor	*visitors;
	long		 started, active;
	uint64_t	 dice;
	int		 epoll;
};

/* Always the same sequence, so that two measurements leave alike. */
static long
roll(struct load *l, long sides)
{
	l->dice = l->dice * 6364136223846793005u + 1442695040888963407u;
	return (long)((l->dice >> 33) % (uint64_t)sides);
}

static long
all_tokens(const struct parts *parts)
{
	long sum = 0;
	size_t i;

	for (i = 0; i < parts->n; i++)
		sum += parts->list[i].tokens;
	return sum;
}

/* Runs number 10, 20, ... where a tenth shall leave. */
static long
leaving(struct load *l)
{
	const struct options *o = &l->options;
	long before = l->started * o->leave / 100;
	long after = (l->started + 1) * o->leave / 100;

	if (after == before)
		return -1;
	return o->after >= 0 ? o->after : roll(l, all_tokens(&o->parts));
}

/*
 * Connects without waiting: where the server's queue is full, other visitors
 * must still be read.
 */
static void
start_run(struct load *l, struct visitor *v)
{
	const struct options *o = &l->options;
	struct epoll_event ev = { .events = EPOLLOUT, .data.ptr = v };
	int on = 1, small = 4096;

	v->leave_at = leaving(l);
	v->asked = false;
	l->started++;
	l->active++;
	visit_begin(&v->visit, &o->parts, &l->tally);
	v->fd = socket(o->where->ai_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	if (v->fd == -1)
		die("socket");
	if (o->bytes > 0)
		setsockopt(v->fd, SOL_SOCKET, SO_RCVBUF, &small,
		    sizeof(small));
	setsockopt(v->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if ((connect(v->fd, o->where->ai_addr, o->where->ai_addrlen) == -1 &&
	    errno != EINPROGRESS) ||
	    epoll_ctl(l->epoll, EPOLL_CTL_ADD, v->fd, &ev) == -1)
		die("connect");
}

/* The connection stands, or could not be had: send(2) says which. */
static void
ask(struct load *l, struct visitor *v)
{
	char *request = l->options.request, *name = strstr(request, NO_NAME);
	char digits[sizeof(NO_NAME)];
	size_t n = strlen(request);
	struct epoll_event ev = { .data.ptr = v,
	    .events = l->options.bytes > 0 ? 0 : EPOLLIN };

	if (name != NULL) {
		snprintf(digits, sizeof(digits), "%016llx%016lx",
		    (unsigned long long)now_ns(), (long)getpid());
		memcpy(name, digits, sizeof(digits) - 1);
	}
	if (send(v->fd, request, n, MSG_NOSIGNAL) != (ssize_t)n)
		die("send");
	if (name != NULL)
		memcpy(name, NO_NAME, sizeof(digits) - 1);
	v->asked = true;
	/* Slow ones take turns over the second: no crowd wakes at once. */
	v->next_ns = now_ns() + 1000000000 * (v - l->visitors) /
	    l->options.visitors;
	if (epoll_ctl(l->epoll, EPOLL_CTL_MOD, v->fd, &ev) == -1)
		die("epoll_ctl");
}

static void
end_run(struct load *l, struct visitor *v)
{
	if (v->fd != -1)
		close(v->fd);
	v->fd = -1;
	l->active--;
	v->next_ns = now_ns() + l->options.pause_ns;
}

static void
leave(struct load *l, struct visitor *v)
{
	int64_t now = now_ns();

	/* First of all: what the tally does must not delay it. */
	close(v->fd);
	v->fd = -1;
	visit_leave(&v->visit, now);
	end_run(l, v);
}

static void
read_visitor(struct load *l, struct visitor *v)
{
	static char bytes[1 << 16];
	long slow = l->options.bytes;
	ssize_t n = recv(v->fd, bytes, slow > 0 ? (size_t)slow :
	    sizeof(bytes), 0);
	int64_t now = now_ns();

	v->next_ns = now + 1000000000;

	if (n == -1 && errno == EAGAIN)
		return;
	if (n <= 0) {
		visit_close(&v->visit);
		end_run(l, v);
	} else if (visit_feed(&v->visit, bytes, (size_t)n, now) != 0) {
		end_run(l, v);
	} else if (v->leave_at >= 0 && v->visit.stream.began &&
	    v->visit.tokens >= v->leave_at) {
		leave(l, v);
	}
}

/* Does what this visitor is due to do; ns until it is, or most. */
static int64_t
attend(struct load *l, struct visitor *v, int64_t now, int64_t most)
{
	const struct options *o = &l->options;

	if (v->fd != -1 && now >= o->end_ns && o->end_ns != 0)
		leave(l, v);
	if (v->fd == -1 ? l->started == o->runs : !v->asked || o->bytes == 0)
		return most;
	if (v->next_ns > now)
		return v->next_ns - now < most ? v->next_ns - now : most;
	if (v->fd == -1)
		start_run(l, v);
	else
		read_visitor(l, v);
	/* A slow one reads again in a second, or begins anew after a pause. */
	return v->next_ns > now && v->next_ns - now < most ?
	    v->next_ns - now : most;
}

/* Starts what may start, reads slowly; ms to wait for the next. */
static int
attend_all(struct load *l)
{
	const struct options *o = &l->options;
	int64_t now = now_ns(), wait_ns = SILENCE_MS * 1000000LL;
	long i;

	if (o->end_ns > now && o->end_ns - now < wait_ns)
		wait_ns = o->end_ns - now;
	/* Nobody begins anew when the time is over. */
	else if (o->end_ns != 0 && o->end_ns <= now)
		l->started = o->runs;
	for (i = 0; i < o->visitors; i++)
		wait_ns = attend(l, &l->visitors[i], now, wait_ns);
	return (int)(wait_ns / 1000000) + 1;
}

static void
loop(struct load *l)
{
	struct epoll_event events[EVENTS];
	int i, n, wait_ms = attend_all(l);
	struct visitor *v;

	while (l->active > 0 || l->started < l->options.runs) {
		n = epoll_wait(l->epoll, events, EVENTS, wait_ms);
		if (n == 0 && wait_ms > SILENCE_MS) {
			tally_error(&l->tally, "%ld visitors heard nothing "
			    "for %d ms", l->active, SILENCE_MS);
			return;
		}
		for (i = 0; i < n; i++) {
			v = events[i].data.ptr;
			if (v->asked)
				read_visitor(l, v);
			else
				ask(l, v);
		}
		wait_ms = attend_all(l);
	}
}

static void
read_url(struct options *o)
{
	char body[512];
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char host[256], port[16] = "80", path[256] = "/generate";
	int rc;

	if (sscanf(o->url, "http://%255[^:/]:%15[0-9]%255s", host, port,
	    path) < 2 &&
	    sscanf(o->url, "http://%255[^:/]%255s", host, path) < 1)
		diex("a URL must look like http://HOST:PORT/generate");
	if ((rc = getaddrinfo(host, port, &hints, &o->where)) != 0)
		diex("%s: %s", host, gai_strerror(rc));
	snprintf(body, sizeof(body), "{\"ingredientsOnHand\":\"%s\","
	    "\"prepTime\":\"45\"}", o->on_hand);
	snprintf(o->request, sizeof(o->request), "POST %s HTTP/1.1\r\n"
	    "Host: %s:%s\r\nAccept: text/event-stream\r\nContent-Type: "
	    "application/json\r\nContent-Length: %zu\r\nConnection: close"
	    "\r\n%s%s%s\r\n%s", path, host, port, strlen(body),
	    o->key != NULL || o->named ? "Idempotency-Key: " : "",
	    o->key != NULL ? o->key : o->named ? NO_NAME : "",
	    o->key != NULL || o->named ? "\r\n" : "", body);
}

static void
read_options(struct options *o, int argc, char **argv)
{
	static const struct option known[] = {
	    { "url", 1, NULL, 'u' }, { "parts", 1, NULL, 'P' },
	    { "visitors", 1, NULL, 'v' }, { "runs", 1, NULL, 'r' },
	    { "leave", 1, NULL, 'l' }, { "after", 1, NULL, 'a' },
	    { "pause", 1, NULL, 'p' },
	    { "bytes", 1, NULL, 'b' }, { "seconds", 1, NULL, 's' },
	    { "on-hand", 1, NULL, 'o' }, { "json", 0, NULL, 'j' },
	    { "named", 0, NULL, 'n' }, { "key", 1, NULL, 'k' },
	    { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (c) {
		case 'u':
			o->url = optarg;
			break;
		case 'P':
			parts_read(&o->parts, optarg);
			break;
		case 'v':
			o->visitors = (long)number("visitors", optarg, 1, 1e5);
			break;
		case 'r':
			o->runs = (long)number("runs", optarg, 1, 1e7);
			break;
		case 'l':
			o->leave = (long)number("leave", optarg, 0, 100);
			break;
		case 'a':
			o->after = (long)number("after", optarg, 0, 1e7);
			break;
		case 'p':
			o->pause_ns = (int64_t)(1e6 *
			    number("pause", optarg, 0, 3.6e6));
			break;
		case 'b':
			o->bytes = (long)number("bytes", optarg, 1, 65536);
			break;
		case 's':
			o->end_ns = now_ns() + (int64_t)(1e9 *
			    number("seconds", optarg, 0, 3600));
			break;
		case 'o':
			o->on_hand = optarg;
			break;
		case 'j':
			o->json = true;
			break;
		case 'k':
			o->key = optarg;
			break;
		case 'n':
			o->named = true;
			break;
		default:
			exit(2);
		}
	if (optind != argc || o->url == NULL)
		diex("--url is needed, and options only");
	read_url(o);
}

int
main(int argc, char **argv)
{
	struct load l = { .options = { .visitors = 1, .runs = 1, .after = -1,
	    .on_hand = "beef flank, onions, peppers" } };
	long i;

	read_options(&l.options, argc, argv);
	l.visitors = calloc((size_t)l.options.visitors, sizeof(*l.visitors));
	if (l.visitors == NULL || (l.epoll = epoll_create1(0)) == -1)
		die("start");
	for (i = 0; i < l.options.visitors; i++)
		l.visitors[i].fd = -1;
	loop(&l);
	if (l.options.json)
		tally_json(&l.tally, stdout);
	else
		tally_table(&l.tally, stdout);
	return l.tally.errors > 0;
}
