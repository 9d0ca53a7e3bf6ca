/*
 * Fuzzes the reader of unfinished lists: whatever comes, the elements are the
 * same however the text is cut, and no memory is lost or overrun.  Of a sound
 * array they are those that json-c finds in it: nothing is mended there.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "text/json.h"
#include "text/list.h"

static void
on_element(void *arg, struct json *element)
{
	json_write(element, arg);
	buf_putc(arg, '\n');
}

static void
feed(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	struct list list;
	size_t n;

	list_init(&list, "name");
	for (; size > 0; data += n, size -= n) {
		n = piece < size ? piece : size;
		list_feed(&list, (const char *)data, n, on_element, out);
	}
	list_end(&list, on_element, out);
	assert(list.count <= LIST_MAX);
	buf_printf(out, "%zu %d\n", list.count, list.ended);
	list_free(&list);
}

/* An array of objects that all have a name, as JSON and nothing else has it. */
static bool
is_sound(const uint8_t *data, size_t size, const struct json *array)
{
	size_t i, n;

	if (json_kind(array) != JSON_ARRAY || json_count(array) == 0 ||
	    json_count(array) > LIST_MAX || data[0] != '[')
		return false;
	/* What json-c passes though it is strict. */
	for (i = 0; i < size; i++)
		if (data[i] < ' ' || data[i] == '\'' || data[i] == 'N' ||
		    data[i] == 'I')
			return false;
	for (i = 0; i < json_count(array); i++) {
		json_string(json_get(json_at(array, i), "name"), &n);
		if (n == 0)
			return false;
	}
	return true;
}

static void
compare(const uint8_t *data, size_t size, const struct buf *found)
{
	struct json *array = json_parse((const char *)data, size, 16, true,
	    NULL, NULL);
	struct buf want = BUF_INIT(1 << 24);
	size_t i;

	if (is_sound(data, size, array)) {
		for (i = 0; i < json_count(array); i++)
			on_element(&want, json_at(array, i));
		assert(found->len > want.len &&
		    memcmp(found->data, want.data, want.len) == 0);
	}
	buf_free(&want);
	json_free(array);
}

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(1 << 24), pieces = BUF_INIT(1 << 24);

	feed(data, size, size, &whole);
	feed(data, size, 1, &pieces);
	assert(whole.len == pieces.len &&
	    memcmp(whole.data, pieces.data, whole.len) == 0);
	compare(data, size, &whole);
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}
