/*
 * test_json_write: values that are built, shared, and written.
 */
#include "fixture_json.h"

static void
built_and_written(void **state)
{
	struct json *json = json_new_object(), *list = json_new_array();
	struct buf out = BUF_INIT(500);

	(void)state;
	json_push(list, json_new_string("a\"b\\c/d\n\t\x01", 10));
	json_push(list, json_new_string("\xea\xb9\x80|<&>", 7));
	json_push(list, json_new_object());
	json_set_int(json, "int", INT64_MIN);
	json_set_double(json, "half", 0.5);
	json_set_bool(json, "yes", true);
	json_set_string(json, "text", "words");
	json_set_text(json, "cut", "words", 2);
	json_set_string(json, "absent", NULL);
	json_set_text(json, "absent", NULL, 3);
	json_set(json, "absent", NULL);
	json_set(json, "list", list);
	json_write(json, &out);
	assert_string_equal(out.data, "{\"int\":-9223372036854775808,"
	    "\"half\":0.5,\"yes\":true,\"text\":\"words\",\"cut\":\"wo\","
	    "\"list\":[\"a\\\"b\\\\c/d\\n\\t\\u0001\",\"\xea\xb9\x80|<&>\","
	    "{}]}");
	json_free(json);
	buf_free(&out);
}

static void
set_again_replaces_in_place(void **state)
{
	struct json *json = parse("{\"a\":1,\"b\":{},\"c\":3}");
	struct buf out = BUF_INIT(100);

	(void)state;
	json_set_int(json, "b", 2);
	json_write(json, &out);
	assert_string_equal(out.data, "{\"a\":1,\"b\":2,\"c\":3}");
	json_free(json);
	buf_free(&out);
}

static void
dropped_is_gone(void **state)
{
	struct json *json = parse("{\"a\":1,\"b\":{\"c\":2},\"d\":null}");
	struct buf out = BUF_INIT(100);

	(void)state;
	json_drop(json, "b");
	json_drop(json, "d");
	json_drop(json, "c");
	json_write(json, &out);
	assert_string_equal(out.data, "{\"a\":1}");
	json_free(json);
	buf_free(&out);
}

static void
shared_has_two_owners(void **state)
{
	struct json *json = parse("{\"a\":[1]}"), *list;

	(void)state;
	list = json_share(json_get(json, "a"));
	json_free(json);
	assert_int_equal(json_int(json_at(list, 0), 0), 1);
	json_free(list);
}

static void
write_into_too_little(void **state)
{
	struct json *json = parse("{\"a\":12345}");
	struct buf out = BUF_INIT(10);

	(void)state;
	json_write(json, &out);
	assert_true(out.failed);
	assert_int_equal(out.len, 0);
	json_free(json);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_and_written),
		cmocka_unit_test(set_again_replaces_in_place),
		cmocka_unit_test(dropped_is_gone),
		cmocka_unit_test(shared_has_two_owners),
		cmocka_unit_test(write_into_too_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
