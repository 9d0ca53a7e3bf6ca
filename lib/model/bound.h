/*
 * bound: the most tokens that an attempt can cost, before it is asked.
 *
 * It needs no tokenizer.  A token of a prompt has at least one byte, so the
 * bytes that are sent are a bound for the prompt, with BOUND_TEMPLATE for what
 * the model's chat template adds, and the length of what else a server may put
 * into the prompt: a schema, or members of "extra".  An answer has at most the
 * tokens that its request names (ask_tokens), thoughts included.
 *
 *	struct tokens most = bound_of(&job, prompt_len);
 *
 *	if (most.out == -1)
 *		...			it has no bound
 */
#ifndef BOUND_H
#define BOUND_H

#include <stddef.h>

#include "model/job.h"

/*
 * Tokens of a chat template.  Those of Llama 3 and 4, Qwen 3, gpt-oss and
 * Mistral add 5 to 90 to a system message and a user's.
 */
#define BOUND_TEMPLATE	128

/* Bytes of the schema of a list, which some servers show the model. */
#define BOUND_SCHEMA	1024

/*
 * For a job whose prompt has `bytes`.  Of a call these are its whole request,
 * and max_tokens of its spec is the limit in it, for all choices.  The answer
 * has no bound, and out is -1, if its limit of tokens is not sent, which
 * happens if the model has refused both names of it.
 */
struct tokens bound_of(const struct job *job, size_t bytes);

#endif
