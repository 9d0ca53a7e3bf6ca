/*
 * ours.c: any process of a site but its stages.  A list; takes no locks.
 */
#include <stddef.h>

#include "site/ours.h"

void
ours_append(struct places *places, struct place *place)
{
	struct place **at = &places->first;

	while (*at != NULL)
		at = &(*at)->next;
	*at = place;
	place->next = NULL;
}

bool
ours_remove(struct places *places, const struct place *place)
{
	struct place **at = &places->first;

	while (*at != NULL && *at != place)
		at = &(*at)->next;
	if (*at == NULL)
		return false;
	*at = place->next;
	return true;
}

bool
ours_has(const struct places *places, const struct place *place)
{
	const struct place *p = places->first;

	while (p != NULL && p != place)
		p = p->next;
	return p != NULL;
}

const struct place *
ours_find(const struct places *places, uint64_t ground, int64_t from,
    int64_t to)
{
	const struct place *p;

	for (p = places->first; p != NULL; p = p->next)
		if (p->ground == ground && p->held && p->byte >= from &&
		    p->byte < to)
			return p;
	return NULL;
}

int64_t
ours_count(const struct places *places, uint64_t ground, int64_t from)
{
	const struct place *p;
	int64_t n = 0;

	for (p = places->first; p != NULL; p = p->next)
		n += p->ground == ground && p->held && p->byte >= from;
	return n;
}

int64_t
ours_count_before(const struct places *places, const struct place *place)
{
	const struct place *p;
	int64_t n = 0;

	for (p = places->first; p != NULL && p != place; p = p->next)
		n += p->ground == place->ground && p->waits;
	return n;
}

const struct place *
ours_front(const struct places *places, uint64_t ground)
{
	const struct place *p = places->first;

	while (p != NULL && (p->ground != ground || !p->waits))
		p = p->next;
	return p;
}

int64_t
ours_first(const struct places *places, const struct place *place)
{
	const struct place *p;
	int64_t first = place->byte;

	for (p = places->first; p != NULL; p = p->next)
		if (p->ground == place->ground && p->waits && p->byte < first)
			first = p->byte;
	return first;
}

bool
ours_none(const struct places *places, uint64_t ground)
{
	const struct place *p = places->first;

	while (p != NULL && p->ground != ground)
		p = p->next;
	return p == NULL;
}
