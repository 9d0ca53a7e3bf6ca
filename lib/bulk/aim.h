/*
 * aim: which services a call is for, by the model that its body names.
 *
 * A name is that of a service (its id in recipe.json), which is asked for its
 * own models in their order; or that of a model, which is asked of all services
 * that have it, in the order of the configuration.  What --model says comes
 * before that.
 *
 *	struct aims aims = AIMS_INIT;
 *	struct aim aim;
 *
 *	aims_add(&aims, "gpt-4o-mini=70b", &err)	--model, as often as it
 *							is there
 *	if (aim_find(&aims, &config, line.model, &aim, &fault) == -1)
 *		...			fault.code: model_missing,
 *					model_not_found
 *	aims_free(&aims);
 */
#ifndef AIM_H
#define AIM_H

#include <stddef.h>

#include "plan/plan.h"

struct config;
struct err;
struct line_fault;

struct aims {
	struct aim_map {
		const char	*from;	/* NULL: lines without a model */
		size_t		 from_len;
		const char	*to;
	}	*list;
	size_t	 n;
};

#define AIMS_INIT { NULL, 0 }

struct aim {
	const struct service	*order[PLAN_ORDER_MAX];
	size_t			 n;
	const char		*model;	/* borrowed from a service; NULL: of
					   each service its own */
};

/*
 * Takes a word "NAME=ID" or "ID", which is borrowed: NAME, or a line without a
 * model, is for ID, the name of a service or a model.  Returns 0, or -1 with
 * err.
 */
int	aims_add(struct aims *aims, const char *word, struct err *err);
void	aims_free(struct aims *aims);

/* `model` may be NULL.  Returns 0 with *aim, or -1 with *fault. */
int	aim_find(const struct aims *aims, const struct config *config,
	    const char *model, struct aim *aim, struct line_fault *fault);

#endif
