/*
 * llm: one attempt at one OpenAI-compatible service.
 *
 * POST {base_url}/chat/completions with stream: true, and its server-sent
 * events read as they come.  Reports what it meets; whether to try again, and
 * where, is the worker's to decide.
 */
#ifndef LLM_H
#define LLM_H

struct http;
struct job;
struct job_io;
struct outcome;

/*
 * Runs the job: emits CONNECTED, START, THINKING and DELTA by io and fills
 * *outcome.  Returns 0, or -1 when the worker is gone and nobody wants an
 * outcome.
 */
int	llm_run(struct http *http, const struct job *job,
	    const struct job_io *io, struct outcome *outcome);

#endif
