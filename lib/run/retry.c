/*
 * retry.c: worker.  Goes through the services of a part and counts its
 * attempts; knows neither why one failed nor what becomes of the part.
 */
#include "base/io.h"
#include "plan/plan.h"
#include "run/retry.h"
#include "setup/service.h"

void
retry_turn_to(struct retry *retry, size_t turn)
{
	retry->turn = turn;
	retry->model = 0;
	retry->repeats = 0;
	retry->refused_params = 0;
	retry->refused_values = 0;
	retry->not_before_ms = 0;
}

void
retry_give_up(struct retry *retry, size_t turn)
{
	retry->given_up |= 1u << turn;
}

bool
retry_has_given_up(const struct retry *retry, size_t turn)
{
	return (retry->given_up & 1u << turn) != 0;
}

/* PLAN_ORDER_MAX places have a bit each in given_up. */
bool
retry_move_on(struct retry *retry, const struct plan_part *plan)
{
	size_t i, k;

	retry_give_up(retry, retry->turn);
	for (k = 1; k < plan->norder; k++) {
		i = (retry->turn + k) % plan->norder;
		if (!retry_has_given_up(retry, i)) {
			retry_turn_to(retry, i);
			return true;
		}
	}
	return false;
}

bool
retry_next_model(struct retry *retry, const struct service *service)
{
	if (retry->model + 1 >= service->nmodels)
		return false;
	retry->model++;
	retry->not_before_ms = 0;
	return true;
}

void
retry_without(struct retry *retry, unsigned params, bool by_value)
{
	retry->refused_params |= params;
	if (by_value)
		retry->refused_values |= params;
	retry->not_before_ms = 0;
}

void
retry_wait(struct retry *retry, int64_t ms)
{
	retry->not_before_ms = io_now_ms() + ms;
}

void
retry_defer(struct retry *retry)
{
	retry->not_before_ms = 0;
}

bool
retry_repeat(struct retry *retry, const struct plan_part *plan)
{
	int share = RETRY_ATTEMPTS_MAX;

	/* The attempts of those that follow in the order must be left. */
	if (retry->turn + 1 < plan->norder)
		share /= (int)plan->norder;
	return ++retry->repeats >= share;
}

size_t
retry_place_of(const struct plan_part *plan, const struct service *service)
{
	size_t i;

	for (i = 0; i + 1 < plan->norder; i++)
		if (plan->order[i] == service)
			break;
	return i;
}

void
retry_charge_answer(struct retry *retry)
{
	retry->answers++;
}

void
retry_charge_unsent(struct retry *retry)
{
	retry->unsent++;
}

bool
retry_is_spent(const struct retry *retry, int begun)
{
	return begun - retry->unsent >= RETRY_ATTEMPTS_MAX ||
	    retry->answers >= RETRY_ANSWERS_MAX;
}
