/*
 * fixture_request: all that a visitor can send, and what the program makes of
 * it.
 *
 * A request is a table of CGI variables and a body that comes in pieces.  The
 * graph has the two inputs of the recipes, and a third that is optional.
 */
#ifndef FIXTURE_REQUEST_H
#define FIXTURE_REQUEST_H

#include <sys/types.h>

#include "base/err.h"
#include "base/io.h"
#include "plan/request.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "unit.h"

/* What the web server says, and how the body comes. */
struct visit {
	const char	*method, *path, *type, *length, *accept, *origin;
	const char	*last_id, *query, *coding;
	const char	*body;
	size_t		 n;
	size_t		 piece;		/* bytes a read; 0: all there is */
	size_t		 stop_at;	/* a read from here on fails, 0: none */
	size_t		 at;
	int64_t		 deadline_ms;	/* of the last read */
};

static inline const char *
param(void *arg, const char *name)
{
	const struct visit *v = arg;
	const struct { const char *name, *value; } params[] = {
		{ "REQUEST_METHOD", v->method }, { "REQUEST_URI", v->path },
		{ "CONTENT_TYPE", v->type }, { "CONTENT_LENGTH", v->length },
		{ "HTTP_ACCEPT", v->accept }, { "HTTP_ORIGIN", v->origin },
		{ "HTTP_LAST_EVENT_ID", v->last_id },
		{ "QUERY_STRING", v->query },
		{ "HTTP_CONTENT_ENCODING", v->coding },
	};
	size_t i;

	for (i = 0; i < COUNT(params); i++)
		if (strcmp(params[i].name, name) == 0)
			return params[i].value;
	return NULL;
}

static inline ssize_t
read_piece(void *arg, char *data, size_t n, int64_t deadline_ms,
    struct err *err)
{
	struct visit *v = arg;

	assert_true(n > 0);
	v->deadline_ms = deadline_ms;
	if (v->stop_at > 0 && v->at >= v->stop_at)
		return err_set(err, 408, "too_slow", "the body did not come");
	if (n > v->n - v->at)
		n = v->n - v->at;
	if (v->piece > 0 && n > v->piece)
		n = v->piece;
	memcpy(data, v->body + v->at, n);
	v->at += n;
	return (ssize_t)n;
}

/* A graph and a configuration, nothing of it owned. */
struct house {
	struct input	 inputs[3];
	struct graph	 graph;
	struct config	 config;
	struct request	 request;
	struct err	 err;
};

static char in_hand[] = "ingredientsOnHand", in_time[] = "prepTime";
static char in_note[] = "note";
static char origin_a[] = "https://cook.example", origin_b[] = "http://b";
static char *origins[] = { origin_a, origin_b, NULL };

static inline void
build(struct house *h)
{
	*h = (struct house){ .inputs = {
	    { in_hand, false, true, true, 2, 2000 },
	    { in_time, true, true, false, 1, 1440 },
	    { in_note, false, false, false, 0, 10 } },
	    .graph = GRAPH_INIT, .config = CONFIG_INIT,
	    .request = REQUEST_INIT, .err = ERR_INIT };
	h->graph.inputs = h->inputs;
	h->graph.ninputs = 3;
	h->config.limits.body_bytes = 16384;
	h->config.limits.body_ms = 10000;
	h->config.cors = origins;
	h->config.ncors = 2;
}

#define GOOD "{\"ingredientsOnHand\": \"beef\", \"prepTime\": \"45\"}"

static inline struct visit
post(const char *body, size_t n)
{
	return (struct visit){ .method = "POST", .path = "/generate",
	    .type = "application/json", .body = body, .n = n };
}

/* Reads it; *h holds what came of it until request_free. */
static inline int
visit(struct house *h, struct visit *v)
{
	const struct source source = { param, read_piece, v };
	char length[32];

	build(h);
	snprintf(length, sizeof(length), "%zu", v->n);
	if (v->length == NULL && v->body != NULL)
		v->length = length;
	else if (v->length != NULL && *v->length == '\0')
		v->length = NULL;
	request_begin(&h->request, &source, &h->config);
	return request_read(&h->request, &source, &h->config, &h->graph,
	    &h->err);
}

static inline void
takes(struct visit v, const char *hand, const char *minutes)
{
	struct house h;

	if (visit(&h, &v) == -1)
		fail_msg("%.80s: %s", v.body, h.err.text);
	assert_string_equal(vars_get(&h.request.inputs, in_hand)->text, hand);
	assert_string_equal(vars_get(&h.request.inputs, in_time)->text,
	    minutes);
	request_free(&h.request);
	request_free(&h.request);
}

static inline void
refuses(struct visit v, int status, const char *code, const char *words)
{
	struct house h;

	if (visit(&h, &v) != -1)
		fail_msg("%.80s was taken", v.body);
	if (h.err.status != status || strcmp(h.err.code, code) != 0)
		fail_msg("%.80s: %d %s, %s", v.body, h.err.status, h.err.code,
		    h.err.text);
	unit_assert_has(h.err.text, words);
	assert_true(strlen(h.err.text) < sizeof(h.err.text));
	request_free(&h.request);
}

/* A body of ingredients (their JSON text) and 45 minutes. */
static inline void
refuses_hand(const char *json, const char *code, const char *words)
{
	char body[1000];
	int n = snprintf(body, sizeof(body), "{\"ingredientsOnHand\": %s, "
	    "\"prepTime\": 45}", json);

	refuses(post(body, (size_t)n), 400, code, words);
}

static inline void
takes_hand(const char *json, const char *want)
{
	char body[1000];
	int n = snprintf(body, sizeof(body), "{\"ingredientsOnHand\": %s, "
	    "\"prepTime\": 45}", json);

	takes(post(body, (size_t)n), want, "45");
}

#endif
