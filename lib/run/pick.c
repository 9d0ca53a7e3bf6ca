/*
 * pick.c: worker.  Makes the choice from a list and tells it; knows no stage
 * process.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "plan/plan.h"
#include "run/part.h"
#include "run/pick.h"
#include "run/run.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "text/pickname.h"
#include "text/prompt.h"

/*
 * Makes the choice and tells it.  Its fields become variables, PICK.FIELD, so
 * that the prompts of other parts can be written from now on.
 */
static void
set_pick(struct part *part, size_t index)
{
	const struct list_spec *list = &part_spec(part)->list;
	struct json *json = json_new_object();
	char name[PICKNAME_MAX];
	const char *text;
	size_t f, n;

	part->picking.picked = true;
	part->picking.pick = index;
	json_set_int(json, "index", (int64_t)index);
	for (f = 0; f < list->nfields; f++) {
		text = picking_field(&part->picking, index, f, &n);
		pickname_write(name, list->pick, list->fields[f]);
		/* Without memory the field stays empty and the run goes on. */
		vars_set(&part->run->vars, name, text, n);
		json_set_text(json, list->fields[f], text, n);
	}
	run_tell(part->run, EVENT_PICK, part_name(part), json);
}

/*
 * Appends the template of an `each` part, filled with one element.  The
 * template is HTML, so the element's text is escaped.
 */
static void
add_element(const struct part *part, const struct picking *from, size_t i,
    struct buf *out)
{
	struct vars vars = VARS_INIT;
	const char *text;
	size_t f, n;

	for (f = 0; f < from->spec->nfields; f++) {
		text = picking_field(from, i, f, &n);
		vars_set(&vars, from->spec->fields[f], text, n);
	}
	if (out->len > 0)
		buf_putc(out, '\n');
	prompt_render(&part_spec(part)->prompt, &vars, PROMPT_HTML, out);
	vars_free(&vars);
}

/*
 * Writes a part that no model writes: its template, once for each element that
 * was not picked.  If that is too long, the part fails, since a piece of it
 * could be markup that is not closed.
 */
static void
write_each(struct part *part, const struct picking *from)
{
	struct buf text = BUF_INIT((size_t)run_limits(part->run)->stage_bytes);
	size_t i;

	part_tell(part, TOLD_START, NULL);
	for (i = 0; i < picking_count(from); i++)
		if (i != from->pick)
			add_element(part, from, i, &text);
	if (text.failed)
		part_fail(part, CODE_TOO_BIG, "the elements that were not "
		    "picked make more than stage_bytes, %" PRId64,
		    run_limits(part->run)->stage_bytes);
	else
		part_write(part, text.data, text.len);
	buf_free(&text);
	if (part_is_live(part))
		part_end(part, PART_DONE);
}

/* Whether this part is written from the list of that one. */
static bool
is_each_of(const struct part *part, const struct part *list)
{
	return part_spec(part)->is_each &&
	    &part->run->parts[part_spec(part)->each] == list;
}

/* The elements are shared and not copied, because nobody changes them. */
static void
tell_alternates(const struct part *part)
{
	struct json *json = json_new_object(), *items = json_new_array();
	size_t i;

	for (i = 0; i < picking_count(&part->picking); i++)
		if (i != part->picking.pick)
			json_push(items,
			    json_share(picking_item(&part->picking, i)));
	json_set(json, "items", items);
	run_tell(part->run, EVENT_ALTERNATES, part_name(part), json);
}

void
pick_end(struct part *part)
{
	struct run *run = part->run;
	size_t i;

	if (part->picking.listed)
		return;
	part->picking.listed = true;
	if (!part->picking.picked)
		set_pick(part, part->plan->draw %
		    picking_count(&part->picking));
	tell_alternates(part);
	for (i = 0; i < run->n; i++)
		if (is_each_of(&run->parts[i], part) &&
		    part_is_live(&run->parts[i]))
			write_each(&run->parts[i], &part->picking);
}

/* The draw is made among as many elements as the list was asked for. */
void
pick_look(struct part *part)
{
	struct picking *picking = &part->picking;
	size_t drawn = part->plan->draw % (size_t)picking->spec->items;

	if (!picking->picked && drawn < picking_count(picking))
		set_pick(part, drawn);
	if (picking_is_whole(picking) && picking_count(picking) > 0)
		pick_end(part);
}

bool
pick_last(struct part *part)
{
	picking_end(&part->picking);
	pick_look(part);
	return picking_count(&part->picking) > 0;
}
