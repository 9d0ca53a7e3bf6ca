/*
 * test_picking: the elements of a list while it is written.
 */
#include "run/picking.h"
#include "setup/graph.h"
#include "text/json.h"
#include "unit.h"

static char name[] = "name", intro[] = "intro", it[] = "it";
static char *fields[] = { name, intro, NULL };
static const struct list_spec spec = { .items = 3, .fields = fields,
    .nfields = 2, .pick = it };

static void
reads(struct picking *picking, const char *text)
{
	picking_read(picking, text, strlen(text));
}

static void
has(const struct picking *picking, size_t i, const char *a, const char *b)
{
	size_t n;

	assert_string_equal(picking_field(picking, i, 0, &n), a);
	assert_int_equal(n, strlen(a));
	assert_string_equal(picking_field(picking, i, 1, &n), b);
	assert_int_equal(json_count(picking_item(picking, i)), 2);
}

/* An element is there as soon as it closes, wherever the text is cut. */
static void
as_they_close(void **state)
{
	struct picking picking;

	(void)state;
	picking_init(&picking, &spec);
	reads(&picking, "[{\"name\":\"A\",\"intro\":\"a & b");
	assert_int_equal(picking_count(&picking), 0);
	reads(&picking, "\"}");
	assert_int_equal(picking_count(&picking), 1);
	reads(&picking, ", {\"intro\":\"<b>\",\"name\":\"B\"}");
	assert_int_equal(picking_count(&picking), 2);
	assert_false(picking_is_whole(&picking));
	reads(&picking, "]");
	assert_true(picking_is_whole(&picking));
	has(&picking, 0, "A", "a & b");
	has(&picking, 1, "B", "<b>");
	picking_free(&picking);
}

/* Just the fields of the list, each a string. */
static void
what_a_model_adds_and_leaves_out(void **state)
{
	struct picking picking;

	(void)state;
	picking_init(&picking, &spec);
	reads(&picking, "[{\"name\":\"A\",\"time\":30},"
	    "{\"name\":\"B\",\"intro\":null,\"intro2\":\"x\"}]");
	picking_end(&picking);
	assert_int_equal(picking_count(&picking), 2);
	has(&picking, 0, "A", "");
	has(&picking, 1, "B", "");
	picking_free(&picking);
}

static void
what_was_read_is_void(void **state)
{
	struct picking picking;

	(void)state;
	picking_init(&picking, &spec);
	reads(&picking, "[{\"name\":\"A\"},{\"name\":\"half");
	picking_reset(&picking);
	assert_int_equal(picking_count(&picking), 0);
	reads(&picking, "[{\"name\":\"B\",\"intro\":\"b\"}]");
	assert_int_equal(picking_count(&picking), 1);
	has(&picking, 0, "B", "b");
	assert_false(picking.picked);
	picking_free(&picking);
	picking_free(&picking);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_they_close),
		cmocka_unit_test(what_a_model_adds_and_leaves_out),
		cmocka_unit_test(what_was_read_is_void),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
