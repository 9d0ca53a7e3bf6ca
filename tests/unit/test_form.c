/*
 * test_form: a part that comes into being during a run, which no plan knows.
 * Nothing of it is lost in any form.
 */
#include "fixture_reply.h"
#include "reply/form.h"
#include "setup/page.h"
#include "wire/outbox.h"

static const char template[] = "<body><p>{{solo}}</p>{{#rest}}{{rest}}{{/rest}}"
    "<p>{{cook}}</p></body></html>\n";

struct scene {
	struct world	 w;
	struct outbox	 outbox;
	struct form	*form;
};

static void
open_scene(struct scene *s, const char *dir, const struct form_ops *ops)
{
	struct err err = ERR_INIT;
	char path[256];

	setenv("RECIPE_HTDOCS", dir, 1);
	unit_write(dir, "plain.html", template, 0600, path);
	world_open(&s->w, dir, world_services, 0);
	if (page_load(&s->w.graph, NULL, &err) == -1)
		fail_msg("%s", err.text);
	outbox_init(&s->outbox, &s->w.sink, &s->w.config.limits, DOC_MAX);
	s->form = form_new(ops, &s->outbox, &s->w.plan);
	assert_non_null(s->form);
	form_begin(s->form);
}

static void
close_scene(struct scene *s)
{
	assert_false(s->outbox.out.failed);
	form_free(s->form);
	outbox_free(&s->outbox);
	world_close(&s->w);
}

static void
told(struct scene *s, const char *part, enum told told)
{
	struct json *json = json_new_object();
	struct event event = { .kind = EVENT_PART, .part = part, .told = told,
	    .json = json };

	json_set_string(json, "part", part);
	json_set_string(json, "state", event_word(told));
	form_tell(s->form, &event);
	json_free(json);
}

static void
says(struct scene *s, const char *part, const char *text)
{
	struct event event = { .kind = EVENT_TEXT, .part = part, .text = text,
	    .len = strlen(text) };

	form_tell(s->form, &event);
}

static void
fails(struct scene *s, const char *part)
{
	struct json *json = json_new_object();
	struct event event = { .kind = EVENT_ERROR, .part = part,
	    .json = json };

	told(s, part, TOLD_FAILED);
	json_set_string(json, "part", part);
	json_set_string(json, "message", "two answered 503");
	form_tell(s->form, &event);
	json_free(json);
}

static void
is_over(struct scene *s)
{
	struct json *json = json_new_object();
	struct event event = { .kind = EVENT_DONE, .json = json };

	form_tell(s->form, &event);
	json_free(json);
}

/* All parts of the plan end, the one named `last` after the newcomers. */
static void
end_plan(struct scene *s, bool last)
{
	const char *name;
	size_t i;

	for (i = 0; i < PARTS; i++) {
		name = s->w.plan.parts[i].spec->part;
		if ((i == COOK) == last)
			told(s, name, TOLD_DONE);
	}
}

/* Two newcomers, in turns, among the plan's parts; one is reset, one fails. */
static void
newcomers(struct scene *s, bool late)
{
	char name[] = "new-1";

	says(s, "solo", "from the plan");
	end_plan(s, false);
	if (late)
		end_plan(s, true);
	/* The name's memory is not the run's for good. */
	told(s, name, TOLD_START);
	says(s, name, "one <");
	memset(name, 'x', sizeof(name) - 1);
	says(s, "new-2", "void");
	says(s, "new-1", "two");
	told(s, "new-2", TOLD_RESET);
	says(s, "new-2", "three");
	told(s, "new-1", TOLD_DONE);
	fails(s, "new-2");
	if (!late)
		end_plan(s, true);
	is_over(s);
}

static size_t
place(const struct scene *s, const char *text)
{
	const char *hit = strstr(s->outbox.out.data, text);

	if (hit == NULL)
		fail_msg("no \"%s\" in\n%s", text, s->outbox.out.data);
	return (size_t)(hit - s->outbox.out.data);
}

static void
in_the_stream(void **state)
{
	struct scene s;

	open_scene(&s, *state, &reply_stream_ops);
	newcomers(&s, false);
	place(&s, "data: new-1|one <\n");
	place(&s, "data: new-1|two\n");
	place(&s, "data: new-2|three\n");
	place(&s, "data: _error|{\"part\":\"new-2\"");
	close_scene(&s);
}

static void
in_the_document(void **state)
{
	struct json *json, *parts;
	struct scene s;

	open_scene(&s, *state, &reply_json_ops);
	newcomers(&s, false);
	json = json_parse(s.outbox.out.data, s.outbox.out.len, 8, true, NULL,
	    NULL);
	parts = json_get(json, "parts");
	assert_int_equal(json_count(parts), PARTS + 2);
	assert_string_equal(json_string(json_get(json_get(parts, "new-1"),
	    "text"), NULL), "one <two");
	assert_string_equal(json_string(json_get(json_get(parts, "new-1"),
	    "state"), NULL), "done");
	assert_string_equal(json_string(json_get(json_get(parts, "new-2"),
	    "text"), NULL), "three");
	assert_string_equal(json_string(json_get(json_get(parts, "new-2"),
	    "state"), NULL), "failed");
	assert_int_equal(json_count(json_get(json, "errors")), 1);
	json_free(json);
	close_scene(&s);
}

/* While others have their turn, and after all of them. */
static void
in_the_text(void **state)
{
	struct scene s;
	int late;

	for (late = 0; late < 2; late++) {
		open_scene(&s, *state, &reply_text_ops);
		newcomers(&s, late == 1);
		assert_true(place(&s, "\nnew-1\n-----\none <two\n") <
		    place(&s, "\nnew-2\n-----\n"));
		assert_true(place(&s, "(this part begins again)\nthree\n"
		    "Not written: two answered 503\n") < place(&s, "(end)"));
		close_scene(&s);
	}
}

/* At the end of the body, whether the template's parts have ended or not. */
static void
on_the_page(void **state)
{
	struct scene s;
	int late;

	for (late = 0; late < 2; late++) {
		open_scene(&s, *state, &reply_html_ops);
		newcomers(&s, late == 1);
		assert_true(place(&s, "from the plan") < place(&s, "<section>"
		    "<h2>new-1</h2><div class=\"text\" dir=\"auto\">one &lt;two"
		    "</div></section>\n<section><h2>new-2</h2>"));
		unit_assert_lacks(s.outbox.out.data, "void");
		assert_true(place(&s, "three<em class=\"note\">Not written: "
		    "two answered 503</em></div></section>\n</body></html>") >
		    0);
		assert_int_equal(unit_count(s.outbox.out.data, "</html>"), 1);
		close_scene(&s);
	}
}

/* One that was told nothing more of before the run was over. */
static void
without_an_end(void **state)
{
	static const struct form_ops *const ops[] = { &reply_text_ops,
	    &reply_html_ops, &reply_json_ops, &reply_stream_ops };
	struct scene s;
	size_t i;

	for (i = 0; i < COUNT(ops); i++) {
		open_scene(&s, *state, ops[i]);
		end_plan(&s, false);
		end_plan(&s, true);
		says(&s, "new-1", "first words");
		says(&s, "new-2", "other words");
		is_over(&s);
		assert_true(place(&s, "first words") <
		    place(&s, "other words"));
		close_scene(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_the_stream), TEST(in_the_document), TEST(in_the_text),
		TEST(on_the_page), TEST(without_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
