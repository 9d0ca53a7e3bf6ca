/*
 * models.c: on the command line.  Names of models; knows no service and no
 * HTTP.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "model/models.h"
#include "text/json.h"

/* What Ollama appends to a name without a tag, what Gemini begins one with. */
static const char latest[] = ":latest", prefix[] = "models/";

/* Whether the list is the answer, or that member of it; null is empty. */
static bool
take(struct models *models, const struct json *answer, const char *key)
{
	const char *name;
	size_t i;

	models->list = key == NULL ? answer : json_get(answer, key);
	models->n = json_count(models->list);
	if (json_kind(models->list) == JSON_ARRAY)
		return true;
	for (i = 0; key != NULL && json_kind(models->list) == JSON_NONE &&
	    json_kind(answer) == JSON_OBJECT && i < json_count(answer); i++) {
		json_member(answer, i, &name);
		if (strcmp(name, key) == 0)
			return true;
	}
	return false;
}

bool
models_read(struct models *models, const struct json *answer)
{
	return take(models, answer, NULL) || take(models, answer, "data") ||
	    take(models, answer, "models");
}

const char *
models_name(const struct models *models, size_t i)
{
	static const char *const keys[] = { "id", "name", "model" };
	const struct json *one = json_at(models->list, i);
	const char *name = json_string(one, NULL);
	size_t k;

	for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		if (name == NULL || *name == '\0')
			name = json_string(json_get(one, keys[k]), NULL);
	return name == NULL || *name == '\0' ? NULL : name;
}

/* Whether `whole` is `name` and then the tag that is meant without one. */
static bool
is_latest(const char *whole, const char *name)
{
	size_t n = strlen(name);

	return strncmp(whole, name, n) == 0 &&
	    strcmp(whole + n, latest) == 0;
}

static bool
names(const struct json *aliases, const char *model)
{
	const char *alias;
	size_t i;

	for (i = 0; i < json_count(aliases); i++) {
		alias = json_string(json_at(aliases, i), NULL);
		if (alias != NULL && strcmp(alias, model) == 0)
			return true;
	}
	return false;
}

/* "llama3.2" is near "llama3.2:3b" and "meta/llama3.2", not "llama3.21". */
static bool
is_near(const char *name, const char *model)
{
	size_t n = strlen(name), m = strlen(model);

	if (n < m || m == 0)
		return false;
	return (strncasecmp(name, model, m) == 0 &&
	    !isalnum((unsigned char)name[m])) ||
	    (n > m && name[n - m - 1] == '/' &&
	    strcasecmp(name + n - m, model) == 0);
}

static enum models_match
match(const struct json *one, const char *name, const char *model)
{
	size_t n = sizeof(prefix) - 1;

	if (strcmp(name, model) == 0)
		return MODELS_SAME;
	if (is_latest(name, model) || is_latest(model, name) ||
	    (strncmp(name, prefix, n) == 0 && strcmp(name + n, model) == 0) ||
	    names(json_get(one, "aliases"), model))
		return MODELS_ALIAS;
	return is_near(name, model) ? MODELS_NEAR : MODELS_NONE;
}

enum models_match
models_find(const struct models *models, const char *model, const char **as)
{
	enum models_match best = MODELS_NONE, this;
	const char *name;
	size_t i;

	*as = NULL;
	for (i = 0; i < models->n && best != MODELS_SAME; i++) {
		if ((name = models_name(models, i)) == NULL)
			continue;
		this = match(json_at(models->list, i), name, model);
		/* Of several near ones that which adds least. */
		if (this < best || this == MODELS_NONE ||
		    (this == best && strlen(name) >= strlen(*as)))
			continue;
		best = this;
		*as = name;
	}
	return best;
}
