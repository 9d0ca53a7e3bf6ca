/*
 * kept.c: the command line.  Listens to a run and keeps its texts; knows
 * nothing of files.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/kept.h"
#include "plan/partial.h"
#include "setup/graph.h"
#include "text/json.h"

static struct kept_part *
find_kept_part(const struct kept *kept, const char *name)
{
	size_t i;

	for (i = 0; i < kept->n; i++)
		if (strcmp(kept->parts[i].name, name) == 0)
			return &kept->parts[i];
	return NULL;
}

static struct kept_part *
get_part(struct kept *kept, const char *name)
{
	struct kept_part *part = find_kept_part(kept, name);

	if (part != NULL)
		return part;
	kept->parts = realloc(kept->parts, (kept->n + 1) *
	    sizeof(*kept->parts));
	if (kept->parts == NULL)
		fatal("run");
	part = &kept->parts[kept->n++];
	*part = (struct kept_part){ .name = strdup(name) };
	if (part->name == NULL)
		fatal("run");
	buf_init(&part->text, kept->most);
	return part;
}

static void
forget(struct kept_part *part)
{
	buf_reset(&part->text);
	json_free(part->pick);
	part->pick = NULL;
	part->whole = false;
}

/* A new run writes these parts, so what is kept of them is old. */
static void
begin(struct kept *kept, const struct json *parts)
{
	size_t i;

	kept->failed = kept->ended = false;
	for (i = 0; i < json_count(parts); i++)
		forget(get_part(kept, json_string(json_at(parts, i), NULL)));
}

static void
note_state(struct kept *kept, const struct event *event)
{
	struct kept_part *part = get_part(kept, event->part);

	if (event->told == TOLD_RESET)
		forget(part);
	if (event_is_bad_end(event->told))
		kept->failed = true;
	else if (event_is_end(event->told))
		part->whole = true;
}

static void
on_event(void *arg, const struct event *event)
{
	struct kept *kept = arg;

	switch (event->kind) {
	case EVENT_RUN:
		begin(kept, json_get(event->json, "parts"));
		break;
	case EVENT_PART:
		note_state(kept, event);
		break;
	case EVENT_TEXT:
		buf_add(&get_part(kept, event->part)->text, event->text,
		    event->len);
		break;
	case EVENT_PICK:
		json_free(get_part(kept, event->part)->pick);
		get_part(kept, event->part)->pick = json_share(event->json);
		break;
	case EVENT_DONE:
		kept->ended = true;
		break;
	default:
		break;
	}
}

void
kept_init(struct kept *kept, size_t most)
{
	kept->subscriber = (struct subscriber){ .tell = on_event, .arg = kept };
	kept->most = most;
}

void
kept_free(struct kept *kept)
{
	size_t i;

	for (i = 0; i < kept->n; i++) {
		free(kept->parts[i].name);
		buf_free(&kept->parts[i].text);
		json_free(kept->parts[i].pick);
	}
	free(kept->parts);
	*kept = (struct kept)KEPT_INIT;
}

/*
 * A text as a request may give it.  Control characters, which a model may have
 * written, would be refused there; they become blanks.
 */
static struct json *
plain(const char *text, size_t n)
{
	struct json *json;
	char *copy = malloc(n + 1);
	size_t i;

	if (copy == NULL)
		fatal("run");
	for (i = 0; i < n; i++) {
		copy[i] = text[i];
		if (((unsigned char)text[i] < ' ' && text[i] != '\n' &&
		    text[i] != '\t') || text[i] == 0x7f)
			copy[i] = ' ';
		else if (i > 0 && (unsigned char)text[i - 1] == 0xc2 &&
		    (unsigned char)text[i] < 0xa0)
			copy[i - 1] = copy[i] = ' ';
	}
	json = json_new_string(copy, n);
	free(copy);
	return json;
}

/* The fields that a list has now, of the pick that is kept. */
static struct json *
pick_fields(const struct list_spec *list, const struct json *pick)
{
	struct json *fields = json_new_object();
	const char *text;
	size_t f, n;

	for (f = 0; f < list->nfields; f++) {
		text = json_string(json_get(pick, list->fields[f]), &n);
		if (text != NULL)
			json_set(fields, list->fields[f], plain(text, n));
	}
	return fields;
}

static bool
is_empty_text(const struct buf *text)
{
	return text->data[strspn(text->data, " \t\r\n")] == '\0';
}

void
kept_give(const struct kept *kept, const struct graph *graph,
    const bool runs[], struct json *given)
{
	const struct stage_spec *s;
	const struct kept_part *part;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		part = find_kept_part(kept, s->part);
		if (runs[i] || part == NULL ||
		    json_get(given, partial_name(s)) != NULL)
			continue;
		if (s->is_list && part->pick != NULL)
			json_set(given, s->list.pick,
			    pick_fields(&s->list, part->pick));
		else if (!s->is_list && part->whole && !part->text.failed &&
		    !is_empty_text(&part->text))
			json_set(given, s->part, plain(part->text.data,
			    part->text.len));
	}
}
