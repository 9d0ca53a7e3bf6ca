/*
 * line_write.c: the command line's process.  Writes the lines of results and of
 * errors, and reads what such a line says; knows nothing of files.
 */
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "bulk/line.h"
#include "text/grammar.h"
#include "text/json.h"
#include "text/members.h"
#include "text/stray.h"

/*
 * Levels of an answer that is passed on.  With those around it, a line of the
 * errors file stays within those of a line of the input.
 */
#define ANSWER_DEPTH	100

/* Levels of a line of results, whoever has written it. */
#define DEPTH	128

/* --- writing -------------------------------------------------------------- */

static const bool is_special[256] = { ['\n'] = true, ['\r'] = true,
    ['\\'] = true, [0xC2] = true, [0xE2] = true };

/* Writes what begins at s, which is special, and returns its length. */
static size_t
put_special(struct buf *out, const char *s, const char *end)
{
	size_t n = 1, left = (size_t)(end - s);
	uint32_t cp;

	if (*s == '\n' || *s == '\r') {
		/* In a string it would not be valid, so it is space. */
		buf_putc(out, ' ');
	} else if (*s == '\\') {
		n = member_escape(s, end, &cp);
		if (cp >= 0xD800 && cp <= 0xDFFF)
			buf_puts(out, "\\ufffd");
		else
			buf_add(out, s, n);
	} else if (left >= 2 && memcmp(s, "\xc2\x85", 2) == 0) {
		n = 2;
		buf_puts(out, "\\u0085");
	} else if (left >= 3 && memcmp(s, "\xe2\x80", 2) == 0 &&
	    (s[2] == '\xa8' || s[2] == '\xa9')) {
		n = 3;
		buf_puts(out, s[2] == '\xa8' ? "\\u2028" : "\\u2029");
	} else {
		buf_putc(out, *s);
	}
	return n;
}

/*
 * Writes valid JSON without what some reader takes for the end of a line, and
 * without white space around it.
 */
static void
put_in_line(struct buf *out, const char *s, size_t n)
{
	const char *end = s + n, *start;

	while (s < end && stray_is_blank(*s))
		s++;
	while (end > s && stray_is_blank(end[-1]))
		end--;
	while (s < end) {
		for (start = s; s < end && !is_special[(unsigned char)*s]; s++)
			;
		buf_add(out, start, (size_t)(s - start));
		if (s < end)
			s += put_special(out, s, end);
	}
}

/* Writes any bytes as a string. */
static void
put_string(struct buf *out, const char *s, size_t n)
{
	struct buf text = BUF_INIT(out->max), quoted = BUF_INIT(out->max);
	struct json *json;

	utf8_clean(&text, s, n);
	if ((json = json_new_string(text.data, text.len)) != NULL)
		json_write(json, &quoted);
	put_in_line(out, quoted.data, quoted.len);
	/* Without memory there is no line. */
	out->failed = out->failed || text.failed || quoted.len == 0;
	json_free(json);
	buf_free(&text);
	buf_free(&quoted);
}

static void
put_custom_id(struct buf *out, const struct line *line)
{
	buf_puts(out, "\"custom_id\":");
	if (line->custom_id != NULL)
		put_in_line(out, line->custom_id, line->custom_id_len);
	else
		put_string(out, line->id.data, line->id.len);
}

void
line_write_run(struct buf *out, const struct line *line, const char *document,
    size_t n)
{
	buf_putc(out, '{');
	put_custom_id(out, line);
	buf_puts(out, ",\"response\":");
	put_in_line(out, document, n);
	buf_puts(out, ",\"error\":null}");
}

/* Up to the body, which follows. */
static void
put_response(struct buf *out, int status, const char *request_id)
{
	buf_printf(out, "\"response\":{\"status_code\":%d,\"request_id\":",
	    status);
	put_string(out, request_id, strlen(request_id));
	buf_puts(out, ",\"body\":");
}

void
line_write_call(struct buf *out, const struct line *line,
    const char *request_id, const char *body, size_t n)
{
	buf_puts(out, "{\"id\":");
	put_string(out, request_id, strlen(request_id));
	buf_putc(out, ',');
	put_custom_id(out, line);
	buf_putc(out, ',');
	put_response(out, 200, request_id);
	put_in_line(out, body, n);
	buf_puts(out, "},\"error\":null}");
}

