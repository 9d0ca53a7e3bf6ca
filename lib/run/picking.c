/*
 * picking.c: worker.  Keeps the elements of a list as they close; knows neither
 * parts nor events.
 */
#include "run/picking.h"
#include "setup/graph.h"
#include "text/json.h"

void
picking_init(struct picking *picking, const struct list_spec *spec)
{
	*picking = (struct picking){ .spec = spec };
	list_init(&picking->list, spec->fields[0]);
	picking->items = json_new_array();
}

/* A part that is no list has a picking of zeros. */
void
picking_free(struct picking *picking)
{
	if (picking->spec == NULL)
		return;
	list_free(&picking->list);
	json_free(picking->items);
	*picking = (struct picking){ .spec = NULL };
}

void
picking_reset(struct picking *picking)
{
	const struct list_spec *spec = picking->spec;

	picking_free(picking);
	picking_init(picking, spec);
}

/*
 * Keeps one element, which list.h has found.  Only the fields that were asked
 * for are copied: a model can write anything, and this reaches prompts.
 */
static void
keep_element(void *arg, struct json *element)
{
	struct picking *picking = arg;
	const struct list_spec *spec = picking->spec;
	struct json *item = json_new_object();
	const char *text;
	size_t f, n;

	for (f = 0; f < spec->nfields; f++) {
		text = json_string(json_get(element, spec->fields[f]), &n);
		json_set_text(item, spec->fields[f], text == NULL ? "" : text,
		    n);
	}
	json_push(picking->items, item);
}

void
picking_read(struct picking *picking, const char *text, size_t n)
{
	list_feed(&picking->list, text, n, keep_element, picking);
}

void
picking_end(struct picking *picking)
{
	list_end(&picking->list, keep_element, picking);
}

bool
picking_is_whole(const struct picking *picking)
{
	return picking->list.ended;
}

size_t
picking_count(const struct picking *picking)
{
	return json_count(picking->items);
}

struct json *
picking_item(const struct picking *picking, size_t i)
{
	return json_at(picking->items, i);
}

const char *
picking_field(const struct picking *picking, size_t i, size_t field, size_t *n)
{
	const char *text = json_string(json_get(picking_item(picking, i),
	    picking->spec->fields[field]), n);

	return text == NULL ? "" : text;
}
