/*
 * tempo.c: worker, and commands.  Computes what rows say of a model; decides
 * nothing by it.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "site/tempo.h"

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
	size_t i, kept = 0;

	if (dir != NULL)
		laps_read(dir, tempo->marks, take_lap, tempo);
	for (i = 0; i < tempo->n; i++)
		if (tempo->list[i].at_ms >= since_ms)
			tempo->list[kept++] = tempo->list[i];
	tempo->n = kept;
}

void
tempo_free(struct tempo *tempo)
{
	free(tempo->list);
	*tempo = (struct tempo)TEMPO_INIT;
}

/* Returns whether the lap has such a value; if so, *value is it. */
static bool
has_value(const struct lap *lap, enum tempo_what what, int64_t *value)
{
	int32_t us = what == TEMPO_THOUGHT ? lap->first_us :
	    what == TEMPO_FIRST ? lap->text_us : -1;

	if (what == TEMPO_RATE) {
		*value = lap->rate_milli;
		return lap->end == LAP_DONE && lap->rate_milli > 0;
	}
	if (us >= 0)
		*value = us;
	else if (lap->end == LAP_FAILED || lap->end == LAP_SLOW)
		*value = TEMPO_NEVER;
	else
		*value = lap->total_us;
	return lap->end != LAP_LEFT || (what != TEMPO_TOTAL &&
	    *value >= 0);
}

static bool
is_asked_for(const struct lap *lap, const struct tempo_query *query)
{
	return lap->key == query->key && lap->of == query->of &&
	    lap->at_ms >= query->since_ms;
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

static int
compare_values(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t
tempo_quantile(const struct tempo *tempo, const struct tempo_query *query,
    int percent)
{
	int64_t *values = calloc(tempo->n + 1, sizeof(*values)), found = -1;
	size_t i, count = 0, rank;
	const struct lap *lap;

	for (i = 0; values != NULL && i < tempo->n; i++) {
		lap = &tempo->list[i];
		if (is_asked_for(lap, query) &&
		    has_value(lap, query->what, &values[count]))
			count++;
	}
	if (count > 0) {
		qsort(values, count, sizeof(*values), compare_values);
		rank = (count * (size_t)percent + 99) / 100;
		found = values[rank == 0 ? 0 : rank - 1];
	}
	free(values);
	return found;
}
