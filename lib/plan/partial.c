/*
 * partial.c: worker.  Reads what a request wants and what it brings along;
 * starts nothing, and knows only these two members of a body.
 */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "plan/partial.h"
#include "text/json.h"
#include "text/pickname.h"

/* What all functions of this file need while a request is read. */
struct reading {
	struct partial		*partial;
	const struct graph	*graph;
	size_t			 most;
	struct err		*err;
};

/* `fmt` takes the first 40 bytes of a visitor's word, as %.*s. */
static int
bad_input(struct err *err, const char *fmt, const char *name)
{
	return err_set(err, 400, "bad_input", fmt,
	    (int)utf8_cut(name, strlen(name), 40), name);
}

static int
no_memory(struct err *err)
{
	return err_set(err, 503, "no_memory",
	    "out of memory, try again in a moment");
}

const char *
partial_name(const struct stage_spec *spec)
{
	return spec->is_list ? spec->list.pick : spec->part;
}

/*
 * Refuses a name that no stage has, and says which names there are.  If these
 * do not fit into a message, it refers to stages.json instead.
 */
static int
no_such_name(const struct reading *r, const char *member, const char *name,
    bool is_want)
{
	struct buf all = BUF_INIT(160);
	const struct stage_spec *s;
	size_t i;

	for (i = 0; i < r->graph->n; i++) {
		s = &r->graph->stages[i];
		buf_printf(&all, "%s%s", i == 0 ? "" : ", ",
		    is_want ? s->part : partial_name(s));
	}
	err_set(r->err, 400, "bad_input", "\"%s\" takes no \"%.*s\" here, but "
	    "%s", member, (int)utf8_cut(name, strlen(name), 40), name,
	    all.failed ? "the names of stages.json" : all.data);
	buf_free(&all);
	return -1;
}

/*
 * A given text becomes part of prompts, as an input does, so it must be as
 * clean: bounded, UTF-8, no control characters.
 */
