/*
 * page: the templates of what visitors without JavaScript see: the form, and
 * the HTML answer.
 *
 * HTDOCS/any.html is for every graph: it has the form, and the answer if
 * plain.html is another graph's.  HTDOCS/plain.html is an answer that is made
 * for one graph.  If it names no part of this graph, it is another one's; if it
 * names some, and a name that nothing has, that is a fault.
 *
 * Both are templates (prompt.h).  Before all else three names are replaced:
 *
 *	{{site}}	the site's name
 *	{{sign}}	the same with its dots in <b>, to head the page with
 *	{{parts}}	a section for each part, in the order of the graph
 *
 * These names can be filled:
 *
 *	{{fields}}	the fields of the form; only text in the form itself
 *	{{PART}}	the text of a part, while it is being written
 *	{{PICK.FIELD}}	a field of the element that was picked from a list
 *	{{INPUT}}	an input of the request
 *	{{demo}}	how to end the demo; only text if the demo has answered
 *	{{error}}	why there is no run; only text if there is none
 *
 * A name that begins with a dot is the page's own.  No name of a graph does.
 *
 *	{{#.ko}}...{{/.ko}}	what is between, for who likes Korean best of
 *			the languages that the template names so; of these the
 *			first is for everybody else
 *	{{.lang}}	the code of that language, for <html lang>
 *	{{.title.PART}}	the title of a part, in the visitor's language
 *	{{#.note.failed}}...{{/.note.failed}}	not put in where it stands, but
 *			where a part was not written; .note.cut where one was
 *			cut short, .note.again where one begins again.  Without
 *			them these remarks are English
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

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;
struct graph;
struct prompt_piece;

/*
 * The path of any.html or of plain.html, a new string, or NULL if there is
 * none.
 */
char	*page_find(bool any);

/*
 * The language that a piece of a template is for, "ko", if it is {{#.ko}};
 * otherwise NULL.
 */
const char *page_language(const struct prompt_piece *piece);

/*
 * The name of the site: `name`, if it is set, or else the graph's title, or
 * else the program's name.
 */
const char *page_site(const struct graph *graph, const char *name);

/*
 * Reads the templates into graph->page and graph->form, which graph_free frees.
 * They are looked for in $RECIPE_HTDOCS, or htdocs/ as place_find finds it, and
 * then, under plain CGI, in the document root.  Returns 0, also if there are
 * none; or -1 with err if one cannot be read or has names that this graph
 * cannot fill.  Without a template, text/html is answered as text/plain.
 * `name` is that of page_site.
 */
int	page_load(struct graph *graph, const char *name, struct err *err);

/*
 * For page_load alone: appends the n bytes of a template to out, with {{site}},
 * {{sign}} and {{parts}} replaced.  No line is added, so that messages name the
 * line of the file.  Returns 0, or -1 with out->failed.
 */
int	page_expand(const struct graph *graph, const char *site,
	    const char *text, size_t n, struct buf *out);

#endif
