/*
 * attempt.c: worker.  Ends an attempt and says what it has cost; launch.c
 * begins one.
 */
#include "run/attempt.h"
#include "run/seat.h"
#include "setup/service.h"
#include "stage/stage.h"

void
attempt_leave_seat(struct attempt *attempt)
{
	struct tokens used = attempt_tokens(attempt);

	seat_leave(attempt->seat, (used.in > 0 ? used.in : 0) +
	    (used.out > 0 ? used.out : 0));
}

void
attempt_drop(struct attempt *attempt)
{
	if (attempt->stage != NULL)
		stage_kill(attempt->stage);
	attempt->stage = NULL;
	purse_settle(&attempt->ticket, NULL);
	if (attempt->seat != NULL)
		attempt_leave_seat(attempt);
}

struct tokens
attempt_tokens(const struct attempt *attempt)
{
	struct tokens tokens = { -1, -1, false };

	/* A program costs none. */
	if (attempt->service != NULL && service_is_program(attempt->service))
		return tokens;
	if (attempt->ended)
		tokens = attempt->tokens;
	/* A service that has begun to answer charges, also if it is cut off. */
	if (attempt->accepted || attempt->heard > 0)
		tokens_estimate(&tokens, attempt->prompt_len, attempt->heard);
	return tokens;
}
