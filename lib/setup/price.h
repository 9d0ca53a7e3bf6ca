/*
 * price: what a service takes for a token, as recipe.json says it.
 *
 *	"price": {"in": 0.9, "out": 0.9}	for a million of each
 *	"price": 0				a server at home
 *	"price": {"in": 0.9, "out": 0.9,
 *		  "models": {"llama-8b": {"in": 0.2, "out": 0.2}}}
 *
 * No prices are built in, because they go stale.  They are kept in billionths
 * of the currency for one token, and rounded up.
 *
 *	struct prices prices = PRICES_INIT;
 *
 *	if (prices_read(&prices, doc, "70b", err) == -1)
 *		...
 *	price = prices_of(&prices, "llama-8b");
 *	prices_free(&prices);
 */
#ifndef PRICE_H
#define PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doc;
struct err;

struct price {
	char	*model;		/* NULL: all others of the service */
	bool	 is_set;
	int64_t	 in, out;
};

struct prices {
	struct price	 all;
	struct price	*models;
	size_t		 n;
};

#define PRICES_INIT { .models = NULL }

/*
 * Reads "services".ID."price".  Returns 0, or -1 with err.  Free *prices in
 * both cases.
 */
int	prices_read(struct prices *prices, const struct doc *doc,
	    const char *id, struct err *err);
void	prices_free(struct prices *prices);

/* The price of a model; its is_set is false if none was said. */
const struct price *prices_of(const struct prices *prices, const char *model);

#endif
