/*
 * graph: prompts/stages.json and its templates: what a request gives, which
 * stages there are, and what each one waits for.
 *
 * No word or number of recipes is in the C code; another directory of prompts
 * is another application.  A process does not change its graph: when a file is
 * saved, the listener reads all of them anew, and new workers inherit that
 * (saved.h, house_refresh).
 *
 *	{ "title": "what a page is headed with",
 *	  "inputs": { "NAME": {"type": "text", "min": 2, "max": 2000,
 *			       "letter": true, "required": true,
 *			       "label": "Topic", "hint": "in any language"},
 *		      "NAME": {"type": "integer", "min": 1, "max": 1440},
 *		      "NAME": {"type": "text", "choices": ["short",
 *			       {"value": "long", "label": "as a letter"}]} },
 *	  "stages": [
 *	    {"part": "PART", "title": "above its text", "form": "lines",
 *	     "needs": ["PART or PICK"], "service": ["ID", "ID"], "race": 2,
 *	     "max_tokens": 200, "temperature": 0.25, "top_p": 0.9,
 *	     "stop": ["END"], "seed": 7, "presence_penalty": 0.5,
 *	     "frequency_penalty": 0.5, "extra": {"top_k": 40},
 *	     "list": {"items": 3, "fields": ["name", "intro"],
 *		      "pick": "PICK"}},
 *	    {"part": "PART", "run": ["./lookup", "--top", "5"]},
 *	    {"part": "PART", "each": "PART of a list"} ] }
 *
 * prompts/stages.schema.json says the same for editors; a "$schema" at the top
 * names it for them, and is ignored here.
 *
 * Inputs.  "min" and "max" are numbers of code points for a text, and values
 * for an integer.  An input that is not required may be missing or "";
 * templates then see it without text, and say with {{^NAME}}...{{/NAME}} what
 * to do without it (prompt.h).  No input may be called "want", "given" or
 * "run", since these are members of a request itself (partial.h, runname.h),
 * or "custom_id", which is one of a line of a file (bulk/line.h).
 *
 * An input with "choices" takes one of these values and no other; each of them
 * must be within the input's other bounds.
 *
 * Words.  Every "title", "label" and "hint" is a string, or an object of
 * strings by language: {"en": "Topic", "de": "Thema"}.  Whoever reads none of
 * these languages gets the first.  "form" is how a page shows a part:
 *	prose	text; the default
 *	lines	a line each, to be ticked off
 *	list	a line each, with a mark before it; the default of a list stage
 *	steps	a line each, with its number, to be ticked off
 *	choice	elements of a list, each of which can be picked in place of the
 *		one that was; the default of a stage with "each"
 * The program itself writes the same text whatever the form is.
 *
 * Stages.  Each stage writes one part.  It starts when the parts and picks that
 * it needs are complete, and must come after the stages that write them, so
 * that there can be no cycle.
 * "service" is the id of a service, or several in the order in which they are
 * tried.  With {"fastest": ["ID", "ID"]} the order is that of how long their
 * answers took in the last half an hour, from the request to the last token, or
 * with "by": "first" to the first text; plan/fastest.h says how.  With
 * "race": 2 the first two start together, and the one that gives text first
 * wins.  With "race": "late" the second one starts only if the first is later
 * with its first token than 19 of 20 of its answers are (run/late.h).
 * A stage with "list" writes a JSON array, of which one element is picked at
 * random from the first "items"; other stages need it as PICK and use its
 * fields as {{PICK.FIELD}}.  A stage with "each" asks no
 * model: its template is filled once for every element that was not picked.
 *
 * How a model is asked.  "max_tokens" is 512 if a stage does not say it;
 * nothing else is sent that is not set.  The bounds are those of OpenAI's API:
 * "temperature" 0 to 2, "top_p" 0 to 1, both penalties -2 to 2, "seed" a whole
 * number of at most 53 bits, "stop" a string or 1 to 4 of them.
 * "extra" has further members of the request's body, for what only some servers
 * know ("top_k", "chat_template_kwargs").  It cannot have what this program
 * writes itself (model, messages, stream, stream_options, n, the limit of
 * tokens), what the profile of a service decides (response_format,
 * reasoning_effort), or what is a member of the stage.
 *	recipe.json may set some of these for a service: "top_p", and "extra" of
 * its profile.  What the stage sets wins over that.  If a profile says that the
 * service takes no "temperature", say (profile.h), the stage's is not sent to
 * it.  A parameter or a member of "extra" that a model refuses by its name is
 * not sent to that model again, for a day, whichever stage sets it; if it was
 * the value that was refused ("top_p must be in (0, 1]"), not with that value.
 *
 * Files.  PART.txt is the template of a stage's prompt, which is the user's
 * message.  PART.system.txt, if it exists, is the template of a system message,
 * with the same variables; if it makes nothing but white space, none is sent.
 * Both together must fit into limits.prompt_bytes.  A stage with "each" has
 * none.  demo/PART.txt, if it exists, is what the built-in demo answers; it
 * sees the variables and neither of the two messages.
 *
 * Programs.  A stage with "run" starts a program in the place of a model.  Its
 * filled template is the program's standard input, and what the program writes
 * to standard output is the part's text.  "needs", "list" and "title" are as
 * for a model; a member that is about asking one ("service", "temperature") is
 * refused.  "run" is an array of strings: the program and its arguments.  A
 * program with a slash is a path relative to the directory of this file, or
 * absolute; one without is looked for in $PATH.  The arguments never change,
 * and no shell reads them: a visitor's words reach the program by its standard
 * input alone.  stage/program.h says how the program runs.
 *
 * Files.  PART.txt is the template of a stage's prompt, and demo/PART.txt, if
 * it exists, what the built-in demo answers.  A stage with "run" needs no text
 * for the demo, because its program runs then as well.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/prompt.h"

struct buf;
struct doc;
struct err;
struct json;

#define GRAPH_STAGES_MAX	32
#define GRAPH_NEEDS_MAX		8
#define GRAPH_FIELDS_MAX	8

struct input {
	char	*name;
	bool	 is_integer;
	bool	 required;
	bool	 letter;	/* a text must have at least one letter */
	int64_t	 min, max;	/* code points, or the value */
	struct json *label;	/* words, or NULL */
	struct json *hint;	/* words, or NULL */
	struct json *choices;	/* an array of {"value", "label"}, or NULL;
				   "label", words, may be missing */
};

