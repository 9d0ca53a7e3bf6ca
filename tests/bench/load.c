/*
 * load: visitors of a running recipe.fcgi.
 *
 *	load --url http://HOST:PORT/generate --parts init=30,add=150,...
 *	    [--visitors N] [--runs N] [--leave PERCENT] [--pause MS] [--json]
 *
 * Makes N runs in all, so many visitors at once, each on a connection of its
 * own, and reads every stream strictly: ids, the order and number of every
 * listed part's tokens, and all parts done.  PERCENT of the runs are left
 * after some of their tokens, between none and all.  A pause lies between two
 * runs of one visitor.
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
	struct addrinfo	*where;
	long		visitors, runs, leave;
	int64_t		pause_ns;
	bool		json;
};

struct visitor {
	int		fd;		/* -1: between two runs */
	int64_t		next_ns;	/* of the next run */
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

	return after == before ? -1 : roll(l, all_tokens(&o->parts));
}

static void
start_run(struct load *l, struct visitor *v)
{
	const struct options *o = &l->options;
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = v };
	size_t n = strlen(o->request);
	int on = 1;

	v->leave_at = leaving(l);
	l->started++;
	l->active++;
	visit_begin(&v->visit, &o->parts, &l->tally);
	v->fd = socket(o->where->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (v->fd == -1 || connect(v->fd, o->where->ai_addr,
	    o->where->ai_addrlen) == -1)
		die("connect");
	setsockopt(v->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (send(v->fd, o->request, n, MSG_NOSIGNAL) != (ssize_t)n)
		die("send");
	fcntl(v->fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, v->fd, &ev) == -1)
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
	ssize_t n = recv(v->fd, bytes, sizeof(bytes), 0);
	int64_t now = now_ns();

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

/* Starts what may start; milliseconds to wait for the next. */
static int
start_runs(struct load *l)
{
	int64_t now = now_ns(), wait_ns = SILENCE_MS * 1000000LL;
	struct visitor *v = l->visitors;

	for (; v < l->visitors + l->options.visitors; v++) {
		if (v->fd != -1 || l->started == l->options.runs)
			continue;
		if (v->next_ns <= now)
			start_run(l, v);
		else if (v->next_ns - now < wait_ns)
			wait_ns = v->next_ns - now;
	}
	return (int)(wait_ns / 1000000) + 1;
}

static void
loop(struct load *l)
{
	struct epoll_event events[EVENTS];
	int i, n, wait_ms = start_runs(l);

	while (l->active > 0 || l->started < l->options.runs) {
		n = epoll_wait(l->epoll, events, EVENTS, wait_ms);
		if (n == 0 && wait_ms > SILENCE_MS) {
			tally_error(&l->tally, "%ld visitors heard nothing "
			    "for %d ms", l->active, SILENCE_MS);
			return;
		}
		for (i = 0; i < n; i++)
			read_visitor(l, events[i].data.ptr);
		wait_ms = start_runs(l);
	}
}

static void
read_url(struct options *o, const char *url)
{
	static const char body[] = "{\"ingredientsOnHand\":\"beef flank, "
	    "onions, peppers\",\"prepTime\":\"45\"}";
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char host[256], port[16] = "80", path[256] = "/generate";
	int rc;

	if (sscanf(url, "http://%255[^:/]:%15[0-9]%255s", host, port,
	    path) < 2 && sscanf(url, "http://%255[^:/]%255s", host, path) < 1)
		diex("a URL must look like http://HOST:PORT/generate");
	if ((rc = getaddrinfo(host, port, &hints, &o->where)) != 0)
		diex("%s: %s", host, gai_strerror(rc));
	snprintf(o->request, sizeof(o->request), "POST %s HTTP/1.1\r\n"
	    "Host: %s:%s\r\nAccept: text/event-stream\r\nContent-Type: "
	    "application/json\r\nContent-Length: %zu\r\nConnection: close"
	    "\r\n\r\n%s", path, host, port, strlen(body), body);
}

static void
read_options(struct options *o, int argc, char **argv)
{
	static const struct option known[] = {
	    { "url", 1, NULL, 'u' }, { "parts", 1, NULL, 'P' },
	    { "visitors", 1, NULL, 'v' }, { "runs", 1, NULL, 'r' },
	    { "leave", 1, NULL, 'l' }, { "pause", 1, NULL, 'p' },
	    { "json", 0, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (c) {
		case 'u':
			read_url(o, optarg);
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
		case 'p':
			o->pause_ns = (int64_t)(1e6 *
			    number("pause", optarg, 0, 3.6e6));
			break;
		case 'j':
			o->json = true;
			break;
		default:
			exit(2);
		}
	if (optind != argc || o->where == NULL || o->parts.n == 0)
		diex("--url and --parts are needed, and options only");
}

int
main(int argc, char **argv)
{
	struct load l = { .options = { .visitors = 1, .runs = 1 } };
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
