/*
 * reply_json.c: worker.  Writes a run as one JSON document, when it has ended.
 */
#include "reply/form.h"
#include "text/json.h"

struct json_form {
	struct form	 form;
	struct json	*document;	/* all but the parts */
};

static struct json_form *
json_form(struct form *form)
{
	return (struct json_form *)form;	/* its first member */
}

/* Most web servers send the head with the first byte of the body. */
static void
begin_json(struct form *form)
{
	struct json *document = json_new_object();

	/* In the order in which a person wants to read it. */
	json_set(document, "run", json_new_object());
	json_set(document, "pick", json_new_object());
	json_set(document, "alternates", json_new_array());
	json_set(document, "parts", json_new_object());
	json_set(document, "errors", json_new_array());
	json_form(form)->document = document;
	buf_puts(form->out, "\n");
}

/* Of the states of a part the last one is kept; a reset voids the text. */
static void
keep_state(struct form *form, const struct event *event)
{
	struct form_part *part = form_part(form, event->part);

	if (part == NULL)
		return;
	if (event->told == TOLD_RESET)
		buf_reset(&part->text);
	json_free(part->state);
	part->state = json_share(event->json);
}

static void
keep_text(struct form *form, const struct event *event)
{
	struct form_part *part = form_part(form, event->part);

	if (part == NULL)
		return;
	buf_add(&part->text, event->text, event->len);
	form_check_held(form, part);
}

/*
 * The members of a part's last state, and its text.  The state belongs to
 * other listeners as well, so it is copied and not added to.
 */
static struct json *
part_json(const struct form_part *part)
{
	struct json *json = json_new_object();
	const char *key = NULL;
	struct json *value;
	size_t i;

	for (i = 0; i < json_count(part->state); i++) {
		value = json_member(part->state, i, &key);
		json_set(json, key, json_share(value));
	}
	json_set_text(json, "text", part->text.data, part->text.len);
	return json;
}

/* Each text is freed as soon as the document has its copy of it. */
static void
write_document(struct form *form)
{
	struct json *parts = json_new_object();
	struct json *document = json_form(form)->document;
	size_t i;

	for (i = 0; i < form->n; i++) {
		if (form->parts[i].absent)
			continue;
		json_set(parts, form->parts[i].name,
		    part_json(&form->parts[i]));
		buf_free(&form->parts[i].text);
	}
	json_set(document, "parts", parts);
	json_write(document, form->out);
	buf_putc(form->out, '\n');
}

/*
 * An event of any other kind becomes a member of the document by its name
 * without the underscore, so a new event needs no line here.
 */
static void
tell_json(struct form *form, const struct event *event)
{
	struct json *document = json_form(form)->document;

	switch (event->kind) {
	case EVENT_PART:
		keep_state(form, event);
		break;
	case EVENT_TEXT:
		keep_text(form, event);
		break;
	case EVENT_ERROR:
		json_push(json_get(document, "errors"),
		    json_share(event->json));
		break;
	case EVENT_ALTERNATES:
		json_set(document, "alternates",
		    json_share(json_get(event->json, "items")));
		break;
	default:
		json_set(document, event_name(event) + 1,
		    json_share(event->json));
	}
	if (event->kind == EVENT_DONE)
		write_document(form);
}

static void
beat_json(struct form *form)
{
	buf_puts(form->out, "\n");
}

static void
pad_json(struct form *form, size_t n)
{
	buf_fill(form->out, '\n', n);
}

static void
free_json(struct form *form)
{
	json_free(json_form(form)->document);
}

const struct form_ops reply_json_ops = {
	.accept = "application/json",
	.type = "application/json; charset=utf-8",
	.size = sizeof(struct json_form), .growth = 1,
	.begin = begin_json, .tell = tell_json, .beat = beat_json,
	.pad = pad_json, .free = free_json,
};
