/*
 * check_files.c: runs on the command line.  Looks at the names of files, and at
 * templates that were read; reads none.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check/check_files.h"
#include "check/say.h"
#include "setup/graph.h"
#include "setup/place.h"

/* The stage whose part is the n bytes at name, or NULL. */
static const struct stage_spec *
part_of_file(const struct graph *graph, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < graph->n; i++)
		if (strlen(graph->stages[i].part) == n &&
		    memcmp(graph->stages[i].part, name, n) == 0)
			return &graph->stages[i];
	return NULL;
}

static bool
runs_programs(const struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->n; i++)
		if (graph->stages[i].run != NULL)
			return true;
	return false;
}

/* The bytes of a file's name before an ending; 0 if it has another one. */
static size_t
before(const char *name, const char *ending)
{
	size_t n = strlen(name), k = strlen(ending);

	return n > k && strcmp(name + n - k, ending) == 0 ? n - k : 0;
}

/*
 * Why nobody reads a file of the directory, or of its demo/; NULL if somebody
 * may.
 */
static const char *
why_unread(const struct graph *graph, const char *name, bool demo)
{
	size_t n = before(name, ".txt"), system = before(name, ".system.txt");
	const struct stage_spec *s;

	if (n == 0 || *name == '.')
		return NULL;
	s = part_of_file(graph, name, system > 0 && !demo ? system : n);
	if (s == NULL && (demo || system > 0 || !runs_programs(graph)))
		return "no part has this name, so nobody reads the file; "
		    "rename it, or remove it";
	if (s != NULL && demo && (s->run != NULL || s->is_each))
		return "no demo writes this part, so nobody reads the file; "
		    "remove it";
	return NULL;
}

static size_t
warn_of_unread(const struct graph *graph, const char *path, bool demo)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	const char *why;
	size_t n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		why = why_unread(graph, entry->d_name, demo);
		if (why == NULL)
			continue;
		say_warning("warning", "%s/%s: %s", path, entry->d_name, why);
		n++;
	}
	if (dir != NULL)
		closedir(dir);
	return n;
}

/* Whether a template makes nothing but white space, whatever fills it. */
static bool
is_empty(const struct prompt *prompt)
{
	return prompt->n == 0 || (prompt->n == 1 &&
	    prompt->pieces[0].kind == PROMPT_TEXT &&
	    strspn(prompt->pieces[0].text, " \t\r\n") ==
	    prompt->pieces[0].len);
}

/* A program need not have an input. */
static size_t
warn_of_empty(const struct graph *graph)
{
	const struct stage_spec *s;
	size_t i, n = 0;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		if (s->run != NULL || !is_empty(&s->prompt))
			continue;
		say_warning("warning", "%s/%s.txt:1: the template is empty, so"
		    " %s; write into it", graph->dir, s->part, s->is_each ?
		    "the part has no text" : "a model is asked nothing");
		n++;
	}
	return n;
}

size_t
check_files(const struct graph *graph)
{
	char *demo = place_join(graph->dir, "demo", "");
	size_t n = warn_of_unread(graph, graph->dir, false) +
	    warn_of_unread(graph, demo, true) + warn_of_empty(graph);

	free(demo);
	return n;
}
