/*
 * reply_html.c: worker.  Writes a run as an HTML document, from above.
 *
 * It is the template of page.h, written as far as what it names is known: at
 * the first part that has not ended yet, its text is written as it comes.  The
 * text of later parts is held, escaped already; our own remarks are markup.
 */
#include <string.h>

#include "base/vars.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "reply/form.h"
#include "reply/language.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "text/pickname.h"
#include "text/prompt.h"

struct html_form {
	struct form	form;
	size_t		at;		/* the piece of the template */
	bool		midway;		/* some of its text is out */
	bool		over;		/* the run is */
	struct vars	vars;		/* what is known beside the parts */
};

static struct html_form *
html_form(struct form *form)
{
	return (struct html_form *)form;	/* its first member */
}

/* Whether more text may come of it. */
static bool
is_open(const struct form_part *part)
{
	return !part->absent && !part->ended;
}

/* The part whose text has this name in the template, NULL if none has. */
static struct form_part *
named_part(struct form *form, const char *name)
{
	size_t i;

	for (i = 0; i < form->n; i++)
		if (strcmp(form->parts[i].name, name) == 0)
			return &form->parts[i];
	return NULL;
}

/* Whether this is a field of a pick that is still to come. */
static bool
awaits_pick(struct form *form, const char *name)
{
	const struct form_part *part;
	size_t i;

	for (i = 0; i < form->n; i++) {
		part = &form->parts[i];
		if (part->spec != NULL && part->spec->is_list &&
		    is_open(part) &&
		    pickname_field(name, part->spec->list.pick) != NULL)
			return vars_get(&html_form(form)->vars, name) == NULL;
	}
	return false;
}

/* Writes what there is of a name by now.  Returns whether that is all of it. */
static bool
put_value(struct form *form, const char *name)
{
	struct html_form *html = html_form(form);
	struct form_part *part = named_part(form, name);
	const struct var *var;

	if (part != NULL) {
		buf_add(form->out, part->text.data, part->text.len);
		html->midway = html->midway || part->text.len > 0;
		buf_reset(&part->text);
		return !is_open(part);
	}
	if (awaits_pick(form, name))
		return false;
	if ((var = vars_get(&html->vars, name)) != NULL)
		prompt_add_html(form->out, var->text, var->len);
	return true;
}

/*
 * Returns whether the condition of a name can be decided by now, and in *has
 * whether the name has any text.
 */
static bool
decide_condition(struct form *form, const char *name, bool *has)
{
	const struct form_part *part = named_part(form, name);
	const struct var *var;

	if (part != NULL) {
		*has = part->text.len > 0;
		return *has || !is_open(part);
	}
	var = vars_get(&html_form(form)->vars, name);
	*has = var != NULL && var->len > 0;
	return !awaits_pick(form, name);
}

/*
 * The parts that came into being during the run, for which the template has no
 * place.  They are known once the run is over.
 */
static void
put_newcomers(struct form *form)
{
	const struct form_part *part;
	size_t i;

	for (i = form->plan->n; i < form->n; i++) {
		part = &form->parts[i];
		buf_puts(form->out, "<section><h2>");
		prompt_add_html(form->out, part->name, strlen(part->name));
		buf_puts(form->out, "</h2><div class=\"text\" dir=\"auto\">");
		buf_add(form->out, part->text.data, part->text.len);
		buf_puts(form->out, "</div></section>\n");
	}
}

/* Whether this piece is text with which the template ends. */
static bool
is_foot(const struct prompt *page, size_t at)
{
	return at + 1 == page->n && page->pieces[at].kind == PROMPT_TEXT;
}

/* The foot of the page, with the newcomers at the end of its body. */
static void
put_foot(struct form *form, const char *text, size_t len)
{
	const char *end = memmem(text, len, "</body", strlen("</body"));
	size_t n = end == NULL ? len : (size_t)(end - text);

	buf_add(form->out, text, n);
	put_newcomers(form);
	buf_add(form->out, text + n, len - n);
}

/*
 * Writes the template as far as it goes by now.  A piece whose end is not known
 * yet is looked at again at the next event; the foot is written when the run
 * has ended.
 */
static void
fill_page(struct form *form)
{
	struct html_form *html = html_form(form);
	const struct prompt *page = &form->plan->graph->page;
	const struct prompt_piece *piece;
	bool has;

	for (; html->at < page->n; html->at++) {
		piece = &page->pieces[html->at];
		if (is_foot(page, html->at)) {
			if (!html->over)
				return;
			put_foot(form, piece->text, piece->len);
		} else if (piece->kind == PROMPT_TEXT) {
			buf_add(form->out, piece->text, piece->len);
		} else if (piece->kind == PROMPT_VALUE) {
			if (!put_value(form, piece->text))
				return;
			html->midway = false;
		} else if (piece->kind != PROMPT_END) {
			if (!decide_condition(form, piece->text, &has))
				return;
			if (has == (piece->kind == PROMPT_UNLESS))
				html->at = piece->end;
		}
	}
}

/* Holds a remark of ours in words that may be somebody's. */
static void
add_sentence(struct form_part *part, const char *words)
{
	buf_puts(&part->text, "<em class=\"note\">");
	prompt_add_html(&part->text, words, strlen(words));
	buf_puts(&part->text, "</em>");
}

