/*
 * saturate.c: any process.  Adds and multiplies.
 */
#include "base/saturate.h"

int64_t
saturate_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return a < 0 ? INT64_MIN : INT64_MAX;
}

int64_t
saturate_multiply(int64_t a, int64_t b)
{
	int64_t product;

	if (!__builtin_mul_overflow(a, b, &product))
		return product;
	return (a < 0) != (b < 0) ? INT64_MIN : INT64_MAX;
}

void
saturate_to(int64_t *sum, int64_t more)
{
	*sum = saturate_add(*sum, more);
}
