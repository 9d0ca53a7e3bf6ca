/*
 * graph: prompts/stages.json and its templates: what a request gives, which
 * stages there are, and what each waits for.
 *
 * No word or number of recipes stands in C; another directory is another
 * application.  Read once, before any fork, and const from then on.
 *
 *	{ "inputs": { "NAME": {"type": "text", "min": 2, "max": 2000,
 *			       "letter": true, "required": true},
 *		      "NAME": {"type": "integer", "min": 1, "max": 1440} },
 *	  "stages": [
 *	    {"part": "PART", "title": "for the text answer",
 *	     "needs": ["PART or PICK"], "service": ["ID", "ID"], "race": 2,
 *	     "max_tokens": 200, "temperature": 0.25,
 *	     "list": {"items": 3, "fields": ["name", "intro"],
 *		      "pick": "PICK"}},
 *	    {"part": "PART", "each": "PART of a list"} ] }
 *
 * min and max count code points of a text, the value of an integer.  An input
 * that is not required may be left out or be "": templates then have it empty,
 * and say what to do without it as {{^NAME}}...{{/NAME}} (prompt.h).  No input
 * is called want or given, which are a request's own (partial.h).  A stage
 * with "list" writes a JSON array, of which one element is picked; others
 * need it as PICK and name its fields {{PICK.FIELD}}.  "service" is one or an
 * order of them; with "race" the first two start together and the first to
 * give text wins.  A stage with "each"
 * asks no model: its template is filled for every element not picked.  A
 * stage comes after those it needs, so a graph has no cycle.
 *
 * PART.txt is a stage's template, demo/PART.txt the demo cook's (optional).
 */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/prompt.h"

struct buf;
struct err;

#define GRAPH_STAGES_MAX	32
#define GRAPH_NEEDS_MAX		8
#define GRAPH_FIELDS_MAX	8

struct input {
	char	*name;
	bool	 is_integer;
	bool	 required;
	bool	 letter;	/* a text must hold at least one */
	int64_t	 min, max;
};

/* A need: the text of a stage, or the pick of a list stage. */
struct need {
	size_t	 stage;
	bool	 pick;
};

struct list_spec {
	int64_t	  items;	/* of which one is picked, the first so many */
	char	**fields;	/* NULL at the end; the first is the name */
	size_t	  nfields;
	char	 *pick;		/* what others call the picked element */
};

struct stage_spec {
	char		*part;
	char		*title;		/* part where the file has none */
	char		**services;	/* in order, NULL at the end */
	size_t		 nservices;	/* 0: none asked for */
	bool		 race;		/* the first two start together */
	int64_t		 max_tokens;
	double		 temperature;
	struct need	 needs[GRAPH_NEEDS_MAX];
	size_t		 nneeds;
	bool		 is_list;
	struct list_spec list;
	bool		 is_each;
	size_t		 each;		/* the list stage, if is_each */
	bool		 is_needed;	/* another stage needs its text */
	struct prompt	 prompt;
	char		*demo;		/* the demo's words; NULL: none */
};

struct graph {
	char			*dir;
	struct input		*inputs;
	size_t			 ninputs;
	struct stage_spec	*stages;
	size_t			 n;
	struct prompt		 page;		/* see page.h; n 0: none */
};

#define GRAPH_INIT { NULL, NULL, 0, NULL, 0, PROMPT_INIT }

/*
 * Finds the directory, $RECIPE_PROMPTS or prompts/ where place.h looks, and
 * reads it.  0, or -1 with err naming
 * file and line; free *graph either way.
 */
int	graph_load(struct graph *graph, struct err *err);
void	graph_free(struct graph *graph);

/* Stages that ask a service, so that each is a process of its own. */
size_t	graph_processes(const struct graph *graph);

#endif