static int
check_given(const struct reading *r, const char *name, const char *text,
    size_t n)
{
	uint32_t cp = 0;

	if (n > r->most)
		return err_set(r->err, 400, "bad_input", "given \"%s\" has %zu "
		    "bytes; it takes %zu", name, n, r->most);
	switch (utf8_check(text, n, &cp)) {
	case 0:
		return 0;
	case -1:
		return err_set(r->err, 400, "bad_encoding",
		    "given \"%s\" is not valid UTF-8", name);
	default:
		return err_set(r->err, 400, "bad_input", "given \"%s\" holds a "
		    "control character (U+%04X); send plain text", name,
		    (unsigned)cp);
	}
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

/* A text that is empty would let a prompt be sent with a hole in it. */
static int
take_given_text(struct reading *r, const struct stage_spec *s,
    const struct json *json)
{
	size_t n;
	const char *text = json_string(json, &n);

	if (text == NULL)
		return err_set(r->err, 400, "bad_input",
		    "given \"%s\" must be a string", s->part);
	if (check_given(r, s->part, text, n) == -1)
		return -1;
	if (is_blank(text))
		return err_set(r->err, 400, "bad_input", "given \"%s\" is "
		    "empty; leave it out, and it is written", s->part);
	return vars_set(&r->partial->vars, s->part, text, n) == -1 ?
	    no_memory(r->err) : 0;
}

/*
 * Takes field f of a given pick; json is NULL if it is not there.  As in a list
 * that a model writes, only the first field has to have a text.
 */
static int
take_field(struct reading *r, const struct stage_spec *s, size_t f,
    const struct json *json)
{
	char name[PICKNAME_MAX];
	const char *text = "";
	size_t n = 0;

	pickname_write(name, s->list.pick, s->list.fields[f]);
	if (json != NULL && (text = json_string(json, &n)) == NULL)
		return err_set(r->err, 400, "bad_input",
		    "given \"%s\" must be a string", name);
	if (check_given(r, name, text, n) == -1)
		return -1;
	if (f == 0 && is_blank(text))
		return err_set(r->err, 400, "bad_input",
		    "given \"%s\" is missing or empty", name);
	return vars_set(&r->partial->vars, name, text, n) == -1 ?
	    no_memory(r->err) : 0;
}

/* An unknown field is refused, because it is a typing error. */
static int
take_given_pick(struct reading *r, const struct stage_spec *s,
    const struct json *json)
{
	const char *key = "";
	size_t i, f;

	if (json_kind(json) != JSON_OBJECT)
		return err_set(r->err, 400, "bad_input", "given \"%s\" must be "
		    "an object, as _pick has it", s->list.pick);
	for (i = 0; i < json_count(json); i++) {
		json_member(json, i, &key);
		for (f = 0; f < s->list.nfields; f++)
			if (strcmp(s->list.fields[f], key) == 0)
				break;
		if (f == s->list.nfields)
			return bad_input(r->err, "a given pick has no field "
			    "\"%.*s\"", key);
	}
	for (f = 0; f < s->list.nfields; f++)
		if (take_field(r, s, f, json_get(json, s->list.fields[f])) ==
		    -1)
			return -1;
	return 0;
}

static int
take_given(struct reading *r, const struct json *given)
{
	const struct stage_spec *s = NULL;
	const char *name = "";
	struct json *json;
	size_t i, k;

	if (given != NULL && json_kind(given) != JSON_OBJECT)
		return err_set(r->err, 400, "bad_input", "\"given\" must be an "
		    "object of names and their texts");
	for (i = 0; i < json_count(given); i++) {
		json = json_member(given, i, &name);
		for (k = 0; k < r->graph->n; k++) {
			s = &r->graph->stages[k];
			if (strcmp(partial_name(s), name) == 0)
				break;
		}
		if (k == r->graph->n)
			return no_such_name(r, "given", name, false);
		if ((s->is_list ? take_given_pick(r, s, json) :
		    take_given_text(r, s, json)) == -1)
			return -1;
		r->partial->given[k] = true;
	}
	return 0;
}

/* --- what runs ------------------------------------------------------------ */

/*
 * Fills able[] with which parts can run.  These are all but the given ones, and
 * those that need a whole list of which only the pick is given.  A stage stands
 * in the graph after those that it needs, so one pass is enough.
 */
static void
find_able(const struct reading *r, bool able[GRAPH_STAGES_MAX])
{
	const bool *given = r->partial->given;
	const struct stage_spec *s;
	size_t i, k, from;

	for (i = 0; i < r->graph->n; i++) {
		s = &r->graph->stages[i];
		able[i] = !given[i] && (!s->is_each || able[s->each]);
		for (k = 0; k < s->nneeds; k++) {
			from = s->needs[k].stage;
			if (!able[from] && (!given[from] ||
			    (r->graph->stages[from].is_list &&
			    !s->needs[k].pick)))
				able[i] = false;
		}
	}
}

/*
 * Marks the wanted parts in runs[].  A part that is given as well, or that
 * cannot run, is refused, since the visitor would wait for it in vain.
 */
static int
take_want(const struct reading *r, const struct json *want,
    const bool able[GRAPH_STAGES_MAX], bool runs[GRAPH_STAGES_MAX])
{
	const char *name;
	size_t i, k;

	if (json_kind(want) != JSON_ARRAY || json_count(want) == 0)
		return err_set(r->err, 400, "bad_input", "\"want\" must be an "
		    "array of the parts that are to be written");
	for (i = 0; i < json_count(want); i++) {
		name = json_string(json_at(want, i), NULL);
		for (k = 0; name != NULL && k < r->graph->n; k++)
			if (strcmp(r->graph->stages[k].part, name) == 0)
				break;
		if (name == NULL || k == r->graph->n)
			return no_such_name(r, "want", name == NULL ? "" : name,
			    true);
		if (r->partial->given[k])
			return bad_input(r->err, "\"%.*s\" is both wanted and "
			    "given; leave it out of one", name);
		if (!able[k])
			return bad_input(r->err, "\"%.*s\" needs a whole list "
			    "of which only the pick is given; leave the pick "
			    "out of \"given\"", name);
		runs[k] = true;
	}
	return 0;
}

/*
 * Adds to runs[] what the wanted parts need and what is not given.  It begins
 * with the last stage, so that the needs of what it has added are found in the
 * same pass.
 */
static void
add_needs(const struct reading *r, bool runs[GRAPH_STAGES_MAX])
{
	const struct stage_spec *s;
	size_t i, k;

	for (i = r->graph->n; i-- > 0;) {
		s = &r->graph->stages[i];
		if (!runs[i])
			continue;
		if (s->is_each)
			runs[s->each] = true;
		for (k = 0; k < s->nneeds; k++)
			if (!r->partial->given[s->needs[k].stage])
				runs[s->needs[k].stage] = true;
	}
}

int
partial_read(struct partial *partial, const struct graph *graph,
    const struct json *want, const struct json *given, size_t most,
    struct err *err)
{
	struct reading r = { partial, graph, most, err };
	bool able[GRAPH_STAGES_MAX] = { false };
	bool runs[GRAPH_STAGES_MAX] = { false }, any = false;
	size_t i;

	if (take_given(&r, given) == -1)
		return -1;
	find_able(&r, able);
	if (want == NULL)
		memcpy(runs, able, sizeof(runs));
	else if (take_want(&r, want, able, runs) == -1)
		return -1;
	add_needs(&r, runs);
	for (i = 0; i < graph->n; i++) {
		partial->absent[i] = !runs[i];
		any = any || runs[i];
	}
	return any || graph->n == 0 ? 0 : err_set(err, 400, "bad_input",
	    "everything is given: nothing is left to write");
}

void
partial_free(struct partial *partial)
{
	vars_free(&partial->vars);
}
