/*
 * saturate: sums and products that stop at the greatest number, and at the
 * least, instead of going round.
 *
 *	saturate_to(&sum->tokens, entry->tokens);
 *	cost = saturate_add(saturate_multiply(in, price_in),
 *	    saturate_multiply(out, price_out));
 */
#ifndef SATURATE_H
#define SATURATE_H

#include <stdint.h>

int64_t	saturate_add(int64_t a, int64_t b);
int64_t	saturate_multiply(int64_t a, int64_t b);

/* Adds to *sum. */
void	saturate_to(int64_t *sum, int64_t more);

#endif
