/*
 * reply.c: worker.  Heads, errors and the queue; a run's own form is in the
 * reply_*.c beside it.  Knows nothing of stages or services' words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/utf8.h"
#include "plan/plan.h"
#include "reply/reply.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"

/* The rest of a queue: a document of all parts, each byte escaped. */
#define OUT_SPARE	(1024 * 1024)

void
reply_init(struct reply *reply, const struct sink *sink)
{
	memset(reply, 0, sizeof(*reply));
	reply->sink = sink;
	buf_init(&reply->out, OUT_SPARE);
	reply->queued_ms = reply->waits_ms = io_now_ms();
}

/* Nothing of it is left that a later call could take for its own. */
void
reply_free(struct reply *reply)
{
	size_t i;

	for (i = 0; i < reply->nparts; i++) {
		buf_free(&reply->parts[i].text);
		json_free(reply->parts[i].state);
	}
	free(reply->parts);
	vars_free(&reply->vars);
	json_free(reply->doc);
	buf_free(&reply->out);
	memset(reply, 0, sizeof(*reply));
	buf_init(&reply->out, 0);
}

static const char *
reason(int status)
{
	static const struct { int status; const char *reason; } reasons[] = {
		{ 200, "OK" }, { 204, "No Content" }, { 400, "Bad Request" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" }, { 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 503, "Service Unavailable" },
	};
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

/* As CGI has it: Status first; the web server adds the rest. */
static void
put_head(struct reply *reply, const struct request *request, int status,
    const char *type)
{
	struct buf *out = &reply->out;

	buf_printf(out, "Status: %d %s\r\n", status, reason(status));
	if (type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", type);
	buf_puts(out, "Cache-Control: no-cache, no-transform\r\n"
	    "X-Content-Type-Options: nosniff\r\n");
	if (request->origin != NULL)
		buf_printf(out, "Access-Control-Allow-Origin: %s\r\n"
		    "Vary: Origin\r\n", request->origin);
}

static void
put_whole(struct reply *reply, const struct request *request, int status,
    const char *type, struct buf *body)
{
	put_head(reply, request, status, type);
	if (status == 405 && request->allow != NULL)
		buf_printf(&reply->out, "Allow: %s\r\n", request->allow);
	/* CGI forbids a body in the answer to HEAD (RFC 3875, 4.3.3). */
	if (request->is_head) {
		buf_puts(&reply->out, "\r\n");
	} else {
		buf_printf(&reply->out, "Content-Length: %zu\r\n\r\n",
		    body->len);
		buf_add(&reply->out, body->data, body->len);
	}
	buf_free(body);
}

static void
put_json(struct reply *reply, const struct request *request, int status,
    struct json *json)
{
	struct buf body = BUF_INIT(OUT_SPARE / 2);

	json_write(json, &body);
	buf_putc(&body, '\n');
	json_free(json);
	put_whole(reply, request, status, "application/json; charset=utf-8",
	    &body);
}

/* For a person without JavaScript: the same page, with what is wrong. */
static void
put_error_page(struct reply *reply, const struct request *request, int status,
    const struct buf *why)
{
	struct buf body = BUF_INIT(OUT_SPARE / 2);
	struct vars vars = VARS_INIT;

	vars_set(&vars, "error", why->data, why->len);
	prompt_render(request->page, &vars, PROMPT_HTML, &body);
	vars_free(&vars);
	put_whole(reply, request, status, "text/html; charset=utf-8", &body);
}

void
reply_error(struct reply *reply, const struct request *request,
    const struct err *err)
{
	struct json *json, *error;
	struct buf text = BUF_INIT(4096);

	/* The text may hold a visitor's word that was cut. */
	utf8_clean(&text, err->text, strlen(err->text));
	if (request->page != NULL) {
		put_error_page(reply, request, err->status, &text);
		buf_free(&text);
		return;
	}
	json = json_new_object();
	error = json_new_object();
	json_set_string(error, "code", err->code);
	json_set_string(error, "message", text.data);
	json_set(json, "error", error);
	put_json(reply, request, err->status, json);
	buf_free(&text);
}

void
reply_services(struct reply *reply, const struct request *request,
    const struct config *config, bool demo)
{
	struct json *json = json_new_object(), *list = json_new_array();
	struct json *one, *models;
	const struct service *s;
	size_t i, m;

	for (i = 0; i < config->services.n; i++) {
		s = &config->services.list[i];
		one = json_new_object();
		models = json_new_array();
		for (m = 0; m < s->nmodels; m++)
			json_push(models, json_new_string(s->models[m],
			    strlen(s->models[m])));
		json_set_string(one, "id", s->id);
		json_set(one, "models", models);
		json_set_bool(one, "usable", s->why_not == NULL);
		json_push(list, one);
	}
	json_set(json, "services", list);
	json_set_bool(json, "demo", demo);
	if (demo)
		json_set_string(json, "hint", plan_demo_hint);
	put_json(reply, request, 200, json);
}

void
reply_preflight(struct reply *reply, const struct request *request)
{
	put_head(reply, request, 204, NULL);
	buf_printf(&reply->out, "Allow: %s\r\n", request->allow);
	if (request->origin != NULL)
		buf_printf(&reply->out, "Access-Control-Allow-Methods: %s\r\n"
		    "Access-Control-Allow-Headers: Content-Type, Accept, "
		    "Last-Event-ID\r\n"
		    "Access-Control-Max-Age: 86400\r\n", request->allow);
	buf_puts(&reply->out, "\r\n");
}

void
reply_nothing(struct reply *reply, const struct request *request)
{
	put_head(reply, request, 204, NULL);
	buf_puts(&reply->out, "\r\n");
}

int
reply_begin(struct reply *reply, const struct request *request,
    const struct plan *plan, struct err *err)
{
	static const struct form_ops *const forms[] = {
		[FORM_STREAM] = &reply_stream_ops,
		[FORM_JSON] = &reply_json_ops,
		[FORM_TEXT] = &reply_text_ops,
		[FORM_HTML] = &reply_html_ops,
	};
	size_t i, part_max = (size_t)plan->config->limits.stage_bytes;

	reply->parts = calloc(plan->n, sizeof(*reply->parts));
	if (reply->parts == NULL)
		return err_set(err, 503, "no_memory",
		    "the server is short of memory, try again in a moment");
	reply->ops = forms[request->form];
	reply->plan = plan;
	reply->nparts = plan->n;
	reply->out.max = 6 * part_max * plan->n + OUT_SPARE +
	    (size_t)plan->config->limits.pad;
	for (i = 0; i < plan->n; i++)
		buf_init(&reply->parts[i].text, part_max + REPLY_HIGH);
	put_head(reply, request, 200, reply->ops->type);
	buf_puts(&reply->out, "X-Accel-Buffering: no\r\n\r\n");
	reply->pad = reply->ops->pad == NULL ? 0 :
	    (size_t)plan->config->limits.pad;
	reply->ops->begin(reply);
	reply->begun = true;
	return 0;
}

/* Some forms hold things back: what counts is what the queue got. */
static void
note_growth(struct reply *reply, size_t before)
{
	if (reply->out.len == before)
		return;
	reply->queued_ms = io_now_ms();
	if (before == reply->sent)
		reply->waits_ms = reply->queued_ms;
}

void
reply_event(struct reply *reply, const char *name, size_t part,
    struct json *json)
{
	size_t before = reply->out.len;

	reply->ops->event(reply, name, part, json);
	note_growth(reply, before);
	json_free(json);
}

void
reply_text(struct reply *reply, size_t part, const char *text, size_t n)
{
	size_t before = reply->out.len;

	reply->ops->text(reply, part, text, n);
	note_growth(reply, before);
}

void
reply_heartbeat(struct reply *reply)
{
	size_t before = reply->out.len;

	reply->ops->heartbeat(reply);
	note_growth(reply, before);
	/* A form that may not speak now is asked again a beat later. */
	reply->queued_ms = io_now_ms();
}

void
reply_end(struct reply *reply)
{
	size_t before = reply->out.len;

	reply->ops->end(reply);
	note_growth(reply, before);
}

size_t
reply_held(const struct reply *reply)
{
	return reply->pad == 0 ? 0 : reply->out.len - reply->ready;
}

size_t
reply_pending(const struct reply *reply)
{
	return reply->out.len - reply_held(reply) - reply->sent;
}

int64_t
reply_settle(struct reply *reply, int64_t now_ms)
{
	int64_t left = reply->padded_ms == 0 ? 0 :
	    reply->padded_ms + REPLY_PAD_MS - now_ms;

	if (reply_held(reply) == 0)
		return -1;
	if (left > 0)
		return left;
	if (reply_pending(reply) == 0)
		reply->waits_ms = now_ms;
	reply->ops->pad(reply, reply->pad);
	reply->ready = reply->out.len;
	reply->padded_ms = now_ms;
	return -1;
}

int
reply_flush(struct reply *reply)
{
	size_t n = reply_pending(reply);
	ssize_t w;

	if (n > reply->sink->chunk)
		n = reply->sink->chunk;
	if (reply->out.failed || (w = reply->sink->write(reply->sink->arg,
	    reply->out.data + reply->sent, n)) == -1) {
		reply->gone = true;
		return -1;
	}
	reply->sent += (size_t)w;
	reply->waits_ms = io_now_ms();
	/* Dropping a little of much each time would be quadratic. */
	if (reply->sent > reply->out.len / 2) {
		buf_drop(&reply->out, reply->sent);
		if (reply->pad > 0)
			reply->ready -= reply->sent;
		reply->sent = 0;
	}
	return 0;
}
