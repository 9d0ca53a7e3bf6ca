/*
 * models: reads a service's list of its models, and finds one of ours in it.
 *
 * The answer to GET /models has many shapes: {"data": [{"id"}]} as OpenAI has
 * it, {"models": [{"name"}]}, a bare array, of objects or of names.
 *
 *	struct models models;
 *
 *	if (models_read(&models, answer))
 *		match = models_find(&models, "llama3.2", &as);
 *
 * A struct models borrows the document that it was read from.
 */
#ifndef MODELS_H
#define MODELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

struct models {
	const struct json	*list;	/* NULL: the list is empty */
	size_t			 n;
};

/*
 * Finds the list in an answer; false if there is none.  Some servers have null
 * in place of an empty list, which is taken for one.
 */
bool	models_read(struct models *models, const struct json *answer);

/* The name of the i-th, NULL if it has none.  The server chose this text. */
const char *models_name(const struct models *models, size_t i);

enum models_match {
	MODELS_NONE,		/* nothing like it */
	MODELS_NEAR,		/* another's name begins or ends like it */
	MODELS_ALIAS,		/* it is served, but listed otherwise */
	MODELS_SAME,		/* it is listed by this name */
};

/*
 * Looks for a model of ours and returns the best match.  *as is the name in the
 * list that matched, NULL if none did.
 *
 * An alias is "llama3.2" for "llama3.2:latest" (Ollama) and the other way
 * round, "gemini-2.5-flash" for "models/gemini-2.5-flash", and what the list
 * itself names under "aliases".
 */
enum models_match models_find(const struct models *models,
	    const char *model, const char **as);

/*
 * How many tokens the window of a model has, prompt and answer together, if the
 * list says so; 0 if not.  `as` is the name that models_find has returned.
 */
int64_t	models_window(const struct models *models, const char *as);

#endif
