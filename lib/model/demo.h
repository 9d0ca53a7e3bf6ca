/*
 * demo: a service in the program itself, so that everything runs without a key.
 *
 * Its "prompt" is a JSON object of the variables with which the template for a
 * model would have been filled.  What it writes is prompts/demo/PART.txt, in
 * which these stand for something else:
 *
 *	{{name}}		the variable; in a part that is a list, without
 *				line breaks
 *	{{?name}}		one of its items, drawn at random
 *	{{#name}}...{{/name}}	this for each item, at most 8; {{.}} is the item
 *	{{^name}}...{{/name}}	this if it has no items
 *	[[a|b|c]]		one of these, drawn at random; each may hold all
 *				of the above, but no other [[...]]
 *
 * The items of a variable are what commas, semicolons and line breaks separate,
 * each cut to 40 code points.  In a part that is a list, values are escaped for
 * the inside of a JSON string.  A part without such a file gets a sentence that
 * says so.
 *
 * The text comes at the pace of a fast model: the first token after
 * DEMO_FIRST_MS, and another every DEMO_TOKEN_MS.
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

/* Does the job, as llm_run does. */
int	demo_run(const struct job *job, const struct job_io *io,
	    struct outcome *outcome);

/*
 * Appends the whole text for a part, from its n bytes of JSON.  demo_run sends
 * it; tests call it to read the text without the pace.
 */
void	demo_write(const struct stage_spec *spec, const char *vars, size_t n,
	    struct buf *out);

#endif
