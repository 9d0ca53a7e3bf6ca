/*
 * list.c: worker.  A list that is being written; knows which objects are its
 * elements, not what they are for.
 */
#include <string.h>

#include "text/json.h"
#include "text/list.h"

/* --- elements ------------------------------------------------------------ */

static void
report(struct list *list, struct json *element)
{
	if (list->ended)
		return;
	list->fn(list->arg, element);
	if (++list->count == LIST_MAX)
		list->ended = true;
}

/* What has waited is an element, or was an example. */
static void
let_go(struct list *list, bool is_element)
{
	struct json *held = list->held;

	list->held = NULL;
	list->sure = list->sure || is_element;
	if (is_element)
		report(list, held);
	json_free(held);
}

/* An element in the array of that depth, or on its own. */
static void
take(struct list *list, struct json *element, int home)
{
	list->lenient.outline.home = home;
	if (list->held != NULL)
		let_go(list, list->held_home == home && !list->held_over);
	if (list->sure || !list->lenient.prose) {
		report(list, element);
		return;
	}
	list->held = json_share(element);
	list->held_home = home;
	list->held_over = false;
}

static bool
has_field(const struct list *list, const struct json *json)
{
	size_t n;

	json_string(json_get(json, list->lenient.outline.field), &n);
	return n > 0;
}

/* A map: the objects in it that have the field, or the maps in it. */
static void
take_members(struct list *list, struct json *map, int home)
{
	struct json *member;
	const char *name;
	size_t i;

	for (i = 0; i < json_count(map) && i < LIST_MAX; i++) {
		member = json_member(map, i, &name);
		if (has_field(list, member))
			take(list, member, home);
		else if (json_kind(member) == JSON_OBJECT)
			take_members(list, member, home);
	}
}

/* Whether all around a level, from another on, are objects of no name. */
static bool
is_in_map(struct outline *o, int outer, int level)
{
	int i;

	for (i = outer; i < level; i++)
		if (o->levels[i].named || o->levels[i].open != '{')
			return false;
	return true;
}

/*
 * The depth of the array that the object at a level is an element of, 0 for
 * one on its own; -1 where it is none, or not yet.
 */
static int
home_of(struct outline *o, int level)
{
	int outer = 0, i;

	while (o->levels[outer].open != '{')
		outer++;
	if (level == outer)
		return outer;
	/* The first object in an array in a wrapping. */
	for (i = 1; outer == 0 && i < level; i++)
		if (o->levels[i].open == '[' && o->levels[i + 1].open == '{')
			return i + 1 == level ? level : -1;
	if (!is_in_map(o, outer, level))
		return -1;
	/* In an array the outer one may still get a name of its own. */
	o->levels[outer].wraps = outer > 0;
	return outer > 0 ? -1 : 0;
}

static void
close_object(struct list *list, int level)
{
	struct outline *o = &list->lenient.outline;
	const struct level *object = &o->levels[level];
	struct json *json;
	int home;

	if (object->start == OUTLINE_NONE || object->broken ||
	    (!object->named && !object->wraps) ||
	    (home = home_of(o, level)) == -1)
		return;
	json = json_parse(o->text.data + object->start, o->text.len -
	    object->start, OUTLINE_DEPTH, false, NULL, NULL);
	if (has_field(list, json))
		take(list, json, home);
	else
		take_members(list, json, home);
	json_free(json);
	outline_forget(o);	/* what is around it is a wrapping */
}

static void
on_close(void *arg, int level)
{
	struct list *list = arg;
	struct outline *o = &list->lenient.outline;

	if (o->levels[level].open == '{') {
		close_object(list, level);
	} else if (o->home == level + 1) {
		o->home = 0;
		if (list->held != NULL)
			list->held_over = true;
		else
			list->ended = true;
	}
	o->stop = list->ended;
}

/* A second element begins beside the one that waits. */
static void
on_open(void *arg)
{
	struct list *list = arg;

	if (list->held != NULL && !list->held_over && list->held_home > 0 &&
	    list->held_home == list->lenient.outline.depth)
		let_go(list, true);
	list->lenient.outline.stop = list->ended;
}

/* --- all of it ----------------------------------------------------------- */

void
list_init(struct list *list, const char *field)
{
	memset(list, 0, sizeof(*list));
	outline_init(&list->lenient.outline, field, on_open, on_close);
}

void
list_free(struct list *list)
{
	lenient_free(&list->lenient);
	json_free(list->held);
	list->held = NULL;
}

static void
borrow(struct list *list, list_element_fn *fn, void *arg)
{
	list->fn = fn;
	list->arg = arg;
	list->lenient.outline.arg = list;
}

void
list_feed(struct list *list, const char *text, size_t n, list_element_fn *fn,
    void *arg)
{
	borrow(list, fn, arg);
	lenient_feed(&list->lenient, text, n);
}

void
list_end(struct list *list, list_element_fn *fn, void *arg)
{
	bool over;

	borrow(list, fn, arg);
	lenient_end(&list->lenient);
	over = list->held_over;
	if (list->held == NULL)
		return;
	let_go(list, true);
	list->ended = list->ended || over;
}
