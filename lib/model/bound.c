/*
 * bound.c: worker, and commands.  Computes what can be said before an answer.
 */
#include "base/buf.h"
#include "base/saturate.h"
#include "model/ask.h"
#include "model/bound.h"
#include "setup/extra.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"

/* Bytes of "extra" that are written out to be counted. */
#define EXTRA_MAX	(1024 * 1024)

static int64_t
length_of(const struct json *json)
{
	struct buf text = BUF_INIT(EXTRA_MAX);
	int64_t n;

	if (json == NULL)
		return 0;
	json_write(json, &text);
	n = text.failed ? EXTRA_MAX : (int64_t)text.len;
	buf_free(&text);
	return n;
}

struct tokens
bound_of(const struct job *job, size_t bytes)
{
	const struct json *extra = job->service->profile.extra;
	struct tokens most = { (int64_t)bytes + BOUND_TEMPLATE, -1, false };

	most.in += length_of(job->spec->extra) + length_of(extra);
	if (job->spec->is_call) {
		most.out = job->spec->max_tokens > 0 ?
		    job->spec->max_tokens : -1;
		return most;
	}
	if (job->spec->is_list)
		most.in += BOUND_SCHEMA;
	if (job->params & (PARAM_MAX_TOKENS | PARAM_MAX_COMPLETION_TOKENS))
		most.out = ask_tokens(job);
	most.out = extra_tokens(extra, most.out);
	if (most.out > 0)
		most.out = saturate_multiply(most.out, extra_answers(
		    job->spec->extra, extra_answers(extra, 1)));
	return most;
}
