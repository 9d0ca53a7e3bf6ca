/*
 * models.c: check.  Compares names of models; knows neither services nor HTTP.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "model/models.h"
#include "text/json.h"

/*
 * Ollama lists a model without a tag with ":latest", and Gemini lists every
 * model with "models/" before its name.
 */
static const char latest[] = ":latest", prefix[] = "models/";

/*
 * Takes the member `key` of the answer for the list, or the answer itself if
 * key is NULL.  Returns whether it is an array, or a member that is null.
 */
static bool
take_list(struct models *models, const struct json *answer, const char *key)
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
	return take_list(models, answer, NULL) ||
	    take_list(models, answer, "data") ||
	    take_list(models, answer, "models");
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

/* Whether `whole` is `name` with ":latest" after it. */
static bool
is_latest(const char *whole, const char *name)
{
	size_t n = strlen(name);

	return strncmp(whole, name, n) == 0 &&
	    strcmp(whole + n, latest) == 0;
}

/* Whether a list of aliases has our name for the model. */
static bool
has_alias(const struct json *aliases, const char *model)
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

/*
 * Whether a name begins or ends with our model's as a whole word: "llama3.2" is
 * near "llama3.2:3b" and "meta/llama3.2", but not near "llama3.21".
 */
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

/* How one entry of the list, with this name, matches our model. */
static enum models_match
match_name(const struct json *one, const char *name, const char *model)
{
	size_t n = sizeof(prefix) - 1;

	if (strcmp(name, model) == 0)
		return MODELS_SAME;
	if (is_latest(name, model) || is_latest(model, name) ||
	    (strncmp(name, prefix, n) == 0 && strcmp(name + n, model) == 0) ||
	    has_alias(json_get(one, "aliases"), model))
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
		this = match_name(json_at(models->list, i), name, model);
		/* Of equally good matches the shortest name is taken. */
		if (this < best || this == MODELS_NONE ||
		    (this == best && strlen(name) >= strlen(*as)))
			continue;
		best = this;
		*as = name;
	}
	return best;
}

/*
 * The window in an entry of the list: Groq calls it "context_window",
 * OpenRouter and Together "context_length", Mistral "max_context_length", vLLM
 * "max_model_len".  llama-server has {"meta": {"n_ctx"}}, what it was started
 * with; without that its model cannot do more than it was trained for.
 */
static int64_t
window_of(const struct json *one)
{
	static const char *const keys[] = { "context_window", "context_length",
	    "max_context_length", "max_model_len" };
	const struct json *meta = json_get(one, "meta");
	int64_t n = 0;
	size_t k;

	for (k = 0; n <= 0 && k < sizeof(keys) / sizeof(keys[0]); k++)
		n = json_int(json_get(one, keys[k]), 0);
	if (n <= 0)
		n = json_int(json_get(meta, "n_ctx"), 0);
	if (n <= 0)
		n = json_int(json_get(meta, "n_ctx_train"), 0);
	return n > 0 ? n : 0;
}

int64_t
models_window(const struct models *models, const char *as)
{
	const char *name;
	size_t i;

	for (i = 0; i < models->n; i++) {
		name = models_name(models, i);
		if (name != NULL && strcmp(name, as) == 0)
			return window_of(json_at(models->list, i));
	}
	return 0;
}
