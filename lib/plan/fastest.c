/*
 * fastest.c: worker.  Orders services by what is known of them; asks none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/io.h"
#include "plan/fastest.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "site/laps.h"
#include "site/state.h"
#include "site/tempo.h"

bool
fastest_is_asked(const struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->n; i++)
		if (graph->stages[i].fastest != FASTEST_NOT ||
		    graph->stages[i].is_late_race)
			return true;
	return false;
}

static struct tempo_query
query_of(const struct service *service, enum tempo_what what)
{
	return (struct tempo_query){ .key = laps_key(service,
	    service->models[0]), .what = what,
	    .since_ms = io_wall_ms() - FASTEST_MS, .most = FASTEST_MOST };
}

/* The median of a service; -1 if too little is known of it. */
static int64_t
median(const struct tempo *tempo, const struct service *service,
    enum fastest by)
{
	struct tempo_query query = query_of(service, by == FASTEST_FIRST ?
	    TEMPO_FIRST : TEMPO_TOTAL);

	return tempo_count(tempo, &query).n < FASTEST_ROWS ? -1 :
	    tempo_quantile(tempo, &query, 50);
}

/* A service that is known. */
struct known {
	const struct service	*service;
	int64_t			 us;
};

/* Moves the one at `from` to the front; those before it keep their order. */
static void
to_front(struct known *list, size_t from)
{
	struct known one = list[from];

	for (; from > 0; from--)
		list[from] = list[from - 1];
	list[0] = one;
}

/* By their medians; of two that take as long, the one that is listed first. */
static void
sort(struct known *list, size_t n)
{
	size_t i, best, k;

	for (i = 0; i + 1 < n; i++) {
		for (best = i, k = i + 1; k < n; k++)
			if (list[k].us < list[best].us)
				best = k;
		to_front(list + i, best - i);
	}
}

/*
 * Whether one that takes us[0] is faster than one that takes us[1] by more than
 * the margin.  One that never came is beaten by all others.
 */
static bool
beats(const struct known *a, const struct known *b)
{
	return a->us < b->us && (b->us == TEMPO_NEVER ||
	    a->us < b->us - b->us / 100 * FASTEST_MARGIN);
}

/* A name of the list, by its ids and by what it is ordered. */
static uint64_t
name_list(const struct stage_spec *spec)
{
	struct buf text = BUF_INIT(8192);
	char hex[17];
	size_t i;

	buf_printf(&text, "%d", (int)spec->fastest);
	for (i = 0; i < spec->nservices; i++)
		buf_printf(&text, "\n%s", spec->services[i]);
	digest_hex(text.data, text.len, hex, sizeof(hex) - 1);
	buf_free(&text);
	return strtoull(hex, NULL, 16);
}

/*
 * Sorts those that are known, of which one may lead by now, and remembers who
 * leads from now on.
 */
static void
choose_leader(struct known *list, size_t n, uint64_t name,
    struct state *state)
{
	size_t i;

	sort(list, n);
	for (i = 1; i < n; i++)
		if (state_leads(state, name, list[i].service->id) &&
		    !beats(&list[0], &list[i])) {
			to_front(list, i);
			return;
		}
	if (n > 1 && !state_leads(state, name, list[0].service->id))
		state_learn_leader(state, name, list[0].service->id);
}

/* One in FASTEST_TRIAL; never without random numbers. */
static bool
draw_trial(void)
{
	uint32_t draw;

	return getrandom(&draw, sizeof(draw), 0) == sizeof(draw) &&
	    draw % FASTEST_TRIAL == 0;
}

void
fastest_order(struct choice *choice, const struct stage_spec *spec,
    const struct tempo *tempo, struct state *state,
    const struct service **order, size_t n)
{
	struct known known[FASTEST_MAX];
	bool is_known[FASTEST_MAX];
	size_t i, k, nknown = 0;
	int64_t us;

	*choice = (struct choice){ .chosen = CHOSEN_LISTED };
	if (spec->fastest == FASTEST_NOT)
		return;
	for (i = 0; i < n; i++) {
		us = median(tempo, order[i], spec->fastest);
		if ((is_known[i] = us >= 0))
			known[nknown++] = (struct known){ order[i], us };
	}
	choose_leader(known, nknown, name_list(spec), state);
	choice->chosen = CHOSEN_UNKNOWN;
	if (nknown > 1 && is_known[0])
		choice->chosen = CHOSEN_FASTEST;
	choice->us = nknown > 0 ? known[0].us : 0;
	for (i = k = 0; i < n; i++)
		if (is_known[i])
			order[i] = known[k++].service;
	choice->trial = n > 1 && draw_trial();
}

int64_t
fastest_late_ms(const struct tempo *tempo, const struct service *service)
{
	struct tempo_query query = query_of(service, TEMPO_THOUGHT);
	int64_t us;

	if (tempo_count(tempo, &query).n < FASTEST_LATE_ROWS)
		return -1;
	us = tempo_quantile(tempo, &query, 95);
	return us == TEMPO_NEVER ? -1 : (us + 999) / 1000;
}

const char *
fastest_words(const struct choice *choice, const struct stage_spec *spec,
    char words[FASTEST_WORDS])
{
	if (choice->chosen == CHOSEN_LISTED)
		return NULL;
	if (choice->chosen == CHOSEN_UNKNOWN)
		snprintf(words, FASTEST_WORDS, "the listed order, as too "
		    "little is known%s", choice->trial ? "; a race, to learn" :
		    "");
	else if (choice->us == TEMPO_NEVER)
		snprintf(words, FASTEST_WORDS, "none of %zu answers well%s",
		    spec->nservices, choice->trial ? "; a race, to learn" :
		    "");
	else
		snprintf(words, FASTEST_WORDS, "the fastest of %zu: %.2f s to "
		    "the %s in the median%s", spec->nservices,
		    (double)choice->us / 1e6, spec->fastest == FASTEST_FIRST ?
		    "first text" : "last token", choice->trial ?
		    "; a race, to learn" : "");
	return words;
}
