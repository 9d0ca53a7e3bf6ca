/*
 * page: the template of the HTML answer, for visitors without JavaScript.
 *
 * HTDOCS/plain.html is a template (prompt.h) in the order of the page:
 *
 *	{{PART}}	the text of a part, while it is written
 *	{{PICK.FIELD}}	a field of what was picked from a list
 *	{{INPUT}}	what was asked for
 *	{{demo}}	how to end the demo, where it is that
 *	{{error}}	why there is no run
 *
 * The answer goes out up to the first name whose text is not whole yet, so
 * that the page fills from above.  Each part has one place, where text may
 * stand: neither in a tag nor in <title>.  What is put in is escaped, but for
 * an `each` part, whose own template is markup already.
 */
#ifndef PAGE_H
#define PAGE_H

struct err;
struct graph;

/*
 * Reads it into graph->page, from $RECIPE_HTDOCS, htdocs/ where place.h looks,
 * or under plain CGI the document root.  0, also
 * where there is none; -1 with err where it does not fit the graph, and then
 * text/html is not offered.
 */
int	page_load(struct graph *graph, struct err *err);

#endif
