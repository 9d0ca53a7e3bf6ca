/*
 * batch_call: a request that somebody else has written, and its answer whole.
 *
 * A line of OpenAI's Batch format has the body of such a request.  It is a job
 * like any other, of the stage graph_call, whose prompt is that body.  It is
 * passed on as it is, except that "model" is that of the job, and that the
 * answer is streamed, so that the clocks of an attempt work.  The answer is put
 * together again (model/completion.h) and leaves as DELTA when it has ended; as
 * long as it comes, THINKING tells the worker that it does.
 *
 * What a model has ended by itself is a good answer, whatever its finish_reason
 * is.  The answer of a service that refuses leaves as REFUSAL, before FAIL.
 *
 *	struct batch_call call;
 *
 *	batch_call_init(&call, &job, &io);
 *	batch_call_body(&call, &messages, &out);	what is sent
 *	batch_call_event(&call, data, n, &answer);	each event of the stream
 *	batch_call_finish(&call, &outcome, ...);
 *	batch_call_free(&call);
 */
#ifndef BATCH_CALL_H
#define BATCH_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/completion.h"
#include "model/job.h"

/* The most bytes of a request, and of its answer. */
#define CALL_MAX	COMPLETION_MAX

struct answer;

struct batch_call {
	const struct job	*job;
	const struct job_io	*outer;	/* to the worker */
	struct job_io		 io;	/* for the answer; drops its text */
	struct completion	 whole;
	int64_t			 choices;	/* that were asked for */
	int64_t			 first_ms;	/* of the first event; 0 */
	int64_t			 flushed_ms;	/* frames were, when last */
	bool			 told;	/* THINKING is queued */
};

/* Borrows both until batch_call_free.  *call must not move. */
void	batch_call_init(struct batch_call *call, const struct job *job,
	    const struct job_io *io);
void	batch_call_free(struct batch_call *call);

/* Appends the request.  0, or -1 with out->failed. */
int	batch_call_body(struct batch_call *call,
	    const struct messages *messages, struct buf *out);

/*
 * Takes the data of an event, and what `read` has made of it; or a whole
 * completion, and NULL.
 */
void	batch_call_event(struct batch_call *call, const char *data, size_t n,
	    const struct answer *read);

/* Whether all choices that were asked for have ended. */
bool	batch_call_is_whole(const struct batch_call *call);

/*
 * Sends what the answer has come to, and amends the outcome.  `torn` says that
 * the connection broke, so choices that have not ended are cut off.  `refusal`
 * is the body of an answer that is no stream.  0, or -1 if the worker is gone.
 */
int	batch_call_finish(struct batch_call *call, struct outcome *outcome,
	    bool torn, const char *refusal, size_t n);

#endif
