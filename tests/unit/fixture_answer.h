/*
 * fixture_answer: an answer that is being read, and a note of what its worker
 * hears.
 *
 * The note has a letter a frame (S start, T thinking, V void) and the text of
 * each delta in brackets.
 *
 *	begin(&h);		h.service, h.job, h.left may be changed now
 *	event(&h, TEXT("a"));	as often as the case has events
 *	answer_end(&h.answer);	then compare h.noted.data and h.outcome
 *	end(&h);
 */
#ifndef FIXTURE_ANSWER_H
#define FIXTURE_ANSWER_H

#include "base/utf8.h"
#include "model/answer.h"
#include "setup/graph.h"
#include "setup/profile.h"
#include "setup/service.h"
#include "unit.h"

static char id[] = "svc", key[] = "sk-Secret.1";

#define USAGE(in, out) "{\"prompt_tokens\":" #in ",\"completion_tokens\":" \
	#out "}"

struct heard {
	struct stage_spec spec;
	struct service	service;
	struct job	job;
	struct job_io	io;
	struct outcome	outcome;
	struct answer	answer;
	struct buf	noted;
	int		left;		/* frames until the worker is gone */
};

static inline int
take(void *arg, enum frame_type type, const char *data, size_t n)
{
	struct heard *h = arg;

	if (h->left-- == 0)
		return -1;
	switch (type) {
	case FRAME_START:
		return buf_putc(&h->noted, 'S');
	case FRAME_THINKING:
		return buf_putc(&h->noted, 'T');
	case FRAME_VOID:
		return buf_putc(&h->noted, 'V');
	case FRAME_DELTA:
		assert_true(n > 0);
		assert_true(utf8_valid(data, n));
		buf_putc(&h->noted, '[');
		buf_add(&h->noted, data, n);
		return buf_putc(&h->noted, ']');
	default:
		fail_msg("a frame %d", (int)type);
		return -1;
	}
}

static inline void
begin(struct heard *h)
{
	memset(h, 0, sizeof(*h));
	h->service.id = id;
	h->service.key = key;
	h->job.spec = &h->spec;
	h->job.service = &h->service;
	h->job.model = "m";
	h->job.params = (1u << PARAMS_N) - 1;
	h->io = (struct job_io){ .emit = take, .arg = h };
	h->outcome = (struct outcome)OUTCOME_INIT;
	h->left = -1;
	buf_init(&h->noted, DOC_MAX);
	answer_init(&h->answer, &h->job, &h->io, &h->outcome);
}

static inline int
event(struct heard *h, const char *data)
{
	return answer_event(&h->answer, "", data, strlen(data));
}

static inline void
end(struct heard *h)
{
	answer_free(&h->answer);
	answer_free(&h->answer);
	buf_free(&h->noted);
}

/* A chunk with this delta, and one with this content (inside of quotes). */
#define DELTA(delta) "{\"choices\":[{\"index\":0,\"delta\":{" delta "}}]}"
#define TEXT(text) DELTA("\"content\":\"" text "\"")

/* A refusal with these members, and one with these words. */
#define ERROR(members) "{\"error\":{" members "}}"
#define MESSAGE(text) ERROR("\"message\":\"" text "\"")

/* A pan with an egg, U+1F373. */
#define COOK "\xf0\x9f\x8d\xb3"

/* Up to six events and the end: these frames, and no failure. */
static inline void
hears(const char *const events[], const char *want)
{
	struct heard h;
	size_t i;

	begin(&h);
	for (i = 0; i < 6 && events[i] != NULL; i++)
		if (event(&h, events[i]) != 0)
			fail_msg("%s: %s", events[i], h.outcome.message);
	assert_int_equal(answer_end(&h.answer), 0);
	if (strcmp(h.noted.data, want) != 0)
		fail_msg("%s: %s, not %s", events[0], h.noted.data, want);
	assert_false(h.answer.failed || h.answer.gone);
	end(&h);
}

#endif
