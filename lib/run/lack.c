/*
 * lack.c: worker.  Says that a stage is lacking; does not know for whom.
 */
#include "run/lack.h"

static uint64_t
ground(void)
{
	return places_ground("lack");
}

void
lack_begin(struct lack *lack, struct places *places)
{
	if (places == NULL)
		return;
	if (lack->places == NULL)
		*lack = (struct lack){ places, PLACE_OF(ground()) };
	places_take(places, &lack->place, 1);
}

void
lack_end(struct lack *lack)
{
	if (lack->places == NULL)
		return;
	places_give(lack->places, &lack->place);
	lack->places = NULL;
}

bool
lack_is_first(const struct lack *lack)
{
	return lack->places != NULL && lack->place.held;
}

bool
lack_elsewhere(const struct places *places)
{
	return places_others(places, ground());
}
