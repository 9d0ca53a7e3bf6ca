/*
 * provider: a simulated host of models.
 *
 *	provider [--port N] [--first-ms N] [--rate N] [--batch N]
 *	    [--tokens N] [--parts init=30,add=150] [--chunk N] [--thoughts N]
 *	    [--late PERCENT --late-ms N] [--cert FILE --key FILE] [--log]
 *
 * Answers every POST on 127.0.0.1 with a stream of chat-completion chunks:
 * first-ms after the request the first token, then rate tokens a second (0: as
 * fast as the reader reads), chunk of them in an event and batch events in one
 * write.  The first `thoughts` tokens are none of the text.  PERCENT of the
 * answers, by chance, begin late-ms later.  Which part is asked for is read from
 * the words "Part: NAME" in the prompt; "Flood: N" in what the visitor wrote
 * makes that N tokens without delay; "Line: N" in a prompt makes words and lines
 * to look at.  cook.h says what the tokens hold.  With a certificate it speaks
 * TLS.
 *
 * On stdout: "listening PORT"; with --log "asked NS PART" for every request;
 * "early NS LEFT" when a reader closes a stream before its end, with the time
 * and the number of streams still under way; at SIGUSR1 and at its end (TERM,
 * INT) a line of counters.
 */
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cook.h"
#include "link.h"
#include "serve.h"

#define EVENTS		64

static void
print_counters(const struct provider *p)
{
	printf("counters requests=%ld open=%ld streams=%ld early=%ld "
	    "refused=%ld writes=%ld late=%ld floods=%ld handshakes=%ld\n",
	    p->requests, p->open, p->streams, p->early, p->refused,
	    p->writes, p->late, p->floods,
	    link_handshakes(p->context));
}

/* false: the end. */
static bool
take_signal(const struct provider *p)
{
	struct signalfd_siginfo info;

	if (read(p->signals, &info, sizeof(info)) != sizeof(info))
		return true;
	print_counters(p);
	return info.ssi_signo == SIGUSR1;
}

/* Absolute and to the nanosecond: epoll's own timeout knows milliseconds. */
static int
arm(const struct provider *p)
{
	const struct due *due = pace_first(&p->pace);
	struct itimerspec when = { .it_value = { 0, 0 } };

	if (due == NULL)
		return -1;
	if (due->ns <= now_ns())
		return 0;
	when.it_value.tv_sec = due->ns / 1000000000;
	when.it_value.tv_nsec = due->ns % 1000000000;
	timerfd_settime(p->timer, TFD_TIMER_ABSTIME, &when, NULL);
	return -1;
}

static void
loop(struct provider *p)
{
	struct epoll_event events[EVENTS];
	uint64_t expired;
	int i, n;

	for (;;) {
		n = epoll_wait(p->epoll, events, EVENTS, arm(p));
		for (i = 0; i < n; i++) {
			if (events[i].data.ptr == &p->listener)
				provider_open(p);
			else if (events[i].data.ptr == &p->timer)
				(void)!read(p->timer, &expired,
				    sizeof(expired));
			else if (events[i].data.ptr != &p->signals)
				provider_serve(p, events[i].data.ptr,
				    events[i].events);
			else if (!take_signal(p))
				return;
		}
		provider_send_due(p);
	}
}

static void
listen_on(struct provider *p)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)p->options.port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	int on = 1;

	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0);
	setsockopt(p->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(p->listener, (struct sockaddr *)&addr, len) == -1 ||
	    listen(p->listener, 4096) == -1 ||
	    getsockname(p->listener, (struct sockaddr *)&addr, &len) == -1)
		die("port %d", p->options.port);
	printf("listening %d\n", ntohs(addr.sin_port));
}

static void
prepare(struct provider *p)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);	/* OpenSSL writes with write(2) */
	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	p->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	p->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK |
	    TFD_CLOEXEC);
	provider_watch(p, EPOLL_CTL_ADD, p->signals, EPOLLIN, &p->signals);
	provider_watch(p, EPOLL_CTL_ADD, p->timer, EPOLLIN, &p->timer);
	provider_watch(p, EPOLL_CTL_ADD, p->listener, EPOLLIN, &p->listener);
	p->out_size = (size_t)BATCH_MAX * COOK_CHUNK_MAX +
	    COOK_EXTRA_MAX + 64;
}

static void
read_options(struct options *o, int argc, char **argv)
{
	static const struct option known[] = {
	    { "port", 1, NULL, 'p' }, { "first-ms", 1, NULL, 'f' },
	    { "rate", 1, NULL, 'r' }, { "batch", 1, NULL, 'b' },
	    { "tokens", 1, NULL, 't' }, { "parts", 1, NULL, 'P' },
	    { "cert", 1, NULL, 'C' }, { "key", 1, NULL, 'k' },
	    { "log", 0, NULL, 'l' }, { "chunk", 1, NULL, 'c' },
	    { "thoughts", 1, NULL, 'T' }, { "late", 1, NULL, 'L' },
	    { "late-ms", 1, NULL, 'M' },
	    { NULL, 0, NULL, 0 } };
	double rate;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (c) {
		case 'p':
			o->port = (int)number("port", optarg, 0, 65535);
			break;
		case 'f':
			o->first_ns = (int64_t)(1e6 *
			    number("first-ms", optarg, 0, 3.6e6));
			break;
		case 'r':
			rate = number("rate", optarg, 0, 1e6);
			o->token_ns = rate == 0 ? 0 : 1e9 / rate;
			break;
		case 'b':
			o->batch = (long)number("batch", optarg, 1, BATCH_MAX);
			break;
		case 't':
			o->tokens = (long)number("tokens", optarg, 1, 1e6);
			break;
		case 'P':
			parts_read(&o->parts, optarg);
			break;
		case 'C':
			o->cert = optarg;
			break;
		case 'k':
			o->key = optarg;
			break;
		case 'l':
			o->log = true;
			break;
		case 'c':
			o->chunk = (long)number("chunk", optarg, 1,
			    COOK_TOKENS_MAX);
			break;
		case 'T':
			o->thoughts = (long)number("thoughts", optarg, 0, 1e6);
			break;
		case 'L':
			o->late_percent = (int)number("late", optarg, 0, 100);
			break;
		case 'M':
			o->late_ns = (int64_t)(1e6 *
			    number("late-ms", optarg, 0, 3.6e6));
			break;
		default:
			exit(2);
		}
	if (optind != argc)
		diex("what is \"%s\"?", argv[optind]);
}

int
main(int argc, char **argv)
{
	struct provider p = { .options = { .first_ns = 200000000,
	    .token_ns = 1e7, .batch = 1, .chunk = 1, .tokens = 150 } };

	read_options(&p.options, argc, argv);
	p.context = link_context(p.options.cert, p.options.key);
	setvbuf(stdout, NULL, _IOLBF, 0);
	listen_on(&p);
	prepare(&p);
	loop(&p);
	return 0;
}
