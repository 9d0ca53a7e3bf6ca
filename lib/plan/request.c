/*
 * request.c: worker.  Checks a visitor's request; knows neither FastCGI nor
 * what will be done for it.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/io.h"
#include "base/utf8.h"
#include "plan/body.h"
#include "plan/origin.h"
#include "plan/request.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"

/* Returns whether a field of the query has this name and a value. */
static bool
query_has(const char *query, const char *name)
{
	size_t n = strlen(name);
	const char *field;

	for (field = query; *field != '\0'; field += *field == '&') {
		if (strncmp(field, name, n) == 0 && field[n] == '=' &&
		    field[n + 1] != '\0' && field[n + 1] != '&')
			return true;
		field += strcspn(field, "&");
	}
	return false;
}

bool
request_is_repeated(const struct source *source)
{
	return *source_param(source, "HTTP_LAST_EVENT_ID") != '\0' ||
	    query_has(source_param(source, "QUERY_STRING"), "lastEventId");
}

uint64_t
request_last_event(const struct source *source)
{
	const char *id = source_param(source, "HTTP_LAST_EVENT_ID");
	const char *query = source_param(source, "QUERY_STRING");
	size_t n;

	if (*id == '\0' && query_has(query, "lastEventId"))
		id = strstr(query, "lastEventId=") + strlen("lastEventId=");
	/*
	 * WebKit says "12: ok" if the line broke after the 12 of an id, of an
	 * event that it has not told.  What is sent twice can be known by its
	 * id, but what is left out is lost, so that is read as no id at all.
	 */
	n = strspn(id, "0123456789");
	return id[n] == '\0' || id[n] == '&' ? strtoull(id, NULL, 10) : 0;
}

void
request_begin(struct request *request, const struct source *source,
    const struct config *config)
{
	const char *origin = source_param(source, "HTTP_ORIGIN");
	size_t i;

	request->languages = source_param(source, "HTTP_ACCEPT_LANGUAGE");
	request->is_head = strcmp(source_param(source, "REQUEST_METHOD"),
	    "HEAD") == 0;
	for (i = 0; i < config->ncors; i++)
		if (strcmp(config->cors[i], origin) == 0)
			request->origin = config->cors[i];
}

/* Compares Content-Type, without its parameters, such as charset. */
static bool
is_type(const struct source *source, const char *want)
{
	const char *type = source_param(source, "CONTENT_TYPE");
	size_t n = strcspn(type, "; \t");

	return n == strlen(want) && strncasecmp(type, want, n) == 0;
}

/*
 * Checks all that the headers say of the body, and sets *is_form.  The origin
 * matters for a form alone: before it sends JSON to another site, a browser
 * asks that site for leave (CORS), but for a form it does not.  Returns 0, or
 * -1 with err.
 */
static int
check_type(const struct request *request, const struct source *source,
    bool *is_form, struct err *err)
{
	const char *coding = source_param(source, "HTTP_CONTENT_ENCODING");

	*is_form = is_type(source, "application/x-www-form-urlencoded");
	if (*is_form && request->origin == NULL && origin_is_foreign(source))
		return err_set(err, 403, "cross_site", "this form is on another"
		    " site, or hides where it is; open the page itself and ask "
		    "there");
	if (*coding != '\0' && strcasecmp(coding, "identity") != 0)
		return err_set(err, 415, "bad_type", "the body is compressed "
		    "(%.16s); send it as it is, without Content-Encoding",
		    coding);
	if (*is_form || is_type(source, "application/json"))
		return 0;
	return err_set(err, 415, "bad_type", "send the request as JSON, with "
	    "Content-Type: application/json");
}

/*
 * Returns how many bytes of a visitor's word a message shows: at most 40, and
 * whole code points.
 */
static int
cut(const char *s)
{
	return (int)utf8_cut(s, strlen(s), 40);
}

/*
 * Checks a text input: UTF-8 without control characters, its length in code
 * points, and a letter if the graph asks for one, since a dish of nothing but
 * signs makes no prompt.  Returns 0, or -1 with err.
 */
static int
check_text(const struct input *input, const char *text, size_t n,
    struct err *err)
{
	int64_t count = (int64_t)utf8_count(text, n);
	bool letter = false;
	uint32_t cp = 0;
	size_t i, len;

