/*
 * line.c: the command line's process.  Reads and checks a line of the input;
 * does not know what is done with it.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "bulk/line.h"
#include "bulk/source.h"
#include "setup/graph.h"
#include "text/json.h"
#include "text/members.h"

/* Levels of a line; a body's schemas of tools are the deepest. */
#define DEPTH	128

/* What is at the top of a line. */
struct found {
	size_t		count;
	struct member	custom_id, url, method, body;	/* name NULL: none */
};

/* Returns -1. */
static int __attribute__((format(printf, 3, 4)))
deny(struct line_fault *fault, const char *code, const char *fmt, ...)
{
	va_list ap;

	fault->code = code;
	va_start(ap, fmt);
	vsnprintf(fault->message, sizeof(fault->message), fmt, ap);
	va_end(ap);
	return -1;
}

/* --- JSON ----------------------------------------------------------------- */

/* Whether an escape is one half of a surrogate pair without the other. */
static bool
has_half(const char *s, size_t n)
{
	const char *end = s + n;
	uint32_t cp;

	while ((s = memchr(s, '\\', (size_t)(end - s))) != NULL) {
		s += member_escape(s, end, &cp);
		if (cp >= 0xD800 && cp <= 0xDFFF)
			return true;
	}
	return false;
}

/* Whether the text is null, which json_parse takes for no document. */
static bool
is_null(const char *s)
{
	s += strspn(s, " \t\r");
	return strncmp(s, "null", 4) == 0 && s[4 + strspn(s + 4, " \t\r")] == 0;
}

static int
parse(struct line *line, struct line_fault *fault)
{
	const struct buf *text = &line->text;
	const char *why;
	size_t at;

	line->json = json_parse(text->data, text->len, DEPTH, true, &why, &at);
	if (line->json == NULL && !utf8_valid(text->data, text->len))
		return deny(fault, "invalid_unicode", "it is not UTF-8; "
		    "convert the file, perhaps by: iconv -f WINDOWS-1252 -t "
		    "UTF-8");
	if (line->json == NULL && !is_null(text->data))
		return deny(fault, "invalid_json_line", "it is not valid "
		    "JSON at byte %zu: %s", at + 1, why);
	if (json_kind(line->json) != JSON_OBJECT)
		return deny(fault, "line_not_object", "it is %s, and must be "
		    "an object on one line, in braces", json_kind(line->json) ==
		    JSON_NONE ? "null" :
		    json_kind_name(json_kind(line->json)));
	if (has_half(text->data, text->len))
		return deny(fault, "invalid_unicode", "it has half of a "
		    "surrogate pair, like \\ud83d, without the other half; "
		    "write the whole character");
	return 0;
}

/* --- members -------------------------------------------------------------- */

static void
find_members(const struct line *line, struct found *found)
{
	struct members it = MEMBERS_INIT(line->text.data, line->text.len);
	struct member m;

	memset(found, 0, sizeof(*found));
	for (; members_next(&it, &m); found->count++) {
		if (member_is(&m, "custom_id"))
			found->custom_id = m;
		else if (member_is(&m, "url"))
			found->url = m;
		else if (member_is(&m, "method"))
			found->method = m;
		else if (member_is(&m, "body"))
			found->body = m;
	}
}

static bool
is_word(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n > 0 && n <= 40 && s[n] == '\0';
}

/* How many members of the line's text have that name. */
static size_t
count_named(const struct line *line, const char *name)
{
	struct members it = MEMBERS_INIT(line->text.data, line->text.len);
	struct member m;
	size_t n = 0;

	while (members_next(&it, &m))
		n += member_is(&m, name);
	return n;
}

/* The parsed document has each name once, so it has fewer members. */
static int
check_once(const struct line *line, const struct found *found,
    struct line_fault *fault)
{
	const char *name = "";
	size_t i;

	if (found->count == json_count(line->json))
		return 0;
	for (i = 0; i < json_count(line->json); i++) {
		json_member(line->json, i, &name);
		if (count_named(line, name) > 1)
			break;
	}
	return deny(fault, "duplicate_member", "it has %s twice; leave one "
	    "of them out", is_word(name) ? name : "a member");
}

static int
read_id(struct line *line, const struct found *found, struct line_fault *fault)
{
	const struct member *m = &found->custom_id;

	if (m->name == NULL) {
		buf_printf(&line->id, "line-%zu", line->number);
		return 0;
	}
	line->custom_id = m->value;
	line->custom_id_len = m->value_len;
	if (m->value[0] != '"')
		return deny(fault, "custom_id_not_string", "custom_id must "
		    "be a string; write it in double quotes, or leave it out");
	member_string(&line->id, m->value, m->value_len);
	if (line->id.len == 0 && !line->id.failed)
		return deny(fault, "empty_custom_id", "custom_id is empty; "
		    "give the line one of its own, or leave it out");
	return 0;
}

/* --- a call --------------------------------------------------------------- */

static bool
is_input(const struct graph *graph, const char *name)
{
	size_t i;

	for (i = 0; graph != NULL && i < graph->ninputs; i++)
		if (strcmp(graph->inputs[i].name, name) == 0)
			return true;
	return false;
}

