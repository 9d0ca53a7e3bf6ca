/*
 * test_completion: a stream's chunks, put together as one document, are what
 * the host would have sent without a stream.
 */
#include "model/completion.h"
#include "unit.h"

#define HEAD "\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":7," \
	"\"model\":\"m\""
#define WHOLE "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":7," \
	"\"model\":\"m\",\"choices\":["

/* Events, which end in a NULL, and the document after WHOLE. */
struct stream {
	const char	*events[8];
	const char	*document;
};

static void
assert_together(const struct stream *stream)
{
	struct completion whole = COMPLETION_INIT;
	struct buf out = BUF_INIT(COMPLETION_MAX);
	struct buf want = BUF_INIT(COMPLETION_MAX);
	size_t i;

	for (i = 0; stream->events[i] != NULL; i++)
		completion_add(&whole, stream->events[i],
		    strlen(stream->events[i]));
	buf_printf(&want, WHOLE "%s", stream->document);
	assert_int_equal(completion_write(&whole, &out), 0);
	assert_string_equal(out.data, want.data);
	completion_free(&whole);
	buf_free(&out);
	buf_free(&want);
}

static void
text_is_appended(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
		    "\"assistant\",\"content\":\"\"},\"logprobs\":null,"
		    "\"finish_reason\":null}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"Le\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"ek \\\"\\n\\u00e9\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{},"
		    "\"finish_reason\":\"stop\"}]}",
		"{" HEAD ",\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
		    "\"cost\":0.10}}",
		"[DONE]", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"Leek \\\"\\n\xc3\xa9\"},\"logprobs\":null,"
		"\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,"
		"\"cost\":0.10}}" };

	(void)state;
	assert_together(&stream);
}

static void
choices_by_index(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"choices\":[{\"index\":1,\"delta\":{\"content\":"
		    "\"b\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"a\"}},{\"index\":1,\"delta\":{\"content\":\"B\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"A\"},\"finish_reason\":\"stop\"}]}",
		"{" HEAD ",\"choices\":[{\"index\":1,\"delta\":{},"
		    "\"finish_reason\":\"length\"}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"aA\"},\"finish_reason\":\"stop\"},"
		"{\"index\":1,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"bB\"},\"finish_reason\":\"length\"}]}" };

	(void)state;
	assert_together(&stream);
}

static void
tool_calls_by_index(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "null,\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":"
		    "\"function\",\"function\":{\"name\":\"look\","
		    "\"arguments\":\"\"}}]}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":"
		    "[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}"
		    ",{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":"
		    "\"add\",\"arguments\":\"{}\"}}]}}]}",
		/* Some hosts repeat the id, and say the name as "". */
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":"
		    "[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"\","
		    "\"arguments\":\":1}\"}}]},"
		    "\"finish_reason\":\"tool_calls\"}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\","
		"\"function\":{\"name\":\"look\",\"arguments\":"
		"\"{\\\"a\\\":1}\"}},{\"id\":\"c2\",\"function\":{\"name\":"
		"\"add\",\"arguments\":\"{}\"}}]},"
		"\"finish_reason\":\"tool_calls\"}]}" };

	(void)state;
	assert_together(&stream);
}

static void
all_else_is_kept(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":"
		    "{\"reasoning_content\":\"hm\",\"odd\":{\"x\":1}},"
		    "\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":"
		    "-0.50000001}],\"refusal\":null}}],\"odd\":18446744073709}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":"
		    "{\"reasoning_content\":\", yes\",\"content\":\"a\"},"
		    "\"logprobs\":{\"content\":[{\"token\":\"b\",\"logprob\":"
		    "-1e-05}]}}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"a\",\"reasoning_content\":\"hm, yes\",\"odd\":{\"x\":1}},"
		"\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":"
		"-0.50000001},{\"token\":\"b\",\"logprob\":-1e-05}],"
		"\"refusal\":null}}],\"odd\":18446744073709}" };

	(void)state;
	assert_together(&stream);
}

static void
padding_is_dropped(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"obfuscation\":\"aB\",\"choices\":[{\"index\":0,"
		    "\"delta\":{\"content\":\"a\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{},"
		    "\"finish_reason\":\"stop\"}],\"obfuscation\":\"x\"}",
		NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"a\"},\"finish_reason\":\"stop\"}]}" };

	(void)state;
	assert_together(&stream);
}

static void
halves_of_a_pair(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"a\\ud83d\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"\\udd25b\"}}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"a\xf0\x9f\x94\xa5" "b\"}}]}" };

	(void)state;
	assert_together(&stream);
}

