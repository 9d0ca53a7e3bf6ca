/*
 * config: recipe.json, the environment and the built-in defaults in one struct.
 *
 * It is read once, before any fork, and does not change from then on; every
 * process inherits it.
 *
 * To add a setting: if it is a number, a member of struct limits and its LIMIT
 * in config.c; otherwise a member of struct config, its name among the known
 * ones in config_load, and what reads it there.  Then its place in
 * recipe.fcgi(8).
 *
 *	struct config config = CONFIG_INIT;
 *
 *	if (config_load(&config, warn, &err) == -1)
 *		log_warnx("%s", err.text);
 *	n = config_order(&config, ids, order, max);
 *	...
 *	config_free(&config);
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "setup/guard.h"
#include "setup/service.h"

struct err;

/*
 * Names that end in _ms are times in ms, and in _bytes sizes in bytes; pad is
 * in bytes, too.  recipe.fcgi(8) says what each is for.
 */
struct limits {
	int64_t	max_runs;
	int64_t	max_waiting;
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
	int64_t	keep_s;
	int64_t	linger_ms;
	int64_t	max_readers;
	int64_t	journal_bytes;
};

struct config {
	char		 *path;		/* of recipe.json; NULL if none */
	struct services	  services;
	char		 *default_service;	/* an id; NULL if not set */
	struct limits	  limits;
	struct guard	  guard;	/* what may be spent */
	char		 *name;		/* of the site; NULL: the graph's */
	char		 *state;	/* a directory; NULL: the user's own */
	bool		  log_text;	/* visitors' text may be logged */
	bool		  journal;	/* runs that are named are kept */
	bool		  speed;	/* visitors are told how fast services
					   are; as is_local, if not set */
	bool		  is_local;	/* only its owner reaches the site */
	char		**cors;		/* origins that may read answers,
					   then a NULL */
	size_t		  ncors;
};

#define CONFIG_INIT { .path = NULL }

/*
 * Finds and reads everything.  Returns 0, or -1 with err->text naming the file,
 * the line and what to do.  Free *config in both cases.  `warn`, which may be
 * NULL, is called with a line about each setting that works, but looks like a
 * mistake.
 */
int	config_load(struct config *config, void (*warn)(const char *line),
	    struct err *err);
void	config_free(struct config *config);

/*
 * Lowers max_runs and max_waiting, if it must, so that the limits of this
 * system on processes are kept: RLIMIT_NPROC and the cgroup's pids.max.  A run
 * takes `per_run` processes and a visitor who waits takes one; at most a
 * quarter of what is there is for those who wait.  Other processes of the
 * account are not known, so this is a first guess (see run/lack.h for the
 * rest).  Returns the name of the limit for which it lowered something, for a
 * message, or NULL if it did not.
 */
const char *config_fit(struct config *config, size_t per_run);

/*
 * The services that a stage should ask, in that order.  These are the ones
 * among `ids` (which ends in a NULL, or is NULL) that can be used.  If there is
 * none it is one other: the default service, or else the first usable one of
 * recipe.json, or else the first usable one that is built in, or else the demo.
 * Fills at most max places of `order`, and returns how many, at least 1.
 */
size_t	config_order(const struct config *config, char *const *ids,
	    const struct service **order, size_t max);

#endif
