/*
 * language.c: worker.  Chooses among languages; knows no words itself.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/vars.h"
#include "reply/accept.h"
#include "reply/language.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "text/json.h"
#include "text/prompt.h"

/* Languages of one WORDS, or of one template, that are looked at. */
#define LANGUAGES_MAX	32

/*
 * Appends the languages, and after them the same without their regions, so that
 * "ko-KR" finds "ko" as well.
 */
static void
put_languages(struct buf *out, const char *languages)
{
	const char *s;
	bool is_region = false;

	buf_printf(out, "%s,", languages);
	for (s = languages; *s != '\0'; s++) {
		if (*s == '-')
			is_region = true;
		else if (strchr(",; \t", *s) != NULL)
			is_region = false;
		if (!is_region)
			buf_putc(out, *s);
	}
}

/* The index of the best of n codes. */
static size_t
best_of(const char *const codes[], size_t n, const char *languages)
{
	struct buf header = BUF_INIT(8192);
	size_t best;

	put_languages(&header, languages);
	best = header.failed ? 0 : accept_best(header.data, codes, n);
	buf_free(&header);
	return best;
}

const char *
language_words(const struct json *words, const char *languages,
    const char *otherwise)
{
	const char *codes[LANGUAGES_MAX];
	size_t i, n = json_count(words);

	if (words == NULL)
		return otherwise;
	if (json_kind(words) != JSON_OBJECT)
		return json_string(words, NULL);
	for (i = 0; i < n && i < LANGUAGES_MAX; i++)
		json_member(words, i, &codes[i]);
	if (i == 0)
		return otherwise;
	i = best_of(codes, i, languages);
	return json_string(json_get(words, codes[i]), NULL);
}

/* Fills codes[] with the languages that the template names, each once. */
static size_t
named_languages(const struct prompt *page, const char *codes[LANGUAGES_MAX])
{
	const char *code;
	size_t i, k, n = 0;

	for (i = 0; i < page->n && n < LANGUAGES_MAX; i++) {
		if ((code = page_language(&page->pieces[i])) == NULL)
			continue;
		for (k = 0; k < n && strcmp(codes[k], code) != 0; k++)
			;
		if (k == n)
			codes[n++] = code;
	}
	return n;
}

void
language_fill(const struct prompt *page, const char *languages,
    struct vars *vars)
{
	const char *codes[LANGUAGES_MAX], *code;
	size_t n = named_languages(page, codes);
	char name[64];

	if (n == 0)
		return;
	code = codes[best_of(codes, n, languages)];
	snprintf(name, sizeof(name), ".%s", code);
	vars_set(vars, name, code, strlen(code));
	vars_set(vars, ".lang", code, strlen(code));
}

void
language_titles(const struct graph *graph, const char *languages,
    struct vars *vars)
{
	const struct stage_spec *s;
	const char *title;
	char name[64];
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		title = language_words(s->titles, languages, s->title);
		snprintf(name, sizeof(name), ".title.%s", s->part);
		vars_set(vars, name, title, strlen(title));
	}
}
