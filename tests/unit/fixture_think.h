/*
 * fixture_think: a text that is fed in pieces, and what its reader sees of it.
 *
 *	begin(&s, false);	false: no thought without a tag is expected
 *	feed(&s, "a<thi", 5);	or gives(), which checks what this call shows
 *	finish(&s, "a<thi", "the text, for the message if it fails");
 */
#ifndef FIXTURE_THINK_H
#define FIXTURE_THINK_H

#include "text/think.h"
#include "unit.h"

/* What a reader has seen, who forgets what turns out to be void. */
struct seen {
	struct think	 think;
	struct buf	 out;		/* of one call */
	struct buf	 shown;
	bool		 thought;	/* any call said so */
	bool		 was_void;
};

static inline void
begin(struct seen *s, bool expected)
{
	think_init(&s->think, expected);
	buf_init(&s->out, 4 * THINK_MAX);
	buf_init(&s->shown, 4 * THINK_MAX);
	s->thought = s->was_void = false;
}

static inline void
feed(struct seen *s, const char *text, size_t n)
{
	bool is_void;

	buf_reset(&s->out);
	s->thought = think_feed(&s->think, text, n, &s->out, &is_void) ||
	    s->thought;
	if (is_void) {
		buf_reset(&s->shown);
		s->was_void = true;
	}
	buf_add(&s->shown, s->out.data, s->out.len);
}

/* One call's output, that of `text`. */
static inline void
gives(struct seen *s, const char *text, const char *want)
{
	feed(s, text, strlen(text));
	assert_string_equal(s->out.data, want);
}

/* Ends the text, compares all that was shown with `want`, and frees s. */
static inline void
finish(struct seen *s, const char *want, const char *text)
{
	buf_reset(&s->out);
	think_end(&s->think, false, &s->out);
	buf_add(&s->shown, s->out.data, s->out.len);
	if (strcmp(s->shown.data, want) != 0)
		fail_msg("\"%s\" shows \"%s\"", text, s->shown.data);
	think_free(&s->think);
	think_free(&s->think);
	buf_free(&s->out);
	buf_free(&s->shown);
}

#endif
