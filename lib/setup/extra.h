/*
 * extra: members of "extra", which an operator adds to the body of requests,
 * that say how much a model may write: a limit of tokens, or how many answers.
 *
 * They may be in the "extra" of a profile (setup/profile.h), and some in that
 * of a stage (setup/graph.h).  Case does not matter in their names, because
 * some servers do not heed it.
 *
 *	if (extra_check(doc, err, AT("services", id, "profile", "extra",
 *	    name), name) == -1)
 *		...
 *	most = extra_tokens(extra, most) * extra_answers(extra, 1);
 */
#ifndef EXTRA_H
#define EXTRA_H

#include <stdint.h>

struct doc;
struct err;
struct json;

/* Their greatest values. */
#define EXTRA_TOKENS	INT64_C(1000000000)
#define EXTRA_ANSWERS	INT64_C(128)

/*
 * Checks a member at a place: such a one must be a whole number from 1.
 * Returns 0, or -1 with err, which names the file and the line.
 */
int	extra_check(const struct doc *doc, struct err *err,
	    const char *const at[], const char *name);

/*
 * The greatest limit of tokens, and the most answers, that `extra` names; or
 * `least`, if that is more.  extra may be NULL.
 */
int64_t	extra_tokens(const struct json *extra, int64_t least);
int64_t	extra_answers(const struct json *extra, int64_t least);

#endif
