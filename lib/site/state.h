/*
 * state: what all workers of a site should know of its services.
 *
 * That is: which services are set aside for a while, how often each has failed
 * in a row, and what was learned of a model, namely which parameters it refuses
 * and whether its answers begin inside a thought, without a tag.  What was
 * learned of a model is forgotten after FACT_LEARNED_MS, and sooner if an
 * answer shows the contrary.
 *
 *	state_open(&state, config.state, site);		once, before any fork
 *	state_read(&state);				when a run is planned
 *	state_failed(&state, service);			as things happen
 *	state_settle(&state);				each round of the loop
 *	state_finish(&state);				after its last event
 *	state_free(&state);
 *
 * Nothing else is remembered of a request.  A worker's stages may keep their
 * connections for the next one (stage.h); all text is overwritten (wipe.h).
 *
 * A service is known by its id, its base_url and a few bits of a hash of its
 * key.  So what was learned does not pass to another host that gets the same
 * id, nor does a refused key burden the key that replaces it.
 *
 * The file is state.json in the site's folder (site/folder.h).
 *
 * The file is written as a whole under another name and then renamed, so that
 * it can be read without a lock.  Who writes it holds state.lock by fcntl(2).
 * Such a lock ends with the process that holds it, and a forked stage does not
 * inherit it.  The lock is tried and never waited for: what cannot be written
 * now stays pending and is tried again.  If the file cannot be read or written,
 * the workers know less of each other, and nothing else is lost.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct json;
struct service;
struct stage_spec;

/* Facts that are not written yet; if there are more, they are dropped. */
#define STATE_PENDING	64

struct fact;

struct state {
	char		*dir;	/* the site's folder; NULL: none is kept */
	struct json	*json;	/* the document (fact.h); NULL: empty */
	struct stat	 seen;	/* of the file, when it was last read */
	int64_t		 read_ms;	/* then, by io_now_ms's clock */
	struct fact	*pending;	/* in json, but not in the file yet */
	size_t		 npending;
};

#define STATE_INIT { .dir = NULL }

/*
 * state_worked reads the file again if what was read is older than this, since
 * another process may have counted a failure.  One that it misses all the same
 * is taken back by the next attempt that ends well.
 */
#define STATE_WORKED_MS		100

/* How long state_finish tries to get the lock. */
#define STATE_FINISH_MS		50

/*
 * Finds or makes the folder; `dir` is the configuration's, or NULL.  Without a
 * folder nothing is remembered, which is no error.  It ends the program if
 * there is no memory.
 */
void	state_open(struct state *state, const char *dir, const char *site);

/*
 * The same for a command, which makes nothing: if there is no folder, nothing
 * is known.
 */
void	state_look(struct state *state, const char *dir, const char *site);

/* Reads the file, if it has changed since it was last read. */
void	state_read(struct state *state);

/* Drops what is pending and frees all; the file stays. */
void	state_free(struct state *state);

/*
 * Writes what is pending, if no other process is writing.  Returns whether
 * nothing is pending any more.
 */
bool	state_settle(struct state *state);

/*
 * The same, tried for at most STATE_FINISH_MS.  What is still pending then is
 * dropped, so that the next visitor need not wait.
 */
void	state_finish(struct state *state);

/* For how many milliseconds a service is still set aside; 0: it is not. */
int64_t	state_aside_ms(const struct state *state,
	    const struct service *service);

/*
 * What is known of a model.  state_refused returns the parameters that it
 * refuses, bits of enum param (profile.h).  PARAM_EXTRA are those members of
 * the "extra" of `spec` that it refuses; and what it refused with the value
 * that spec has for it is among them, too.  spec may be NULL.  state_thinks
 * returns whether its answers begin inside a thought; until one has come, its
 * name decides.
 */
unsigned state_refused(const struct state *state,
	    const struct service *service, const char *model,
	    const struct stage_spec *spec);
bool	state_thinks(const struct state *state,
	    const struct service *service, const char *model);

/* Sets a service aside for `ms` from now on; `why` is a string literal. */
void	state_set_aside(struct state *state, const struct service *service,
	    int64_t ms, const char *why);

/*
 * state_failed counts a failure that is the service's own fault, and sets the
 * service aside if it is one of many in a row (FACT_FAILS).  state_worked ends
 * such a row.
 */
void	state_failed(struct state *state, const struct service *service);
void	state_worked(struct state *state, const struct service *service);

/*
 * A model refuses parameters, as an answer has shown: bits as those of
 * state_refused.  A member of the "extra" of `spec` is remembered by its name;
 * and those of `values` that spec sets, together with their value alone.
 */
void	state_learn_refused(struct state *state,
	    const struct service *service, const char *model, unsigned params,
	    unsigned values, const struct stage_spec *spec);

/*
 * A good answer has begun inside a thought, or not.  One answer that has makes
 * the model one that thinks.  FACT_CLEAN answers in a row without a thought
 * are needed to unlearn that: what one answer has shown is not lost by the
 * next, but it cannot stay for ever, since an answer of such a model is held
 * back to its end if no thought shows in it.  What was known by the model's
 * name alone, the first answer without a thought disproves.
 */
void	state_learn_thinks(struct state *state,
	    const struct service *service, const char *model, bool thinks);

/*
 * How many requests a server answers at once, as was proven; 1 if nothing was.
 * A server is the ground of its places (site/places.h).  What was learned is
 * known to this process even if there is no folder.
 */
size_t	state_proven(const struct state *state, uint64_t ground);
void	state_learn_proven(struct state *state, uint64_t ground, size_t n);

/*
 * Which service of a list was the fastest, by its id, and is asked first until
 * another one is faster by much (plan/fastest.h, which numbers the lists).
 */
bool	state_leads(const struct state *state, uint64_t list, const char *id);
void	state_learn_leader(struct state *state, uint64_t list,
	    const char *id);

#endif
