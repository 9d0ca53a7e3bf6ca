/*
 * score.c: the command line.  Adds up; prints nothing.
 */
#include <stdio.h>
#include <string.h>

#include "bulk/score.h"

static struct score_service *
row_of(struct score *score, const char *id)
{
	size_t i;

	for (i = 0; i < score->n; i++)
		if (strcmp(score->services[i].id, id) == 0)
			return &score->services[i];
	if (score->n < SCORE_SERVICES)
		snprintf(score->services[score->n++].id,
		    sizeof(score->services[0].id), "%s", id);
	return &score->services[score->n - 1];
}

void
score_part(struct score *score, const char *service, int64_t in, int64_t out,
    int64_t money, bool good)
{
	struct score_service *s = row_of(score, service);

	s->parts++;
	s->failed += good ? 0 : 1;
	s->in += in;
	s->out += out;
	s->money += money;
	score->money += money;
	score->in += in;
	score->out += out;
}
