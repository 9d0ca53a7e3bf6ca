/*
 * fields.c: worker.  Parses a form's body; knows neither which fields there
 * should be nor who sent them.
 */
#include <string.h>

#include "base/buf.h"
#include "text/fields.h"
#include "text/json.h"

/* The value of a hexadecimal digit, or -1. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * Decodes the bytes from s to end into out: '+' is a space, %XX is a byte, and
 * a '%' that no two digits follow is itself.  A CR that an LF follows is
 * replaced by it, also if either of them came as %0D or %0A.
 */
static void
decode(const char *s, const char *end, struct buf *out)
{
	int high, low;
	char c;

	buf_reset(out);
	for (; s < end; s++) {
		c = *s;
		if (c == '+')
			c = ' ';
		high = *s == '%' && end - s > 2 ? hex_value(s[1]) : -1;
		low = high >= 0 ? hex_value(s[2]) : -1;
		if (low >= 0) {
			c = (char)(high * 16 + low);
			s += 2;
		}
		if (c == '\n' && out->len > 0 &&
		    out->data[out->len - 1] == '\r')
			out->data[out->len - 1] = '\n';
		else
			buf_putc(out, c);
	}
}

struct json *
fields_parse(const char *text, size_t n)
{
	struct buf name = BUF_INIT(n + 1), value = BUF_INIT(n + 1);
	struct json *json = json_new_object();
	const char *s = text, *end = text + n, *stop, *equals;

	/* NAME=VALUE between each two '&'; without '=' the value is "". */
	for (; json != NULL && s < end; s = stop + 1) {
		if ((stop = memchr(s, '&', (size_t)(end - s))) == NULL)
			stop = end;
		if (stop == s)
			continue;
		equals = memchr(s, '=', (size_t)(stop - s));
		if (equals == NULL)
			equals = stop;
		decode(s, equals, &name);
		decode(equals == stop ? stop : equals + 1, stop, &value);
		json_set_text(json, name.data, value.data, value.len);
	}
	if (name.failed || value.failed) {
		json_free(json);
		json = NULL;
	}
	buf_free(&name);
	buf_free(&value);
	return json;
}
