/*
 * think.c: stage.  Tags in a stream of text; knows no model.
 */
#include <ctype.h>
#include <string.h>

#include "think.h"

static const char open_tag[] = "<think>", close_tag[] = "</think>";

bool
think_is_known(const char *model)
{
	static const char *const names[] = { "qwq", "-thinking",
	    "deepseek-r1" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasestr(model, names[i]) != NULL)
			return true;
	return false;
}

void
think_init(struct think *t, bool expected)
{
	memset(t, 0, sizeof(*t));
	buf_init(&t->held, THINK_MAX);
	t->expected = expected;
}

void
think_free(struct think *t)
{
	buf_free(&t->held);
}

static void
pass(struct think *t, size_t n, struct buf *out)
{
	size_t i = 0;

	/* Blank lines behind a thought belong to it. */
	while (t->behind && i < n && isspace((unsigned char)t->held.data[i]))
		i++;
	buf_add(out, t->held.data + i, n - i);
	t->begun = t->begun || i < n;
	t->behind = t->behind && i == n;
	buf_drop(&t->held, n);
}

/* A tag in what is held, which may hold NULs too. */
static const char *
find(const struct think *t, const char *tag)
{
	return memmem(t->held.data, t->held.len, tag, strlen(tag));
}

/* Inside: drops up to the closing tag.  Whether it was there. */
static bool
skip_thought(struct think *t)
{
	const char *tag = find(t, close_tag);

	if (tag == NULL) {
		buf_drop(&t->held, t->held.len -
		    buf_begun(&t->held, close_tag));
		return false;
	}
	buf_drop(&t->held, (size_t)(tag - t->held.data) + strlen(close_tag));
	t->inside = t->expected = false;
	t->behind = true;
	return true;
}

/* A closing tag that nothing opened: all before it was a thought. */
static void
void_all(struct think *t, const char *tag, struct buf *out,
    bool *void_before)
{
	*void_before = *void_before || t->begun;
	buf_reset(out);
	buf_drop(&t->held, (size_t)(tag - t->held.data) + strlen(close_tag));
	t->begun = t->expected = false;
	t->behind = t->unopened = true;
}

bool
think_feed(struct think *t, const char *text, size_t n, struct buf *out,
    bool *void_before)
{
	const char *open, *close;
	bool thought = t->inside;
	size_t keep, k;

	*void_before = false;
	if (t->begun && !t->inside && !t->expected && !t->behind &&
	    t->held.len == 0 && memchr(text, '<', n) == NULL) {
		buf_add(out, text, n);
		return false;
	}
	if (buf_add(&t->held, text, n) == -1) {
		think_end(t, false, out);
		buf_add(out, text, n);
		return false;
	}
	for (;;) {
		if (t->inside) {
			thought = true;
			if (!skip_thought(t))
				return true;
		}
		open = find(t, open_tag);
		close = find(t, close_tag);
		if (close != NULL && (open == NULL || close < open)) {
			void_all(t, close, out, void_before);
			thought = true;
		} else if (open != NULL) {
			pass(t, (size_t)(open - t->held.data), out);
			buf_drop(&t->held, strlen(open_tag));
			t->inside = true;
		} else {
			break;
		}
	}
	if (t->expected)
		return true;
	keep = buf_begun(&t->held, open_tag);
	k = buf_begun(&t->held, close_tag);
	pass(t, t->held.len - (k > keep ? k : keep), out);
	return thought;
}

void
think_end(struct think *t, bool cut, struct buf *out)
{
	if (!t->inside && !(cut && t->expected))
		pass(t, t->held.len, out);
	buf_reset(&t->held);
	t->expected = false;
}
