/*
 * graph_ask.c: listener, before any fork.  Reads how a stage's model is asked;
 * knows nothing of what it is asked, or of services.
 */
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "setup/doc.h"
#include "setup/extra.h"
#include "setup/graph.h"
#include "setup/profile.h"
#include "text/json.h"

/* Strings in "stop". */
#define STOP_MAX	4

/* Bytes of the name of a member of "extra". */
#define NAME_MAX_BYTES	60

/* JSON readers that make every number a double keep these exactly. */
#define SEED_MAX	((INT64_C(1) << 53) - 1)

/* The place of a member of the stage at `at`. */
#define HERE(at, ...)	AT("stages", at, __VA_ARGS__)

static const struct {
	const char *name;
	double least, most;
} numbers[] = {
	{ "temperature", 0, 2 },
	{ "top_p", 0, 1 },
	{ "presence_penalty", -2, 2 },
	{ "frequency_penalty", -2, 2 },
};

#define NNUMBERS	(sizeof(numbers) / sizeof(numbers[0]))

/* Keeps a member of the document, as it is, if the stage has it. */
static int
keep(struct stage_spec *s, const struct doc *doc, const char *at,
    const char *name, struct err *err)
{
	struct json *value = doc_get(doc, HERE(at, name));

	if (value == NULL)
		return 0;
	if (s->params == NULL && (s->params = json_new_object()) == NULL)
		return err_set(err, 503, "config", "out of memory");
	json_set(s->params, name, json_share(value));
	return 0;
}

static int
load_numbers(struct stage_spec *s, const struct doc *doc, const char *at,
    struct err *err)
{
	int64_t seed;
	double x;
	size_t i;

	for (i = 0; i < NNUMBERS; i++)
		if (doc_double(doc, err, HERE(at, numbers[i].name),
		    numbers[i].least, numbers[i].most, &x) == -1 ||
		    keep(s, doc, at, numbers[i].name, err) == -1)
			return -1;
	return doc_int(doc, err, HERE(at, "seed"), -SEED_MAX, SEED_MAX,
	    &seed) == -1 ? -1 : keep(s, doc, at, "seed", err);
}

/* What is sent is as the file has it: a string, or an array of strings. */
static int
load_stop(struct stage_spec *s, const struct doc *doc, const char *at,
    struct err *err)
{
	char **strings = NULL;
	size_t n = 0;

	if (doc_strings(doc, err, HERE(at, "stop"), &strings, &n) == -1)
		return -1;
	doc_free_strings(strings);
	if (n > STOP_MAX)
		return doc_complain(doc, err, HERE(at, "stop"), "\"stop\" has "
		    "%zu strings, but must have at most %d", n, STOP_MAX);
	return keep(s, doc, at, "stop", err);
}

/*
 * Whether one of the words is this name.  Some servers, as all in Go, read the
 * members of a body in upper and lower case alike; so for them "Model" in
 * "extra" would replace our "model".
 */
static bool
is_among(const char *const words[], const char *name)
{
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (strcasecmp(words[i], name) == 0)
			return true;
	return false;
}

/* Checks one member of "extra". */
static int
check_extra(const struct doc *doc, const char *at, const char *name,
    const struct json *value, struct err *err)
{
	static const char *const ours[] = { "model", "messages", "stream",
	    "stream_options", "n", NULL };
	static const char *const profiles[] = { "response_format",
	    "reasoning_effort", NULL };
	static const char *const limits[] = { "max_tokens",
	    "max_completion_tokens", "n_predict", NULL };
	static const char *const members[] = { "temperature", "top_p", "stop",
	    "seed", "presence_penalty", "frequency_penalty", NULL };
	const char *why = NULL;

	if (is_among(ours, name))
		why = "is written by the program itself; take it out";
	else if (is_among(limits, name))
		why = "is the limit of tokens: set \"max_tokens\" of the stage,"
		    " beside \"extra\"";
	else if (is_among(profiles, name))
		why = "depends on the service: set it in recipe.json, in the "
		    "\"profile\" of a service";
	else if (is_among(members, name))
		why = "is a member of the stage itself: set it beside "
		    "\"extra\"";
	else if (*name == '\0' || strlen(name) > NAME_MAX_BYTES)
		why = "is no name of 1 to 60 bytes";
	else if (value == NULL)
		why = "is null: give it a value, or take it out";
	return why == NULL ? extra_check(doc, err, HERE(at, "extra", name),
	    name) : doc_complain(doc, err, HERE(at, "extra", name),
	    "\"%.64s\" in \"extra\" %s", name, why);
}

static int
load_extra(struct stage_spec *s, const struct doc *doc, const char *at,
    struct err *err)
{
	struct json *extra = doc_get(doc, HERE(at, "extra")), *value;
	const char *name = NULL;
	size_t i;

	if (extra == NULL)
		return 0;
	if (json_kind(extra) != JSON_OBJECT ||
	    json_count(extra) > PARAM_EXTRAS_N)
		return doc_complain(doc, err, HERE(at, "extra"), "\"extra\" "
		    "must be an object of at most %d members to add to a "
		    "request", PARAM_EXTRAS_N);
	for (i = 0; i < json_count(extra); i++) {
		value = json_member(extra, i, &name);
		if (check_extra(doc, at, name, value, err) == -1)
			return -1;
	}
	s->extra = json_share(extra);
	return 0;
}

/* Refuses what a stage that asks no model says about how it is asked. */
static int
check_each(const struct doc *doc, const char *at, struct err *err)
{
	static const char *const asking[] = { "race", "max_tokens",
	    "temperature", "top_p", "stop", "seed", "presence_penalty",
	    "frequency_penalty", "extra", NULL };
	size_t i;

	for (i = 0; asking[i] != NULL; i++)
		if (doc_get(doc, HERE(at, asking[i])) != NULL)
			return doc_complain(doc, err, HERE(at, asking[i]),
			    "a stage with \"each\" asks no model, so it takes "
			    "no \"%s\"", asking[i]);
	return 0;
}

int
graph_load_ask(struct stage_spec *stage, const struct doc *doc,
    const char *at, struct err *err)
{
	stage->max_tokens = 512;
	if (stage->is_each)
		return check_each(doc, at, err);
	if (doc_int(doc, err, HERE(at, "max_tokens"), 1, 1000000,
	    &stage->max_tokens) == -1 ||
	    load_numbers(stage, doc, at, err) == -1 ||
	    load_stop(stage, doc, at, err) == -1)
		return -1;
	return load_extra(stage, doc, at, err);
}

struct json *
graph_param(const struct stage_spec *stage, unsigned bit, const char **name)
{
	size_t i;

	for (i = 0; i < PARAM_EXTRAS_N; i++)
		if (bit == PARAM_EXTRA(i))
			return json_member(stage->extra, i, name);
	*name = param_name((enum param)bit);
	return json_get(stage->params, *name);
}
