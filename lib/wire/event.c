/*
 * event.c: worker.  Has the words of the wire and tells events to a list of
 * subscribers; knows neither how a run comes to its events nor how they are
 * written.
 */
#include <string.h>

#include "text/json.h"
#include "wire/event.h"

/* An EVENT_TEXT has none: its name is that of its part. */
static const char *const names[] = {
	[EVENT_RUN] = "_run", [EVENT_PART] = "_part", [EVENT_PICK] = "_pick",
	[EVENT_ALTERNATES] = "_alternates", [EVENT_ERROR] = "_error",
	[EVENT_KEPT] = "_kept", [EVENT_DONE] = "_done",
};

static const char *const words[] = {
	[TOLD_NOTHING] = "", [TOLD_WAITING] = "waiting",
	[TOLD_START] = "start", [TOLD_FIRST] = "first",
	[TOLD_RESET] = "reset", [TOLD_DONE] = "done", [TOLD_CUT] = "cut",
	[TOLD_FILTERED] = "filtered", [TOLD_FAILED] = "failed",
	[TOLD_SKIPPED] = "skipped", [TOLD_STOPPED] = "stopped",
};

const char *
event_name(const struct event *event)
{
	return event->kind == EVENT_TEXT ? event->part : names[event->kind];
}

enum event_kind
event_kind_of(const char *name)
{
	int kind;

	for (kind = 0; kind <= EVENT_DONE; kind++)
		if (names[kind] != NULL && strcmp(names[kind], name) == 0)
			return (enum event_kind)kind;
	return EVENT_TEXT;
}

const char *
event_word(enum told told)
{
	return words[told];
}

bool
event_is_end(enum told told)
{
	return told == TOLD_DONE || told == TOLD_CUT || event_is_bad_end(told);
}

bool
event_is_bad_end(enum told told)
{
	return told == TOLD_FILTERED || told == TOLD_FAILED ||
	    told == TOLD_SKIPPED || told == TOLD_STOPPED;
}

const char *
event_string(const struct event *event, const char *key)
{
	const char *text = json_string(json_get(event->json, key), NULL);

	return text == NULL ? "" : text;
}

/*
 * Returns the link of the list that points to s, or the NULL at its end, so
 * that s can be taken out or added there.
 */
static struct subscriber **
find_subscriber(struct audience *audience, const struct subscriber *s)
{
	struct subscriber **at = &audience->first;

	while (*at != NULL && *at != s)
		at = &(*at)->next;
	return at;
}

void
audience_join(struct audience *audience, struct subscriber *s)
{
	struct subscriber **at = find_subscriber(audience, s);

	if (*at != NULL)
		return;
	s->next = NULL;
	*at = s;
}

void
audience_leave(struct audience *audience, struct subscriber *s)
{
	struct subscriber **at = find_subscriber(audience, s);

	if (*at != NULL)
		*at = s->next;
}

bool
audience_has_visitor(const struct audience *audience)
{
	const struct subscriber *s;

	for (s = audience->first; s != NULL; s = s->next)
		if (s->is_visitor)
			return true;
	return false;
}

void
audience_tell(struct audience *audience, struct event *event)
{
	const struct subscriber *s;

	event->id = ++audience->last_id;
	for (s = audience->first; s != NULL; s = s->next)
		s->tell(s->arg, event);
}