/* The members of the input, each with a comma after it. */
static void
put_input(struct buf *out, const struct line *line)
{
	struct members it = MEMBERS_INIT(line->text.data, line->text.len);
	struct member m;

	if (line->custom_id == NULL) {
		put_custom_id(out, line);
		buf_putc(out, ',');
	}
	while (members_next(&it, &m)) {
		if (member_is(&m, "response") || member_is(&m, "error") ||
		    (line->kind == LINE_CALL && member_is(&m, "id")))
			continue;
		put_in_line(out, m.name, m.name_len);
		buf_putc(out, ':');
		put_in_line(out, m.value, m.value_len);
		buf_putc(out, ',');
	}
}

static void
put_answered(struct buf *out, const char *body, size_t n, const char *message)
{
	const char *why;
	size_t at;

	if (n > 0 && grammar_check(body, n, ANSWER_DEPTH, &why, &at)) {
		put_in_line(out, body, n);
		return;
	}
	if (n == 0 && message != NULL) {
		body = message;
		n = strlen(message);
	}
	buf_puts(out, "{\"error\":{\"message\":");
	put_string(out, body, n);
	buf_puts(out, "}}");
}

void
line_write_error(struct buf *out, const struct line *line,
    const char *request_id, int status, const char *body, size_t n,
    const char *code, const char *message)
{
	buf_putc(out, '{');
	put_input(out, line);
	if (status != 0) {
		put_response(out, status, request_id);
		put_answered(out, body, n, message);
		buf_puts(out, "},\"error\":null}");
		return;
	}
	buf_puts(out, "\"response\":null,\"error\":{\"code\":");
	put_string(out, code, strlen(code));
	buf_puts(out, ",\"message\":");
	put_string(out, message, strlen(message));
	buf_puts(out, "}}");
}

/* --- reading results ------------------------------------------------------ */

/* Whether it is absent or null. */
static bool
is_nothing(const struct member *m)
{
	return m->name == NULL || (m->value_len == 4 &&
	    memcmp(m->value, "null", 4) == 0);
}

static bool
is_an_object(const struct member *m)
{
	return m->name != NULL && m->value_len > 0 && m->value[0] == '{';
}

/* Finds a member of an object; its name is NULL if there is none. */
static void
find_member(const struct member *object, const char *name, struct member *found)
{
	struct members it = MEMBERS_INIT(object->value, object->value_len);

	while (members_next(&it, found))
		if (member_is(found, name))
			return;
	memset(found, 0, sizeof(*found));
}

/* Of the document of a run, whose errors are an array. */
static enum line_verdict
judge_document(const struct member *response)
{
	struct member errors;

	find_member(response, "errors", &errors);
	return errors.name == NULL || errors.value[0] != '[' ||
	    errors.value[1 + strspn(errors.value + 1, " \t\r\n")] == ']' ?
	    LINE_GOOD : LINE_PARTLY;
}

static enum line_verdict
judge_response(const struct member *response)
{
	struct member status, body, error;

	if (!is_an_object(response))
		return LINE_BAD;
	find_member(response, "status_code", &status);
	if (status.name == NULL)
		return judge_document(response);
	find_member(response, "body", &body);
	if (!is_an_object(&body) || status.value_len != 3 ||
	    status.value[0] != '2' ||
	    !isdigit((unsigned char)status.value[1]))
		return LINE_BAD;
	find_member(&body, "error", &error);
	return is_nothing(&error) ? LINE_GOOD : LINE_BAD;
}

enum line_verdict
line_judge(const char *text, size_t n, struct buf *id)
{
	const struct member line = { "", 0, text, n };
	struct member custom_id, response, error;
	const char *why;
	size_t at;

	/* Anything but an object has no member. */
	if (!grammar_check(text, n, DEPTH, &why, &at) ||
	    text[strspn(text, " \t\r\n")] != '{')
		return LINE_UNKNOWN;
	find_member(&line, "custom_id", &custom_id);
	find_member(&line, "response", &response);
	find_member(&line, "error", &error);
	if (custom_id.name == NULL || (response.name == NULL &&
	    error.name == NULL) ||
	    member_string(id, custom_id.value, custom_id.value_len) == -1)
		return LINE_UNKNOWN;
	return is_nothing(&error) ? judge_response(&response) : LINE_BAD;
}
