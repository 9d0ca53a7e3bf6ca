/*
 * language: the words of a page without JavaScript in the language that its
 * visitor likes best.
 *
 * `languages` is an Accept-Language header, "" if there is none.  One that is
 * liked in a region, "ko-KR", is found without it as well.
 *
 *	language_words(input->label, "ko-KR, en;q=0.5", input->name)
 *	language_fill(graph, &graph->page, request->languages, &vars);
 *	language_titles(graph, request->languages, &vars);
 *
 * Which names a template has for this, page.h says.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

struct graph;
struct json;
struct prompt;
struct vars;

/*
 * The string of words (graph.h) in the best language, borrowed; `otherwise` if
 * words is NULL.
 */
const char *language_words(const struct json *words, const char *languages,
	    const char *otherwise);

/*
 * Sets {{.lang}} and {{#.CODE}} of the best of the languages that the template
 * names.  Of those, the first is for everybody else.
 */
void	language_fill(const struct prompt *page, const char *languages,
	    struct vars *vars);

/* Sets {{.title.PART}} of all parts. */
void	language_titles(const struct graph *graph, const char *languages,
	    struct vars *vars);

#endif
