/*
 * fastest: which of a stage's services is asked first, by how fast they were;
 * and when it counts as late.
 *
 *	if (fastest_is_asked(graph))
 *		tempo_read(tempo, state->dir, io_wall_ms() - FASTEST_MS);
 *	fastest_order(&choice, spec, tempo, state, order, n);
 *	late_ms = fastest_late_ms(tempo, order[0]);
 *
 * What is known is what visitors had in the last FASTEST_MS: the rows of the
 * site (site/laps.h), as the caller has just read them.  A
 * service is known by its first model, and only if there are FASTEST_ROWS rows
 * of it; what it takes is the median, of all stages that ask it and of the
 * newest FASTEST_MOST rows, so that a busy site need not sort all for each run.
 *
 *   - Services that are not known keep the places that they have in the list,
 *     and those that are known share the other places by their medians.  So
 *     where nothing is known the order is the listed one, and one that is not
 *     known and listed first is asked, and known before long.
 *   - The one that was last chosen to lead stays the first of the known ones
 *     until another one is faster by more than FASTEST_MARGIN percent, so that
 *     two of the same speed do not change places all the time.  All processes
 *     of the site remember it (site/state.h).
 *   - One run in FASTEST_TRIAL asks the first two by a race, so that the second
 *     one becomes known, or stays so, and nobody waits for it.
 */
#ifndef FASTEST_H
#define FASTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct graph;
struct service;
struct stage_spec;
struct state;
struct tempo;

/* Services of a stage at most; and the time of which rows count. */
#define FASTEST_MAX	8
#define FASTEST_MS	1800000
#define FASTEST_ROWS	5
#define FASTEST_MOST	500
#define FASTEST_MARGIN	15
#define FASTEST_TRIAL	20

/* What was chosen for a stage, and why. */
enum chosen {
	CHOSEN_LISTED,		/* the first of the list that can be asked */
	CHOSEN_UNKNOWN,		/* too little is known to choose another */
	CHOSEN_FASTEST,
};

struct choice {
	enum chosen	chosen;
	int64_t		us;	/* CHOSEN_FASTEST: the median of the first */
	bool		trial;	/* the first two race, to learn */
};

/* Whether a run of these stages needs to know how fast services are. */
bool	fastest_is_asked(const struct graph *graph);

/*
 * Puts the n services of order[], none of which is set aside, into the order in
 * which they are asked, and fills *choice.  Without "fastest" in the spec
 * nothing changes.
 */
void	fastest_order(struct choice *choice, const struct stage_spec *spec,
	    const struct tempo *tempo, struct state *state,
	    const struct service **order, size_t n);

/*
 * After how many milliseconds without any token an answer is later than 19 of
 * 20 are: their p95, if FASTEST_LATE_ROWS are known, else -1.
 */
#define FASTEST_LATE_ROWS	20
int64_t	fastest_late_ms(const struct tempo *tempo,
	    const struct service *service);

/* Bytes for fastest_words, with the NUL. */
#define FASTEST_WORDS	100

/* The choice in words, for people; NULL if there was none. */
const char *fastest_words(const struct choice *choice,
	    const struct stage_spec *spec, char words[FASTEST_WORDS]);

#endif
