/*
 * visit.c: see visit.h.  Knows the parts and their tokens, no sockets.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "visit.h"

/* Tells only the first of a run: the others mostly follow from it. */
#define FAULT(v, ...) do {						\
	if (!(v)->bad)							\
		tally_error((v)->tally, __VA_ARGS__);			\
	(v)->bad = true;						\
} while (0)

/* --- what an event says -------------------------------------------------- */

/* The value of "name" in a flat JSON object, as far as it is needed here. */
static size_t
member(const struct event *e, const char *name, const char **value)
{
	const char *p, *end = e->text + e->text_len;
	size_t n = strlen(name);

	p = memmem(e->text, e->text_len, name, n);
	if (p == NULL)
		return 0;
	for (p += n; p < end && strchr(" :\"", *p) != NULL;)
		p++;
	*value = p;
	for (n = 0; p + n < end && strchr("\",}", p[n]) == NULL;)
		n++;
	return n;
}

static struct part_seen *
find_part(struct visit *v, const char *name, size_t n)
{
	struct run_seen *seen = &v->seen;
	struct part_seen *p;

	for (p = seen->parts; p < seen->parts + seen->nparts; p++)
		if (strlen(p->name) == n && memcmp(p->name, name, n) == 0)
			return p;
	if (n == 0 || n >= NAME_SIZE || seen->nparts == PARTS_MAX) {
		FAULT(v, "an impossible part \"%.*s\"", (int)n, name);
		return NULL;
	}
	seen->nparts++;
	memcpy(p->name, name, n);
	p->name[n] = '\0';
	return p;
}

static void
take_state(struct visit *v, const struct event *e)
{
	const char *name = "", *state = "";
	size_t n = member(e, "\"part\"", &name);
	struct part_seen *part = find_part(v, name, n);

	if (part == NULL)
		return;
	n = member(e, "\"state\"", &state);
	if (n == 5 && memcmp(state, "start", n) == 0)
		part->start_ns = v->read_ns;
	else if (n == 4 && memcmp(state, "done", n) == 0) {
		part->end_ns = v->read_ns;
		part->good = true;
	} else if (n != 5 || memcmp(state, "first", n) != 0)
		FAULT(v, "%s is %.*s: %.*s", part->name, (int)n, state,
		    (int)e->text_len, e->text);
}

static void
take_pick(struct visit *v, const struct event *e)
{
	const char *index;

	if (member(e, "\"index\"", &index) == 1)
		v->seen.pick = *index - '0';
}

static bool
is_part(const struct event *e, const char *name)
{
	return strlen(name) == e->part_len &&
	    memcmp(name, e->part, e->part_len) == 0;
}

/* --- what a token says --------------------------------------------------- */

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
take_token(struct visit *v, struct part_seen *part, const struct trail *t)
{
	if ((long)t->seq != part->tokens)
		FAULT(v, "%s: token %" PRIu64 " where %ld was due",
		    part->name, t->seq, part->tokens);
	part->tokens = (long)t->seq + 1;
	v->tokens++;
	tally_relay(v->tally, v->read_ns - (int64_t)t->value);
}

/* A fragment may hold a piece of a token, or several. */
static void
follow(struct visit *v, struct part_seen *part, struct trail *t,
    const struct event *e)
{
	const char *p = e->text, *end = p + e->text_len;
	int digit;

	for (; p < end; p++) {
		if ((digit = hex(*p)) != -1) {
			t->value = t->value << 4 | (uint64_t)digit;
			continue;
		}
		if (*p == '@' && t->ok) {
			t->seq = t->value;
			t->in_time = true;
		} else {
			if (*p == ';' && t->ok && t->in_time)
				take_token(v, part, t);
			t->ok = *p == ' ';
			t->in_time = false;
		}
		t->value = 0;
	}
}

static void
take_text(struct visit *v, const struct event *e)
{
	struct part_seen *part = find_part(v, e->part, e->part_len);

	if (part == NULL)
		return;
	if (part->first_ns == 0)
		part->first_ns = v->read_ns;
	if (v->seen.first_ns == 0)
		v->seen.first_ns = v->read_ns;
	/* Others repeat what those wrote, or are not written by a model. */
	if (parts_tokens(v->expected, e->part, e->part_len, -1) != -1)
		follow(v, part, &v->trails[part - v->seen.parts], e);
}

static void
on_event(void *arg, const struct event *e)
{
	struct visit *v = arg;

	if (e->part[0] != '_')
		take_text(v, e);
	else if (is_part(e, "_part"))
		take_state(v, e);
	else if (is_part(e, "_pick"))
		take_pick(v, e);
	else if (is_part(e, "_error"))
		FAULT(v, "%.*s", (int)e->text_len, e->text);
	else if (is_part(e, "_done"))
		v->seen.done_ns = v->read_ns;
}

/* --- the run ------------------------------------------------------------- */

/* Nothing of any part may be missing at the end. */
static void
check(struct visit *v)
{
	struct part_seen *part;
	size_t i;

	for (i = 0; i < v->expected->n; i++) {
		part = find_part(v, v->expected->list[i].name,
		    strlen(v->expected->list[i].name));
		if (part != NULL &&
		    part->tokens != v->expected->list[i].tokens)
			FAULT(v, "%s has %ld of %ld tokens", part->name,
			    part->tokens, v->expected->list[i].tokens);
	}
	for (i = 0; i < v->seen.nparts; i++)
		if (!v->seen.parts[i].good)
			FAULT(v, "%s is not done", v->seen.parts[i].name);
}

void
visit_begin(struct visit *v, const struct parts *expected,
    struct tally *tally)
{
	v->expected = expected;
	v->tally = tally;
	v->seen = (struct run_seen){ .post_ns = now_ns(), .pick = -1 };
	memset(v->trails, 0, sizeof(v->trails));
	v->tokens = 0;
	v->bad = false;
	stream_begin(&v->stream, on_event, v);
}

static int
finish(struct visit *v, int rc)
{
	if (rc == 1)
		check(v);
	tally_run(v->tally, &v->seen);
	return rc;
}

int
visit_feed(struct visit *v, const char *bytes, size_t n, int64_t read_ns)
{
	int rc;

	v->read_ns = read_ns;
	rc = stream_feed(&v->stream, bytes, n);
	if (v->seen.head_ns == 0 && v->stream.began)
		v->seen.head_ns = read_ns;
	if (rc == -1)
		FAULT(v, "%s (status %d, event %" PRIu64 ")", v->stream.why,
		    v->stream.status, v->stream.id);
	if (rc == -1 || v->stream.ended)
		return finish(v, rc == -1 ? -1 : 1);
	return 0;
}

void
visit_close(struct visit *v)
{
	if (stream_close(&v->stream) == 0) {
		finish(v, 1);
		return;
	}
	FAULT(v, "%s (status %d, event %" PRIu64 ")", v->stream.why,
	    v->stream.status, v->stream.id);
	finish(v, -1);
}

void
visit_leave(struct visit *v, int64_t left_ns)
{
	v->seen.left_ns = left_ns;
	finish(v, 0);
}
