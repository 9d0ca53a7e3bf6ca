/*
 * pick.c: worker.  From a list to a choice; knows no stage process.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "plan/plan.h"
#include "reply/reply.h"
#include "run/part.h"
#include "run/pick.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "text/prompt.h"

static void
set_pick(struct run *run, struct part *part, size_t index)
{
	const struct list_spec *list = &part_spec(part)->list;
	struct json *item = json_at(part->items, index);
	struct json *json = json_new_object();
	const char *text;
	char name[80];
	size_t f, n;

	part->picked = true;
	part->pick = index;
	json_set_int(json, "index", (int64_t)index);
	for (f = 0; f < list->nfields; f++) {
		text = json_string(json_get(item, list->fields[f]), &n);
		snprintf(name, sizeof(name), "%s.%s", list->pick,
		    list->fields[f]);
		/* Without memory the field stays empty and the run goes on. */
		vars_set(&run->vars, name, text == NULL ? "" : text, n);
		json_set_text(json, list->fields[f], text == NULL ? "" : text,
		    n);
	}
	reply_event(run->reply, "_pick", (size_t)(part - run->parts), json);
}

struct element_arg {
	struct run	*run;
	struct part	*part;
};

/* The strings that were asked for and nothing else that a model put there. */
static void
on_element(void *arg, struct json *element)
{
	struct element_arg *a = arg;
	const struct list_spec *list = &part_spec(a->part)->list;
	struct json *item = json_new_object();
	const char *text;
	size_t f, n, index = json_count(a->part->items);

	for (f = 0; f < list->nfields; f++) {
		text = json_string(json_get(element, list->fields[f]), &n);
		json_set_text(item, list->fields[f], text == NULL ? "" : text,
		    n);
	}
	json_push(a->part->items, item);
	if (!a->part->picked &&
	    index == a->part->plan->draw % (size_t)list->items)
		set_pick(a->run, a->part, index);
}

/* A stage that no model writes: its template, once per item not picked. */
static void
write_each(struct run *run, struct part *part, const struct part *from)
{
	const struct list_spec *list = &part_spec(from)->list;
	struct buf text = BUF_INIT((size_t)run_limits(run)->stage_bytes);
	struct vars vars = VARS_INIT;
	const char *s;
	size_t i, f, n;

	part_tell(run, part, "start", NULL);
	for (i = 0; i < json_count(from->items); i++) {
		if (i == from->pick)
			continue;
		for (f = 0; f < list->nfields; f++) {
			s = json_string(json_get(json_at(from->items, i),
			    list->fields[f]), &n);
			vars_set(&vars, list->fields[f], s, n);
		}
		if (text.len > 0)
			buf_putc(&text, '\n');
		prompt_render(&part_spec(part)->prompt, &vars, PROMPT_HTML,
		    &text);
	}
	if (text.len > 0)
		part_show(run, part, text.data, text.len);
	if (part_spec(part)->is_needed)
		buf_add(&part->text, text.data, text.len);
	vars_free(&vars);
	buf_free(&text);
	part_end(run, part, PART_DONE);
}

/* The array is whole, or as whole as it will be. */
void
pick_end(struct run *run, struct part *part)
{
	struct json *json = json_new_object(), *items = json_new_array();
	size_t i, count = json_count(part->items);

	part->listed = true;
	if (!part->picked)
		set_pick(run, part, part->plan->draw % count);
	for (i = 0; i < count; i++)
		if (i != part->pick)
			json_push(items, json_share(json_at(part->items, i)));
	json_set(json, "items", items);
	reply_event(run->reply, "_alternates", (size_t)(part - run->parts),
	    json);
	for (i = 0; i < run->n; i++)
		if (part_spec(&run->parts[i])->is_each &&
		    &run->parts[part_spec(&run->parts[i])->each] == part &&
		    part_is_live(&run->parts[i]))
			write_each(run, &run->parts[i], part);
}

void
pick_read(struct run *run, struct part *part, const char *text, size_t n)
{
	struct element_arg arg = { run, part };

	list_feed(&part->list, text, n, on_element, &arg);
	if (part->list.ended && !part->listed)
		pick_end(run, part);
}

bool
pick_last(struct run *run, struct part *part)
{
	struct element_arg arg = { run, part };

	list_end(&part->list, on_element, &arg);
	if (part->list.ended && !part->listed)
		pick_end(run, part);
	return part->listed || json_count(part->items) > 0;
}