/* What a stage waits for: the text of another, or the pick of a list stage. */
struct need {
	size_t	 stage;		/* index in the graph */
	bool	 pick;
};

struct list_spec {
	int64_t	  items;	/* how many of the first can be picked */
	char	**fields;	/* then a NULL; the first is the name */
	size_t	  nfields;
	char	 *pick;		/* what others call the picked element */
};

/* The order of a stage's services. */
enum fastest {
	FASTEST_NOT,		/* as listed */
	FASTEST_TOTAL,		/* by the time to the last token */
	FASTEST_FIRST,		/* by the time to the first text */
};

struct stage_spec {
	char		*part;
	char		*title;		/* the part's name if none is set */
	struct json	*titles;	/* words, or NULL if none is set */
	const char	*form;		/* static */
	char		**services;	/* ids in order, then a NULL */
	size_t		 nservices;	/* 0 if none is set */
	enum fastest	 fastest;	/* how they are ordered */
	bool		 race;		/* the first two start at once */
	bool		 is_late_race;	/* the second if the first is late */
	int64_t		 max_tokens;
	/*
	 * The other parameters that it sets, by the names that they have in the
	 * file and in a request's body; NULL: none.
	 */
	struct json	*params;
	struct json	*extra;		/* as in the file; NULL: none */
	struct need	 needs[GRAPH_NEEDS_MAX];
	size_t		 nneeds;
	bool		 is_list;
	struct list_spec list;		/* if is_list */
	bool		 is_each;
	size_t		 each;		/* if is_each: the list stage */
	char		**run;		/* a program and its arguments, then a
					   NULL; NULL: it asks a model */
	char		*program;	/* if run: its path; if relative, then
					   to the graph's dir */
	bool		 is_needed;	/* another stage needs its text */
	bool		 is_call;	/* its prompt is a whole request
					   (model/batch_call.h) */
	struct prompt	 prompt;
	struct prompt	 system;	/* no pieces if there is none */
	char		*demo;		/* what the demo answers, or NULL */
};

struct graph {
	char			*dir;		/* of the files */
	struct json		*title;		/* words, or NULL */
	struct input		*inputs;
	size_t			 ninputs;
	struct stage_spec	*stages;
	size_t			 n;
	struct prompt		 page;		/* of page.h; no pieces if
						   there is none */
	struct prompt		 form;		/* also of page.h */
};

#define GRAPH_INIT { NULL, NULL, NULL, 0, NULL, 0, PROMPT_INIT, PROMPT_INIT }

