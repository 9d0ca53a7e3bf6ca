/*
 * state: what all workers of a site should know of its services.
 *
 * Services that are set aside for a while, failures in a row, and what was
 * learned of a model: parameters that it refuses, and that its thoughts begin
 * without a tag.  Whatever was learned is forgotten after FACT_LEARNED_MS,
 * and sooner if an answer shows the contrary.
 *
 *	state_open(&state, config.state, site);		once, before any fork
 *	state_read(&state);				when a run is planned
 *	state_failed(&state, service);			as things happen
 *	state_settle(&state);				at each turn of the run
 *	state_finish(&state);				after its last event
 *
 * Nothing else is remembered of a request.  A worker's stages may keep their
 * connections for the next one (stage.h); all text is overwritten (wipe.h).
 *
 * A service is known by its id, its base_url and a few bits of a hash of its
 * key, so that neither another host nor a mended key inherits a verdict.
 *
 * The file is state.json in a folder of the site's own, which is named by a
 * hash of `site`, below the directory that "state" of recipe.json names, else
 * one of the user's own: $XDG_STATE_HOME/recipe, $HOME/.local/state/recipe, or
 * recipe-UID in the directory for temporary files; mode 0700, nobody else's.
 *
 * It is written whole and renamed, so that it is read without a lock.  Who
 * writes holds state.lock (fcntl(2): it is given back by a process that dies,
 * and no forked stage inherits it), which is tried and never waited for: what
 * could not be written yet is tried again.  A file that cannot be read or
 * written costs the knowledge and nothing else.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct json;
struct service;

/* Facts of one run that are not written yet; more are dropped. */
#define STATE_PENDING	64

struct fact;

struct state {
	char		*dir;	/* of the site; NULL: there is none */
	struct json	*json;	/* the snapshot; NULL: empty */
	struct stat	 seen;	/* of the file, as the snapshot was read */
	struct fact	*pending;
	size_t		 npending;
};

#define STATE_INIT { .dir = NULL }

/* How long state_finish tries. */
#define STATE_FINISH_MS		50

/* Finds or makes the folder; `dir` may be NULL.  Never fails. */
void	state_open(struct state *state, const char *dir, const char *site);

/* A fresh snapshot. */
void	state_read(struct state *state);
void	state_free(struct state *state);

/* Writes what waits, if nobody else is writing.  Whether nothing waits. */
bool	state_settle(struct state *state);

/* The same, tried for at most STATE_FINISH_MS; then what waits is dropped. */
void	state_finish(struct state *state);

/* Milliseconds that a service is still set aside, 0 if it is not. */
int64_t	state_aside_ms(const struct state *state,
	    const struct service *service);

/*
 * What is known of a model: bits of enum param, and whether it begins inside
 * a thought (by its name, until it has shown).
 */
unsigned state_refused(const struct state *state,
	    const struct service *service, const char *model);
bool	state_thinks(const struct state *state,
	    const struct service *service, const char *model);

/* Sets a service aside for so long from now.  `why` is a literal. */
void	state_set_aside(struct state *state, const struct service *service,
	    int64_t ms, const char *why);

/* Counts a failure that is the service's; a good end forgets them. */
void	state_failed(struct state *state, const struct service *service);
void	state_worked(struct state *state, const struct service *service);

void	state_learn_refused(struct state *state,
	    const struct service *service, const char *model, unsigned param);

/*
 * What a good answer has shown.  That a model begins inside a thought is
 * unlearned by FACT_CLEAN answers in a row without one, since it makes every
 * answer be held to its end; what is known by a name alone, by the first.
 */
void	state_learn_thinks(struct state *state,
	    const struct service *service, const char *model, bool thinks);

#endif