static bool
is_call(const struct found *found, const struct graph *graph)
{
	return (found->url.name != NULL && !is_input(graph, "url")) ||
	    (found->method.name != NULL && !is_input(graph, "method")) ||
	    (found->body.name != NULL && !is_input(graph, "body"));
}

/* Whether it is that string; or null or absent, as in some dialects. */
static bool
is_or_absent(const struct line *line, const char *name, const char *value)
{
	const struct json *json = json_get(line->json, name);
	size_t n;
	const char *s = json_string(json, &n);

	return json_kind(json) == JSON_NONE || (s != NULL &&
	    n == strlen(value) && memcmp(s, value, n) == 0);
}

static int
check_batch(const struct line *line, const struct found *found,
    struct line_fault *fault)
{
	enum json_kind kind = json_kind(json_get(line->json, "body"));

	if (!is_or_absent(line, "method", "POST"))
		return deny(fault, "method_mismatch", "method must be POST, "
		    "or absent");
	/* The second is Azure's, in older files. */
	if (!is_or_absent(line, "url", "/v1/chat/completions") &&
	    !is_or_absent(line, "url", "/chat/completions"))
		return deny(fault, "url_mismatch", "url must be "
		    "/v1/chat/completions, exactly, or absent; other endpoints "
		    "are not asked");
	if (found->body.name == NULL)
		return deny(fault, "missing_required_parameter", "body is "
		    "missing; it is the request that is sent, an object");
	if (kind != JSON_OBJECT)
		return deny(fault, "body_not_object", "body is %s, and must "
		    "be an object%s", kind == JSON_NONE ? "null" :
		    json_kind_name(kind), kind == JSON_STRING ?
		    "; write it without quotes and escapes around it" : "");
	return 0;
}

/* Whether its tokens are at most its bytes. */
static bool
is_countable(const struct json *part)
{
	const char *type = json_string(json_get(part, "type"), NULL);

	return json_kind(part) == JSON_STRING || (type != NULL &&
	    (strcmp(type, "text") == 0 || strcmp(type, "refusal") == 0));
}

/*
 * A message may point at audio that the service has kept, besides what is in
 * its content.
 */
static bool
is_message_countable(const struct json *message)
{
	const struct json *content = json_get(message, "content");
	enum json_kind kind = json_kind(content);
	size_t i;

	if (json_kind(message) != JSON_OBJECT ||
	    json_kind(json_get(message, "audio")) != JSON_NONE)
		return false;
	for (i = 0; i < json_count(content); i++)
		if (!is_countable(json_at(content, i)))
			return false;
	return kind == JSON_NONE || kind == JSON_STRING || kind == JSON_ARRAY;
}

static bool
are_messages_countable(const struct json *messages)
{
	size_t i;

	for (i = 0; i < json_count(messages); i++)
		if (!is_message_countable(json_at(messages, i)))
			return false;
	return json_kind(messages) == JSON_ARRAY;
}

/* A limit of tokens; -1 if it is no whole number of at least 0. */
static int64_t
token_limit(const struct json *body, const char *name)
{
	int64_t value = json_int(json_get(body, name), -1);

	return value < 0 ? -1 : value;
}

/*
 * Servers in Python take "2" and 2.0 for 2, so choices that are asked for in
 * another way than by a whole number are not known.
 */
static void
read_call(struct line *line, const struct found *found)
{
	const struct json *body = json_get(line->json, "body");
	const struct json *n = json_get(body, "n");
	int64_t newer = token_limit(body, "max_completion_tokens");
	int64_t older = token_limit(body, "max_tokens");

	line->kind = LINE_CALL;
	line->body = found->body.value;
	line->body_len = found->body.value_len;
	line->model = json_string(json_get(body, "model"), NULL);
	line->choices = json_int(n, 1) < 1 ? 1 : json_int(n, 1);
	line->tokens = newer > older ? newer : older;
	line->is_bound = line->tokens != -1 &&
	    line->tokens <= LINE_TOKENS_MOST / line->choices &&
	    (json_kind(n) == JSON_NONE || json_kind(n) == JSON_INT) &&
	    are_messages_countable(json_get(body, "messages"));
}

/* --- the whole ------------------------------------------------------------ */

int
line_read(struct line *line, const struct raw_line *raw,
    const struct graph *graph, struct line_fault *fault)
{
	struct found found;

	line->number = raw->number;
	buf_add(&line->text, raw->text, raw->len);
	if (line->text.failed)
		return deny(fault, "no_memory", "out of memory");
	if (parse(line, fault) == -1)
		return -1;
	find_members(line, &found);
	if (check_once(line, &found, fault) == -1 ||
	    read_id(line, &found, fault) == -1)
		return -1;
	if (line->id.failed)
		return deny(fault, "no_memory", "out of memory");
	json_drop(line->json, "custom_id");
	if (is_call(&found, graph)) {
		if (check_batch(line, &found, fault) == -1)
			return -1;
		read_call(line, &found);
		return 0;
	}
	json_drop(line->json, "response");
	json_drop(line->json, "error");
	return 0;
}

void
line_free(struct line *line)
{
	json_free(line->json);
	buf_free(&line->id);
	buf_free(&line->text);
	*line = (struct line)LINE_INIT;
}
