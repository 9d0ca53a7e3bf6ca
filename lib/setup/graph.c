/*
 * graph.c: listener, before any fork.  Reads the stages and checks that they
 * fit together; knows nothing of services, processes or requests.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "setup/place.h"
#include "text/json.h"
#include "text/pickname.h"

static int
fail_no_memory(struct err *err)
{
	return err_set(err, 503, "config", "out of memory");
}

/* The stage that is being read, and where it is in the file. */
struct graph_reader {
	struct graph		*graph;
	const struct doc	*doc;
	struct stage_spec	*spec;
	size_t			 index;
	char			 at[24];	/* "#3": the index for AT() */
	struct err		*err;
};

/* The place of a member of that stage. */
#define HERE(r, ...) AT("stages", (r)->at, __VA_ARGS__)

/*
 * Finds the stage before this one whose part or pick has that name.  Returns 0
 * with *need, or -1.  Only the stages before are searched, so that there can be
 * no cycle.
 */
static int
find_need(const struct graph_reader *r, const char *name, struct need *need)
{
	const struct stage_spec *s;
	size_t i;

	for (i = 0; i < r->index; i++) {
		s = &r->graph->stages[i];
		*need = (struct need){ i, false };
		if (strcmp(s->part, name) == 0)
			return 0;
		need->pick = true;
		if (s->is_list && strcmp(s->list.pick, name) == 0)
			return 0;
	}
	return -1;
}

/*
 * Whether an input or a stage before this one has that name: all of them stand
 * between {{ and }}, so each must be another one.
 */
static bool
is_taken(const struct graph_reader *r, const char *name)
{
	struct need need;
	size_t i;

	for (i = 0; i < r->graph->ninputs; i++)
		if (strcmp(r->graph->inputs[i].name, name) == 0)
			return true;
	return find_need(r, name, &need) == 0;
}

/* Reads "list", if the stage has it. */
static int
load_list(struct graph_reader *r)
{
	static const char *const known[] = { "items", "fields", "pick", NULL };
	struct list_spec *list = &r->spec->list;
	const char *pick = NULL;

	if (doc_get(r->doc, HERE(r, "list")) == NULL)
		return 0;
	r->spec->is_list = true;
	list->items = 3;
	if (doc_only(r->doc, r->err, HERE(r, "list"), known) == -1 ||
	    doc_int(r->doc, r->err, HERE(r, "list", "items"), 1, 100,
	    &list->items) == -1 ||
	    doc_strings(r->doc, r->err, HERE(r, "list", "fields"),
	    &list->fields, &list->nfields) == -1 ||
	    doc_string(r->doc, r->err, HERE(r, "list", "pick"), &pick) == -1)
		return -1;
	if (list->nfields == 0 || list->nfields > GRAPH_FIELDS_MAX)
		return doc_complain(r->doc, r->err, HERE(r, "list"),
		    "\"fields\" must name 1 to %d members of an element",
		    GRAPH_FIELDS_MAX);
	if (pick == NULL || !graph_is_name(pick) || is_taken(r, pick))
		return doc_complain(r->doc, r->err, HERE(r, "list"),
		    "\"pick\" must be the name that others need it by, and "
		    "not taken further up");
	if ((list->pick = strdup(pick)) == NULL)
		return fail_no_memory(r->err);
	return 0;
}

/* Whether a stage of the file writes a part, or has a pick, of that name. */
static bool
writes(const struct json *stage, const char *name)
{
	const char *part = json_string(json_get(stage, "part"), NULL);
	const char *pick = json_string(json_get(json_get(stage, "list"),
	    "pick"), NULL);

	return (part != NULL && strcmp(part, name) == 0) ||
	    (pick != NULL && strcmp(pick, name) == 0);
}

/*
 * Complains that a stage needs what no stage before it writes.  Whoever finds
 * that name further down has only to change the order.
 */
static int
refuse_need(const struct graph_reader *r, const char *name)
{
	const char *remedy = "write it as a stage before this one";
	const struct json *all = doc_get(r->doc, AT("stages"));
	size_t i;

	for (i = r->index; i < json_count(all); i++)
		if (writes(json_at(all, i), name))
			remedy = i == r->index ? "a stage cannot need itself" :
			    "the stage that writes it is further down: move "
			    "this one below it";
	for (i = 0; i < r->graph->ninputs; i++)
		if (strcmp(r->graph->inputs[i].name, name) == 0)
			remedy = "it is an input, which every template may "
			    "use: take it out here";
	return doc_complain(r->doc, r->err, HERE(r, "needs"), "\"%.40s\" is "
	    "neither a part nor a pick of a stage further up; %s", name,
	    remedy);
}

