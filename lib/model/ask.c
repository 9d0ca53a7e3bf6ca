/*
 * ask.c: stage, check, and for the parameters the worker.  Composes a request;
 * knows nothing of connections or answers.
 */
#include <string.h>

#include "base/buf.h"
#include "http/call.h"
#include "model/ask.h"
#include "model/job.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"
#include "text/prompt.h"

int
ask_prompt(const struct stage_spec *spec, const struct vars *vars,
    struct buf *out, size_t *system_len)
{
	*system_len = 0;
	if (prompt_render(&spec->system, vars, PROMPT_PLAIN, out) == -1)
		return -1;
	if (strspn(out->data, " \t\r\n") == out->len)
		buf_reset(out);
	*system_len = out->len;
	return prompt_render(&spec->prompt, vars, PROMPT_PLAIN, out);
}

void
ask_request(const struct service *service, struct http_request *request)
{
	request->key = service->key;
	request->key_header = service->profile.key_header;
	request->headers = service->profile.headers;
	request->ca_file = service->ca_file;
	request->keep = service->preconnect;
}

int
ask_url(const struct job *job, struct buf *out)
{
	return buf_printf(out, "%s/chat/completions%s",
	    job->service->base_url, job->service->query);
}

/*
 * Tokens on top of max_tokens for thoughts, if the model is known to think and
 * the service's profile does not say how many it needs.
 */
#define THINK_HEADROOM	512

/* Whether the service is known, or supposed, to take this parameter. */
static bool
may(const struct job *job, enum param param)
{
	return (job->params & (unsigned)param) != 0;
}

/* What a stage sets by a member of its own in stages.json. */
static const enum param own[] = { PARAM_TEMPERATURE, PARAM_TOP_P, PARAM_STOP,
    PARAM_SEED, PARAM_PRESENCE_PENALTY, PARAM_FREQUENCY_PENALTY };

#define NOWN	(sizeof(own) / sizeof(own[0]))

/*
 * What is not sent cannot have been refused, so whatever neither the stage nor
 * the service sets is taken out, even if words of a refusal name it.
 */
unsigned
ask_params(const struct stage_spec *spec, const struct service *service,
    unsigned refused)
{
	unsigned may = service->profile.params;
	const char *name;
	size_t i;

	/*
	 * All else is written in the request that is passed on.  Who asks for
	 * no stream is told the usage, so it is asked for.
	 */
	if (spec->is_call)
		return PARAM_STREAM_OPTIONS & ~refused;
	if (!spec->is_list)
		may &= ~(unsigned)(PARAM_RESPONSE_FORMAT | PARAM_ITEM_COUNTS);
	if (spec->system.n == 0)
		may &= ~(unsigned)PARAM_SYSTEM_ROLE;
	for (i = 0; i < NOWN; i++)
		if (graph_param(spec, own[i], &name) == NULL &&
		    (own[i] != PARAM_TOP_P || service->top_p < 0))
			may &= ~(unsigned)own[i];
	for (i = 0; i < json_count(spec->extra) && i < PARAM_EXTRAS_N; i++)
		may |= PARAM_EXTRA(i);
	/* The limit of tokens has two names, of which it may take the other. */
	if (refused & PARAM_MAX_TOKENS)
		may |= PARAM_MAX_COMPLETION_TOKENS;
	if (refused & PARAM_MAX_COMPLETION_TOKENS)
		may |= PARAM_MAX_TOKENS;
	return may & ~refused;
}

/*
 * The JSON schema of a list: an object with the array in it, since neither
 * format of an answer takes a bare array.
 */
static struct json *
list_schema(const struct list_spec *list, bool counts)
{
	struct json *item = json_new_object(), *fields = json_new_object();
	struct json *required = json_new_array(), *items = json_new_object();
	struct json *field, *outer = json_new_object();
	struct json *members = json_new_object(), *names = json_new_array();
	size_t f;

	for (f = 0; f < list->nfields; f++) {
		field = json_new_object();
		json_set_string(field, "type", "string");
		json_set(fields, list->fields[f], field);
		json_push(required, json_new_string(list->fields[f],
		    strlen(list->fields[f])));
	}
	json_set_string(item, "type", "object");
	json_set(item, "properties", fields);
	json_set(item, "required", required);
	json_set_bool(item, "additionalProperties", false);
	json_set_string(items, "type", "array");
	json_set(items, "items", item);
	/*
	 * A grammar made from a schema without these allows empty and endless
	 * lists.
	 */
	if (counts) {
		json_set_int(items, "minItems", list->items);
		json_set_int(items, "maxItems", list->items);
	}
	json_set(members, "items", items);
	json_push(names, json_new_string("items", 5));
	json_set_string(outer, "type", "object");
	json_set(outer, "properties", members);
	json_set(outer, "required", names);
	json_set_bool(outer, "additionalProperties", false);
	return outer;
}