/*
 * The stage of all calls; its part is "_call", which no graph can have.  The
 * variable "body" is the whole request.
 */
extern const struct stage_spec graph_call;

/*
 * Finds the directory, which is $RECIPE_PROMPTS or prompts/ as place_find finds
 * it, and reads it.  Returns 0, or -1 with err naming the file and the line.
 * Free *graph in both cases.
 */
int	graph_load(struct graph *graph, struct err *err);
void	graph_free(struct graph *graph);

/*
 * For graph_load alone: reads "inputs".  Returns 0, or -1 with err.
 */
int	graph_load_inputs(struct graph *graph, const struct doc *doc,
	    struct err *err);

/*
 * Whether s can name an input, a part or a pick.  Such a name stands before the
 * '|' of an event, between {{ and }}, before the '.' of a field, and in the
 * name of a file; names that begin with '_' are events of the program itself.
 */
bool	graph_is_name(const char *s);

/*
 * For graph_load alone: reads "service" and "race" of the stage at `at`.
 * Returns 0, or -1 with err.
 */
int	graph_load_service(struct stage_spec *stage, const struct doc *doc,
	    const char *at, struct err *err);

/*
 * What stands before the i-th service of a stage, from 0, where they are listed
 * for people: "", "the fastest of ", " against ", ", if late ", " or ",
 * ", then ".
 */
const char *graph_between(const struct stage_spec *stage, size_t i);

/*
 * For graph_load alone: reads how the stage's model is asked, from the stage at
 * `at` ("#2" for the third).  Returns 0, or -1 with err.
 */
int	graph_load_ask(struct stage_spec *stage, const struct doc *doc,
	    const char *at, struct err *err);

/*
 * For graph_load alone: reads PART.txt, PART.system.txt and, unless the stage
 * has "each", demo/PART.txt.  What the stage needs is read already, so it is
 * known which names its templates may use.  Returns 0, or -1 with err.
 */
int	graph_load_templates(const struct graph *graph,
	    struct stage_spec *stage, struct err *err);

/*
 * The value of a parameter that the stage itself sets, by its bit (enum param,
 * PARAM_EXTRA), borrowed, with its name in *name; NULL if it does not set it.
 */
struct json *graph_param(const struct stage_spec *stage, unsigned bit,
	    const char **name);

/*
 * For graph_load alone, from graph_face.c: read what a page shows of the graph,
 * of an input whose type and bounds are read already, and of a stage whose
 * part, "list" and "each" are; `at` is the stage's index, as "#3".  Return 0,
 * or -1 with err.
 */
int	graph_load_title(struct graph *graph, const struct doc *doc,
	    struct err *err);
int	graph_load_label(struct input *input, const struct doc *doc,
	    const char *name, struct err *err);
int	graph_load_form(struct stage_spec *stage, const struct doc *doc,
	    const char *at, struct err *err);

/* The title in its first language; `otherwise` if there is none. */
const char *graph_title(const struct graph *graph, const char *otherwise);

/* Whether the n bytes of text are one of the choices, or there are none. */
bool	graph_offers(const struct input *input, const char *text, size_t n);

/*
 * Whether a template of the stage may use {{name}}: it is an input, or the text
 * of a part or a field of a pick that the stage needs; in a stage with "each"
 * it is a field of the list's elements.
 */
bool	graph_may_use(const struct graph *graph,
	    const struct stage_spec *stage, const char *name);

/* $PATH, if it is not set. */
#define GRAPH_PATH	"/usr/local/bin:/usr/bin:/bin"

/*
 * For graph_load alone: reads "run" of the stage that is at `at` in the array
 * of stages ("#3"), if it has one, and finds the program, which must be a file
 * that can be executed.  Returns 0, or -1 with err.
 */
int	graph_load_run(const struct graph *graph, struct stage_spec *stage,
	    const struct doc *doc, const char *at, struct err *err);

/* Whether `name` is PICK.FIELD, with the pick and a field of that stage. */
bool	graph_is_field(const struct stage_spec *stage, const char *name);

/*
 * How many stage processes a run has at most: one for each service that is
 * asked at once, thus two for a race of any kind, one for each program, and
 * none for a stage with "each".
 */
size_t	graph_stages(const struct graph *graph);

/*
 * How many processes a run has at most for its stages: those of graph_stages,
 * and the programs themselves.
 */
size_t	graph_processes(const struct graph *graph);

#endif
