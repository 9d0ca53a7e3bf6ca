/*
 * trials.c: the command line.  Computes figures; prints none.
 */
#include <stdlib.h>

#include "base/log.h"
#include "cli/trials.h"

void
trials_add(struct trials *trials, const struct outcome *outcome)
{
	struct timed *list;

	trials->asked++;
	if (outcome->finish == FINISH_NONE || outcome->pace.first_us < 0) {
		trials->failure = *outcome;
		return;
	}
	list = realloc(trials->list, (trials->n + 1) * sizeof(*list));
	if (list == NULL)
		fatal("speed");
	trials->list = list;
	list[trials->n++] = (struct timed){ outcome->pace, outcome->tokens };
}

void
trials_free(struct trials *trials)
{
	free(trials->list);
	trials->list = NULL;
	trials->n = 0;
}

/* A value, or a negative one if this answer has none. */
static double
figure_of(const struct timed *t, enum trial_of of)
{
	const struct pace *pace = &t->pace;
	double rate;

	switch (of) {
	case TRIAL_THOUGHT:
		return (double)pace->first_us / 1000;
	case TRIAL_FIRST:
		return pace->text_us < 0 ? -1 : (double)pace->text_us / 1000;
	case TRIAL_RATE:
		rate = pace_rate(pace, t->tokens.out);
		return rate > 0 ? rate : -1;
	case TRIAL_TOTAL:
		return (double)pace->last_us / 1000;
	case TRIAL_CHUNK:
		return pace->chunks == 0 || t->tokens.out < 1 ? -1 :
		    (double)t->tokens.out / (double)pace->chunks;
	case TRIAL_COLD:
		return pace_connect_ms(pace);
	case TRIAL_DNS:
		return pace->tcp_us < 0 ? -1 : (double)pace->dns_us / 1000;
	case TRIAL_TCP:
		return pace->tcp_us < 0 ? -1 : (double)pace->tcp_us / 1000;
	default:
		return pace->tcp_us < 0 ? -1 : (double)pace->tls_us / 1000;
	}
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct figure
trials_figure(const struct trials *trials, enum trial_of of)
{
	double *values = calloc(trials->n + 1, sizeof(*values)), value;
	struct figure f = { 0, 0, 0, 0 };
	size_t i;

	if (values == NULL)
		fatal("speed");
	for (i = 0; i < trials->n; i++)
		if ((value = figure_of(&trials->list[i], of)) >= 0)
			values[f.n++] = value;
	qsort(values, f.n, sizeof(*values), compare_doubles);
	if (f.n > 0) {
		f.least = values[0];
		f.most = values[f.n - 1];
		f.median = (values[(f.n - 1) / 2] + values[f.n / 2]) / 2;
	}
	free(values);
	return f;
}

size_t
trials_kept(const struct trials *trials)
{
	size_t i, n = 0;

	for (i = 0; i < trials->n; i++)
		if (trials->list[i].pace.tcp_us < 0)
			n++;
	return n;
}

bool
trials_are_estimated(const struct trials *trials)
{
	size_t i;

	for (i = 0; i < trials->n; i++)
		if (trials->list[i].tokens.estimated)
			return true;
	return false;
}

static int
compare_totals(const void *a, const void *b)
{
	const struct figure x = trials_figure(a, TRIAL_TOTAL);
	const struct figure y = trials_figure(b, TRIAL_TOTAL);

	if ((x.n == 0) != (y.n == 0))
		return x.n == 0 ? 1 : -1;
	return (x.median > y.median) - (x.median < y.median);
}

void
trials_sort(struct trials *list, size_t n)
{
	qsort(list, n, sizeof(*list), compare_totals);
}
