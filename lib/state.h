/*
 * state: what all workers should know of the services, in one small file.
 *
 * Services that are set aside for a while, and what was learned of a model:
 * parameters that it refuses, and that its thoughts begin without a tag.  A
 * run reads a snapshot when it is planned; what happens is written at once,
 * under flock(2).  A file that cannot be read or written costs the knowledge
 * and nothing else.
 *
 * The file is state.json in the directory that "state" of recipe.json names,
 * else in one of the user's own: $XDG_STATE_HOME/recipe,
 * $HOME/.local/state/recipe, or recipe-UID in the directory for temporary
 * files; mode 0700, and nobody else's.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>

struct json;
struct service;

struct state {
	char		*path;	/* of the file; NULL: there is none */
	struct json	*json;	/* the snapshot; NULL: empty */
};

#define STATE_INIT { NULL, NULL }

/* Finds or makes the directory; `dir` may be NULL.  Never fails. */
void	state_open(struct state *state, const char *dir);

/* A fresh snapshot. */
void	state_read(struct state *state);
void	state_free(struct state *state);

/* Milliseconds that a service is still set aside, 0 where it is not. */
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

/* Set a service aside for so long from now. */
void	state_set_aside(struct state *state, const struct service *service,
	    int64_t ms, const char *why);

/*
 * Counts a failure that is the service's; after STATE_FAILS in a row it is
 * set aside for STATE_FAIL_MS.  A good end forgets them.
 */
#define STATE_FAILS	3
#define STATE_FAIL_MS	30000
/* Nobody is set aside for longer, whatever the file says. */
#define STATE_MOST_MS	3600000
void	state_failed(struct state *state, const struct service *service);
void	state_worked(struct state *state, const struct service *service);

void	state_learn_refused(struct state *state,
	    const struct service *service, const char *model, unsigned param);

/*
 * What a good answer has shown.  That a model begins inside a thought is
 * unlearned by STATE_CLEAN answers in a row without one, since it makes every
 * answer be held to its end; what is known by a name alone, by the first.
 */
#define STATE_CLEAN	2
void	state_learn_thinks(struct state *state,
	    const struct service *service, const char *model, bool thinks);

#endif