/* Reads "needs". */
static int
load_needs(struct graph_reader *r)
{
	char **names = NULL;
	size_t i, n = 0;
	int rc = -1;

	if (doc_strings(r->doc, r->err, HERE(r, "needs"), &names, &n) == -1)
		return -1;
	if (n > GRAPH_NEEDS_MAX) {
		doc_complain(r->doc, r->err, HERE(r, "needs"),
		    "a stage may need at most %d others", GRAPH_NEEDS_MAX);
		goto out;
	}
	for (i = 0; i < n; i++) {
		if (find_need(r, names[i], &r->spec->needs[i]) == -1) {
			refuse_need(r, names[i]);
			goto out;
		}
		if (!r->spec->needs[i].pick)
			r->graph->stages[r->spec->needs[i].stage].is_needed =
			    true;
	}
	r->spec->nneeds = n;
	rc = 0;
out:
	doc_free_strings(names);
	return rc;
}

/* Reads "each", if the stage has it. */
static int
load_each(struct graph_reader *r)
{
	const char *part = NULL;
	struct need need;

	if (doc_string(r->doc, r->err, HERE(r, "each"), &part) == -1)
		return -1;
	if (part == NULL)
		return 0;
	if (find_need(r, part, &need) == -1 || need.pick ||
	    !r->graph->stages[need.stage].is_list)
		return doc_complain(r->doc, r->err, HERE(r, "each"),
		    "\"%s\" is no list stage further up", part);
	r->spec->is_each = true;
	r->spec->each = need.stage;
	return 0;
}

/*
 * Reads one stage.  Its part comes first, since the messages about everything
 * else name it; the templates come last, since what they may use follows from
 * the needs.
 */
static int
load_stage(struct graph_reader *r)
{
	static const char *const known[] = { "part", "title", "needs",
	    "service", "race", "max_tokens", "temperature", "top_p", "stop",
	    "seed", "presence_penalty", "frequency_penalty", "extra", "list",
	    "each", "run", "form", NULL };
	struct stage_spec *s = r->spec;
	const char *part = NULL;

	if (doc_only(r->doc, r->err, HERE(r, NULL), known) == -1 ||
	    doc_string(r->doc, r->err, HERE(r, "part"), &part) == -1 ||
	    graph_load_service(s, r->doc, r->at, r->err) == -1)
		return -1;
	if (part == NULL || !graph_is_name(part))
		return doc_complain(r->doc, r->err, HERE(r, NULL),
		    "a stage needs a \"part\" of letters, digits, '-' and '_',"
		    " at most 32, not beginning with '_'");
	if (is_taken(r, part))
		return doc_complain(r->doc, r->err, HERE(r, "part"),
		    "\"%s\" is taken by an input or a stage further up", part);
	if ((s->part = strdup(part)) == NULL)
		return fail_no_memory(r->err);
	if (load_list(r) == -1 || load_needs(r) == -1 ||
	    load_each(r) == -1 ||
	    graph_load_run(r->graph, s, r->doc, r->at, r->err) == -1 ||
	    graph_load_ask(s, r->doc, r->at, r->err) == -1 ||
	    graph_load_form(s, r->doc, r->at, r->err) == -1)
		return -1;
	if (s->is_each && (s->is_list || s->nneeds > 0 || s->nservices > 0))
		return doc_complain(r->doc, r->err, HERE(r, "each"),
		    "a stage with \"each\" asks no model, so it takes neither "
		    "\"needs\" nor \"service\" nor \"list\"");
	return graph_load_templates(r->graph, s, r->err);
}

static int
load_stages(struct graph *graph, const struct doc *doc, struct err *err)
{
	struct json *all = doc_get(doc, AT("stages"));
	struct graph_reader r = { .graph = graph, .doc = doc, .err = err };
	size_t n = json_count(all);

	if (json_kind(all) != JSON_ARRAY || n == 0 || n > GRAPH_STAGES_MAX)
		return doc_complain(doc, err, AT("stages"),
		    "\"stages\" must be an array of 1 to %d stages",
		    GRAPH_STAGES_MAX);
	if ((graph->stages = calloc(n, sizeof(*graph->stages))) == NULL)
		return fail_no_memory(err);
	graph->n = n;
	for (r.index = 0; r.index < n; r.index++) {
		r.spec = &graph->stages[r.index];
		snprintf(r.at, sizeof(r.at), "#%zu", r.index);
		if (load_stage(&r) == -1)
			return -1;
	}
	return 0;
}

