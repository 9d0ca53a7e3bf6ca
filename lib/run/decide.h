/*
 * decide: what is done when an attempt has failed, and which service is asked.
 *
 * docs/failures.md is the policy, with a row for each meaning of a refusal and
 * for each code; decide.c and model/code.c have the same rows as tables.
 *
 * Before the first text of a part:
 *
 *   - a failure that may pass is tried again at the same service, after the
 *     wait that the server has named, or a growing one with jitter, if that is
 *     at most retry_wait_ms;
 *   - a parameter that was refused is left out, and the rest tried at once;
 *   - instead of a model that is gone the next one in the service's list is
 *     asked;
 *   - after any other failure the next service of the order is asked.  This
 *     holds for a request that a service calls bad as well, because hosts of
 *     the same model differ in nothing as much as in what they accept.
 *
 * After the first text the part begins again at the next service, so that no
 * half sentence is continued by another model.  If an attempt is not worth
 * another one, or if there were too many, the part fails.
 *
 * Attempts cost money, so two counts are kept for each part:
 *
 *   - attempts whose prompt may have reached a service, RETRY_ATTEMPTS_MAX at
 *     most.  One that ended before anything was sent (connection refused, no
 *     such name, no TLS) does not count, so that dead services, however many,
 *     do not use up the attempts at a good one.
 *   - attempts that were answered, RETRY_ANSWERS_MAX at most.  These brought a
 *     token, be it of a thought, or a whole answer of no use (empty, not the
 *     list that was asked for, not to be decoded, of an unknown shape).  After
 *     such an answer another service is asked before the same one again.
 *
 * So a part costs at most RETRY_ANSWERS_MAX times its max_tokens, and its
 * prompt RETRY_ATTEMPTS_MAX times.
 *
 * The state (site/state.h), which all workers share, is told only what is the
 * service's own, such as its key, its credit, its limit, or that it is down;
 * and of a parameter that is refused only if a later answer without it has
 * proven that.
 */
#ifndef DECIDE_H
#define DECIDE_H

struct attempt;
struct remaining;
struct outcome;
struct part;

/*
 * Ends an attempt that has failed.  Its part then waits for another attempt,
 * which conduct begins, or fails; or the other attempt of a race goes on.
 */
void	decide_failed(struct attempt *attempt, const struct outcome *outcome);

/*
 * To be called before an attempt begins, and again before it is handed its
 * prompt.  If the service whose turn it is was set aside in the meantime, or
 * has not enough of its rate limit left, the next one that is free of that has
 * its turn.  If there is none, and it will soon be over, the part waits.
 */
void	decide_service(struct part *part);

/* A service has accepted an attempt, and says what remains of its limits. */
void	decide_remaining(struct attempt *attempt,
	    const struct remaining *remaining);

/* An attempt has ended well; tells the state what that proves. */
void	decide_worked(const struct attempt *attempt,
	    const struct outcome *outcome);

#endif
