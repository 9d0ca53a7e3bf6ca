/*
 * reply_text.c: worker.  Writes a run as plain text for a terminal.
 *
 * Parts come in the order of the graph.  One of them is live, which means that
 * its text is sent as it comes; that of later ones is held until their turn.  A
 * list part is shown as its pick, and an `each` part as the other elements,
 * because JSON and markup are not what a person asks text/plain for.
 */
#include <string.h>

#include "plan/plan.h"
#include "reply/form.h"
#include "reply/reply.h"
#include "setup/graph.h"
#include "text/json.h"

struct text_form {
	struct form	form;
	size_t		live;		/* the part whose turn it is */
	bool		midline;	/* the last byte is no newline */
};

static struct text_form *
text_form(struct form *form)
{
	return (struct text_form *)form;	/* its first member */
}

static void
write_text(struct form *form, const char *s, size_t n)
{
	if (n == 0)
		return;
	buf_add(form->out, s, n);
	text_form(form)->midline = s[n - 1] != '\n';
}

/*
 * What a terminal would obey is shown instead: a model's ESC as U+241B, a C1
 * control as its number.  A line ends in LF alone, since a CR would let what
 * follows stand over it; an error or a list's field may still hold one.
 */
static void
add_shown(struct buf *out, const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n;

	for (; p < end; p++) {
		if (*p == '\r' && p + 1 < end && p[1] == '\n')
			continue;
		if (*p == '\r')
			buf_putc(out, '\n');
		else if ((*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f)
			buf_printf(out, "\xe2\x90%c", *p == 0x7f ? 0xa1 :
			    0x80 + *p);
		else if (*p == 0xc2 && p + 1 < end && p[1] < 0xa0)
			buf_printf(out, "\\u%04x", *++p);
		else
			buf_putc(out, (char)*p);
	}
}

/* The longest that add_shown makes of a byte. */
#define SHOWN_MOST	3

/* The title of a part, with a dash below it for each of its bytes. */
static void
put_heading(struct form *form, const struct form_part *part)
{
	const char *title = part->spec == NULL ? part->name :
	    part->spec->title;
	size_t n;

	if (text_form(form)->midline)
		write_text(form, "\n", 1);
	buf_printf(form->out, "\n%s\n", title);
	for (n = strlen(title); n > 0; n--)
		buf_putc(form->out, '-');
	write_text(form, "\n", 1);
}

/* Gives the turn to the next part that runs; returns whether there is one. */
static bool
give_turn(struct form *form, size_t from)
{
	struct text_form *text = text_form(form);

	text->live = from;
	while (text->live < form->n && form->parts[text->live].absent)
		text->live++;
	return text->live < form->n;
}

/*
 * As long as the live part has ended, the next one becomes live, and what was
 * held of it is written.
 */
static void
pass_turn(struct form *form)
{
	struct text_form *text = text_form(form);
	struct form_part *part;

	while (text->live < form->n && form->parts[text->live].ended &&
	    give_turn(form, text->live + 1)) {
		part = &form->parts[text->live];
		put_heading(form, part);
		write_text(form, part->text.data, part->text.len);
		buf_free(&part->text);
	}
}

/*
 * The part of that name.  One that comes into being when all others have ended
 * is live at once.
 */
static struct form_part *
text_part(struct form *form, const char *name)
{
	size_t n = form->n;
	struct form_part *part = form_part(form, name);

	if (form->n > n && text_form(form)->live >= n) {
		text_form(form)->live = n;
		put_heading(form, part);
	}
	return part;
}

static bool
is_live(struct form *form, const struct form_part *part)
{
	return (size_t)(part - form->parts) == text_form(form)->live;
}

/* Writes words of a part, if it is live; else holds them until its turn. */
static void
say_words(struct form *form, struct form_part *part, const char *s, size_t n)
{
	struct buf *out = form->out;
	size_t before = out->len;

	if ((size_t)(part - form->parts) > text_form(form)->live)
		add_shown(&part->text, s, n);
	else if (is_live(form, part))
		add_shown(out, s, n);
	form_check_held(form, part);
	if (out->len > before)
		text_form(form)->midline = out->data[out->len - 1] != '\n';
}

/* Writes a remark or a field as a line of its own, after what there was. */
static void
say_line(struct form *form, struct form_part *part, const char *before,
    const char *s)
{
	const struct buf *held = &part->text;
	size_t n = strlen(s);

	/* A CR at the end would be shown as one more newline. */
	if (n > 0 && s[n - 1] == '\r')
		n--;
	if (is_live(form, part) ? text_form(form)->midline :
	    held->len > 0 && held->data[held->len - 1] != '\n')
		say_words(form, part, "\n", 1);
	say_words(form, part, before, strlen(before));
	say_words(form, part, s, n);
	say_words(form, part, "\n", 1);
}

/* Writes the fields of an element, a line each, the first after the bullet. */
static void
say_element(struct form *form, struct form_part *part,
    const struct list_spec *list, const char *bullet,
    const struct json *element)
{
	const char *text;
	size_t f;

	for (f = 0; f < list->nfields; f++) {
		text = json_string(json_get(element, list->fields[f]), NULL);
		if (text != NULL && *text != '\0')
			say_line(form, part, f == 0 ? bullet :
			    bullet[0] == '\0' ? "" : "  ", text);
	}
}

static void
begin_text(struct form *form)
{
	if (form->plan->hint != NULL)
		buf_printf(form->out, "(%s)\n", form->plan->hint);
	write_text(form, "\n", 1);
	if (give_turn(form, 0))
		put_heading(form, &form->parts[text_form(form)->live]);
}

static void
say_state(struct form *form, struct form_part *part, enum told told)
{
	if (told == TOLD_RESET) {
		buf_reset(&part->text);
		say_line(form, part, "", "(this part begins again)");
	} else if (told == TOLD_CUT) {
		say_line(form, part, "",
		    "(cut short: the model ran into its length limit)");
	}
	part->ended = part->ended || event_is_end(told);
	/* After a bad end its error is said before the turn passes. */
	if (!event_is_bad_end(told))
		pass_turn(form);
}

static void
say_alternates(struct form *form, const struct form_part *list,
    const struct json *items)
{
	const struct stage_spec *spec;
	size_t i, k;

	for (k = 0; k < form->n; k++) {
		spec = form->parts[k].spec;
		if (spec == NULL || !spec->is_each ||
		    &form->plan->graph->stages[spec->each] != list->spec)
			continue;
		for (i = 0; i < json_count(items); i++)
			say_element(form, &form->parts[k], &list->spec->list,
			    "- ", json_at(items, i));
	}
}

static bool
is_list(const struct form_part *part)
{
	return part->spec != NULL && part->spec->is_list;
}

/* A list's JSON and an `each` part's markup are shown as elements instead. */
static bool
is_shown_as_it_is(const struct form_part *part)
{
	return !is_list(part) &&
	    (part->spec == NULL || !part->spec->is_each);
}

static void
tell_part(struct form *form, struct form_part *part,
    const struct event *event)
{
	switch (event->kind) {
	case EVENT_PART:
		say_state(form, part, event->told);
		break;
	case EVENT_TEXT:
		if (is_shown_as_it_is(part))
			say_words(form, part, event->text, event->len);
		break;
	case EVENT_PICK:
		if (is_list(part))
			say_element(form, part, &part->spec->list, "",
			    event->json);
		break;
	case EVENT_ALTERNATES:
		if (is_list(part))
			say_alternates(form, part,
			    json_get(event->json, "items"));
		break;
	case EVENT_ERROR:
		say_line(form, part, "Not written: ",
		    event_string(event, "message"));
		pass_turn(form);
		break;
	default:
		break;
	}
}

/*
 * nginx, Caddy and h2o call an answer complete whose program died in the
 * middle (docs/hosts.md), so the last line says that this is the end.
 */
static void
end_text(struct form *form)
{
	size_t i;

	/* Whatever is held is written, though its part has not ended. */
	for (i = 0; i < form->n; i++)
		form->parts[i].ended = true;
	pass_turn(form);
	if (text_form(form)->midline)
		write_text(form, "\n", 1);
	buf_puts(form->out, "\n" REPLY_TEXT_END "\n");
}

static void
tell_text(struct form *form, const struct event *event)
{
	struct form_part *part;

	if (event->kind == EVENT_DONE)
		end_text(form);
	else if (event->part != NULL &&
	    (part = text_part(form, event->part)) != NULL)
		tell_part(form, part, event);
}

/* In the middle of a line a newline would seem to be the model's. */
static void
beat_text(struct form *form)
{
	if (!text_form(form)->midline)
		write_text(form, "\n", 1);
}

const struct form_ops reply_text_ops = {
	.accept = "text/plain",
	.type = "text/plain; charset=utf-8",
	.size = sizeof(struct text_form), .growth = SHOWN_MOST,
	.begin = begin_text, .tell = tell_text, .beat = beat_text,
};
