/*
 * config: recipe.json, the environment and what is built in, as one value.
 *
 * Read once, before any fork, and const from then on; every process inherits
 * it.  config_load owns all it fills, config_free gives it back.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "setup/service.h"

struct err;

/* Times in ms, sizes in bytes; recipe.fcgi(8) says what each is for. */
struct limits {
	int64_t	max_runs;
	int64_t	connect_ms;
	int64_t	first_token_ms;
	int64_t	idle_ms;
	int64_t	run_ms;
	int64_t	body_ms;
	int64_t	stall_ms;
	int64_t	heartbeat_ms;
	int64_t	worker_idle_ms;
	int64_t	body_bytes;
	int64_t	prompt_bytes;
	int64_t	stage_bytes;
	int64_t	stage_requests;
	int64_t	retry_wait_ms;
	int64_t	pad;
};

struct config {
	char		 *path;		/* of recipe.json; NULL: none */
	struct services	  services;
	char		 *default_service;	/* its id; NULL: none named */
	struct limits	  limits;
	char		*state;		/* directory; NULL: the user's own */
	bool		  log_text;	/* logs may hold visitors' text */
	char		**cors;		/* origins, NULL at the end */
	size_t		  ncors;
};

#define CONFIG_INIT { .path = NULL }

/*
 * Finds and reads everything.  Returns 0, or -1 with err->text naming file,
 * line and remedy; free *config either way.  `warn` (may be NULL) is told, a
 * line each, what is odd but can be lived with.
 */
int	config_load(struct config *config, void (*warn)(const char *line),
	    struct err *err);
void	config_free(struct config *config);

/*
 * Lowers max_runs to what the process limits leave room for (RLIMIT_NPROC,
 * the cgroup's pids.max), at `per_run` processes a run.  Returns the name of
 * the limit that did it, NULL where max_runs stands as it was.
 */
const char *config_fit(struct config *config, size_t per_run);

/*
 * The services for a stage that asks for `ids` in that order (NULL or none):
 * those of them that can be used; where none can, the default, else the first
 * of recipe.json that can, else the first built in that can, else the demo.
 * Fills at most max places of `order`; returns how many, at least 1.
 */
size_t	config_order(const struct config *config, char *const *ids,
	    const struct service **order, size_t max);

/* Whether `origin` is listed under "cors". */
bool	config_allows(const struct config *config, const char *origin);

#endif
