/*
 * score.c: the command line.  Adds up; prints nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/saturate.h"
#include "bulk/score.h"
#include "spend/entry.h"

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
	saturate_to(&s->in, in);
	saturate_to(&s->out, out);
	saturate_to(&s->money, money);
	saturate_to(&score->money, money);
	saturate_to(&score->in, in);
	saturate_to(&score->out, out);
}

bool
score_reaches(const struct score *score, int64_t tokens, int64_t money,
    struct err *err)
{
	if (tokens >= 0 && saturate_add(score->in, score->out) >= tokens)
		err_set(err, 429, "limit", "--max-tokens-total %" PRId64
		    " is reached", tokens);
	else if (money >= 0 && score->money >= money)
		err_set(err, 429, "limit", "--max-cost %.4f is reached",
		    (double)money / ENTRY_COIN);
	else
		return false;
	return true;
}
