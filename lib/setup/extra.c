/*
 * extra.c: listener, before any fork, commands, and workers.  Reads numbers;
 * sends none.
 */
#include <stdbool.h>
#include <strings.h>

#include "setup/doc.h"
#include "setup/extra.h"
#include "text/json.h"

/* n_predict is llama.cpp's, which heeds it instead of max_tokens. */
static const char *const limits[] = { "max_tokens", "max_completion_tokens",
    "n_predict", NULL };
static const char *const copies[] = { "n", "best_of", NULL };

static bool
is_named(const char *const names[], const char *name)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

int
extra_check(const struct doc *doc, struct err *err, const char *const at[],
    const char *name)
{
	bool is_limit = is_named(limits, name);
	int64_t n;

	if (!is_limit && !is_named(copies, name))
		return 0;
	/* A server takes null for no limit at all. */
	if (doc_get(doc, at) == NULL)
		return doc_complain(doc, err, at, "\"%s\" in \"extra\" is "
		    "null: give it a whole number, or take it out", name);
	return doc_int(doc, err, at, 1, is_limit ? EXTRA_TOKENS :
	    EXTRA_ANSWERS, &n) == -1 ? -1 : 0;
}

static int64_t
greatest(const struct json *json, const char *const names[], int64_t least)
{
	int64_t n, most = least;
	const char *name;
	size_t i;

	for (i = 0; i < json_count(json); i++) {
		n = json_int(json_member(json, i, &name), least);
		if (n > most && is_named(names, name))
			most = n;
	}
	return most;
}

int64_t
extra_tokens(const struct json *extra, int64_t least)
{
	return greatest(extra, limits, least);
}

int64_t
extra_answers(const struct json *extra, int64_t least)
{
	return greatest(extra, copies, least);
}
