/*
 * pace.c: stage, and who reads its outcome.  Computes with times; takes none.
 */
#include "model/pace.h"
#include "site/laps.h"

void
pace_hear(struct pace *pace, int64_t now_us, size_t n)
{
	if (pace->first_us < 0)
		pace->first_us = now_us;
	if (pace->first_us == now_us)
		pace->head += (int64_t)n;
	pace->last_us = now_us;
	pace->heard += (int64_t)n;
	pace->chunks++;
}

void
pace_show(struct pace *pace, int64_t now_us)
{
	if (pace->text_us < 0)
		pace->text_us = now_us;
}

/* A server may answer before it has read all that was sent. */
static void
count_from(int64_t *us, int64_t sent_us)
{
	if (*us >= 0)
		*us = sent_us == 0 ? -1 : *us < sent_us ? 0 : *us - sent_us;
}

void
pace_settle(struct pace *pace, int64_t sent_us)
{
	count_from(&pace->first_us, sent_us);
	count_from(&pace->text_us, sent_us);
	count_from(&pace->last_us, sent_us);
}

double
pace_rate(const struct pace *pace, int64_t tokens)
{
	int64_t us = pace->last_us - pace->first_us;

	if (us <= 0 || tokens <= 0 || pace->heard <= pace->head)
		return 0;
	return (double)tokens * (double)(pace->heard - pace->head) /
	    (double)pace->heard * 1e6 / (double)us;
}

/* As the 32 bits of a row take it: 35 minutes are the longest of its times. */
static void
put(int32_t *to, int64_t us)
{
	if (us >= 0)
		*to = us > INT32_MAX ? INT32_MAX : (int32_t)us;
}

void
pace_put(const struct pace *pace, int64_t tokens, struct lap *lap)
{
	put(&lap->first_us, pace->first_us);
	put(&lap->text_us, pace->text_us);
	put(&lap->total_us, pace->last_us);
	put(&lap->tokens, tokens);
	put(&lap->rate_milli, (int64_t)(pace_rate(pace, tokens) * 1000));
}

double
pace_connect_ms(const struct pace *pace)
{
	if (pace->tcp_us < 0)
		return -1;
	return (double)(pace->dns_us + pace->tcp_us + pace->tls_us) / 1000;
}
