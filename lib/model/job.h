/*
 * job: what crosses the pipes between a worker and a stage, as values.
 *
 * Down goes a job, which is ONE attempt at ONE service, or one start of a
 * program (service_program); up comes its outcome.
 * Both are JSON in a frame.  The key does not travel: the stage finds the
 * service by its id in the configuration that it inherited.
 *
 *	job_write(&job, &text);			// worker
 *	job_read(&job, text, n, graph, config);	// stage
 *	llm_run(http, &job, &io, &outcome);
 *	outcome_write(&outcome, &text);
 *	outcome_read(&outcome, text, n);	// worker
 *
 * These structs own no memory.  What a job points to belongs to the graph and
 * to the configuration.
 */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/throttle.h"
#include "model/code.h"
#include "model/pace.h"
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
	unsigned		 params;	/* to send: bits of enum param,
						   and PARAM_EXTRA */
	bool			 thinks;	/* it may begin in a thought */
	bool			 exact;		/* nothing gathers before it
						   is read and timed */
};

enum finish {
	FINISH_NONE,		/* it failed: see code */
	FINISH_STOP,		/* the model has written all it wanted */
	FINISH_LENGTH,		/* it reached max_tokens */
	FINISH_FILTER,		/* the provider withheld the rest */
};

/*
 * If a service does not say what an answer cost, because it does not count or
 * because the answer broke off, that is estimated: one token for each
 * TOKEN_BYTES of the prompt, and one for each TOKEN_BYTES of all that came,
 * thoughts included.  That is about what every tokenizer in use makes of
 * English.
 */
#define TOKEN_BYTES	4

struct tokens {
	int64_t	 in, out;	/* -1: unknown */
	bool	 estimated;
};

/* What a service means by an error (refusal.h). */
enum means {
	MEANS_UNSAID,		/* it did not say: see the outcome's code */
	MEANS_LIMIT,		/* too many requests or tokens for now */
	MEANS_CREDIT,		/* no money, or no quota, is left */
	MEANS_KEY,		/* the key is no good */
	MEANS_FORBIDDEN,	/* 403 without a reason */
	MEANS_MODEL,		/* it does not have this model */
	MEANS_PARAM,		/* it refuses a parameter by name */
	MEANS_CONTENT,		/* it will not answer this prompt */
	MEANS_SIZE,		/* the prompt is too long for it */
	MEANS_REQUEST,		/* another fault of the request */
	MEANS_SERVER,		/* its own trouble, which may pass */
};

/*
 * How an attempt ended.  If it failed (FINISH_NONE), `code` says why, `status`
 * is the HTTP status (0 if there was none), and `wait_ms` is how long the
 * server wants us to wait before we come again (-1 if it has not said).
 *
 * It also says whether the attempt may have cost anything.  An attempt is
 * `unsent` if no byte of the prompt was handed to a connection.  It is
 * `answered` if an answer came that the service may charge for although nothing
 * of it could be used.  Whether text or thoughts came the worker has seen
 * itself.
 */
struct outcome {
	enum finish	 finish;
	enum code	 code;
	int		 status;
	int64_t		 wait_ms;
	char		 message[400];
	struct tokens	 tokens;
	enum means	 means;
	bool		 unsent;	/* so it cost nothing */
	bool		 answered;	/* so it may have cost something */
	/* The bit of job's params that the service named as wrong; 0: none. */
	unsigned	 refused_params;
	bool		 refused_value;	/* with its value; another may do */
	enum thinks	 thinks;	/* whether the model does */
	struct pace	 pace;		/* how fast it has answered */
};

#define OUTCOME_INIT { .wait_ms = -1, .tokens = { -1, -1, false }, \
	.pace = PACE_INIT }

/* The texts that a model is asked with, borrowed. */
struct messages {
	const char	*system;
	size_t		 system_len;	/* 0: there is no system message */
	const char	*user;
	size_t		 user_len;
};

/*
 * What those who ask (llm, demo) are given by the stage to do it with.
 *
 *	prompt	waits until the prompt is whole (GO); its texts are borrowed
 *		until the job ends
 *	emit	queues one frame for the worker, or text of any length
 *	flush	sends what is queued; emit may have sent some of it before
 *	nap_ms	returns how many ms text that comes every gap_ms may gather
 *		before it is sent; 0: send it at once
 *
 * The first three block for as long as it takes.  They return 0, or -1 if the
 * worker is gone.
 */
struct job_io {
	int	(*prompt)(void *arg, struct messages *messages);
	int	(*emit)(void *arg, enum frame_type type, const char *data,
		    size_t n);
	int	(*flush)(void *arg);
	int	(*nap_ms)(void *arg, int64_t gap_ms);
	void	*arg;
};

/* These append their value as JSON.  0, or -1 with out->failed. */
int	job_write(const struct job *job, struct buf *out);
int	outcome_write(const struct outcome *outcome, struct buf *out);
int	remaining_write(const struct remaining *remaining, struct buf *out);

/*
 * These read such a document.  0, or -1 if it is not one; job_read also
 * returns -1 if the graph or the configuration does not have what it names.
 */
int	job_read(struct job *job, const char *text, size_t n,
	    const struct graph *graph, const struct config *config);
int	outcome_read(struct outcome *outcome, const char *text, size_t n);
int	remaining_read(struct remaining *remaining, const char *text, size_t n);

/*
 * Estimates the counts that are not known, from the bytes of the prompt and the
 * bytes of all that came.
 */
void	tokens_estimate(struct tokens *tokens, size_t in, size_t out);

/* Adds the known counts of `some` to `all`. */
void	tokens_add(struct tokens *all, const struct tokens *some);

/* Makes it a failed outcome with this code and message.  Returns -1. */
int	outcome_fail(struct outcome *outcome, enum code code,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
