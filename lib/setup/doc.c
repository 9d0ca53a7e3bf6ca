/*
 * doc.c: listener, before any fork.  Reads JSON files that people write; knows
 * none of the names in them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/utf8.h"
#include "setup/doc.h"
#include "text/json.h"

#define DEPTH	16	/* levels of JSON; more than a file of ours needs */

int
doc_slurp(const char *path, struct buf *out)
{
	size_t want;
	ssize_t n;
	char *room;
	int fd, saved;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	do {
		want = out->max - out->len < 4096 ? out->max - out->len : 4096;
		/* Even at its end a file is read once more, to see that. */
		if (want == 0 || (room = buf_room(out, want)) == NULL) {
			errno = want == 0 ? EFBIG : ENOMEM;
			n = -1;
			break;
		}
		if ((n = read(fd, room, want)) > 0)
			out->len += (size_t)n;
		out->data[out->len] = '\0';
	} while (n > 0);
	/* close may change errno. */
	saved = errno;
	close(fd);
	errno = saved;
	return n == 0 ? 0 : -1;
}

/* The line, from 1, of the byte at that index. */
static int
line_of_fault(const struct buf *text, size_t at)
{
	int line = 1;
	size_t i;

	for (i = 0; i < at && i < text->len; i++)
		line += text->data[i] == '\n';
	return line;
}

int
doc_check_utf8(const char *path, const struct buf *text, struct err *err)
{
	uint32_t cp;
	size_t i, n;

	for (i = 0; i < text->len; i += n)
		if ((n = utf8_next(text->data + i, text->len - i, &cp)) == 0 ||
		    cp == 0)
			return err_set(err, 503, "config", "%s:%d: this line "
			    "is not UTF-8 text; save the file in that encoding"
			    ", or convert it, as by iconv -f latin1 -t utf-8",
			    path, line_of_fault(text, i));
	return 0;
}

int
doc_read(struct doc *doc, const char *path, struct err *err)
{
	const char *why;
	size_t at;

	doc->path = path;
	if (doc_slurp(path, &doc->text) == -1)
		return err_set(err, 503, "config", "%s: %s", path,
		    strerror(errno));
	doc->root = json_parse(doc->text.data, doc->text.len, DEPTH, true,
	    &why, &at);
	if (doc->root == NULL)
		return err_set(err, 503, "config",
		    "%s:%d: this is not JSON: %s", path,
		    line_of_fault(&doc->text, at), why);
	if (json_kind(doc->root) != JSON_OBJECT)
		return err_set(err, 503, "config",
		    "%s:1: the file must hold one JSON object, {...}", path);
	return 0;
}

void
doc_free(struct doc *doc)
{
	json_free(doc->root);
	doc->root = NULL;
	buf_free(&doc->text);
}

static int
vcomplain(const struct doc *doc, struct err *err, const char *const at[],
    const char *fmt, va_list ap)
{
	char what[sizeof(err->text)];

	vsnprintf(what, sizeof(what), fmt, ap);
	return err_set(err, 503, "config", "%s:%d: %s", doc->path,
	    json_line(doc->text.data, at), what);
}

int
doc_complain(const struct doc *doc, struct err *err, const char *const at[],
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vcomplain(doc, err, at, fmt, ap);
	va_end(ap);
	return -1;
}

struct json *
doc_get(const struct doc *doc, const char *const at[])
{
	struct json *json = doc->root;

	for (; *at != NULL; at++)
		json = **at == '#' ?
		    json_at(json, strtoul(*at + 1, NULL, 10)) :
		    json_get(json, *at);
	return json;
}

/*
 * Writes words into text, which has room for `size` bytes, with `between` each
 * two of them; what does not fit is cut.  Returns text.
 */
static const char *
join(const char *const words[], const char *between, char *text, size_t size)
{
	size_t n = 0;
	int r;

	text[0] = '\0';
	for (; *words != NULL && n < size; words++) {
		r = snprintf(text + n, size - n, "%s%s",
		    n == 0 ? "" : between, *words);
		n += r < 0 ? 0 : (size_t)r;
	}
	return text;
}

/*
 * What people call the element of an array at a place of n words: by the member
 * that names it, or by its number, which they count from 1.
 */
static void
call_element(const struct doc *doc, const char *const at[], size_t n,
    char name[static DOC_NAME_BYTES])
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };
	unsigned long i = strtoul(at[n - 1] + 1, NULL, 10) + 1;
	const char *place[DOC_DEPTH + 2] = { NULL };
	const char *called;

	memcpy(place, at, n * sizeof(*at));
	place[n] = doc->naming;
	called = place[n] == NULL ? NULL :
	    json_string(doc_get(doc, place), NULL);
	if (called != NULL && *called != '\0')
		snprintf(name, DOC_NAME_BYTES, "%s", called);
	else
		snprintf(name, DOC_NAME_BYTES, "%lu%s", i, ends[i % 10 < 4 &&
		    i / 10 % 10 != 1 ? i % 10 : 0]);
}

const char *
doc_spell(const struct doc *doc, const char *const at[], char *text,
    size_t size)
{
	char names[DOC_DEPTH][DOC_NAME_BYTES];
	const char *words[DOC_DEPTH + 1] = { NULL };
	size_t i;

	for (i = 0; i < DOC_DEPTH && at[i] != NULL; i++) {
		words[i] = at[i];
		if (*at[i] != '#')
			continue;
		call_element(doc, at, i + 1, names[i]);
		words[i] = names[i];
	}
	return join(words, ".", text, size);
}

