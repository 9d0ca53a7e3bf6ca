/*
 * fixture_reply: a reply whose sink is memory, and the events of a run that a
 * test gives it.
 */
#ifndef FIXTURE_REPLY_H
#define FIXTURE_REPLY_H

#include "run/part.h"
#include "fixture_world.h"

/* What a request says in Accept. */
#define FORM_STREAM	"text/event-stream"
#define FORM_JSON	"application/json"
#define FORM_TEXT	"text/plain"

/* The head of a run in this form, with this recipe.json. */
static inline void
open_with(struct world *w, const char *dir, const char *config,
    const char *form)
{
	struct err err = ERR_INIT;

	world_open(w, dir, config, 0);
	reply_choose(&w->reply, form, &w->graph);
	assert_int_equal(reply_begin(&w->reply, &w->request, &w->plan, &err),
	    0);
	run_subscribe(&w->run, &w->reply.subscriber);
}

static inline void
open_form(struct world *w, const char *dir, const char *form)
{
	open_with(w, dir, world_services, form);
}

/* What followed the head; it stays in w->sent. */
static inline const char *
body_of(struct world *w)
{
	char *end;

	world_flush(w);
	end = strstr(w->sent.data, "\r\n\r\n");
	assert_non_null(end);
	return end + 4;
}

static inline enum event_kind
kind_of(const char *name)
{
	struct event event = { .kind = EVENT_RUN };

	for (; event.kind <= EVENT_DONE; event.kind++)
		if (event.kind != EVENT_TEXT &&
		    strcmp(event_name(&event), name) == 0)
			return event.kind;
	fail_msg("%s", name);
	return EVENT_RUN;
}

static inline enum told
told_of(const char *state)
{
	enum told told;

	for (told = TOLD_NOTHING; told <= TOLD_STOPPED; told++)
		if (strcmp(event_word(told), state == NULL ? "" : state) == 0)
			return told;
	fail_msg("%s", state);
	return TOLD_NOTHING;
}

/* An event from its JSON text. */
static inline void
event(struct world *w, const char *name, size_t part, const char *text)
{
	struct json *json = json_parse(text, strlen(text), 8, true, NULL,
	    NULL);
	struct event event = { .kind = kind_of(name), .json = json };

	assert_non_null(json);
	if (part < PARTS)
		event.part = w->plan.parts[part].spec->part;
	event.told = told_of(json_string(json_get(json, "state"), NULL));
	audience_tell(&w->run.audience, &event);
	json_free(json);
}

static inline void
say(struct world *w, size_t part, const char *text)
{
	struct event event = { .kind = EVENT_TEXT, .text = text,
	    .len = strlen(text), .part = w->plan.parts[part].spec->part };

	audience_tell(&w->run.audience, &event);
}

static inline void
tell(struct world *w, size_t part, const char *state)
{
	char text[200];

	snprintf(text, sizeof(text), "{\"part\":\"%s\",\"state\":\"%s\"}",
	    w->plan.parts[part].spec->part, state);
	event(w, "_part", part, text);
}

static inline void
end(struct world *w)
{
	event(w, "_done", PARTS, "{}");
}

/* As the outbox does after heartbeat_ms of silence. */
static inline void
beat(struct world *w)
{
	w->reply.outbox.filler.beat(w->reply.outbox.filler.arg);
	outbox_grew(&w->reply.outbox);
}

#endif
