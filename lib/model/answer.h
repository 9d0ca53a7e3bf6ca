/*
 * answer: what a chat completion says, event by event.
 *
 * Takes the data of one event, or a whole completion that came instead of a
 * stream, in every shape that hosts are known to send, and turns it into
 * text, thoughts, an end, tokens, or an error.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "http/throttle.h"
#include "model/job.h"
#include "text/mask.h"
#include "text/surrogate.h"
#include "text/think.h"

/* Most bytes of one event, and so of one text. */
#define ANSWER_MAX	(1024 * 1024)

struct answer {
	const struct job	*job;
	const struct job_io	*io;
	struct outcome		*outcome;
	struct think		 think;
	struct mask		 mask;		/* the key, in the text */
	struct buf		 plain;		/* of a common chunk */
	struct buf		 text;		/* of this event */
	char			 half[SURROGATE_HALF];	/* that waits */
	struct throttle		 throttle;	/* from headers and refusals */
	size_t			 text_len;	/* sent so far */
	size_t			 heard;		/* bytes, thoughts too */
	bool			 deltas;	/* text came in them */
	bool			 always;	/* more came after an end */
	int64_t			 ended_ms;	/* an end without text; 0 */
	bool			 started;	/* START is sent */
	bool			 done;		/* [DONE] was read */
	bool			 torn;		/* half an event may come */
	bool			 failed;	/* outcome holds the reason */
	bool			 gone;		/* the worker is */
};

void	answer_init(struct answer *answer, const struct job *job,
	    const struct job_io *io, struct outcome *outcome);
void	answer_free(struct answer *answer);

/* One event.  0, or -1 to stop: `failed` or `gone`. */
int	answer_event(struct answer *answer, const char *name,
	    const char *data, size_t n);

/* The same for any event, by the general reader alone. */
int	answer_event_json(struct answer *answer, const char *name,
	    const char *data, size_t n);

/* There will be no more events: what was held is sent. */
int	answer_end(struct answer *answer);

/*
 * A body that is no stream: a completion is taken as one event and 0
 * returned; -1 where it is none.
 */
int	answer_whole(struct answer *answer, const char *body, size_t n);

/*
 * Fails the outcome: fmt takes the service's id and somebody else's words,
 * which are quoted.  Returns -1.
 */
int	answer_fail(struct answer *answer, const char *code, const char *fmt,
	    const char *words) __attribute__((format(printf, 3, 0)));

/* Fills the outcome for a refusal: another status than 200, or no stream. */
void	answer_refused(struct answer *answer, int status, const char *type,
	    const char *body, size_t n);

#endif
