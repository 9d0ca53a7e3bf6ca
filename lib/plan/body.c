/*
 * body.c: worker.  Reads and parses the bytes of a request; knows nothing of
 * the inputs that they hold.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/utf8.h"
#include "plan/body.h"
#include "setup/config.h"
#include "text/fields.h"
#include "text/json.h"

/*
 * How deep a body may be nested.  "given" holds an object of a pick's fields,
 * which is three levels; the parser must not recurse as deep as an attacker
 * likes.
 */
#define DEPTH	8

/* The length is not known before the body has ended. */
#define LENGTH_UNKNOWN	SIZE_MAX

static int
too_large(int64_t most, struct err *err)
{
	return err_set(err, 413, "too_large", "the request may be %" PRId64
	    " bytes at most", most);
}

/*
 * Reads Content-Length into *length.  Returns 0, or -1 with err if there is
 * none, or if it is no number or more than `most`.
 */
static int
read_length(const struct source *source, int64_t most, size_t *length,
    struct err *err)
{
	const char *text = source->param(source->arg, "CONTENT_LENGTH");
	size_t n = text == NULL ? 0 : strlen(text);

	if (n == 0)
		return err_set(err, 411, "length_required",
		    "the request needs a Content-Length");
	/* Caddy 2.6 sends -1 for a chunked body: it cannot know the length. */
	if (text[0] == '-' && n > 1 && strspn(text + 1, "0123456789") ==
	    n - 1) {
		*length = LENGTH_UNKNOWN;
		return 0;
	}
	if (strspn(text, "0123456789") != n)
		return err_set(err, 400, "bad_length",
		    "Content-Length must be a number of bytes");
	/* 18 digits are the most that surely fit into an int64_t. */
	if (n > 18 || strtoll(text, NULL, 10) > most)
		return too_large(most, err);
	*length = (size_t)strtoull(text, NULL, 10);
	return 0;
}

/*
 * Reads the body to its end.  It asks for one byte more than the length, or
 * than the bound if the length is not known, because only that byte shows that
 * the body is longer.  Returns 0, or -1 with err.
 */
static int
read_body(const struct source *source, size_t length,
    const struct limits *limits, struct buf *body, struct err *err)
{
	int64_t deadline = io_now_ms() + limits->body_ms;
	bool known = length != LENGTH_UNKNOWN;
	size_t most = known ? length : (size_t)limits->body_bytes;
	char *room;
	ssize_t n;

	for (;;) {
		room = buf_room(body, most + 1 - body->len);
		if (room == NULL)
			return err_set(err, 503, "no_memory",
			    "out of memory, try again in a moment");
		n = source->read(source->arg, room, most + 1 - body->len,
		    deadline, err);
		if (n == -1)
			return -1;
		body->len += (size_t)n;
		body->data[body->len] = '\0';
		if (n == 0 && (!known || body->len == length))
			return 0;
		if (!known && body->len > most)
			return too_large(limits->body_bytes, err);
		if (n == 0 || body->len > most)
			return err_set(err, 400, "bad_length", "the body is "
			    "%s than its Content-Length says", n == 0 ?
			    "shorter" : "longer");
	}
}

/*
 * Recognises, by its first bytes, a body that a tool has spoiled without its
 * user's noticing.  Returns -1 with an err that says what to change in the
 * tool, or 0 if the body begins like any other.
 */
static int
check_begin(const char *body, bool is_form, struct err *err)
{
	if (strncmp(body, "\xef\xbb\xbf", 3) == 0)
		return err_set(err, 400, "bad_json", "the body begins with a "
		    "byte order mark (EF BB BF); save it as UTF-8 without BOM");
	if (strncmp(body, "\xff\xfe", 2) == 0 ||
	    strncmp(body, "\xfe\xff", 2) == 0)
		return err_set(err, 400, "bad_encoding", "the body is UTF-16; "
		    "save it as UTF-8 without BOM");
	body += strspn(body, " \t\r\n");
	if (is_form && (*body == '{' || *body == '['))
		return err_set(err, 415, "bad_type", "the body is JSON, but "
		    "was sent as application/x-www-form-urlencoded, which is "
		    "curl -d's own; add -H 'Content-Type: application/json'");
	if (!is_form && *body == '\'')
		return err_set(err, 400, "bad_json", "the body begins with "
		    "the quote of a shell; Windows wants it as \"{\\\"name\\"
		    "\": ...}\", or from a file by curl -d @FILE");
	if (!is_form && *body == '@')
		return err_set(err, 400, "bad_json", "the body is a file's "
		    "name; with curl, -d @FILE and --data-binary @FILE send "
		    "what is in the file, --data-raw does not");
	return 0;
}

static struct json *
parse_json(const struct buf *body, struct err *err)
{
	struct json *json;
	const char *why;
	size_t at;

	json = json_parse(body->data, body->len, DEPTH, true, &why, &at);
	if (json == NULL)
		err_set(err, 400, "bad_json",
		    "the body is not JSON, at byte %zu: %s", at, why);
	return json;
}

static struct json *
parse_body(const struct buf *body, bool is_form, struct err *err)
{
	struct json *json;

	if (body->len == 0) {
		err_set(err, 400, "bad_json", "the body is empty; send a JSON "
		    "object");
		return NULL;
	}
	if (check_begin(body->data, is_form, err) == -1)
		return NULL;
	if (!utf8_valid(body->data, body->len)) {
		err_set(err, 400, "bad_encoding",
		    "the body is not valid UTF-8");
		return NULL;
	}
	if (!is_form)
		return parse_json(body, err);
	if ((json = fields_parse(body->data, body->len)) == NULL)
		err_set(err, 503, "no_memory",
		    "out of memory, try again in a moment");
	return json;
}

struct json *
body_read(const struct source *source, const struct limits *limits,
    bool is_form, struct err *err)
{
	struct buf body = BUF_INIT((size_t)limits->body_bytes + 1);
	struct json *json = NULL;
	size_t length = 0;

	if (read_length(source, limits->body_bytes, &length, err) == 0 &&
	    read_body(source, length, limits, &body, err) == 0)
		json = parse_body(&body, is_form, err);
	buf_free(&body);
	return json;
}
