/*
 * face: what a page must know of the graph, as JSON for a page that draws it,
 * and as a form of HTML.
 *
 *	{"version": 1, "title": WORDS,
 *	 "inputs": [{"name": "topic", "type": "text", "min": 3, "max": 200,
 *		     "required": true, "label": WORDS, "hint": WORDS,
 *		     "choices": [{"value": "a", "label": WORDS}]}],
 *	 "parts": [{"name": "titles", "title": WORDS, "form": "list",
 *		    "needs": [], "list": {"items": 3, "fields": ["name"],
 *		    "pick": "title"}},
 *		   {"name": "rest", "title": WORDS, "form": "choice",
 *		    "needs": [], "each": "titles"},
 *		   {"name": "plot", "title": WORDS, "form": "prose",
 *		    "needs": ["title"]}]}
 *
 * WORDS are as stages.json has them (graph.h), a string or an object by
 * language.  Inputs and parts are in the order of the file.  "label", "hint"
 * and "choices" may be missing; a choice without "label" shows its value.  What
 * a part needs is named as in stages.json, parts and picks.  No template, no
 * service and no setting of one is in it.  "version" grows when a reader of
 * today would misunderstand it; a new member is no reason.
 */
#ifndef FACE_H
#define FACE_H

struct buf;
struct graph;
struct json;

/*
 * Returns the document above, which the caller frees.  `name` is the site's, or
 * NULL: then the graph's title counts.
 */
struct json *face_json(const struct graph *graph, const char *name);

/*
 * Appends the fields of the form, with their labels, in the best of the
 * languages, which are written as in Accept-Language.
 */
void	face_fields(const struct graph *graph, const char *languages,
	    struct buf *out);

#endif
