/*
 * price.c: listener, before any fork, and commands.  Reads prices; counts no
 * tokens.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "setup/doc.h"
#include "setup/price.h"
#include "text/json.h"

/* For a million tokens; and how many billionths one of it is for a token. */
#define PRICE_MAX	1e6
#define EACH		1000.0

/*
 * 0.9 for a million is 900 billionths for one.  A fraction is rounded up, but
 * not what is one only because 0.9 has no exact double.
 */
static int64_t
for_one(double million)
{
	int64_t whole = (int64_t)(million * EACH);

	return million * EACH > (double)whole + 1e-6 ? whole + 1 : whole;
}

/* Reads "in" and "out" of the object at a place, which has both. */
static int
read_price(struct price *price, const struct doc *doc,
    const char *const in[], const char *const out[],
    const char *const at[], struct err *err)
{
	double each_in = 0, each_out = 0;
	int has_in = doc_double(doc, err, in, 0, PRICE_MAX, &each_in);
	int has_out = has_in == -1 ? -1 :
	    doc_double(doc, err, out, 0, PRICE_MAX, &each_out);

	if (has_out == -1)
		return -1;
	if (has_in == 0 || has_out == 0)
		return doc_complain(doc, err, at, "a price needs \"in\" and "
		    "\"out\", each for a million tokens; a server at home has "
		    "\"price\": 0");
	price->is_set = true;
	price->in = for_one(each_in);
	price->out = for_one(each_out);
	return 0;
}

static int
read_models(struct prices *prices, const struct doc *doc, const char *id,
    struct err *err)
{
	static const char *const known[] = { "in", "out", NULL };
	const struct json *models = doc_get(doc, AT("services", id, "price",
	    "models"));
	const char *model;
	size_t i;

	if (models == NULL)
		return 0;
	if (json_kind(models) != JSON_OBJECT)
		return doc_complain(doc, err, AT("services", id, "price",
		    "models"), "\"models\" must be an object of prices by "
		    "model");
	prices->models = calloc(json_count(models) + 1,
	    sizeof(*prices->models));
	if (prices->models == NULL)
		fatal("cannot copy the configuration");
	for (i = 0; i < json_count(models); i++) {
		json_member(models, i, &model);
		if (doc_only(doc, err, AT("services", id, "price", "models",
		    model), known) == -1 ||
		    read_price(&prices->models[i], doc,
		    AT("services", id, "price", "models", model, "in"),
		    AT("services", id, "price", "models", model, "out"),
		    AT("services", id, "price", "models", model), err) == -1)
			return -1;
		prices->models[i].model = doc_copy(model);
		prices->n++;
	}
	return 0;
}

int
prices_read(struct prices *prices, const struct doc *doc, const char *id,
    struct err *err)
{
	static const char *const known[] = { "in", "out", "models", NULL };
	const struct json *json = doc_get(doc, AT("services", id, "price"));
	enum json_kind kind = json_kind(json);

	if (json == NULL)
		return 0;
	if ((kind == JSON_INT || kind == JSON_DOUBLE) &&
	    json_double(json, -1) >= 0 && json_double(json, -1) <= 0) {
		prices->all.is_set = true;
		return 0;
	}
	if (kind != JSON_OBJECT)
		return doc_complain(doc, err, AT("services", id, "price"),
		    "\"price\" must be {\"in\": 0.9, \"out\": 0.9}, each for a "
		    "million tokens, or 0");
	if (doc_only(doc, err, AT("services", id, "price"), known) == -1 ||
	    read_models(prices, doc, id, err) == -1)
		return -1;
	/* Every model may have a price of its own. */
	if (prices->n > 0 && json_get(json, "in") == NULL &&
	    json_get(json, "out") == NULL)
		return 0;
	return read_price(&prices->all, doc,
	    AT("services", id, "price", "in"),
	    AT("services", id, "price", "out"),
	    AT("services", id, "price"), err);
}

void
prices_free(struct prices *prices)
{
	size_t i;

	for (i = 0; i < prices->n; i++)
		free(prices->models[i].model);
	free(prices->models);
	*prices = (struct prices)PRICES_INIT;
}

const struct price *
prices_of(const struct prices *prices, const char *model)
{
	size_t i;

	for (i = 0; i < prices->n; i++)
		if (strcmp(prices->models[i].model, model) == 0)
			return &prices->models[i];
	return &prices->all;
}
