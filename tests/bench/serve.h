/*
 * serve: the connections of the simulated provider.
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pace.h"
#include "tool.h"

/* Of tokens in one write. */
#define BATCH_MAX	64
/* A paced write this far behind its time tells of a busy machine. */
#define LATE_NS		1000000

struct conn;

struct options {
	int		port;
	int64_t		first_ns;
	double		token_ns;	/* 0: a flood */
	long		batch, tokens;
	long		chunk;		/* tokens of an event */
	long		thoughts;	/* tokens of an answer that are none
					   of its text */
	int		late_percent;	/* of the answers begin late_ns later */
	int64_t		late_ns;
	struct parts	parts;
	bool		log;		/* every request */
	const char	*cert, *key;	/* files; NULL: no TLS */
};

struct provider {
	struct options	options;
	struct pace	pace;
	int		epoll, listener, timer, signals;
	void		*context;	/* of TLS: link.h */
	size_t		out_size;
	long		requests, open, streams, early, refused;
	long		writes, late;	/* paced; by more than LATE_NS */
	long		floods;		/* writes that wait for none */
};

/* Adds fd to the epoll set, or changes what is waited for. */
void	provider_watch(const struct provider *p, int op, int fd,
	    uint32_t events, void *data);

/* Accepts a connection of p->listener. */
void	provider_open(struct provider *p);

/* Does what epoll reported for a connection. */
void	provider_serve(struct provider *p, struct conn *c, uint32_t events);

/* Writes every token that is due. */
void	provider_send_due(struct provider *p);

#endif
