/*
 * Fuzzes the reader of thoughts: what is shown in the end is the same however
 * the text is cut, and never longer than the text; memory is not lost or
 * overrun.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "text/think.h"

static enum thinks
feed(const uint8_t *data, size_t size, size_t piece, bool expected, bool cut,
    struct buf *shown)
{
	struct buf out = BUF_INIT(1 << 24);
	enum thinks shows;
	struct think think;
	bool is_void;
	size_t n;

	think_init(&think, expected);
	for (; size > 0; data += n, size -= n) {
		n = piece < size ? piece : size;
		think_feed(&think, (const char *)data, n, &out, &is_void);
		if (is_void)
			buf_reset(shown);
		buf_add(shown, out.data, out.len);
		buf_reset(&out);
	}
	think_end(&think, cut, &out);
	buf_add(shown, out.data, out.len);
	shows = think_shows(&think, !cut);
	think_free(&think);
	buf_free(&out);
	return shows;
}

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(1 << 24), pieces = BUF_INIT(1 << 24);
	int how;

	for (how = 0; how < 4; how++) {
		buf_reset(&whole);
		buf_reset(&pieces);
		assert(feed(data, size, size, how & 1, how & 2, &whole) ==
		    feed(data, size, 1, how & 1, how & 2, &pieces));
		assert(whole.len <= size && whole.len == pieces.len &&
		    memcmp(whole.data, pieces.data, whole.len) == 0);
	}
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}
