/*
 * reply.c: worker.  Writes heads and whole answers; a run is written by its
 * form.  Knows nothing of stages or of what services say.
 */
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/utf8.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "reply/board.h"
#include "reply/accept.h"
#include "reply/face.h"
#include "reply/form.h"
#include "reply/language.h"
#include "reply/reply.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "text/prompt.h"

/* The most bytes of an answer without a run. */
#define ANSWER_MAX	(1024 * 1024)

#define FORM_OPS(name)	&reply_##name##_ops,
static const struct form_ops *const forms[] = { FORMS(FORM_OPS) };
#undef FORM_OPS
#define FORMS_COUNT	(sizeof(forms) / sizeof(forms[0]))

void
reply_init(struct reply *reply, const struct sink *sink,
    const struct limits *limits)
{
	memset(reply, 0, sizeof(*reply));
	outbox_init(&reply->outbox, sink, limits, ANSWER_MAX);
	reply->ops = forms[0];
	reply->subscriber = (struct subscriber){ .tell = form_tell,
	    .is_visitor = true };
}

void
reply_free(struct reply *reply)
{
	form_free(reply->form);
	reply->form = NULL;
	outbox_free(&reply->outbox);
}

void
reply_choose(struct reply *reply, const char *accept,
    const struct graph *graph)
{
	const char *types[FORMS_COUNT];
	size_t i;

	for (i = 0; i < FORMS_COUNT; i++)
		types[i] = forms[i]->accept;
	reply->ops = forms[accept_best(accept, types, FORMS_COUNT)];
	if (reply->ops->needs_page && (graph == NULL || graph->page.n == 0))
		reply->ops = &reply_text_ops;
	if (!reply->ops->needs_page)
		return;
	reply->page = &graph->page;
	reply->vary = "Accept, Accept-Language";
}

