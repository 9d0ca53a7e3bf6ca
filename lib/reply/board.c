/*
 * board.c: worker.  Puts what is known of services into a document; takes no
 * times itself.
 */
#include <stdint.h>

#include "base/io.h"
#include "reply/board.h"
#include "setup/config.h"
#include "setup/service.h"
#include "site/tempo.h"
#include "text/json.h"

#define HOUR_MS		INT64_C(3600000)
#define DAY_MS		(24 * HOUR_MS)

/* Microseconds or tokens in 1000 s, as thousandths; what never came is null. */
static void
set_thousandth(struct json *json, const char *key, int64_t value)
{
	if (value == TEMPO_NEVER)
		json_set_null(json, key);
	else if (value >= 0)
		json_set_double(json, key, (double)value / 1000);
}

/* For a rate, to be at least as good is to be at least as high. */
static void
set_quantiles(struct json *row, const char *key, const struct tempo *tempo,
    struct tempo_query query, enum tempo_what what)
{
	struct json *json = json_new_object();

	query.what = what;
	set_thousandth(json, "p50", tempo_quantile(tempo, &query, 50));
	set_thousandth(json, "p90", tempo_quantile(tempo, &query,
	    what == TEMPO_RATE ? 10 : 90));
	json_set(row, key, json);
}

static void
set_window(struct json *row, const char *key, const struct tempo *tempo,
    const struct tempo_query *query)
{
	struct json *json = json_new_object();
	struct tempo_count count = tempo_count(tempo, query);

	json_set_int(json, "n", (int64_t)count.n);
	if (count.n > 0) {
		json_set_int(json, "failed", (int64_t)count.failed);
		json_set_int(json, "since_ms", count.first_ms);
		set_quantiles(json, "first_token_ms", tempo, *query,
		    TEMPO_FIRST);
		set_quantiles(json, "total_ms", tempo, *query, TEMPO_TOTAL);
		set_quantiles(json, "tokens_s", tempo, *query, TEMPO_RATE);
	}
	json_set(row, key, json);
}

static struct json *
model_json(const struct service *service, const char *model,
    const struct tempo *tempo, int64_t now_ms)
{
	struct json *row = json_new_object();
	struct tempo_query query = { .key = laps_key(service, model),
	    .since_ms = now_ms - HOUR_MS };

	json_set_string(row, "service", service->id);
	json_set_string(row, "model", model);
	set_window(row, "hour", tempo, &query);
	query.since_ms = now_ms - DAY_MS;
	set_window(row, "day", tempo, &query);
	query.of = LAP_OF_SPEED;
	set_window(row, "measured", tempo, &query);
	return row;
}

struct json *
board_json(const struct config *config, const char *dir)
{
	struct json *json = json_new_object(), *rows = json_new_array();
	struct tempo tempo = TEMPO_INIT;
	const struct service *s;
	int64_t now_ms = io_wall_ms();
	size_t i, m;

	tempo_read(&tempo, dir, now_ms - DAY_MS);
	for (i = 0; i < config->services.n; i++) {
		s = &config->services.list[i];
		for (m = 0; m < s->nmodels && s->why_not == NULL &&
		    !service_is_demo(s); m++)
			json_push(rows, model_json(s, s->models[m], &tempo,
			    now_ms));
	}
	json_set_int(json, "version", 1);
	json_set(json, "rows", rows);
	tempo_free(&tempo);
	return json;
}
