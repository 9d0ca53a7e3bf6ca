/*
 * reply: the HTTP answer to one visitor.
 *
 * It is either a whole answer (an error before a run, /services, /graph, a
 * preflight), or the head of a run's answer, after which a form (form.h) writes
 * each event.
 * Everything is queued in the outbox, from which merge sends it.
 *
 *	reply_init(&reply, sink, &config->limits);
 *	reply_choose(&reply, accept, &graph);
 *	if (reply_begin(&reply, &request, &plan, &err) == 0)
 *		run_subscribe(&run, &reply.subscriber);
 *	...	merge_run(&run, (struct outbox *[]){ &reply.outbox }, 1)
 *	reply_free(&reply);
 *
 * A reply borrows sink, limits and graph, and from reply_begin on the plan.
 */
#ifndef REPLY_H
#define REPLY_H

#include <stdbool.h>

#include "wire/event.h"
#include "wire/outbox.h"

struct config;
struct err;
struct form;
struct form_ops;
struct graph;
struct limits;
struct plan;
struct prompt;
struct request;
struct sink;

/* The last line of text/plain; an answer without it broke off. */
#define REPLY_TEXT_END	"(end)"

struct reply {
	struct outbox		 outbox;
	const struct form_ops	*ops;		/* of the form asked for */
	const struct prompt	*page;		/* its template, or NULL */
	int			 retry_s;	/* of an error; 0: none */
	const char		*vary;		/* request's headers that
						   decide, or NULL */
	bool			 is_reread;	/* a run that was begun before,
						   by GET */
	struct form		*form;		/* NULL until reply_begin */
	struct subscriber	 subscriber;	/* writes in this form */
};

void	reply_init(struct reply *reply, const struct sink *sink,
	    const struct limits *limits);
void	reply_free(struct reply *reply);

/*
 * Chooses the form that an Accept header asks for.  HTML needs the graph's
 * template; without one, or if graph is NULL, plain text is chosen.  In HTML an
 * error is shown in the template as well.
 */
void	reply_choose(struct reply *reply, const char *accept,
	    const struct graph *graph);

/*
 * Whole answers: an error; and the services.  The answer says whether visitors
 * may see how fast they are (reply_speed).  If only its owner can reach the
 * site (config->is_local), it says so, and with it `broken`: what is wrong with
 * an edit of the prompts, or NULL.
 */
void	reply_error(struct reply *reply, const struct request *request,
	    const struct err *err);
void	reply_services(struct reply *reply, const struct request *request,
	    const struct config *config, bool demo, const char *broken);

/* How fast the services are (board.h); `dir` is the site's folder, or NULL. */
void	reply_speed(struct reply *reply, const struct request *request,
	    const struct config *config, const char *dir);

/*
 * What a page must know of the graph (face.h): JSON, or, if `accept` likes HTML
 * better and there is a template for it, a form that needs no JavaScript, in
 * the visitor's language.  `name` is the site's, or NULL.
 */
void	reply_graph(struct reply *reply, const struct request *request,
	    const struct graph *graph, const char *name, const char *accept);
/* What may be asked (OPTIONS). */
void	reply_preflight(struct reply *reply, const struct request *request);

/*
 * Status 204, for a request that was answered before (request_is_repeated).
 * With any other answer a client of server-sent events would send it again.
 */
void	reply_nothing(struct reply *reply, const struct request *request);

/*
 * Queues the head of a run's answer and its first bytes; then `subscriber` can
 * be subscribed.  Returns 0, or -1 with err, and then nothing was queued.
 */
int	reply_begin(struct reply *reply, const struct request *request,
	    const struct plan *plan, struct err *err);

/*
 * To be called after reply_begin.  Tells the visitor that his run has not
 * begun, and how many runs are before it; -1: not known.
 */
void	reply_wait(void *reply, int ahead);

#endif