/*
 * Holds what the template says under that name, in the visitor's language.
 * Returns whether it says anything.
 */
static bool
add_note(struct form *form, struct form_part *part, const char *name)
{
	const struct prompt *page = &form->plan->graph->page;
	struct buf note = BUF_INIT(16384);
	bool has;

	prompt_render_block(page, name, &html_form(form)->vars, PROMPT_HTML,
	    &note);
	has = note.len > 0;
	if (has)
		buf_printf(&part->text, "<em class=\"note\">%s</em>",
		    note.data);
	buf_free(&note);
	return has;
}

/*
 * Says that a part was not written.  Why, in words that may be a service's, is
 * for the owner of the site, if the template has words for everybody.
 */
static void
add_failure(struct form *form, struct form_part *part, const char *why)
{
	struct buf words = BUF_INIT(16384);

	buf_printf(&words, "Not written: %s", why);
	if (!add_note(form, part, ".note.failed"))
		add_sentence(part, words.data);
	else if (form->plan->config->is_local)
		add_sentence(part, why);
	buf_free(&words);
}

static void
copy_known(struct html_form *html, const struct vars *vars)
{
	size_t i;

	/* Without memory a place stays empty and the run goes on. */
	for (i = 0; i < vars->n; i++)
		vars_set(&html->vars, vars->list[i].name, vars->list[i].text,
		    vars->list[i].len);
}

static void
begin_html(struct form *form)
{
	const struct request *request = form->plan->request;

	copy_known(html_form(form), &request->inputs);
	copy_known(html_form(form), &request->partial.vars);
	language_fill(&form->plan->graph->page, request->languages,
	    &html_form(form)->vars);
	language_titles(form->plan->graph, request->languages,
	    &html_form(form)->vars);
	if (form->plan->hint != NULL)
		vars_set(&html_form(form)->vars, "demo", form->plan->hint,
		    strlen(form->plan->hint));
	fill_page(form);
}

/* Whether a piece of this part's text, but not all, is on the page. */
static bool
is_midway(struct form *form, const struct form_part *part)
{
	const struct html_form *html = html_form(form);
	const struct prompt *page = &form->plan->graph->page;

	return html->midway && html->at < page->n &&
	    strcmp(page->pieces[html->at].text, part->name) == 0;
}

static void
take_state(struct form *form, struct form_part *part, enum told told)
{
	if (told == TOLD_RESET) {
		buf_reset(&part->text);
		if (is_midway(form, part) &&
		    !add_note(form, part, ".note.again"))
			add_sentence(part, "This part begins again:");
	} else if (told == TOLD_CUT) {
		if (!add_note(form, part, ".note.cut"))
			add_sentence(part, "Cut short: the model ran into its "
			    "length limit.");
	}
	/* After a bad end its error still says why. */
	part->ended = event_is_end(told) && !event_is_bad_end(told);
}

static void
keep_pick(struct html_form *html, const struct list_spec *list,
    const struct json *json)
{
	char name[PICKNAME_MAX];
	const char *s;
	size_t f, n;

	for (f = 0; f < list->nfields; f++) {
		pickname_write(name, list->pick, list->fields[f]);
		s = json_string(json_get(json, list->fields[f]), &n);
		vars_set(&html->vars, name, s == NULL ? "" : s, n);
	}
}

/*
 * Holds text.  A list's JSON is not shown, and the text of an `each` part is
 * our own markup, in which the elements were escaped (pick.c).
 */
static void
hold_text(struct form_part *part, const struct event *event)
{
	if (part->spec != NULL && part->spec->is_list)
		return;
	if (part->spec != NULL && part->spec->is_each)
		buf_add(&part->text, event->text, event->len);
	else
		prompt_add_html(&part->text, event->text, event->len);
}

static void
put_event(struct form *form, struct form_part *part,
    const struct event *event)
{
	switch (event->kind) {
	case EVENT_PART:
		take_state(form, part, event->told);
		break;
	case EVENT_TEXT:
		hold_text(part, event);
		break;
	case EVENT_PICK:
		if (part->spec != NULL)
			keep_pick(html_form(form), &part->spec->list,
			    event->json);
		break;
	case EVENT_ERROR:
		add_failure(form, part, event_string(event, "message"));
		part->ended = true;
		break;
	default:
		break;
	}
	form_check_held(form, part);
}

static void
tell_html(struct form *form, const struct event *event)
{
	const struct prompt *page = &form->plan->graph->page;
	struct form_part *part;
	size_t i;

	if (event->part != NULL &&
	    (part = form_part(form, event->part)) != NULL)
		put_event(form, part, event);
	if (event->kind != EVENT_DONE) {
		fill_page(form);
		return;
	}
	html_form(form)->over = true;
	for (i = 0; i < form->n; i++)
		form->parts[i].ended = true;
	fill_page(form);
	if (!is_foot(page, page->n - 1))
		put_newcomers(form);
}

static void
beat_html(struct form *form)
{
	buf_puts(form->out, "<!-- -->");
}

static void
free_html(struct form *form)
{
	vars_free(&html_form(form)->vars);
}

const struct form_ops reply_html_ops = {
	.accept = "text/html",
	.type = "text/html; charset=utf-8",
	.size = sizeof(struct html_form), .growth = 6, .needs_page = true,
	.begin = begin_html, .tell = tell_html, .beat = beat_html,
	.free = free_html,
};