/* Complains that the value at a place is not what is wanted. */
static int
wrong_type(const struct doc *doc, struct err *err, const char *const at[],
    const char *want)
{
	char name[DOC_SPELL_BYTES];

	return doc_complain(doc, err, at, "\"%s\" must be %s, not %s",
	    doc_spell(doc, at, name, sizeof(name)), want,
	    json_kind_name(json_kind(doc_get(doc, at))));
}

int
doc_string(const struct doc *doc, struct err *err, const char *const at[],
    const char **value)
{
	struct json *json = doc_get(doc, at);
	const char *s;
	size_t n;

	if (json == NULL)
		return 0;
	/* strlen is less than n if the string holds a NUL. */
	if ((s = json_string(json, &n)) == NULL || strlen(s) != n || n == 0)
		return wrong_type(doc, err, at, "a string that is not empty");
	*value = s;
	return 1;
}

int
doc_int(const struct doc *doc, struct err *err, const char *const at[],
    int64_t least, int64_t most, int64_t *value)
{
	struct json *json = doc_get(doc, at);
	char name[DOC_SPELL_BYTES];
	int64_t n;

	if (json == NULL)
		return 0;
	if (json_kind(json) != JSON_INT)
		return wrong_type(doc, err, at, "a whole number");
	n = json_int(json, 0);
	/* A number that is none of 64 bits has become the nearest one. */
	if (n == INT64_MAX || n == INT64_MIN)
		return doc_complain(doc, err, at,
		    "\"%s\" is too %s, it must be from %lld to %lld",
		    doc_spell(doc, at, name, sizeof(name)),
		    n > 0 ? "large" : "small",
		    (long long)least, (long long)most);
	if (n < least || n > most)
		return doc_complain(doc, err, at,
		    "\"%s\" is %lld, but must be from %lld to %lld",
		    doc_spell(doc, at, name, sizeof(name)), (long long)n,
		    (long long)least, (long long)most);
	*value = n;
	return 1;
}

int
doc_double(const struct doc *doc, struct err *err, const char *const at[],
    double least, double most, double *value)
{
	struct json *json = doc_get(doc, at);
	char name[DOC_SPELL_BYTES];
	double x;

	if (json == NULL)
		return 0;
	if (json_kind(json) != JSON_INT && json_kind(json) != JSON_DOUBLE)
		return wrong_type(doc, err, at, "a number");
	/* Written so that NaN, which is in no order, is refused. */
	x = json_double(json, 0);
	if (!(x >= least && x <= most))
		return doc_complain(doc, err, at,
		    "\"%s\" is %g, but must be from %g to %g",
		    doc_spell(doc, at, name, sizeof(name)), x, least, most);
	*value = x;
	return 1;
}

int
doc_bool(const struct doc *doc, struct err *err, const char *const at[],
    bool *value)
{
	struct json *json = doc_get(doc, at);

	if (json == NULL)
		return 0;
	if (json_kind(json) != JSON_BOOL)
		return wrong_type(doc, err, at, "true or false");
	*value = json_boolean(json, false);
	return 1;
}

void
doc_free_strings(char **strings)
{
	size_t i;

	for (i = 0; strings != NULL && strings[i] != NULL; i++)
		free(strings[i]);
	free(strings);
}

int
doc_strings(const struct doc *doc, struct err *err, const char *const at[],
    char ***value, size_t *n)
{
	struct json *json = doc_get(doc, at), *one;
	size_t i, len;
	size_t count = json_kind(json) == JSON_ARRAY ? json_count(json) : 1;
	const char *s;
	char **strings;

	if (json == NULL)
		return 0;
	if ((strings = calloc(count + 1, sizeof(*strings))) == NULL)
		return err_set(err, 503, "config", "out of memory");
	for (i = 0; i < count; i++) {
		one = json_kind(json) == JSON_ARRAY ? json_at(json, i) : json;
		s = json_string(one, &len);
		if (len == 0 || strlen(s) != len ||
		    (strings[i] = strdup(s)) == NULL)
			break;
	}
	/* Empty strings and an empty array are no setting. */
	if (i < count || count == 0) {
		doc_free_strings(strings);
		return wrong_type(doc, err, at,
		    "a string or an array of strings, none of them empty");
	}
	doc_free_strings(*value);
	*value = strings;
	*n = count;
	return 1;
}

int
doc_only(const struct doc *doc, struct err *err, const char *const at[],
    const char *const known[])
{
	struct json *json = doc_get(doc, at);
	const char *place[DOC_DEPTH + 2], *key = NULL;
	char all[256];
	size_t i, k, n;

	if (json == NULL)
		return 0;
	if (json_kind(json) != JSON_OBJECT)
		return wrong_type(doc, err, at, "an object");
	for (n = 0; n < DOC_DEPTH && at[n] != NULL; n++)
		place[n] = at[n];
	for (i = 0; i < json_count(json); i++) {
		json_member(json, i, &key);
		for (k = 0; known[k] != NULL; k++)
			if (strcmp(known[k], key) == 0)
				break;
		if (known[k] != NULL)
			continue;
		/* The place of the unknown member, for its line. */
		place[n] = key;
		place[n + 1] = NULL;
		return doc_complain(doc, err, place,
		    "\"%s\" is not known here; known are %s", key,
		    join(known, ", ", all, sizeof(all)));
	}
	return 0;
}

char *
doc_copy(const char *s)
{
	char *ours = s == NULL ? NULL : strdup(s);

	if (s != NULL && ours == NULL)
		fatal("cannot copy the configuration");
	return ours;
}
