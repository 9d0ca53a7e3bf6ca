/*
 * tempo.c: worker, and commands.  Computes what rows say of a model; decides
 * nothing by it.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "base/io.h"
#include "site/tempo.h"

/* A row that is from later than this was written before the clock was set. */
#define AHEAD_MS	60000

static void
take_lap(void *arg, const struct lap *lap)
{
	struct tempo *tempo = arg;
	size_t room = tempo->room == 0 ? 256 : 2 * tempo->room;
	struct lap *list;

	if (tempo->n == tempo->room) {
		list = realloc(tempo->list, room * sizeof(*list));
		if (list == NULL)
			return;
		tempo->list = list;
		tempo->room = room;
	}
	tempo->list[tempo->n++] = *lap;
}

void
tempo_read(struct tempo *tempo, const char *dir, int64_t since_ms)
{
	int64_t until = io_wall_ms() + AHEAD_MS;
	size_t i, kept = 0;

	if (dir != NULL)
		laps_read(dir, tempo->marks, take_lap, tempo);
	for (i = 0; i < tempo->n; i++)
		if (tempo->list[i].at_ms >= since_ms &&
		    tempo->list[i].at_ms <= until)
			tempo->list[kept++] = tempo->list[i];
	tempo->n = kept;
}

void
tempo_free(struct tempo *tempo)
{
	free(tempo->list);
	*tempo = (struct tempo)TEMPO_INIT;
}

/* A value, and whether it is only known that there would be a greater one. */
struct seen {
	int64_t	value;
	bool	left;
};

/* Returns whether the lap says anything of `what`; if so, fills *seen. */
static bool
look_at(const struct lap *lap, enum tempo_what what, struct seen *seen)
{
	int32_t us = what == TEMPO_THOUGHT ? lap->first_us :
	    what == TEMPO_FIRST ? lap->text_us : -1;

	*seen = (struct seen){ lap->total_us, false };
	if (what == TEMPO_RATE) {
		seen->value = lap->rate_milli;
		return lap->end == LAP_DONE && lap->rate_milli > 0;
	}
	if (us >= 0)
		seen->value = us;
	else if (lap->end == LAP_FAILED || lap->end == LAP_SLOW)
		seen->value = TEMPO_NEVER;
	else
		seen->left = lap->end == LAP_LEFT;
	return seen->value >= 0;
}

static bool
is_asked_for(const struct lap *lap, const struct tempo_query *query)
{
	return lap->key == query->key && lap->of == query->of &&
	    lap->end != LAP_LATE && lap->at_ms >= query->since_ms;
}

struct tempo_count
tempo_count(const struct tempo *tempo, const struct tempo_query *query)
{
	struct tempo_count count = { 0, 0, 0 };
	const struct lap *lap;
	size_t i;

	for (i = 0; i < tempo->n; i++) {
		lap = &tempo->list[i];
		if (!is_asked_for(lap, query))
			continue;
		count.n++;
		count.failed += lap->end == LAP_FAILED || lap->end == LAP_SLOW;
		if (count.first_ms == 0 || lap->at_ms < count.first_ms)
			count.first_ms = lap->at_ms;
	}
	return count;
}

/* Of two at the same time, the one that was left was still waited for. */
static int
compare_seen(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return x->value != y->value ? (x->value > y->value) -
	    (x->value < y->value) : x->left - y->left;
}

/*
 * Goes through n > 0 values in their order.  `still` is the share of attempts
 * that have not come by then; each that comes takes its part of that, which is
 * the greater the more have been left before.
 */
static int64_t
find_quantile(const struct seen *list, size_t n, int percent)
{
	double still = 1, most = 1 - percent / 100.0 + 1e-9;
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i].left)
			continue;
		still -= still / (double)(n - i);
		if (still <= most)
			return list[i].value;
	}
	return TEMPO_NEVER;
}

int64_t
tempo_quantile(const struct tempo *tempo, const struct tempo_query *query,
    int percent)
{
	struct seen *list = calloc(tempo->n + 1, sizeof(*list));
	int64_t found = -1;
	size_t i, n = 0;

	for (i = tempo->n; list != NULL && i-- > 0 &&
	    (query->most == 0 || n < query->most);)
		if (is_asked_for(&tempo->list[i], query) &&
		    look_at(&tempo->list[i], query->what, &list[n]))
			n++;
	if (n > 0) {
		qsort(list, n, sizeof(*list), compare_seen);
		found = find_quantile(list, n, percent);
	}
	free(list);
	return found;
}

bool
tempo_grants(const struct tempo *tempo, uint64_t key, int32_t id)
{
	const struct lap *lap;
	int twentieths = 0;
	size_t i;

	for (i = 0; i < tempo->n; i++) {
		lap = &tempo->list[i];
		if (lap->key != key || lap->of != LAP_OF_VISITOR)
			continue;
		if (lap->end == LAP_LATE && lap->tokens == id)
			return twentieths >= 20;
		if (lap->end == LAP_LATE)
			twentieths -= twentieths >= 20 ? 20 : 0;
		else if (twentieths < 20 * TEMPO_BUCKET)
			twentieths++;
	}
	return id == -1 && twentieths >= 20;
}
