/*
 * board: how fast the services are, as GET /speed tells it.
 *
 *	{"version": 1, "rows": [{"service": "70b", "model": "llama",
 *	  "hour": {"n": 120, "failed": 2, "since_ms": 1764400000000,
 *	    "first_token_ms": {"p50": 210, "p90": 380},
 *	    "total_ms": {"p50": 1900, "p90": 2600},
 *	    "tokens_s": {"p50": 98.5, "p90": 61.2}},
 *	  "day": {...}, "measured": {...}}]}
 *
 * "hour" and "day" are what visitors had in the last hour and the last 24;
 * "measured" is what `recipe.fcgi speed` measured in the last 24.  Nine of ten
 * answers were at least as good as p90; null stands for what never came.  One
 * that has no row says n: 0 and nothing else.  `since_ms` is the time of its
 * oldest row.
 */
#ifndef BOARD_H
#define BOARD_H

struct config;
struct json;

/*
 * A row for each model of each service that can be used, in the order of the
 * configuration; of the rows of `dir`, the folder of the site, which may be
 * NULL.  The caller frees the document.
 */
struct json	*board_json(const struct config *config, const char *dir);

#endif
