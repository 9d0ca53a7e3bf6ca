/*
 * ask.c: stage.  Composes a request; knows nothing of connections or answers.
 */
#include <string.h>

#include "base/buf.h"
#include "model/ask.h"
#include "model/job.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"

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

/* Adds the parameters that may be sent. */
static void
set_params(struct json *json, const struct job *job)
{
	const struct profile *p = &job->service->profile;
	int64_t room = p->headroom > 0 || !job->thinks ? p->headroom :
	    THINK_HEADROOM;
	int64_t most = job->spec->max_tokens + room;
	struct json *options;

	if (may(job, PARAM_MAX_COMPLETION_TOKENS))
		json_set_int(json, "max_completion_tokens", most);
	else if (may(job, PARAM_MAX_TOKENS))
		json_set_int(json, "max_tokens", most);
	if (job->spec->temperature >= 0 && may(job, PARAM_TEMPERATURE))
		json_set_double(json, "temperature", job->spec->temperature);
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

int
ask_body(const struct job *job, const char *prompt, size_t n,
    struct buf *out)
{
	struct json *json = json_new_object(), *messages = json_new_array();
	struct json *message = json_new_object(), *extra;
	const char *key;
	size_t i;

	json_set_string(message, "role", "user");
	json_set_text(message, "content", prompt, n);
	json_push(messages, message);
	json_set_string(json, "model", job->model);
	json_set(json, "messages", messages);
	json_set_bool(json, "stream", true);
	set_params(json, job);
	for (i = 0; i < json_count(job->service->profile.extra); i++) {
		extra = json_member(job->service->profile.extra, i, &key);
		json_set(json, key, json_share(extra));
	}
	json_write(json, out);
	json_free(json);
	return out->failed ? -1 : 0;
}
