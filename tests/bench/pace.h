/*
 * pace: who is due next: a heap of absolute times in nanoseconds.
 */
#ifndef PACE_H
#define PACE_H

#include <stddef.h>
#include <stdint.h>

/* Lies in what is to be woken; at is 0 while it is not in a heap. */
struct due {
	int64_t	ns;
	size_t	at;
};

struct pace {
	struct due	**heap;		/* from 1 */
	size_t		  n, size;
};

/* NULL when empty. */
struct due *pace_first(const struct pace *pace);

void	pace_add(struct pace *pace, struct due *due);

/* Nothing where it is not in. */
void	pace_remove(struct pace *pace, struct due *due);

#endif
