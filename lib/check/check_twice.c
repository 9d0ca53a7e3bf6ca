/*
 * check_twice.c: runs on the command line.  Looks through the text of a JSON
 * file, because a document that was parsed has each name once.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "check/check_twice.h"
#include "check/say.h"
#include "setup/doc.h"

#define LEVELS	32	/* more than doc_read takes */

/* The names of all objects that are open, those of the innermost at the end. */
struct names {
	const char	*path;
	struct named {
		const char	*s;	/* in the text, without quotes */
		size_t		 n;
		int		 line;
	}		*list;
	size_t		 n;
	size_t		 first[LEVELS];		/* of an object's names */
	size_t		 depth;
	size_t		 found;		/* names that stand twice */
};

/* Warns if the innermost object has the name already; else adds it. */
static void
take_name(struct names *names, const char *s, size_t n, int line)
{
	size_t i = names->depth > 0 ? names->first[names->depth - 1] : 0;
	struct named *list;

	for (; i < names->n; i++)
		if (names->list[i].n == n &&
		    memcmp(names->list[i].s, s, n) == 0) {
			say_warning("warning", "%s:%d: \"%.*s\" stands in line "
			    "%d already, and only the last one counts; take "
			    "one of them out", names->path, line,
			    n > 60 ? 60 : (int)n, s, names->list[i].line);
			names->list[i].line = line;
			names->found++;
			return;
		}
	list = realloc(names->list, (names->n + 1) * sizeof(*list));
	if (list == NULL)
		fatal("check");
	names->list = list;
	names->list[names->n++] = (struct named){ s, n, line };
}

/* The closing quote of the string that begins after s. */
static const char *
end_of_string(const char *s, const char *end)
{
	for (; s < end && *s != '"'; s++)
		s += *s == '\\' && s + 1 < end;
	return s;
}

/* Whether a colon is the next after white space: then a string was a name. */
static bool
is_name(const char *s, const char *end)
{
	while (s < end && strchr(" \t\r\n", *s) != NULL && *s != '\0')
		s++;
	return s < end && *s == ':';
}

static void
look_through(struct names *names, const char *s, const char *end)
{
	const char *close;
	int line = 1;

	for (; s < end; s++) {
		if (*s == '\n') {
			line++;
		} else if (*s == '{' || *s == '[') {
			if (names->depth < LEVELS)
				names->first[names->depth] = names->n;
			if (++names->depth > LEVELS)
				return;
		} else if ((*s == '}' || *s == ']') && names->depth > 0) {
			names->n = names->first[--names->depth];
		} else if (*s == '"') {
			close = end_of_string(s + 1, end);
			if (close < end && is_name(close + 1, end))
				take_name(names, s + 1,
				    (size_t)(close - s - 1), line);
			s = close;
		}
	}
}

size_t
check_twice(const char *path)
{
	struct names names = { .path = path };
	struct buf text = BUF_INIT(DOC_MAX);

	if (doc_slurp(path, &text) == 0)
		look_through(&names, text.data, text.data + text.len);
	free(names.list);
	buf_free(&text);
	return names.found;
}
