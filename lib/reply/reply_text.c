/*
 * reply_text.c: worker.  A run as plain text for a terminal: parts in the
 * order of the graph, one live, the others held until their turn.
 *
 * A list part is shown as its pick and an `each` part as the other items:
 * JSON and markup are not what a person asks text/plain for.
 */
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

static void
put(struct reply *reply, const char *s, size_t n)
{
	if (n == 0)
		return;
	buf_add(&reply->out, s, n);
	reply->midline = s[n - 1] != '\n';
}

/*
 * What a terminal would obey is shown instead: a model's ESC as U+241B, a C1
 * control as its number.  A line ends in LF alone, since a CR would let the
 * next text stand over this one; *after_cr joins a CRLF that was cut.
 */
static void
add_shown(struct buf *out, const char *s, size_t n, bool *after_cr)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n;

	for (; p < end; p++) {
		if (*p == '\n' && *after_cr)
			*after_cr = false;
		else if ((*after_cr = *p == '\r'))
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

static void
put_heading(struct reply *reply, size_t part)
{
	const char *title = spec(reply, part)->title;
	size_t n;

	if (reply->midline)
		put(reply, "\n", 1);
	buf_printf(&reply->out, "\n%s\n", title);
	for (n = strlen(title); n > 0; n--)
		buf_putc(&reply->out, '-');
	put(reply, "\n", 1);
}

/* To the next part that runs, if there is one. */
static bool
turn(struct reply *reply, size_t from)
{
	reply->live = from;
	while (reply->live < reply->nparts &&
	    reply->plan->parts[reply->live].absent)
		reply->live++;
	return reply->live < reply->nparts;
}

/* Moves on while the part whose turn it is has ended. */
static void
advance(struct reply *reply)
{
	struct reply_part *part;

	while (reply->live < reply->nparts &&
	    reply->parts[reply->live].ended) {
		if (!turn(reply, reply->live + 1))
			break;
		part = &reply->parts[reply->live];
		put_heading(reply, reply->live);
		put(reply, part->text.data, part->text.len);
		buf_free(&part->text);
	}
}

/* Says somebody's words in a part, now or when its turn comes. */
static void
say(struct reply *reply, size_t part, const char *s, size_t n)
{
	struct reply_part *p = &reply->parts[part];
	size_t before = reply->out.len;

	if (part == reply->live) {
		add_shown(&reply->out, s, n, &p->after_cr);
		if (reply->out.len > before)
			reply->midline =
			    reply->out.data[reply->out.len - 1] != '\n';
	} else if (part > reply->live) {
		add_shown(&p->text, s, n, &p->after_cr);
	}
}

static void
say_line(struct reply *reply, size_t part, const char *before, const char *s)
{
	struct buf *held = &reply->parts[part].text;

	reply->parts[part].after_cr = false;
	if (part == reply->live ? reply->midline :
	    held->len > 0 && held->data[held->len - 1] != '\n')
		say(reply, part, "\n", 1);
	say(reply, part, before, strlen(before));
	say(reply, part, s, strlen(s));
	say(reply, part, "\n", 1);
}

/* The fields of an element, a line each, the first as said. */
static void
say_item(struct reply *reply, size_t part, const struct list_spec *list,
    const char *bullet, const struct json *item)
{
	const char *text;
	size_t f;

	for (f = 0; f < list->nfields; f++) {
		text = json_string(json_get(item, list->fields[f]), NULL);
		if (text != NULL && *text != '\0')
			say_line(reply, part, f == 0 ? bullet :
			    bullet[0] == '\0' ? "" : "  ", text);
	}
}

/* The longest that a byte can become, see add_shown. */
#define SHOWN_MOST	3

static void
begin(struct reply *reply)
{
	size_t i;

	for (i = 0; i < reply->nparts; i++)
		reply->parts[i].text.max *= SHOWN_MOST;
	if (reply->plan->demo)
		buf_printf(&reply->out, "(%s)\n", plan_demo_hint);
	put(reply, "\n", 1);
	if (turn(reply, 0))
		put_heading(reply, reply->live);
}

static void
take_part(struct reply *reply, size_t part, const char *state)
{
	static const char *const over[] = { "done", "cut", "filtered",
	    "failed", "skipped", "stopped" };
	size_t i;

	if (strcmp(state, "reset") == 0) {
		buf_reset(&reply->parts[part].text);
		say_line(reply, part, "", "(this part begins again)");
	} else if (strcmp(state, "cut") == 0) {
		say_line(reply, part, "",
		    "(cut short: the model ran into its length limit)");
	}
	for (i = 0; i < sizeof(over) / sizeof(over[0]); i++)
		if (strcmp(state, over[i]) == 0)
			reply->parts[part].ended = true;
	/* An error still says why before the next part has its turn. */
	if (strcmp(state, "done") == 0 || strcmp(state, "cut") == 0)
		advance(reply);
}

static void
take_alternates(struct reply *reply, size_t part, const struct json *items)
{
	size_t i, k;

	for (k = 0; k < reply->nparts; k++)
		for (i = 0; spec(reply, k)->is_each &&
		    spec(reply, k)->each == part && i < json_count(items); i++)
			say_item(reply, k, &spec(reply, part)->list, "- ",
			    json_at(items, i));
}

static void
event(struct reply *reply, const char *name, size_t part, struct json *json)
{
	if (strcmp(name, "_part") == 0)
		take_part(reply, part,
		    json_string(json_get(json, "state"), NULL));
	else if (strcmp(name, "_pick") == 0)
		say_item(reply, part, &spec(reply, part)->list, "", json);
	else if (strcmp(name, "_alternates") == 0)
		take_alternates(reply, part, json_get(json, "items"));
	else if (strcmp(name, "_error") == 0 && part < reply->nparts) {
		say_line(reply, part, "Not written: ",
		    json_string(json_get(json, "message"), NULL));
		advance(reply);
	}
}

static void
text(struct reply *reply, size_t part, const char *s, size_t n)
{
	if (!spec(reply, part)->is_list && !spec(reply, part)->is_each)
		say(reply, part, s, n);
}

/* Nothing can be said in the middle of a line that is not in the text. */
static void
heartbeat(struct reply *reply)
{
	if (!reply->midline)
		put(reply, "\n", 1);
}

/*
 * nginx, Caddy and h2o call an answer complete whose program died in the
 * middle (docs/hosts.md), so the last line says that this is the end.
 */
static void
end(struct reply *reply)
{
	if (reply->midline)
		put(reply, "\n", 1);
	buf_puts(&reply->out, "\n" REPLY_TEXT_END "\n");
}

const struct form_ops reply_text_ops = {
	"text/plain; charset=utf-8", begin, event, text, heartbeat, end,
	NULL
};
