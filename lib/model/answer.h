/*
 * answer: reads a chat completion, event by event.
 *
 * It takes the data of one event after another, or a whole completion that came
 * in place of a stream, in every shape that hosts are known to send, and turns
 * them into text, thoughts, an end, tokens, or an error.  Text and thoughts
 * leave as frames by job_io's emit; the rest is written into the outcome.
 *
 *	answer_init(&answer, job, io, &outcome);
 *	throttle_header(&answer.throttle, ...);		// each header
 *	answer_event(&answer, event.name, event.data, event.len);
 *	answer_end(&answer);
 *	answer_free(&answer);
 *
 * For what is no stream, answer_whole or answer_refused takes the place of
 * answer_event.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "http/throttle.h"
#include "model/chunk.h"
#include "model/job.h"
#include "text/mask.h"
#include "text/surrogate.h"
#include "text/think.h"

struct json;

/* The most bytes of one event, and so of one piece of text. */
#define ANSWER_MAX	(1024 * 1024)

struct answer {
	const struct job	*job;
	const struct job_io	*io;
	struct outcome		*outcome;
	struct think		 think;
	struct mask		 mask;		/* the key, in the text */
	struct chunk_shape	 shape;		/* of the last chunk */
	struct buf		 plain;		/* what chunk_read found */
	bool			 is_plain;	/* in the last event */
	struct json		*document;	/* the last event, if it is
						   not; NULL: it is none */
	bool			 alone;		/* half of a pair came before
						   it, and no other half */
	struct buf		 text;		/* of this event */
	struct buf		 quoted;	/* by answer_quote */
	char			 half[SURROGATE_HALF];	/* of a pair */
	struct throttle		 throttle;	/* from headers and refusals */
	struct tokens		 sure;		/* counts told at the end */
	size_t			 text_len;	/* bytes sent so far */
	size_t			 heard;		/* bytes, with thoughts */
	bool			 deltas;	/* text came in deltas */
	bool			 always;	/* text came after an end */
	int64_t			 ended_ms;	/* an end came then; 0 */
	bool			 started;	/* START is sent */
	bool			 whole;		/* it is no stream */
	bool			 done;		/* [DONE] was read */
	bool			 torn;		/* the last may be cut off */
	bool			 failed;	/* outcome holds the reason */
	bool			 gone;		/* the worker is gone */
};

/* Borrows all until answer_free. */
void	answer_init(struct answer *answer, const struct job *job,
	    const struct job_io *io, struct outcome *outcome);
void	answer_free(struct answer *answer);

/*
 * Takes one event; name is "" if it has none.  0, or -1 to stop: then `failed`
 * or `gone` is set.
 */
int	answer_event(struct answer *answer, const char *name,
	    const char *data, size_t n);

/*
 * Does the same without chunk_read, so that tests/fuzz can compare the two
 * ways to read a chunk.
 */
int	answer_event_json(struct answer *answer, const char *name,
	    const char *data, size_t n);

/* The same for its document, which was read from `data`; NULL: it is none. */
int	answer_document(struct answer *answer, const struct json *json,
	    const char *name, const char *data);

/*
 * To be called when there will be no more events: sends the text that was held
 * because it might have been the beginning of a tag or of the key.  0, or -1 if
 * the worker is gone.
 */
int	answer_end(struct answer *answer);

/*
 * Takes a body that is no stream.  If it is a whole completion it is taken like
 * an event and 0 is returned; if it is not, -1.
 */
int	answer_whole(struct answer *answer, const char *body, size_t n);

/* Makes the outcome a failed one.  Returns -1. */
int	answer_fail(struct answer *answer, enum code code, const char *fmt,
	    ...) __attribute__((format(printf, 3, 4)));

/*
 * A service's words as they may stand in a message: cut short, with the key in
 * them hidden.  Valid until the next call.
 */
const char *answer_quote(struct answer *answer, const char *words);

/*
 * Fills the outcome for an answer that refuses: its status is not 200, or it
 * is no stream of events.  type is its Content-Type, body its n bytes.
 */
void	answer_refused(struct answer *answer, int status, const char *type,
	    const char *body, size_t n);

#endif
