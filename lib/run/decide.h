/*
 * decide: an attempt has failed; what now.
 *
 * docs/failures.md is the policy, a row for each meaning of a refusal and for
 * each code; decide.c has the same rows as a table.  In short: before the
 * first text a failure that may pass is tried again at the same service,
 * after the server's own hint or a growing wait with jitter, as long as that
 * is at most retry_wait_ms; a parameter that was refused is left out and the
 * rest tried again at once; a model that is gone makes way for the next of its
 * list; and all else, a request that one host does not like among it, goes to
 * the next service of the order, because hosts differ in nothing so much.
 * After the first text the part begins again at the next service, so that no
 * half sentence is glued to another's.  What is not worth another attempt, or
 * the eighth, is the end of the part.
 *
 * Attempts cost money, so two counts are kept of a part.  Of attempts whose
 * prompt may have reached a service there are at most RETRY_ATTEMPTS_MAX; one
 * that ended before anything was sent (refused, no such name, no TLS) is not
 * counted, so that any number of dead services costs the good one nothing.
 * Of attempts that were answered there are at most RETRY_ANSWERS_MAX: those
 * that brought a token, a thought's included, or a whole answer that nobody can
 * use (empty, not the list that was asked for, not to be decoded, of an unknown
 * shape).  So that is what a part can cost at most: its max_tokens so many
 * times, and its prompt as often as there are attempts.  After such an answer
 * another service is asked before the same one.
 *
 * What concerns all workers is written to the state: only what is the
 * service's own (its key, its credit, its limit, its being there), and only
 * what a later answer has proven (a parameter that it refuses).
 */
#ifndef DECIDE_H
#define DECIDE_H

struct attempt;
struct remaining;
struct outcome;
struct part;

/*
 * Ends the attempt.  Its part is either tried again, which conduct begins, or
 * fails.
 */
void	decide_failed(struct attempt *attempt, const struct outcome *outcome);

/*
 * Before an attempt begins, and again before it is handed its prompt: passes
 * over a service that was set aside in the meantime, or would be run dry, if
 * another one is not; otherwise, if that is soon over, has the part wait.
 */
void	decide_service(struct part *part);

/* What a service that has accepted an attempt says remains of its limits. */
void	decide_remaining(struct attempt *attempt,
	    const struct remaining *remaining);

/* The attempt ended well: what that proves is told to the state. */
void	decide_worked(const struct attempt *attempt,
	    const struct outcome *outcome);

#endif