/* Some hosts send a whole, or repeat the text as a message at the end. */
static void
messages(void **state)
{
	static const struct stream whole = { {
		"{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":7,"
		    "\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
		    "{\"role\":\"assistant\",\"content\":\"all\"},"
		    "\"finish_reason\":\"stop\"}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"all\"},\"finish_reason\":\"stop\"}]}" };
	static const struct stream again = { {
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"all\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"message\":{\"content\":"
		    "\"all\"},\"finish_reason\":\"stop\"}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"all\"},\"finish_reason\":\"stop\"}]}" };

	(void)state;
	assert_together(&whole);
	assert_together(&again);
}

static void
whole_when_all_have_ended(void **state)
{
	static const char one[] = "{\"choices\":[{\"index\":0,\"delta\":{},"
	    "\"finish_reason\":\"stop\"}]}";
	static const char two[] = "{\"choices\":[{\"index\":1,\"delta\":{},"
	    "\"finish_reason\":\"stop\"}]}";
	struct completion whole = COMPLETION_INIT;

	(void)state;
	assert_false(completion_is_whole(&whole, 1));
	completion_add(&whole, one, sizeof(one) - 1);
	assert_true(completion_is_whole(&whole, 1));
	assert_false(completion_is_whole(&whole, 2));
	completion_add(&whole, two, sizeof(two) - 1);
	assert_true(completion_is_whole(&whole, 2));
	completion_free(&whole);
}

/* What a hostile service sends is dropped or kept, but ends nothing. */
static void
nonsense(void **state)
{
	static const char *const events[] = { "", "null", "[]", "{", "\"a\"",
	    "{\"choices\":1}", "{\"choices\":[1,null,[]]}",
	    "{\"choices\":[{\"delta\":[1],\"index\":-5}]}",
	    "{\"choices\":[{\"delta\":{\"content\":{\"a\":[{\"index\":3}]}}}]}",
	    "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}",
	    "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1e9}]}}]}",
	    "{\"choices\":{\"a\":1},\"id\":[[[]]]}" };
	struct completion whole = COMPLETION_INIT;
	struct buf out = BUF_INIT(COMPLETION_MAX);
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(events); i++)
		for (k = 0; k < COUNT(events); k++) {
			completion_add(&whole, events[i], strlen(events[i]));
			completion_add(&whole, events[k], strlen(events[k]));
		}
	assert_int_equal(completion_write(&whole, &out), 0);
	completion_free(&whole);
	buf_free(&out);
}

/* All have the index 0, as at Gemini's compatible endpoint. */
static void
tool_calls_by_id(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
		    "\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":"
		    "\"c1\",\"function\":{\"name\":\"f\",\"arguments\":"
		    "\"{}\"}}]}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":"
		    "[{\"index\":0,\"id\":\"c2\",\"function\":{\"name\":"
		    "\"g\",\"arguments\":\"{\\\"a\\\"\"}}]}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":"
		    "[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]},"
		    "\"finish_reason\":\"tool_calls\"}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"null,\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":"
		"\"f\",\"arguments\":\"{}\"}},{\"id\":\"c2\",\"function\":{"
		"\"name\":\"g\",\"arguments\":\"{\\\"a\\\":1}\"}}]},"
		"\"finish_reason\":\"tool_calls\"}]}" };

	(void)state;
	assert_together(&stream);
}

/* Thoughts come as a list of content, and then the answer in plain pieces. */
static void
text_after_a_list(void **state)
{
	static const struct stream stream = { {
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
		    "\"assistant\",\"content\":[{\"type\":\"thinking\"}]}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"Le\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"ek\"}}]}",
		"{" HEAD ",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
		    "\"\"},\"finish_reason\":\"stop\"}]}", NULL },
		"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"[{\"type\":\"thinking\"},{\"type\":\"text\",\"text\":"
		"\"Leek\"}]},\"finish_reason\":\"stop\"}]}" };

	(void)state;
	assert_together(&stream);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_appended),
		cmocka_unit_test(choices_by_index),
		cmocka_unit_test(tool_calls_by_index),
		cmocka_unit_test(tool_calls_by_id),
		cmocka_unit_test(text_after_a_list),
		cmocka_unit_test(all_else_is_kept),
		cmocka_unit_test(padding_is_dropped),
		cmocka_unit_test(halves_of_a_pair),
		cmocka_unit_test(messages),
		cmocka_unit_test(whole_when_all_have_ended),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