	switch (utf8_check(text, n, &cp)) {
	case -1:
		return err_set(err, 400, "bad_encoding",
		    "\"%s\" is not valid UTF-8", input->name);
	case 1:
		return err_set(err, 400, "bad_input", "\"%s\" holds a control "
		    "character (U+%04X); send plain text", input->name,
		    (unsigned)cp);
	default:
		break;
	}
	for (i = 0; i < n && !letter; i += len) {
		len = utf8_next(text + i, n - i, &cp);
		letter = utf8_is_letter(cp);
	}
	if (count < input->min || count > input->max)
		return err_set(err, 400, "bad_input", "\"%s\" has %" PRId64
		    " characters; it takes %" PRId64 " to %" PRId64,
		    input->name, count, input->min, input->max);
	if (input->letter && !letter)
		return err_set(err, 400, "bad_input",
		    "\"%s\" needs at least one letter", input->name);
	return 0;
}

/* Complains about a number that is not between min and max. */
static int
refuse_number(const struct input *input, int64_t value, struct err *err)
{
	/* A number that is none of 64 bits has become the nearest one. */
	if (value == INT64_MAX || value == INT64_MIN)
		return err_set(err, 400, "bad_input", "\"%s\" is too %s; it "
		    "takes %" PRId64 " to %" PRId64, input->name,
		    value > 0 ? "large" : "small", input->min, input->max);
	return err_set(err, 400, "bad_input", "\"%s\" is %" PRId64
	    "; it takes %" PRId64 " to %" PRId64, input->name, value,
	    input->min, input->max);
}

/*
 * Reads a whole number.  A string that is nothing but a number is one, too,
 * because the fields of a form are all strings.  Returns 0, or -1 with err.
 */
static int
check_integer(const struct input *input, const struct json *json,
    int64_t *value, struct err *err)
{
	const char *text, *digits;
	size_t n;

	if ((text = json_string(json, &n)) != NULL) {
		digits = text + (text[0] == '-');
		if (strspn(digits, "0123456789") != n - (size_t)(digits - text)
		    || *digits == '\0')
			return err_set(err, 400, "bad_input",
			    "\"%s\" must be a whole number", input->name);
		*value = strtoll(text, NULL, 10);
	} else if (json_kind(json) == JSON_INT) {
		*value = json_int(json, 0);
	} else {
		return err_set(err, 400, "bad_input",
		    "\"%s\" must be a whole number", input->name);
	}
	return *value >= input->min && *value <= input->max ? 0 :
	    refuse_number(input, *value, err);
}

/* Says which values an input with choices takes, as many as fit. */
static int
refuse_choice(const struct input *input, struct err *err)
{
	struct buf list = BUF_INIT(256);
	const struct json *value;
	const char *text;
	size_t i, n = json_count(input->choices);

	for (i = 0; i < n && list.len < 160; i++) {
		value = json_get(json_at(input->choices, i), "value");
		buf_puts(&list, i == 0 ? "" : ", ");
		if ((text = json_string(value, NULL)) != NULL)
			buf_printf(&list, "\"%.*s\"", cut(text), text);
		else
			buf_printf(&list, "%" PRId64, json_int(value, 0));
	}
	err_set(err, 400, "bad_input", "\"%s\" takes one of %s%s",
	    input->name, list.data, i < n ? " and others" : "");
	buf_free(&list);
	return -1;
}

/*
 * Takes one input; json is NULL if the request does not have it.  An input that
 * is not required and is missing or empty becomes an empty text, so that a
 * prompt can ask whether it is there: a form sends its empty fields as well.
 */
int
request_input(struct request *request, const struct input *input,
    const struct json *json, struct err *err)
{
	char number[24];
	const char *text;
	int64_t value = 0;
	size_t n;

	text = json_string(json, &n);
	if (json == NULL || (!input->required && text != NULL && n == 0)) {
		text = "";
		if (input->required)
			return err_set(err, 400, "bad_input",
			    "\"%s\" is missing", input->name);
	} else if (input->is_integer) {
		if (check_integer(input, json, &value, err) == -1)
			return -1;
		n = (size_t)snprintf(number, sizeof(number), "%" PRId64,
		    value);
		text = number;
	} else {
		if (text == NULL)
			return err_set(err, 400, "bad_input",
			    "\"%s\" must be a string", input->name);
		if (check_text(input, text, n, err) == -1)
			return -1;
	}
	if ((n > 0 || input->required) && !graph_offers(input, text, n))
		return refuse_choice(input, err);
	if (vars_set(&request->inputs, input->name, text, n) == -1)
		return err_set(err, 503, "no_memory",
		    "out of memory, try again in a moment");
	return 0;
}