/* The phrase of a status.  RFC 3875 lets a CGI program send it as well. */
static const char *
reason(int status)
{
	static const struct { int status; const char *reason; } reasons[] = {
		{ 200, "OK" }, { 204, "No Content" }, { 400, "Bad Request" },
		{ 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" }, { 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 503, "Service Unavailable" },
	};
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

/*
 * Begins a head.  As CGI has it, Status stands for the first line, and the web
 * server adds the rest.  No proxy may keep or compress an answer that has to
 * arrive as it is written (no-cache, no-transform).
 */
static void
put_head(struct reply *reply, const struct request *request, int status,
    const char *type)
{
	struct buf *out = &reply->outbox.out;

	buf_printf(out, "Status: %d %s\r\n", status, reason(status));
	if (type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", type);
	buf_printf(out, "Cache-Control: no-%s, no-transform\r\n"
	    "X-Content-Type-Options: nosniff\r\n",
	    reply->is_reread ? "store" : "cache");
	if (reply->retry_s > 0)
		buf_printf(out, "Retry-After: %d\r\n", reply->retry_s);
	if (request->origin != NULL)
		buf_printf(out, "Access-Control-Allow-Origin: %s\r\n"
		    "Vary: Origin\r\n", request->origin);
	if (reply->vary != NULL)
		buf_printf(out, "Vary: %s\r\n", reply->vary);
}

/* A whole answer, whose body it frees.  A 405 has to name the methods. */
static void
put_answer(struct reply *reply, const struct request *request, int status,
    const char *type, struct buf *body)
{
	put_head(reply, request, status, type);
	if (status == 405 && request->allow != NULL)
		buf_printf(&reply->outbox.out, "Allow: %s\r\n", request->allow);
	/* CGI forbids a body in the answer to HEAD (RFC 3875, 4.3.3). */
	if (request->is_head) {
		buf_puts(&reply->outbox.out, "\r\n");
	} else {
		buf_printf(&reply->outbox.out, "Content-Length: %zu\r\n\r\n",
		    body->len);
		buf_add(&reply->outbox.out, body->data, body->len);
	}
	outbox_grew(&reply->outbox);
	buf_free(body);
}

static void
put_json(struct reply *reply, const struct request *request, int status,
    struct json *json)
{
	struct buf body = BUF_INIT(ANSWER_MAX / 2);

	json_write(json, &body);
	buf_putc(&body, '\n');
	json_free(json);
	put_answer(reply, request, status, "application/json; charset=utf-8",
	    &body);
}

/* For a visitor without JavaScript: the same page, which says what is wrong. */
static void
put_error_page(struct reply *reply, const struct request *request, int status,
    const struct buf *why)
{
	struct buf body = BUF_INIT(ANSWER_MAX / 2);
	struct vars vars = VARS_INIT;

	vars_set(&vars, "error", why->data, why->len);
	language_fill(reply->page, request->languages, &vars);
	prompt_render(reply->page, &vars, PROMPT_HTML, &body);
	vars_free(&vars);
	put_answer(reply, request, status, "text/html; charset=utf-8", &body);
}

void
reply_error(struct reply *reply, const struct request *request,
    const struct err *err)
{
	struct json *json, *error;
	struct buf text = BUF_INIT(4096);

	reply->retry_s = err->retry_s;
	/* The text may hold a visitor's word, cut in the middle of a letter. */
	utf8_clean(&text, err->text, strlen(err->text));
	if (reply->page != NULL) {
		put_error_page(reply, request, err->status, &text);
		buf_free(&text);
		return;
	}
	json = json_new_object();
	error = json_new_object();
	json_set_string(error, "code", err->code);
	json_set_string(error, "message", text.data);
	if (err->retry_s > 0)
		json_set_int(error, "retry_s", err->retry_s);
	if (err->field != NULL)
		json_set_string(error, "field", err->field);
	json_set(json, "error", error);
	put_json(reply, request, err->status, json);
	buf_free(&text);
}

void
reply_services(struct reply *reply, const struct request *request,
    const struct config *config, bool demo, const char *broken)
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
	if (config->speed)
		json_set_bool(json, "speed", true);
	if (config->journal)
		json_set_int(json, "keep_s", config->limits.keep_s);
	if (config->is_local)
		json_set_bool(json, "local", true);
	if (config->is_local && broken != NULL)
		json_set_string(json, "broken", broken);
	put_json(reply, request, 200, json);
}

void
reply_speed(struct reply *reply, const struct request *request,
    const struct config *config, const char *dir)
{
	put_json(reply, request, 200, board_json(config, dir));
}

/* The form without JavaScript; its fields are markup already. */
static void
put_form(struct reply *reply, const struct request *request,
    const struct graph *graph)
{
	struct buf body = BUF_INIT(ANSWER_MAX / 2);
	struct buf fields = BUF_INIT(ANSWER_MAX / 2);
	struct vars vars = VARS_INIT;

	face_fields(graph, request->languages, &fields);
	vars_set(&vars, "fields", fields.data, fields.len);
	language_fill(&graph->form, request->languages, &vars);
	prompt_render(&graph->form, &vars, PROMPT_PLAIN, &body);
	vars_free(&vars);
	buf_free(&fields);
	put_answer(reply, request, 200, "text/html; charset=utf-8", &body);
}

void
reply_graph(struct reply *reply, const struct request *request,
    const struct graph *graph, const char *name, const char *accept)
{
	static const char *const types[] = { "application/json", "text/html" };

	reply->vary = "Accept, Accept-Language";
	if (graph->form.n > 0 && accept_best(accept, types, 2) == 1)
		put_form(reply, request, graph);
	else
		put_json(reply, request, 200, face_json(graph, name));
}

/* A browser asks so before another site's page may ask (CORS, for a day). */
void
reply_preflight(struct reply *reply, const struct request *request)
{
	struct buf *out = &reply->outbox.out;

	put_head(reply, request, 204, NULL);
	buf_printf(out, "Allow: %s\r\n", request->allow);
	if (request->origin != NULL)
		buf_printf(out, "Access-Control-Allow-Methods: %s\r\n"
		    "Access-Control-Allow-Headers: Content-Type, Accept, "
		    "Last-Event-ID, Idempotency-Key, If-None-Match\r\n"
		    "Access-Control-Max-Age: 86400\r\n", request->allow);
	buf_puts(out, "\r\n");
	outbox_grew(&reply->outbox);
}

void
reply_nothing(struct reply *reply, const struct request *request)
{
	reply->vary = NULL;
	put_head(reply, request, 204, NULL);
	buf_puts(&reply->outbox.out, "\r\n");
	outbox_grew(&reply->outbox);
}

int
reply_begin(struct reply *reply, const struct request *request,
    const struct plan *plan, struct err *err)
{
	reply->form = form_new(reply->ops, &reply->outbox, plan);
	if (reply->form == NULL)
		return err_set(err, 503, "no_memory",
		    "the server is short of memory, try again in a moment");
	reply->form->is_reread = reply->is_reread;
	reply->subscriber.arg = reply->form;
	reply->outbox.subscriber = &reply->subscriber;
	put_head(reply, request, 200, reply->ops->type);
	buf_puts(&reply->outbox.out, "X-Accel-Buffering: no\r\n\r\n");
	form_begin(reply->form);
	return 0;
}

void
reply_wait(void *arg, int ahead)
{
	struct reply *reply = arg;

	form_wait(reply->form, ahead);
}
