/*
 * answer_refused.c: stage.  Reads an answer that is no stream of events;
 * answer.c reads those that are.
 */
#include <string.h>
#include <time.h>

#include "model/answer.h"
#include "model/fault.h"
#include "model/refusal.h"
#include "model/usage.h"
#include "setup/service.h"
#include "text/json.h"

/* How deep the JSON of a refusal may be nested. */
#define DEPTH	32

/* The most headers that are read from a body. */
#define HEADERS_MOST	64

/*
 * Takes the headers that OpenRouter repeats in the body of its error: those of
 * the host that it had asked.
 */
static void
take_repeated_headers(struct answer *a, const struct json *json)
{
	struct json *headers = json_get(json_get(json_get(json, "error"),
	    "metadata"), "headers");
	const char *name, *value;
	size_t i;

	for (i = 0; i < json_count(headers) && i < HEADERS_MOST; i++) {
		value = json_string(json_member(headers, i, &name), NULL);
		if (value != NULL)
			throttle_header(&a->throttle, name, value,
			    (int64_t)time(NULL) * 1000);
	}
}

/*
 * The Content-Type as it may be repeated in a message: it must not have the
 * key in it.  No registered media type has a "%", so a value with one was made
 * to do harm, or is none.
 */
static const char *
safe_type(const struct answer *a, const char *type)
{
	const char *key = a->job->service->key;

	return *type == '\0' || strchr(type, '%') != NULL ||
	    (key != NULL && strcasestr(type, key) != NULL) ?
	    "something else" : type;
}

void
answer_refused(struct answer *a, int status, const char *type,
    const char *body, size_t n)
{
	struct json *json = json_parse(body, n, DEPTH, false, NULL, NULL);
	const char *text = fault_text(json), *id = a->job->service->id;
	const char *words;

	if (text == NULL)
		text = body;
	a->outcome->status = status;
	throttle_body(&a->throttle, text);
	take_repeated_headers(a, json);
	usage_refused(&a->outcome->tokens, json, a->heard > 0);
	refusal_read(a->outcome, json, text, a->job);
	words = answer_quote(a, *text == '\0' ? "(nothing)" : text);
	if (a->outcome->means == MEANS_CONTENT)
		answer_fail(a, CODE_FILTERED,
		    "%s will not write this (%d): %s", id, status, words);
	else if (a->outcome->means == MEANS_KEY ||
	    a->outcome->means == MEANS_FORBIDDEN)
		answer_fail(a, CODE_AUTH, "%s refused the key (%d): %s", id,
		    status, words);
	else if (status == 200)
		answer_fail(a, CODE_NO_STREAM, "%s answered with %s instead "
		    "of a stream of events: %s", id, safe_type(a, type),
		    words);
	else
		answer_fail(a, CODE_HTTP_STATUS, "%s answered %d: %s", id,
		    status, words);
	json_free(json);
}

int
answer_whole(struct answer *a, const char *body, size_t n)
{
	struct json *json = json_parse(body, n, DEPTH, false, NULL, NULL);
	bool is = json_kind(json_get(json, "choices")) == JSON_ARRAY &&
	    fault_text(json) == NULL;

	a->whole = is;
	if (is)
		answer_document(a, json, "", body);
	json_free(json);
	return is ? 0 : -1;
}
