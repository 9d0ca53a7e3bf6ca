/*
 * page: the template of the HTML answer, for visitors without JavaScript.
 *
 * HTDOCS/plain.html is a template (prompt.h).  These names can be filled:
 *
 *	{{PART}}	the text of a part, while it is being written
 *	{{PICK.FIELD}}	a field of the element that was picked from a list
 *	{{INPUT}}	an input of the request
 *	{{demo}}	how to end the demo; only text if the demo has answered
 *	{{error}}	why there is no run; only text if there is none
 *
 * The answer is sent up to the first name whose text is not complete yet, so
 * the page fills from its top, and the template must have the parts in the
 * order in which they should appear.  A part may be named once, at a place
 * where HTML allows text: neither in a tag nor in <title>.  What is put in is
 * escaped, except for the text of a part with "each", whose own template
 * contains the markup.
 */
#ifndef PAGE_H
#define PAGE_H

struct err;
struct graph;

/*
 * The path of the template, a new string, or NULL if there is none.  It is
 * looked for in $RECIPE_HTDOCS, or htdocs/ as place_find finds it, and then,
 * under plain CGI, in the document root.
 */
char	*page_find(void);

/*
 * Reads the template into graph->page, which graph_free frees.  Returns 0, also
 * if there is none; or -1 with err if it cannot be read or has names that this
 * graph cannot fill.  Without a template, text/html is answered as text/plain.
 */
int	page_load(struct graph *graph, struct err *err);

#endif
