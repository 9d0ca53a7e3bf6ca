/*
 * job: what crosses the pipes between a worker and a stage, as values.
 *
 * Down goes a job, ONE attempt at ONE service; up comes its outcome.  Both
 * are JSON in a frame.  The key does not travel: the stage finds the service
 * by its id in the configuration that it inherited.
 */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/throttle.h"
#include "text/frame.h"
#include "text/think.h"

struct buf;
struct config;
struct graph;
struct service;
struct stage_spec;

struct job {
	const struct stage_spec	*spec;		/* what is to be written */
	const struct service	*service;
	const char		*model;		/* borrowed from service */
	unsigned		 params;	/* bits of enum param to send */
	bool			 thinks;	/* may begin inside a thought */
};

enum finish {
	FINISH_NONE,		/* failed: see code */
	FINISH_STOP,		/* the model was done */
	FINISH_LENGTH,		/* it ran into max_tokens */
	FINISH_FILTER,		/* the provider withheld the rest */
};

/*
 * Where a service does not say what an answer cost, because it does not count
 * or because the answer broke or was stopped, that is estimated: a token for
 * each TOKEN_BYTES of the prompt, and for each of all that came, thoughts
 * included.  That is about what every tokenizer in use makes of English.
 */
#define TOKEN_BYTES	4

struct tokens {
	int64_t	 in, out;	/* -1: unknown */
	bool	 estimated;
};

/* What a service means by an error (refusal.h). */
enum means {
	MEANS_UNSAID,		/* it said nothing: the code tells */
	MEANS_LIMIT,		/* too many requests or tokens, for a while */
	MEANS_CREDIT,		/* no money, or no quota, is left */
	MEANS_KEY,		/* the key is no good */
	MEANS_FORBIDDEN,	/* 403 without a reason */
	MEANS_MODEL,		/* it does not have this model */
	MEANS_PARAM,		/* it refuses a parameter by name */
	MEANS_CONTENT,		/* it will not write about this prompt */
	MEANS_SIZE,		/* the prompt is too long for it */
	MEANS_REQUEST,		/* anything else is wrong for it */
	MEANS_SERVER,		/* its own trouble, which may pass */
};

/*
 * How an attempt ended.  For FINISH_NONE `code` is a word of recipe.fcgi(8),
 * ERROR CODES, `status` the HTTP status (0 without one) and `wait_ms` the
 * server's word for when to come again (-1 without one).
 *
 * What it has cost is told, too: an attempt is `unsent` if no byte of the
 * prompt was handed to a connection, and `answered` if an answer came that the
 * service may charge for, though nothing of it could be used; that text or
 * thoughts came the worker has seen itself.
 */
struct outcome {
	enum finish	 finish;
	char		 code[24];
	int		 status;
	int64_t		 wait_ms;
	char		 message[400];
	struct tokens	 tokens;
	enum means	 means;
	bool		 unsent;	/* nothing that could be paid for */
	bool		 answered;	/* with what may have to be paid for */
	/* Bits of enum param that the service named as wrong; 0: none. */
	unsigned	 refused_params;
	enum thinks	 thinks;	/* what it shows of its model */
};

#define OUTCOME_INIT { .wait_ms = -1, .tokens = { -1, -1, false } }

/*
 * What a service's implementation (llm, demo) is given by the stage.
 * `prompt` waits for GO; it returns 0 and the text, borrowed until the job
 * ends, or -1 when the worker is gone.  `emit` sends one frame up, text of
 * any length; what is emitted travels at the next `flush` at the latest.  Both
 * block while the pipe is full, and return 0, or -1 when the worker is gone.
 * `nap_ms` says how long text that comes every gap_ms may be left to gather;
 * 0: not at all.
 */
struct job_io {
	int	(*prompt)(void *arg, const char **text, size_t *n);
	int	(*emit)(void *arg, enum frame_type type, const char *data,
		    size_t n);
	int	(*flush)(void *arg);
	int	(*nap_ms)(void *arg, int64_t gap_ms);
	void	*arg;
};

/* Append the JSON.  0, or -1 with out->failed. */
int	job_write(const struct job *job, struct buf *out);
int	outcome_write(const struct outcome *outcome, struct buf *out);
int	remaining_write(const struct remaining *remaining, struct buf *out);

/* 0, or -1 for a document that is none. */
int	job_read(struct job *job, const char *text, size_t n,
	    const struct graph *graph, const struct config *config);
int	outcome_read(struct outcome *outcome, const char *text, size_t n);
int	remaining_read(struct remaining *remaining, const char *text, size_t n);

/*
 * Takes the bytes of the prompt and of what came for what is not known of the
 * tokens.
 */
void	tokens_estimate(struct tokens *tokens, size_t in, size_t out);

/* Adds what is known of some to all. */
void	tokens_add(struct tokens *all, const struct tokens *some);

/* Fills a failed outcome; returns -1. */
int	outcome_fail(struct outcome *outcome, const char *code,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
