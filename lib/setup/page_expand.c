/*
 * page_expand.c: listener, before any fork.  Writes what the template of any
 * graph has for this one; knows nothing of files.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "text/pickname.h"

/* Appends words, escaped as text of HTML in which no {{name}} can stand. */
static void
put_words(struct buf *out, const char *s)
{
	size_t n;

	for (; *s != '\0'; s += n) {
		n = strcspn(s, "{");
		prompt_add_html(out, s, n);
		if (s[n] == '{') {
			buf_puts(out, "&#123;");
			n++;
		}
	}
}

/* The site's name, as the page is headed with it. */
static void
put_sign(struct buf *out, const char *site)
{
	char part[256];
	size_t n;

	for (; *site != '\0'; site += n) {
		n = strcspn(site, ".");
		if (n == 0) {
			buf_puts(out, "<b>.</b>");
			n = 1;
			continue;
		}
		n = n < sizeof(part) ? n : utf8_cut(site, n,
		    sizeof(part) - 1);
		memcpy(part, site, n);
		part[n] = '\0';
		put_words(out, part);
	}
}

/* A list's section has the pick: its name, and its other fields below. */
static void
put_pick(struct buf *out, const struct list_spec *list)
{
	char name[PICKNAME_MAX];
	size_t f;

	for (f = 0; f < list->nfields; f++) {
		pickname_write(name, list->pick, list->fields[f]);
		buf_printf(out, f == 0 ? "<p><b>{{%s}}</b></p>" :
		    "<p>{{%s}}</p>", name);
	}
}

/*
 * The element around the text of a stage with "each", which is the markup of
 * its own template: what that begins with can stand only in a list.
 */
static const char *
list_element(const struct stage_spec *s)
{
	const char *text = s->prompt.n > 0 ? s->prompt.pieces[0].text : "";

	return strncmp(text, "<li", 3) == 0 ? "ul" :
	    strncmp(text, "<dt", 3) == 0 ? "dl" : "div";
}

static void
put_body(struct buf *out, const struct stage_spec *s)
{
	const char *element = s->is_each ? list_element(s) : "div";

	buf_printf(out, "<%s class=\"text\" dir=\"auto\">", element);
	if (s->is_list)
		put_pick(out, &s->list);
	/* Of a list it is nothing, or why there is none. */
	buf_printf(out, "{{%s}}", s->part);
	buf_printf(out, "</%s>", element);
}

static void
put_parts(struct buf *out, const struct graph *graph)
{
	const struct stage_spec *s;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		buf_printf(out, "<section data-part=\"%s\"><h2>"
		    "{{.title.%s}}</h2>", s->part, s->part);
		put_body(out, s);
		buf_puts(out, "</section>");
	}
}

int
page_expand(const struct graph *graph, const char *site, const char *text,
    size_t n, struct buf *out)
{
	static const char name[] = "{{site}}", sign[] = "{{sign}}",
	    parts[] = "{{parts}}";
	const char *end = text + n, *p, *q;

	for (; (p = memmem(text, (size_t)(end - text), "{{", 2)) != NULL;
	    text = q) {
		buf_add(out, text, (size_t)(p - text));
		q = p + 2;
		if (strncmp(p, name, sizeof(name) - 1) == 0) {
			put_words(out, site);
			q = p + sizeof(name) - 1;
		} else if (strncmp(p, sign, sizeof(sign) - 1) == 0) {
			put_sign(out, site);
			q = p + sizeof(sign) - 1;
		} else if (strncmp(p, parts, sizeof(parts) - 1) == 0) {
			put_parts(out, graph);
			q = p + sizeof(parts) - 1;
		} else {
			buf_puts(out, "{{");
		}
	}
	buf_add(out, text, (size_t)(end - text));
	return out->failed ? -1 : 0;
}
