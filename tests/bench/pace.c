/*
 * pace.c: see pace.h.
 */
#include <stdlib.h>

#include "pace.h"
#include "tool.h"

static void
place(struct pace *p, size_t at, struct due *due)
{
	p->heap[at] = due;
	due->at = at;
}

static void
rise(struct pace *p, size_t at, struct due *due)
{
	for (; at > 1 && p->heap[at / 2]->ns > due->ns; at /= 2)
		place(p, at, p->heap[at / 2]);
	place(p, at, due);
}

static void
sink(struct pace *p, size_t at, struct due *due)
{
	size_t child;

	while ((child = 2 * at) <= p->n) {
		if (child < p->n &&
		    p->heap[child + 1]->ns < p->heap[child]->ns)
			child++;
		if (p->heap[child]->ns >= due->ns)
			break;
		place(p, at, p->heap[child]);
		at = child;
	}
	place(p, at, due);
}

struct due *
pace_first(const struct pace *p)
{
	return p->n == 0 ? NULL : p->heap[1];
}

void
pace_add(struct pace *p, struct due *due)
{
	if (p->n + 1 >= p->size) {
		p->size = p->size == 0 ? 64 : 2 * p->size;
		p->heap = realloc(p->heap, p->size * sizeof(*p->heap));
		if (p->heap == NULL)
			die("memory");
	}
	rise(p, ++p->n, due);
}

void
pace_remove(struct pace *p, struct due *due)
{
	size_t at = due->at;
	struct due *last;

	if (at == 0)
		return;
	due->at = 0;
	last = p->heap[p->n--];
	if (last == due)
		return;
	if (at > 1 && p->heap[at / 2]->ns > last->ns)
		rise(p, at, last);
	else
		sink(p, at, last);
}
