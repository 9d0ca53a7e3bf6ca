/*
 * Fuzzes the reader of unfinished lists: whatever comes, the elements are the
 * same however the text is cut, and no memory is lost or overrun.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "list.h"

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
	buf_printf(out, "%zu %d\n", list.count, list.ended);
	list_free(&list);
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
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}
