/*
 * graph_face.c: listener, before any fork.  Reads what a page shows of the
 * graph: titles, labels, choices, forms; knows nothing of pages.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "text/json.h"

#define CHOICES_MAX	100

static int
face_no_memory(struct err *err)
{
	return err_set(err, 503, "config", "out of memory");
}

/* Whether s is a language as HTML and HTTP write it: "en", "pt-BR". */
static bool
is_language(const char *s)
{
	size_t i, n = strlen(s);

	for (i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return false;
	return n >= 2 && n <= 35 && isalpha((unsigned char)s[0]) &&
	    isalpha((unsigned char)s[1]) && s[n - 1] != '-';
}

/* Whether json is a string with plain text in it. */
static bool
is_words(const struct json *json)
{
	uint32_t cp;
	size_t n;
	const char *s = json_string(json, &n);

	return s != NULL && n > 0 && utf8_check(s, n, &cp) == 0;
}

/* Checks the members of words by language. */
static int
check_languages(const struct doc *doc, const char *const at[],
    const struct json *json, struct err *err)
{
	char name[DOC_SPELL_BYTES];
	const struct json *text;
	const char *key;
	size_t i, n = json_count(json);

	for (i = 0; i < n; i++) {
		text = json_member(json, i, &key);
		if (!is_language(key))
			return doc_complain(doc, err, at, "\"%.40s\" in \"%s\""
			    " is no language; write it as \"en\" or \"pt-BR\"",
			    key, doc_spell(doc, at, name, sizeof(name)));
		if (!is_words(text))
			return doc_complain(doc, err, at, "\"%s.%.40s\" must be"
			    " a string with text in it and no control "
			    "characters", doc_spell(doc, at, name,
			    sizeof(name)), key);
	}
	return n > 0 ? 0 : doc_complain(doc, err, at, "\"%s\" has no language;"
	    " write it as {\"en\": \"...\"}", doc_spell(doc, at, name,
	    sizeof(name)));
}

/* Checks words, which are a string or an object of strings by language. */
static int
check_words(const struct doc *doc, const char *const at[],
    const struct json *json, struct err *err)
{
	char name[DOC_SPELL_BYTES];

	if (json_kind(json) == JSON_OBJECT)
		return check_languages(doc, at, json, err);
	return is_words(json) ? 0 : doc_complain(doc, err, at, "\"%s\" must be "
	    "a string with text in it and no control characters, or one for "
	    "each language: {\"en\": \"...\"}", doc_spell(doc, at, name,
	    sizeof(name)));
}

/* Reads the words at a place into *words, if they are there. */
static int
load_words(const struct doc *doc, const char *const at[], struct json **words,
    struct err *err)
{
	struct json *json = doc_get(doc, at);

	if (json == NULL)
		return 0;
	if (check_words(doc, at, json, err) == -1)
		return -1;
	*words = json_share(json);
	return 0;
}

/* The string of the first language. */
static const char *
first_words(const struct json *words, const char *otherwise)
{
	const char *key, *s = json_string(words, NULL);

	if (json_kind(words) == JSON_OBJECT)
		s = json_string(json_member(words, 0, &key), NULL);
	return s == NULL ? otherwise : s;
}

const char *
graph_title(const struct graph *graph, const char *otherwise)
{
	return first_words(graph->title, otherwise);
}

static bool
has_letter(const char *s, size_t n)
{
	uint32_t cp;
	size_t i, len;

	for (i = 0; i < n; i += len) {
		len = utf8_next(s + i, n - i, &cp);
		if (utf8_is_letter(cp))
			return true;
	}
	return false;
}

/* Whether the input's other bounds let this value pass. */
static bool
is_within(const struct input *input, const struct json *value)
{
	int64_t count;
	uint32_t cp;
	size_t n;
	const char *s = json_string(value, &n);

	if (input->is_integer) {
		count = json_int(value, 0);
		return json_kind(value) == JSON_INT && count >= input->min &&
		    count <= input->max;
	}
	if (s == NULL || n == 0 || utf8_check(s, n, &cp) != 0)
		return false;
	count = (int64_t)utf8_count(s, n);
	return count >= input->min && count <= input->max &&
	    (!input->letter || has_letter(s, n));
}

/* Writes a value as it stands in a request's text.  Returns its length. */
static size_t
choice_text(char number[static 24], const struct json *value, const char **text)
{
	size_t n;

	if ((*text = json_string(value, &n)) != NULL)
		return n;
	*text = number;
	return (size_t)snprintf(number, 24, "%" PRId64, json_int(value, 0));
}

/* Whether one of the choices has this value. */
static bool
has_choice(const struct json *choices, const char *text, size_t n)
{
	char number[24];
	const char *s;
	size_t i, len;

	for (i = 0; i < json_count(choices); i++) {
		len = choice_text(number,
		    json_get(json_at(choices, i), "value"), &s);
		if (len == n && memcmp(s, text, n) == 0)
			return true;
	}
	return false;
}

bool
graph_offers(const struct input *input, const char *text, size_t n)
{
	return input->choices == NULL || has_choice(input->choices, text, n);
}

/* Reads one choice, a value or {"value", "label"}, to the end of the list. */
static int
load_choice(struct input *input, const struct doc *doc,
    const char *const at[], struct json *json, struct err *err)
{
	bool is_pair = json_kind(json) == JSON_OBJECT;
	struct json *value = is_pair ? json_get(json, "value") : json;
	struct json *label = is_pair ? json_get(json, "label") : NULL, *choice;
	static const char *const known[] = { "value", "label", NULL };
	char number[24];
	const char *text;
	size_t n;

	if (is_pair && doc_only(doc, err, at, known) == -1)
		return -1;
	if (!is_within(input, value))
		return doc_complain(doc, err, at, "a choice must be %s within "
		    "\"min\" and \"max\", or {\"value\": ..., \"label\": ...} "
		    "with one", input->is_integer ? "a whole number" :
		    input->letter ? "a text with a letter, whose length is" :
		    "a text whose length is");
	n = choice_text(number, value, &text);
	if (has_choice(input->choices, text, n))
		return doc_complain(doc, err, at,
		    "this value is a choice already");
	if (label != NULL && check_words(doc, at, label, err) == -1)
		return -1;
	choice = json_new_object();
	json_set(choice, "value", json_share(value));
	if (label != NULL)
		json_set(choice, "label", json_share(label));
	json_push(input->choices, choice);
	return 0;
}

static int
load_choices(struct input *input, const struct doc *doc, const char *name,
    struct err *err)
{
	struct json *all = doc_get(doc, AT("inputs", name, "choices"));
	size_t i, n = json_count(all);
	char at[24];

	if (all == NULL)
		return 0;
	if (json_kind(all) != JSON_ARRAY || n == 0 || n > CHOICES_MAX)
		return doc_complain(doc, err, AT("inputs", name, "choices"),
		    "\"choices\" must be an array of 1 to %d values",
		    CHOICES_MAX);
	if ((input->choices = json_new_array()) == NULL)
		return face_no_memory(err);
	for (i = 0; i < n; i++) {
		snprintf(at, sizeof(at), "#%zu", i);
		if (load_choice(input, doc, AT("inputs", name, "choices", at),
		    json_at(all, i), err) == -1)
			return -1;
	}
	return 0;
}

int
graph_load_label(struct input *input, const struct doc *doc, const char *name,
    struct err *err)
{
	if (load_words(doc, AT("inputs", name, "label"), &input->label,
	    err) == -1 ||
	    load_words(doc, AT("inputs", name, "hint"), &input->hint,
	    err) == -1)
		return -1;
	return load_choices(input, doc, name, err);
}

int
graph_load_title(struct graph *graph, const struct doc *doc, struct err *err)
{
	return load_words(doc, AT("title"), &graph->title, err);
}

int
graph_load_form(struct stage_spec *stage, const struct doc *doc,
    const char *at, struct err *err)
{
	static const char *const forms[] = { "prose", "lines", "list", "steps",
	    "choice" };
	const char *form = stage->is_list ? "list" :
	    stage->is_each ? "choice" : "prose";
	size_t i, n = sizeof(forms) / sizeof(forms[0]);

	if (load_words(doc, AT("stages", at, "title"), &stage->titles,
	    err) == -1 ||
	    doc_string(doc, err, AT("stages", at, "form"), &form) == -1)
		return -1;
	for (i = 0; i < n && strcmp(forms[i], form) != 0; i++)
		;
	if (i == n)
		return doc_complain(doc, err, AT("stages", at, "form"),
		    "\"form\" must be prose, lines, list, steps or choice");
	stage->form = forms[i];
	stage->title = strdup(first_words(stage->titles, stage->part));
	return stage->title == NULL ? face_no_memory(err) : 0;
}
