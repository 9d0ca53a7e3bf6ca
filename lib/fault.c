/*
 * fault.c: stage.  The words of a refusal; decides nothing by them.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "fault.h"
#include "job.h"
#include "json.h"
#include "profile.h"
#include "utf8.h"

static const char *
string(const struct json *json, const char *key)
{
	return json_string(json_get(json, key), NULL);
}

/* The words in an error of any shape: some hosts nest them four deep. */
static const char *
words_of(const struct json *json, int depth)
{
	static const char *const keys[] = { "message", "msg", "error",
	    "error_message", "detail" };
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

/* A string that is empty, or null, is no error. */
static bool
says_so(const struct json *json)
{
	const char *text = json_string(json, NULL);

	return json_kind(json) != JSON_NONE && (text == NULL || *text != '\0');
}

const char *
fault_text(const struct json *json)
{
	struct json *error = json_get(json, "error");
	const char *object = string(json, "object");
	bool is = json_count(error) > 0 || (json_kind(error) == JSON_STRING &&
	    says_so(error)) ||
	    says_so(json_get(json, "error_message")) ||
	    says_so(json_get(json, "detail")) ||
	    (object != NULL && strcmp(object, "error") == 0) ||
	    (json_get(json, "choices") == NULL && string(json, "message"));
	const char *text = is ? words_of(json, 6) : NULL;

	return is && text == NULL ? "no reason given" : text;
}

/* Bytes at s that stand for c, as JSON, a URL or a page may write it; 0. */
static size_t
spelled(const char *s, char c)
{
	static const char *const forms[] = { "\\u%04x", "%%%02x", "&#%d;",
	    "&#x%x;", "&#x%02x;", "\\%c" };
	static const char *const names[] = { "&amp;", "&quot;", "&lt;",
	    "&gt;" };
	char text[12];
	size_t i, n;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		snprintf(text, sizeof(text), forms[i], c);
		n = strlen(text);
		if (strncasecmp(s, text, n) == 0)
			return n;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (c == "&\"<>"[i] &&
		    strncasecmp(s, names[i], strlen(names[i])) == 0)
			return strlen(names[i]);
	return *s == c;
}

/* The key in any of these spellings, *n bytes long there. */
static const char *
find_key(const char *text, const char *key, size_t *n)
{
	const char *s, *k;
	size_t one;

	for (; *text != '\0'; text++) {
		if (*text != *key && strchr("\\%&", *text) == NULL)
			continue;
		for (s = text, k = key; *k != '\0'; k++, s += one)
			if ((one = *s == '\0' ? 0 : spelled(s, *k)) == 0)
				break;
		*n = (size_t)(s - text);
		if (*k == '\0' && *n > 0)
			return text;
	}
	return NULL;
}

void
fault_quote(const char *text, const char *key, struct buf *out)
{
	const char *hit;
	size_t n, i;

	while (key != NULL && (hit = find_key(text, key, &n)) != NULL) {
		utf8_clean(out, text, (size_t)(hit - text));
		buf_puts(out, "***");
		text = hit + n;
	}
	utf8_clean(out, text, strlen(text));
	n = utf8_cut(out->data, out->len, FAULT_QUOTE_MAX);
	out->data[n] = '\0';
	out->len = n;
	for (i = 0; i < n; i++)
		if ((unsigned char)out->data[i] < ' ')
			out->data[i] = ' ';
}

static bool
says(const char *text, const char *const words[])
{
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (text != NULL && strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

bool
fault_is_moderation(const struct json *json, const char *text)
{
	static const char *const names[] = { "content_filter",
	    "content_policy", "moderation", NULL };
	static const char *const words[] = { "flagged", "moderation",
	    "content management policy", NULL };
	struct json *error = json_get(json, "error");
	struct json *metadata = json_get(error, "metadata");

	return says(string(error, "code"), names) ||
	    says(string(error, "type"), names) ||
	    json_get(metadata, "flagged_input") != NULL || says(text, words);
}

void
fault_classify(struct outcome *o, const struct json *json, const char *text,
    const char *body, unsigned sent)
{
	static const char *const credit[] = { "insufficient_quota",
	    "insufficient credit", "exceeded your current quota", "billing",
	    "credit balance", NULL };
	static const char *const size[] = { "too large", "too long",
	    "maximum context", "context length", "at most", NULL };
	static const char *const model[] = { "model_not_found",
	    "model not found", "does not exist", "decommissioned",
	    "not a valid model", NULL };
	struct json *error = json_get(json, "error");
	const char *code = string(error, "code"), *type = string(error, "type");
	const char *param = string(error, "param");

	o->no_credit = o->status == 402 || says(code, credit) ||
	    says(type, credit) || ((o->status == 429 || o->status == 400) &&
	    says(text, credit));
	o->no_model = (o->status == 404 && (says(text, model) ||
	    says(code, model) || says(text, (const char *const[]){ "model",
	    NULL }))) || says(code, model) ||
	    (o->status == 400 && says(text, model));
	/* Too much of a parameter is no reason to leave it out. */
	if ((o->status != 400 && o->status != 422) || says(text, size))
		return;
	if (param != NULL)
		o->refused = param_in_text(param, sent);
	if (o->refused == 0)
		o->refused = param_in_text(text, sent);
	if (o->refused == 0)
		o->refused = param_in_text(body, sent);
	if (code != NULL && strcmp(code, "json_validate_failed") == 0)
		o->refused = PARAM_RESPONSE_FORMAT & sent;
}
