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

	if (total > TOKENS_MOST)
		return;
	/* Some count thoughts in the total alone, though they charge them. */
	if (is_count(in) && is_count(out) && is_count(total) &&
	    total - in > out)
		out = total - in;
	if (is_count(in) && in > tokens->in)
		tokens->in = in;
	if (is_count(out) && out > tokens->out)
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

static void
read_all(struct tokens *tokens, const struct json *chunk,
    const struct json *choice)
{
	read_usage(tokens, json_get(chunk, "usage"));
	read_usage(tokens, json_get(json_get(chunk, "x_groq"), "usage"));
	read_usage(tokens, json_get(choice, "usage"));
	read_timings(tokens, json_get(chunk, "timings"));
	read_timings(tokens, json_get(choice, "timings"));
}

static bool
is_known(const struct tokens *tokens)
{
	return tokens->in >= 0 && tokens->out >= 0;
}

void
usage_read(struct tokens *tokens, struct tokens *sure,
    const struct json *chunk, const struct json *choice, bool ended)
{
	read_all(tokens, chunk, choice);
	if (ended)
		read_all(sure, chunk, choice);
	/* A count of timings is in *sure alone if usage came before. */
	if (sure->in > tokens->in)
		tokens->in = sure->in;
	if (sure->out > tokens->out)
		tokens->out = sure->out;
	tokens->estimated = is_known(tokens) && !is_known(sure);
}

void
usage_doubt(struct tokens *tokens, struct tokens *sure)
{
	sure->in = sure->out = -1;
	tokens->estimated = is_known(tokens);
}

void
usage_refused(struct tokens *tokens, const struct json *error, bool heard)
{
	const struct json *inner = json_get(error, "error");
	const struct json *failed = json_get(inner, "failed_generation");
	bool before = tokens->in >= 0 || tokens->out >= 0;
	size_t n = 0;

	read_all(tokens, error, inner);
	tokens->estimated = heard || before;
	if (json_string(failed, &n) == NULL)
		json_string(json_get(error, "failed_generation"), &n);
	if (n == 0 || tokens->out >= 0)
		return;
	tokens->out = (int64_t)(n + TOKEN_BYTES - 1) / TOKEN_BYTES;
	tokens->estimated = true;
}
