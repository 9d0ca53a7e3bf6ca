/*
 * models: what a service's list of its models says of one of ours.
 *
 * GET /models has many shapes: {"data": [{"id"}]} as OpenAI has it, {"models":
 * [{"name"}]}, a bare array, of objects or of names.  A struct models borrows
 * the document that it was read from.
 */
#ifndef MODELS_H
#define MODELS_H

#include <stdbool.h>
#include <stddef.h>

struct json;

struct models {
	const struct json	*list;	/* NULL: it is empty */
	size_t			 n;
};

/*
 * Finds the list in an answer; false if there is none.  A list that is null
 * is empty, as some servers say it.
 */
bool	models_read(struct models *models, const struct json *answer);

/* The name of one, NULL if it has none.  Foreign text. */
const char *models_name(const struct models *models, size_t i);

enum models_match {
	MODELS_NONE,		/* nothing like it */
	MODELS_NEAR,		/* the name of another begins or ends so */
	MODELS_ALIAS,		/* it is served, under a longer name */
	MODELS_SAME,		/* it is listed as it is */
};

/*
 * Looks for a model of ours.  *as is the name in the list that it was matched
 * with, NULL if there is none.
 *
 * An alias is "llama3.2" for "llama3.2:latest" (Ollama) and the other way
 * round, "gemini-2.5-flash" for "models/gemini-2.5-flash", and what the list
 * itself names under "aliases".
 */
enum models_match models_find(const struct models *models,
	    const char *model, const char **as);

#endif