/*
 * Complains that there is no stages.json in the directory.  A relative
 * RECIPE_PROMPTS means another directory than its author thinks if the program
 * was started from there, as by "make -C"; so the whole path is said.
 */
static int
miss_stages(const struct graph *graph, struct err *err)
{
	const char *set = getenv("RECIPE_PROMPTS");
	bool relative = set != NULL && *set != '/' && *set != '\0';
	char *whole = realpath(graph->dir, NULL);

	err_set(err, 503, "config", "%s/stages.json: %s%s%.60s%s", whole ==
	    NULL ? graph->dir : whole, strerror(ENOENT), !relative ? "" :
	    "; that is what RECIPE_PROMPTS=", relative ? set : "", !relative ?
	    "" : " means here: write the whole path, as \"$PWD\"");
	free(whole);
	return -1;
}

int
graph_load(struct graph *graph, struct err *err)
{
	static const char *const known[] = { "$schema", "title", "inputs",
	    "stages", NULL };
	struct doc doc = DOC_INIT;
	char *path;
	int rc = -1;

	doc.naming = "part";
	graph->dir = place_find("RECIPE_PROMPTS", "prompts");
	if (graph->dir == NULL)
		return err_set(err, 503, "config", "no prompts directory "
		    "beside the program or above it; set RECIPE_PROMPTS");
	path = place_join(graph->dir, "stages.json", "");
	if (access(path, F_OK) == -1 && errno == ENOENT)
		miss_stages(graph, err);
	else if (doc_read(&doc, path, err) == 0 &&
	    doc_only(&doc, err, AT(NULL), known) == 0 &&
	    graph_load_title(graph, &doc, err) == 0 &&
	    graph_load_inputs(graph, &doc, err) == 0 &&
	    load_stages(graph, &doc, err) == 0)
		rc = 0;
	doc_free(&doc);
	free(path);
	return rc;
}

static void
free_input(struct input *input)
{
	free(input->name);
	json_free(input->label);
	json_free(input->hint);
	json_free(input->choices);
}

void
graph_free(struct graph *graph)
{
	struct stage_spec *s;
	size_t i;

	json_free(graph->title);
	for (i = 0; i < graph->ninputs; i++)
		free_input(&graph->inputs[i]);
	free(graph->inputs);
	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		free(s->part);
		free(s->title);
		json_free(s->titles);
		doc_free_strings(s->services);
		free(s->demo);
		doc_free_strings(s->run);
		free(s->program);
		free(s->list.pick);
		doc_free_strings(s->list.fields);
		json_free(s->params);
		json_free(s->extra);
		prompt_free(&s->prompt);
		prompt_free(&s->system);
	}
	free(graph->stages);
	prompt_free(&graph->page);
	prompt_free(&graph->form);
	free(graph->dir);
	*graph = (struct graph)GRAPH_INIT;
}

bool
graph_is_field(const struct stage_spec *stage, const char *name)
{
	const char *field = stage->is_list ?
	    pickname_field(name, stage->list.pick) : NULL;
	size_t f;

	for (f = 0; field != NULL && f < stage->list.nfields; f++)
		if (strcmp(stage->list.fields[f], field) == 0)
			return true;
	return false;
}

/* How many services a stage may ask at once; "fastest" races now and then. */
static size_t
count_attempts(const struct stage_spec *s)
{
	return s->race || s->is_late_race || s->fastest != FASTEST_NOT ? 2 : 1;
}

size_t
graph_stages(const struct graph *graph)
{
	size_t i, n = 0;

	for (i = 0; i < graph->n; i++)
		if (!graph->stages[i].is_each)
			n += count_attempts(&graph->stages[i]);
	return n;
}

size_t
graph_processes(const struct graph *graph)
{
	size_t i, n = graph_stages(graph);

	for (i = 0; i < graph->n; i++)
		n += graph->stages[i].run != NULL;
	return n;
}
