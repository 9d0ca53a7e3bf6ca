/*
 * fault.c: stage.  Finds and quotes the words of an error; decides nothing by
 * them.
 */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "model/fault.h"
#include "text/json.h"
#include "text/mask.h"

/* The member of that name as a string; NULL if it is none. */
static const char *
member_text(const struct json *json, const char *key)
{
	return json_string(json_get(json, key), NULL);
}

/*
 * The words in an error of any shape, at most `depth` members or elements deep
 * (some hosts nest them four deep); NULL if there are none.
 */
static const char *
words_of(const struct json *json, int depth)
{
	static const char *const keys[] = { "message", "msg", "error",
	    "error_message", "detail", "errors", "base_resp", "status_msg" };
	const char *text = json_string(json, NULL);
	size_t i;

	if ((text != NULL && *text != '\0') || depth == 0)
		return text;
	if ((text = words_of(json_at(json, 0), depth - 1)) != NULL)
		return text;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((text = words_of(json_get(json, keys[i]),
		    depth - 1)) != NULL)
			return text;
	return NULL;
}

/* Whether a member reports something: it is not null and not "". */
static bool
says_so(const struct json *json)
{
	const char *text = json_string(json, NULL);

	return json_kind(json) != JSON_NONE && (text == NULL || *text != '\0');
}

/*
 * Whether a document is an error.  Some members tell for certain.  Others may
 * be in a good chunk, too, and count only if there is no list of choices.
 */
static bool
is_error(const struct json *json)
{
	struct json *error = json_get(json, "error");
	const char *object = member_text(json, "object");
	bool chunk = json_kind(json_get(json, "choices")) == JSON_ARRAY;

	if (json_count(error) > 0 || (json_kind(error) == JSON_STRING &&
	    says_so(error)) || says_so(json_get(json, "error_message")) ||
	    (object != NULL && strcmp(object, "error") == 0) ||
	    json_int(json_get(json_get(json, "base_resp"), "status_code"),
	    0) != 0)
		return true;
	return !chunk && (says_so(json_get(json, "detail")) ||
	    json_count(json_get(json, "errors")) > 0 ||
	    member_text(json, "message") != NULL ||
	    member_text(json, "msg") != NULL ||
	    (json_get(json, "success") != NULL &&
	    !json_boolean(json_get(json, "success"), true)));
}

const char *
fault_text(const struct json *json)
{
	const char *text;

	/* Google's compatible API wraps it in an array. */
	if (json_kind(json) == JSON_ARRAY && json_count(json) > 0 &&
	    json_kind(json_at(json, 0)) == JSON_OBJECT)
		json = json_at(json, 0);
	if (json_kind(json) != JSON_OBJECT || !is_error(json))
		return NULL;
	text = words_of(json, 6);
	return text == NULL ? "no reason given" : text;
}

void
fault_quote(const char *text, const char *key, struct buf *out)
{
	size_t n = strlen(text), i;
	struct buf masked = BUF_INIT(n);

	mask_text(&masked, text, n, key);
	utf8_clean(out, masked.data, masked.len);
	buf_free(&masked);
	n = utf8_cut(out->data, out->len, FAULT_QUOTE_MAX);
	out->data[n] = '\0';
	out->len = n;
	for (i = 0; i < n; i++)
		if ((unsigned char)out->data[i] < ' ')
			out->data[i] = ' ';
}
