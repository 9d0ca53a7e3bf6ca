/*
 * bound.c: worker, and commands.  Computes what can be said before an answer.
 */
#include "base/buf.h"
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

/* The greatest of the numbers that an object has under these names. */
static int64_t
greatest(const struct json *json, const char *const names[], int64_t least)
{
	int64_t n, most = least;
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		n = json_int(json_get(json, names[i]), least);
		if (n > most)
			most = n;
	}
	return most;
}

struct tokens
bound_of(const struct stage_spec *spec, const struct service *service,
    unsigned params, size_t bytes)
{
	static const char *const limits[] = { "max_tokens",
	    "max_completion_tokens", NULL };
	/* A profile's "extra" may ask for several answers. */
	static const char *const copies[] = { "n", "best_of", NULL };
	const struct json *extra = service->profile.extra;
	struct tokens most = { (int64_t)bytes + BOUND_TEMPLATE, -1, false };

	most.in += length_of(spec->extra) + length_of(extra);
	if (spec->is_list)
		most.in += BOUND_SCHEMA;
	if (params & (PARAM_MAX_TOKENS | PARAM_MAX_COMPLETION_TOKENS))
		most.out = spec->max_tokens + service->profile.headroom;
	most.out = greatest(extra, limits, most.out);
	if (most.out > 0)
		most.out *= greatest(extra, copies, 1);
	return most;
}