/*
 * Takes all inputs of the graph.  A field that is neither an input nor a member
 * of partial.h is refused, because it is a typing error, by which the visitor
 * would lose what he has meant by it.
 */
static int
take_inputs(struct request *request, const struct graph *graph,
    const struct json *json, struct err *err)
{
	const char *key = NULL;
	size_t i, k;

	if (json_kind(json) != JSON_OBJECT)
		return err_set(err, 400, "bad_json", "the body must be one "
		    "JSON object, {...}");
	for (i = 0; i < json_count(json); i++) {
		json_member(json, i, &key);
		for (k = 0; k < graph->ninputs; k++)
			if (strcmp(graph->inputs[k].name, key) == 0)
				break;
		if (k == graph->ninputs && strcmp(key, "want") != 0 &&
		    strcmp(key, "given") != 0 && strcmp(key, "run") != 0)
			return err_set(err, 400, "bad_input", "\"%.*s\" is "
			    "not a field of this request", cut(key), key);
	}
	for (i = 0; i < graph->ninputs; i++)
		if (request_input(request, &graph->inputs[i],
		    json_get(json, graph->inputs[i].name), err) == -1) {
			err->field = graph->inputs[i].name;
			return -1;
		}
	return 0;
}

int
request_take(struct request *request, const struct graph *graph,
    const struct json *json, size_t most, struct err *err)
{
	if (take_inputs(request, graph, json, err) == -1)
		return -1;
	return partial_read(&request->partial, graph, json_get(json, "want"),
	    json_get(json, "given"), most, err);
}

/* Adds texts, each with its length, so that no two lists look the same. */
static void
add_vars(struct buf *text, const struct vars *vars)
{
	size_t i;

	for (i = 0; i < vars->n; i++) {
		buf_printf(text, "%s %zu ", vars->list[i].name,
		    vars->list[i].len);
		buf_add(text, vars->list[i].text, vars->list[i].len);
	}
}

static void
make_digest(struct request *request)
{
	const struct partial *partial = &request->partial;
	struct buf text = BUF_INIT(1 << 30);
	size_t i;

	add_vars(&text, &request->inputs);
	for (i = 0; i < GRAPH_STAGES_MAX; i++)
		buf_puts(&text, partial->absent[i] ? "a" :
		    partial->given[i] ? "g" : "-");
	add_vars(&text, &partial->vars);
	digest_hex(text.data, text.len, request->digest, 64);
	buf_free(&text);
}

/* The run's name, from the header or, if it has none, from the body. */
static int
name_run(struct request *request, const struct source *source,
    const struct json *json, struct err *err)
{
	const char *key = source_param(source, "HTTP_IDEMPOTENCY_KEY");
	const struct json *run = json_get(json, "run");

	if (*key == '\0' && run != NULL &&
	    (key = json_string(run, NULL)) == NULL)
		key = "no string";
	if (*key == '\0')
		return 0;
	make_digest(request);
	return runname_read(&request->name, key, err);
}

/* The body as JSON, whatever its type; NULL with err. */
static struct json *
take_body(const struct request *request, const struct source *source,
    const struct config *config, struct err *err)
{
	bool is_form;

	return check_type(request, source, &is_form, err) == -1 ? NULL :
	    body_read(source, &config->limits, is_form, err);
}

int
request_read(struct request *request, const struct source *source,
    const struct config *config, const struct graph *graph, struct err *err)
{
	struct json *json = take_body(request, source, config, err);
	int rc;

	if (json == NULL)
		return -1;
	rc = request_take(request, graph, json,
	    (size_t)config->limits.stage_bytes, err);
	if (rc == 0)
		rc = name_run(request, source, json, err);
	json_free(json);
	return rc;
}

int
request_key(const struct source *source, const struct config *config,
    struct request *request, struct err *err)
{
	struct json *json = take_body(request, source, config, err);
	int rc;

	if (json == NULL)
		return -1;
	rc = name_run(request, source, json, err);
	json_free(json);
	return rc;
}

void
request_free(struct request *request)
{
	vars_free(&request->inputs);
	partial_free(&request->partial);
}