/* Asks for JSON if the part is a list and the service can be asked for it. */
static void
set_format(struct json *json, const struct job *job)
{
	enum format format = job->service->profile.format;
	struct json *response, *schema;

	if (!job->spec->is_list || format == FORMAT_NONE ||
	    !may(job, PARAM_RESPONSE_FORMAT))
		return;
	response = json_new_object();
	json_set_string(response, "type", format == FORMAT_SCHEMA ?
	    "json_schema" : "json_object");
	if (format == FORMAT_SCHEMA) {
		schema = json_new_object();
		json_set_string(schema, "name", "list");
		json_set_bool(schema, "strict", true);
		json_set(schema, "schema", list_schema(&job->spec->list,
		    may(job, PARAM_ITEM_COUNTS)));
		json_set(response, "json_schema", schema);
	}
	json_set(json, "response_format", response);
}

int64_t
ask_tokens(const struct job *job)
{
	int64_t headroom = job->service->profile.headroom;

	return job->spec->max_tokens + (headroom > 0 || !job->thinks ?
	    headroom : THINK_HEADROOM);
}

/* Adds the parameters that the service and its profile set. */
static void
set_params(struct json *json, const struct job *job)
{
	const struct profile *p = &job->service->profile;
	int64_t most = ask_tokens(job);
	struct json *options;

	if (may(job, PARAM_MAX_COMPLETION_TOKENS))
		json_set_int(json, "max_completion_tokens", most);
	else if (may(job, PARAM_MAX_TOKENS))
		json_set_int(json, "max_tokens", most);
	if (job->service->top_p >= 0 && may(job, PARAM_TOP_P))
		json_set_double(json, "top_p", job->service->top_p);
	if (p->effort != NULL && may(job, PARAM_REASONING_EFFORT))
		json_set_string(json, "reasoning_effort", p->effort);
	if (may(job, PARAM_STREAM_OPTIONS)) {
		options = json_new_object();
		json_set_bool(options, "include_usage", true);
		json_set(json, "stream_options", options);
	}
	set_format(json, job);
}

/* Adds what the profile of the service adds for all stages. */
static void
set_extra(struct json *json, const struct json *extra)
{
	struct json *value;
	const char *key;
	size_t i;

	for (i = 0; i < json_count(extra); i++) {
		value = json_member(extra, i, &key);
		json_set(json, key, json_share(value));
	}
}

/* Adds what the stage itself sets. */
static void
set_own(struct json *json, const struct job *job)
{
	struct json *value;
	const char *name;
	unsigned bit;

	/* The highest bit, shifted once more, is 0. */
	for (bit = 1; bit != 0; bit <<= 1) {
		value = graph_param(job->spec, bit, &name);
		if (value != NULL && (job->params & bit) != 0)
			json_set(json, name, json_share(value));
	}
}

static void
push_message(struct json *messages, const char *role, const char *text,
    size_t n)
{
	struct json *message = json_new_object();

	json_set_string(message, "role", role);
	json_set_text(message, "content", text, n);
	json_push(messages, message);
}

/*
 * Makes one message of both texts, for a model whose template knows no system
 * messages.
 */
static void
push_joined(struct json *messages, const struct messages *m)
{
	struct buf text = BUF_INIT(m->system_len + m->user_len + 8);

	buf_add(&text, m->system, m->system_len);
	buf_puts(&text, "\n\n");
	buf_add(&text, m->user, m->user_len);
	push_message(messages, "user", text.data, text.len);
	buf_free(&text);
}

static struct json *
make_messages(const struct job *job, const struct messages *m)
{
	struct json *messages = json_new_array();

	if (m->system_len > 0 && !may(job, PARAM_SYSTEM_ROLE)) {
		push_joined(messages, m);
		return messages;
	}
	if (m->system_len > 0)
		push_message(messages, "system", m->system, m->system_len);
	push_message(messages, "user", m->user, m->user_len);
	return messages;
}

int
ask_body(const struct job *job, const struct messages *messages,
    struct buf *out)
{
	struct json *json = json_new_object();

	json_set_string(json, "model", job->model);
	json_set(json, "messages", make_messages(job, messages));
	json_set_bool(json, "stream", true);
	set_params(json, job);
	set_extra(json, job->service->profile.extra);
	set_own(json, job);
	json_write(json, out);
	json_free(json);
	return out->failed ? -1 : 0;
}
