/*
 * llm: one attempt at one OpenAI-compatible service.
 *
 * It sends POST {base_url}/chat/completions with stream: true, and reads the
 * server-sent events as they come.  It reports what it meets; whether to try
 * again, and where, the worker decides.
 */
#ifndef LLM_H
#define LLM_H

struct http;
struct job;
struct job_io;
struct outcome;

/*
 * Does the job: emits CONNECTED, START, THINKING, VOID and DELTA by io, and
 * fills *outcome, which the caller has set to OUTCOME_INIT.  Returns 0, or -1
 * if the worker is gone and nobody wants the outcome.
 */
int	llm_run(struct http *http, const struct job *job,
	    const struct job_io *io, struct outcome *outcome);

#endif
