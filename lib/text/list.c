/*
 * list.c: worker.  A list that is being written; knows which objects are its
 * elements, but nothing of what they are for.
 *
 * A level is the index of an open bracket in the outline, from 0, and a depth
 * the number of brackets that are open.  So an array at level i has the depth
 * i + 1, and an object directly in it is at level i + 1.
 */
#include <string.h>

#include "text/json.h"
#include "text/list.h"

/* --- elements ------------------------------------------------------------ */

/* Reports an element, unless there were enough. */
static void
report_element(struct list *list, struct json *element)
{
	if (list->ended)
		return;
	list->fn(list->arg, element);
	if (++list->count == LIST_MAX)
		list->ended = true;
}

/*
 * Ends the wait of the element that was held back: reports it, or drops it as
 * an example.  After the first element that is reported, none is an example.
 */
static void
settle_held(struct list *list, bool is_element)
{
	struct json *held = list->held;

	list->held = NULL;
	list->sure = list->sure || is_element;
	if (is_element)
		report_element(list, held);
	json_free(held);
}

/*
 * Takes an element out of the array of depth `home`, or, if that is 0, one that
 * stands alone.  It settles whether one that was held back was an example: that
 * was an element if it came from the same array, which is still open.
 */
static void
take_element(struct list *list, struct json *element, int home)
{
	list->lenient.outline.home = home;
	if (list->held != NULL)
		settle_held(list, list->held_home == home && !list->held_over);
	if (list->sure || !list->lenient.prose) {
		report_element(list, element);
		return;
	}
	list->held = json_share(element);
	list->held_home = home;
	list->held_over = false;
}

/* Whether a value is an object with a string, not empty, as `field`. */
static bool
has_field(const struct list *list, const struct json *json)
{
	size_t n;

	json_string(json_get(json, list->lenient.outline.field), &n);
	return n > 0;
}

/*
 * Takes the elements out of an object without `field`, a map: its members that
 * have the field, and those of the maps in it.
 */
static void
take_members(struct list *list, struct json *map, int home)
{
	struct json *member;
	const char *name;
	size_t i;

	for (i = 0; i < json_count(map) && i < LIST_MAX; i++) {
		member = json_member(map, i, &name);
		if (has_field(list, member))
			take_element(list, member, home);
		else if (json_kind(member) == JSON_OBJECT)
			take_members(list, member, home);
	}
}

/* Whether the levels from `outer` to before `level` are all maps so far. */
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
 * To which array the object at `level` belongs, if it has the field: returns
 * the array's depth, 0 if the object stands alone or in a map that does, or -1
 * if it is no element, or if that is not known before an outer object closes.
 */
static int
home_of(struct outline *o, int level)
{
	int outer = 0, i;

	/* Around the outermost object there are only arrays. */
	while (o->levels[outer].open != '{')
		outer++;
	if (level == outer)
		return outer;
	/*
	 * The outermost object stands alone, so it may be a wrapping: then the
	 * objects directly in the first array in it are the elements, and those
	 * deeper are not.
	 */
	for (i = 1; outer == 0 && i < level; i++)
		if (o->levels[i].open == '[' && o->levels[i + 1].open == '{')
			return i + 1 == level ? level : -1;
	if (!is_in_map(o, outer, level))
		return -1;
	/*
	 * In a map.  If that is an element of an array, it may still get the
	 * field itself, and then is no map: take_members sees to it when it
	 * closes.
	 */
	o->levels[outer].wraps = outer > 0;
	return outer > 0 ? -1 : 0;
}

/*
 * An object has closed.  It is an element, or a map of elements, if its text
 * was kept, the model meant it so, and it stands in the right place.
 */
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
		take_element(list, json, home);
	else
		take_members(list, json, home);
	json_free(json);
	/* What is around it is a wrapping, of which no text is needed. */
	outline_forget(o);
}

/* The outline has closed the bracket at that level. */
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

/*
 * The outline is about to open an object.  If it stands beside the element that
 * is held back, that one is no example; it can be reported before the second
 * one is complete.
 */
static void
on_open(void *arg)
{
	struct list *list = arg;

	if (list->held != NULL && !list->held_over && list->held_home > 0 &&
	    list->held_home == list->lenient.outline.depth)
		settle_held(list, true);
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

/*
 * Sets whom to call during this call.  The outline's pointer to the list is set
 * here, too, and not in list_init, so that a struct list may be moved.
 */
static void
set_callback(struct list *list, list_element_fn *fn, void *arg)
{
	list->fn = fn;
	list->arg = arg;
	list->lenient.outline.arg = list;
}

void
list_feed(struct list *list, const char *text, size_t n, list_element_fn *fn,
    void *arg)
{
	set_callback(list, fn, arg);
	lenient_feed(&list->lenient, text, n);
}

void
list_end(struct list *list, list_element_fn *fn, void *arg)
{
	set_callback(list, fn, arg);
	lenient_end(&list->lenient);
	if (list->held == NULL)
		return;
	/* Ended only afterwards, since then nothing more is reported. */
	settle_held(list, true);
	list->ended = list->ended || list->held_over;
}
