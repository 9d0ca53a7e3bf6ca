/*
 * usage.c: stage.  Reads counts of tokens; estimates none (job.h does).
 */
#include <stdbool.h>

#include "model/job.h"
#include "model/usage.h"
#include "text/json.h"

/* A larger count is not believed; so sums of counts cannot overflow. */
#define TOKENS_MOST	1000000000

static bool
is_count(int64_t n)
{
	return n >= 0 && n <= TOKENS_MOST;
}

static void
read_usage(struct tokens *tokens, const struct json *usage)
{
	int64_t in = json_int(json_get(usage, "prompt_tokens"), -1);
	int64_t out = json_int(json_get(usage, "completion_tokens"), -1);
	int64_t total = json_int(json_get(usage, "total_tokens"), -1);

	/* Some count thoughts in the total alone, though they charge them. */
	if (is_count(in) && is_count(out) && is_count(total) &&
	    total - in > out)
		out = total - in;
	if (is_count(in))
		tokens->in = in;
	if (is_count(out))
		tokens->out = out;
}

/* llama.cpp's own form, which counts only if no `usage` has come. */
static void
read_timings(struct tokens *tokens, const struct json *timings)
{
	int64_t out = json_int(json_get(timings, "predicted_n"), -1);
	int64_t in = json_int(json_get(timings, "prompt_n"), -1);
	int64_t kept = json_int(json_get(timings, "cache_n"), 0);

	if (!is_count(out) || tokens->out >= 0)
		return;
	/* Tokens that were in its cache are part of the prompt, too. */
	if (is_count(in) && is_count(kept))
		tokens->in = in + kept;
	tokens->out = out;
}

void
usage_read(struct tokens *tokens, const struct json *chunk,
    const struct json *choice)
{
	read_usage(tokens, json_get(chunk, "usage"));
	read_usage(tokens, json_get(json_get(chunk, "x_groq"), "usage"));
	read_usage(tokens, json_get(choice, "usage"));
	read_timings(tokens, json_get(chunk, "timings"));
	read_timings(tokens, json_get(choice, "timings"));
}
