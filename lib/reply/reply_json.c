/*
 * reply_json.c: worker.  A run as one JSON document, once all is written.
 */
#include <string.h>

#include "plan/plan.h"
#include "reply/reply.h"
#include "setup/graph.h"
#include "text/json.h"

static void
begin(struct reply *reply)
{
	/* In the order in which a person wants to read it. */
	reply->doc = json_new_object();
	json_set(reply->doc, "run", json_new_object());
	json_set(reply->doc, "pick", json_new_object());
	json_set(reply->doc, "alternates", json_new_array());
	json_set(reply->doc, "parts", json_new_object());
	json_set(reply->doc, "errors", json_new_array());
	buf_puts(&reply->out, "\n");
}

/* The last state of a part stands for it; a reset voids its text. */
static void
take_part(struct reply *reply, struct reply_part *part, struct json *json)
{
	const char *state = json_string(json_get(json, "state"), NULL);

	(void)reply;
	if (strcmp(state, "reset") == 0)
		buf_reset(&part->text);
	json_free(part->state);
	part->state = json_share(json);
}

static void
event(struct reply *reply, const char *name, size_t part, struct json *json)
{
	if (strcmp(name, "_part") == 0)
		take_part(reply, &reply->parts[part], json);
	else if (strcmp(name, "_error") == 0)
		json_push(json_get(reply->doc, "errors"), json_share(json));
	else if (strcmp(name, "_alternates") == 0)
		json_set(reply->doc, "alternates",
		    json_share(json_get(json, "items")));
	else	/* _run, _pick, _done */
		json_set(reply->doc, name + 1, json_share(json));
}

static void
text(struct reply *reply, size_t part, const char *s, size_t n)
{
	buf_add(&reply->parts[part].text, s, n);
}

static void
heartbeat(struct reply *reply)
{
	buf_puts(&reply->out, "\n");
}

static void
end(struct reply *reply)
{
	struct json *parts = json_new_object(), *one;
	struct reply_part *part;
	size_t i;

	for (i = 0; i < reply->nparts; i++) {
		part = &reply->parts[i];
		if (reply->plan->parts[i].absent)
			continue;
		if ((one = part->state) == NULL)
			one = json_new_object();
		part->state = NULL;
		json_set_text(one, "text", part->text.data, part->text.len);
		buf_free(&part->text);
		json_set(parts, reply->plan->parts[i].spec->part, one);
	}
	json_set(reply->doc, "parts", parts);
	json_write(reply->doc, &reply->out);
	buf_putc(&reply->out, '\n');
}

static void
pad(struct reply *reply, size_t n)
{
	buf_fill(&reply->out, '\n', n);
}

const struct form_ops reply_json_ops = {
	"application/json; charset=utf-8", begin, event, text, heartbeat, end,
	pad
};
