/*
 * reply_html.c: worker.  A run as an HTML document that fills from above: the
 * template of page.h, up to the first name whose text is not whole yet.
 *
 * What a part holds back is escaped already; our own remarks are markup.
 */
#include <stdio.h>
#include <string.h>

#include "plan/plan.h"
#include "reply/reply.h"
#include "setup/graph.h"
#include "text/json.h"

static const struct stage_spec *
spec(const struct reply *reply, size_t part)
{
	return reply->plan->parts[part].spec;
}

/* Whether more may come of it. */
static bool
is_live(const struct reply *reply, size_t part)
{
	return !reply->plan->parts[part].absent && !reply->parts[part].ended;
}

/* The part whose text has this name, reply->nparts where none has. */
static size_t
find_part(const struct reply *reply, const char *name)
{
	size_t i;

	for (i = 0; i < reply->nparts; i++)
		if (strcmp(spec(reply, i)->part, name) == 0)
			break;
	return i;
}

/* Whether this is a field of a pick that is still to come. */
static bool
awaits_pick(const struct reply *reply, const char *name)
{
	size_t i, n;

	for (i = 0; i < reply->nparts; i++) {
		if (!spec(reply, i)->is_list || !is_live(reply, i))
			continue;
		n = strlen(spec(reply, i)->list.pick);
		if (strncmp(name, spec(reply, i)->list.pick, n) == 0 &&
		    name[n] == '.')
			return vars_get(&reply->vars, name) == NULL;
	}
	return false;
}

/* What is put in here, as far as it is there.  Whether it is whole. */
static bool
put_value(struct reply *reply, const char *name)
{
	size_t part = find_part(reply, name);
	const struct var *var;
	struct buf *held;

	if (part < reply->nparts) {
		held = &reply->parts[part].text;
		buf_add(&reply->out, held->data, held->len);
		reply->midline = reply->midline || held->len > 0;
		buf_reset(held);
		return !is_live(reply, part);
	}
	if (awaits_pick(reply, name))
		return false;
	if ((var = vars_get(&reply->vars, name)) != NULL)
		prompt_add_html(&reply->out, var->text, var->len);
	return true;
}

/* Whether a condition can be decided; if so, whether it has any text. */
static bool
decide(const struct reply *reply, const char *name, bool *has)
{
	size_t part = find_part(reply, name);
	const struct var *var;

	if (part < reply->nparts) {
		*has = reply->parts[part].text.len > 0;
		return *has || !is_live(reply, part);
	}
	var = vars_get(&reply->vars, name);
	*has = var != NULL && var->len > 0;
	return !awaits_pick(reply, name);
}

/* As far as it goes.  midline: something of the live part is out. */
static void
advance(struct reply *reply)
{
	const struct prompt *page = &reply->plan->graph->page;
	const struct prompt_piece *piece;
	bool has;

	for (; reply->live < page->n; reply->live++) {
		piece = &page->pieces[reply->live];
		if (piece->kind == PROMPT_TEXT) {
			buf_add(&reply->out, piece->text, piece->len);
		} else if (piece->kind == PROMPT_VALUE) {
			if (!put_value(reply, piece->text))
				return;
			reply->midline = false;
		} else if (piece->kind != PROMPT_END) {
			if (!decide(reply, piece->text, &has))
				return;
			if (has == (piece->kind == PROMPT_UNLESS))
				reply->live = piece->end;
		}
	}
}

static void
remark(struct reply *reply, size_t part, const char *before, const char *s)
{
	struct buf *held = &reply->parts[part].text;

	buf_puts(held, "<em class=\"note\">");
	buf_puts(held, before);
	prompt_add_html(held, s, strlen(s));
	buf_puts(held, "</em>");
}

static void
copy(struct reply *reply, const struct vars *vars)
{
	size_t i;

	/* Without memory a place stays empty and the run goes on. */
	for (i = 0; i < vars->n; i++)
		vars_set(&reply->vars, vars->list[i].name, vars->list[i].text,
		    vars->list[i].len);
}

static void
begin(struct reply *reply)
{
	size_t i;

	/* Each byte may become an entity. */
	for (i = 0; i < reply->nparts; i++)
		reply->parts[i].text.max *= 6;
	copy(reply, &reply->plan->request->inputs);
	copy(reply, &reply->plan->request->partial.vars);
	if (reply->plan->demo)
		vars_set(&reply->vars, "demo", plan_demo_hint,
		    strlen(plan_demo_hint));
	advance(reply);
}

static void
take_part(struct reply *reply, size_t part, const char *state)
{
	struct reply_part *p = &reply->parts[part];
	const char *live = reply->live < reply->plan->graph->page.n ?
	    reply->plan->graph->page.pieces[reply->live].text : "";

	if (strcmp(state, "reset") == 0) {
		buf_reset(&p->text);
		if (reply->midline && strcmp(live, spec(reply, part)->part) ==
		    0)
			remark(reply, part, "", "This part begins again:");
	} else if (strcmp(state, "cut") == 0) {
		remark(reply, part, "", "Cut short: the model ran into its "
		    "length limit.");
	}
	/* A bad end still says why. */
	p->ended = strcmp(state, "done") == 0 || strcmp(state, "cut") == 0;
}

static void
take_pick(struct reply *reply, const struct list_spec *list,
    const struct json *json)
{
	const char *s;
	char name[80];
	size_t f, n;

	for (f = 0; f < list->nfields; f++) {
		snprintf(name, sizeof(name), "%s.%s", list->pick,
		    list->fields[f]);
		s = json_string(json_get(json, list->fields[f]), &n);
		vars_set(&reply->vars, name, s == NULL ? "" : s, n);
	}
}

static void
event(struct reply *reply, const char *name, size_t part, struct json *json)
{
	if (strcmp(name, "_part") == 0) {
		take_part(reply, part,
		    json_string(json_get(json, "state"), NULL));
	} else if (strcmp(name, "_pick") == 0) {
		take_pick(reply, &spec(reply, part)->list, json);
	} else if (strcmp(name, "_error") == 0 && part < reply->nparts) {
		remark(reply, part, "Not written: ",
		    json_string(json_get(json, "message"), NULL));
		reply->parts[part].ended = true;
	}
	advance(reply);
}

static void
text(struct reply *reply, size_t part, const char *s, size_t n)
{
	struct buf *held = &reply->parts[part].text;

	if (spec(reply, part)->is_list)
		return;
	if (spec(reply, part)->is_each)
		buf_add(held, s, n);
	else
		prompt_add_html(held, s, n);
	advance(reply);
}

static void
heartbeat(struct reply *reply)
{
	buf_puts(&reply->out, "<!-- -->");
}

static void
end(struct reply *reply)
{
	size_t i;

	for (i = 0; i < reply->nparts; i++)
		reply->parts[i].ended = true;
	advance(reply);
}

const struct form_ops reply_html_ops = {
	"text/html; charset=utf-8", begin, event, text, heartbeat, end,
	NULL
};
