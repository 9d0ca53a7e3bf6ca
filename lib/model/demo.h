/*
 * demo: the cook in the program, so that everything runs without a key.
 *
 * Its "prompt" is a JSON object of the variables that a model's template
 * would have been filled with; its words are prompts/demo/PART.txt:
 *
 *	{{name}}		the variable, a line at most
 *	{{?name}}		one of its items, drawn
 *	{{#name}}...{{/name}}	once per item (8 at most), which is {{.}}
 *	{{^name}}...{{/name}}	where it has none
 *	[[a|b|c]]		one of these, drawn; may hold all but itself
 *
 * Items are what commas, semicolons and new lines divide, each at most 40
 * code points.  Every loop and draw is made anew on every run.  In a list
 * stage values are put in as the inside of a JSON string.  A part without
 * words gets a sentence that says so.
 *
 * Paced like a fast model: DEMO_FIRST_MS to the first token, then DEMO_TOKEN_MS
 * a token.
 */
#ifndef DEMO_H
#define DEMO_H

#include <stddef.h>

#define DEMO_FIRST_MS	200
#define DEMO_TOKEN_MS	5

struct buf;
struct job;
struct job_io;
struct outcome;
struct stage_spec;

/* As llm_run. */
int	demo_run(const struct job *job, const struct job_io *io,
	    struct outcome *outcome);

/* Appends the text for a stage and its JSON of variables, without any pace. */
void	demo_write(const struct stage_spec *spec, const char *vars, size_t n,
	    struct buf *out);

#endif
