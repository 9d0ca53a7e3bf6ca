/*
 * fixture_reply: a reply whose sink is memory, and the events of a run that a
 * test gives it.
 */
#ifndef FIXTURE_REPLY_H
#define FIXTURE_REPLY_H

#include "run/part.h"
#include "fixture_world.h"

/* The head of a run in this form, with this recipe.json. */
static inline void
open_with(struct world *w, const char *dir, const char *config,
    enum form form)
{
	struct err err = ERR_INIT;

	world_open(w, dir, config, 0);
	w->request.form = form;
	assert_int_equal(reply_begin(&w->reply, &w->request, &w->plan, &err),
	    0);
}

static inline void
open_form(struct world *w, const char *dir, enum form form)
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

/* An event from its JSON text. */
static inline void
event(struct world *w, const char *name, size_t part, const char *text)
{
	struct json *json = json_parse(text, strlen(text), 8, true, NULL,
	    NULL);

	assert_non_null(json);
	reply_event(&w->reply, name, part, json);
}

static inline void
say(struct world *w, size_t part, const char *text)
{
	reply_text(&w->reply, part, text, strlen(text));
}

static inline void
tell(struct world *w, size_t part, const char *state)
{
	char text[200];

	snprintf(text, sizeof(text), "{\"part\":\"%s\",\"state\":\"%s\"}",
	    w->plan.parts[part].spec->part, state);
	event(w, "_part", part, text);
}

#endif
