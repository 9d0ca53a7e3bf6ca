/*
 * bound.c: worker, and commands.  Computes what can be said before an answer.
 */
#include <strings.h>

#include "base/buf.h"
#include "base/saturate.h"
#include "model/ask.h"
#include "model/bound.h"
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

/*
 * The greatest of the numbers that an object has under these names.  Case does
 * not matter, because some servers do not heed it.
 */
static int64_t
greatest(const struct json *json, const char *const names[], int64_t least)
{
	int64_t n, most = least;
	const char *name;
	size_t i, k;

	for (i = 0; i < json_count(json); i++) {
		n = json_int(json_member(json, i, &name), least);
		for (k = 0; names[k] != NULL; k++)
			if (strcasecmp(name, names[k]) == 0 && n > most)
				most = n;
	}
	return most;
}

struct tokens
bound_of(const struct job *job, size_t bytes)
{
	static const char *const limits[] = { "max_tokens",
	    "max_completion_tokens", NULL };
	/* "extra" may ask for several answers. */
	static const char *const copies[] = { "n", "best_of", NULL };
	const struct json *extra = job->service->profile.extra;
	struct tokens most = { (int64_t)bytes + BOUND_TEMPLATE, -1, false };

	most.in += length_of(job->spec->extra) + length_of(extra);
	if (job->spec->is_list)
		most.in += BOUND_SCHEMA;
	if (job->params & (PARAM_MAX_TOKENS | PARAM_MAX_COMPLETION_TOKENS))
		most.out = ask_tokens(job);
	most.out = greatest(extra, limits, most.out);
	if (most.out > 0)
		most.out = saturate_multiply(most.out, greatest(
		    job->spec->extra, copies, greatest(extra, copies, 1)));
	return most;
}
