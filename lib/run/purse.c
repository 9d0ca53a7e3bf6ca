/*
 * purse.c: worker, and commands that run a plan.  Turns attempts into amounts;
 * what fits, the ledger decides.
 */
#include <string.h>

#include "base/err.h"
#include "model/ask.h"
#include "model/bound.h"
#include "model/code.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "run/attempt.h"
#include "run/part.h"
#include "run/purse.h"
#include "run/run.h"
#include "setup/config.h"

/* --- amounts --------------------------------------------------------------- */

/* Whether an attempt there can cost anything. */
static bool
is_free(const struct service *service)
{
	return service_is_demo(service) || service_is_program(service);
}

struct amount
purse_amount(const struct service *service, const char *model,
    const struct tokens *tokens)
{
	const struct price *price = prices_of(&service->prices, model);
	struct amount amount = { .service = service->id };

	if (is_free(service))
		return amount;
	amount.tokens = tokens->in + tokens->out;
	amount.money = tokens->in * price->in + tokens->out * price->out;
	return amount;
}

/*
 * About how many bytes a variable will have that is not known yet: the text of
 * a part, or a field of an element of a list.
 */
static size_t
guess_bytes(const struct graph *graph, const char *name)
{
	const struct stage_spec *s;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		if (strcmp(s->part, name) == 0)
			return (size_t)s->max_tokens * TOKEN_BYTES;
		if (s->is_list && graph_is_field(s, name))
			return (size_t)(s->max_tokens / s->list.items) *
			    TOKEN_BYTES;
	}
	return 0;
}

static size_t
count_bytes(const struct prompt *prompt, const struct plan *plan)
{
	const struct request *request = plan->request;
	const struct prompt_piece *piece;
	const struct var *var;
	size_t i, n = 0;

	for (i = 0; i < prompt->n; i++) {
		piece = &prompt->pieces[i];
		if (piece->kind == PROMPT_TEXT)
			n += piece->len;
		if (piece->kind != PROMPT_VALUE)
			continue;
		if ((var = vars_get(&request->inputs, piece->text)) != NULL ||
		    (var = vars_get(&request->partial.vars, piece->text)) !=
		    NULL)
			n += var->len;
		else
			n += guess_bytes(plan->graph, piece->text);
	}
	return n;
}

/*
 * What the first attempt of a part will cost at most.  Its prompt may still
 * depend on other parts, so this is a guess; purse_ask knows the prompt.
 */
static struct amount
guess(const struct plan *plan, const struct plan_part *part)
{
	const struct service *service = part->order[0];
	const struct stage_spec *spec = part->spec;
	struct tokens most;

	if (is_free(service))
		return (struct amount){ .service = service->id };
	most = bound_of(spec, service, ask_params(spec, service, 0),
	    count_bytes(&spec->prompt, plan) +
	    count_bytes(&spec->system, plan));
	if (most.out == -1)
		most.out = 0;
	return purse_amount(service, service->models[0], &most);
}

/* --- the run --------------------------------------------------------------- */

/* Fills err with why a run may not begin. */
static int
refuse(const struct refusal *refusal, struct err *err)
{
	err->retry_s = (int)((refusal->wait_ms + 999) / 1000);
	switch (refusal->verdict) {
	case VERDICT_VISITOR_ONCE:
		return err_set(err, 429, "limit_visitor", "you have as many "
		    "requests under way as one visitor may; wait until one "
		    "of them is done");
	case VERDICT_VISITOR_HOUR:
		return err_set(err, 429, "limit_visitor", "you have asked as "
		    "often as one visitor may in an hour; try again in %d "
		    "minutes", (err->retry_s + 59) / 60);
	case VERDICT_CLOSED:
		return err_set(err, 429, "limit_site", "this site cannot "
		    "write down what it spends, so it asks no model until "
		    "its operator has mended that");
	default:
		if (err->retry_s < 60)
			return err_set(err, 429, "limit_site", "this site has "
			    "nearly used up what it may spend today; try "
			    "again in a moment");
		return err_set(err, 429, "limit_site", "this site has used "
		    "up what it may spend today; it is open again after "
		    "midnight, in %d minutes", (err->retry_s + 59) / 60);
	}
}

int
purse_open(struct purse *purse, struct ledger *ledger,
    const struct plan *plan, const char *visitor, struct err *err)
{
	struct amount wants[GRAPH_STAGES_MAX];
	struct refusal refusal;
	size_t i, n = 0;

	*purse = (struct purse)PURSE_INIT;
	for (i = 0; i < plan->n; i++) {
		if (plan->parts[i].absent || plan->parts[i].norder == 0)
			continue;
		purse->had[i] = guess(plan, &plan->parts[i]);
		purse->is_left[i] = purse->had[i].tokens > 0;
		if (!purse->is_left[i])
			continue;
		purse->seq[i] = (uint16_t)n;
		wants[n++] = purse->had[i];
	}
	purse->next_seq = (uint16_t)n;
	if (ledger_begin(ledger, &purse->claim, visitor, wants, n,
	    &refusal) == -1)
		return refuse(&refusal, err);
	purse->ledger = ledger;
	return 0;
}

void
purse_flush(struct purse *purse)
{
	if (purse != NULL && purse->ledger != NULL)
		ledger_flush(purse->ledger);
}

void
purse_close(struct purse *purse)
{
	if (purse->ledger != NULL)
		ledger_end(purse->ledger, &purse->claim);
	purse->ledger = NULL;
}

/* --- attempts --------------------------------------------------------------- */

/* Whether the attempt needs a bound, and has none. */
static bool
has_no_bound(const struct purse *purse, const struct attempt *t,
    const struct tokens *most)
{
	return most->out == -1 && guard_counts_tokens(purse->ledger->guard,
	    guard_key(t->service->id));
}

static int
refuse_attempt(const struct refusal *refusal, struct outcome *outcome)
{
	outcome->unsent = true;
	return outcome_fail(outcome, CODE_LIMIT_SITE, "%s", refusal->verdict ==
	    VERDICT_CLOSED ? "this site cannot write down what it spends" :
	    "this site has used up what it may spend today");
}

int
purse_ask(struct attempt *t, struct outcome *outcome)
{
	struct part *part = t->part;
	struct purse *purse = part->run->purse;
	size_t i = (size_t)(part - part->run->parts);
	const struct amount *had = NULL;
	struct refusal refusal;
	struct amount want;

	if (purse == NULL || purse->ledger == NULL ||
	    (is_free(t->service) && purse->counts))
		return 0;
	t->most = bound_of(part_spec(part), t->service, t->params,
	    t->prompt_len);
	if (!is_free(t->service) && has_no_bound(purse, t, &t->most)) {
		outcome->unsent = true;
		return outcome_fail(outcome, CODE_LIMIT_SITE, "%s takes no "
		    "limit of tokens, so nobody knows what it would cost",
		    t->service->id);
	}
	if (t->most.out == -1)
		t->most.out = 0;
	want = purse_amount(t->service, t->model, &t->most);
	t->seq = purse->next_seq;
	if (purse->is_left[i]) {
		had = &purse->had[i];
		t->seq = purse->seq[i];
	}
	purse->next_seq += had == NULL;
	purse->is_left[i] = false;
	if (ledger_ask(purse->ledger, &purse->claim, t->seq, &want, had,
	    &refusal) == -1)
		return refuse_attempt(&refusal, outcome);
	purse->counts = true;
	t->is_held = true;
	return 0;
}

struct tokens
purse_cost(const struct tokens *most, const struct outcome *o)
{
	const struct tokens none = { 0, 0, false };
	struct tokens cost = *most;

	if (o == NULL || o->tokens.estimated)
		return cost;
	if (o->unsent)
		return none;
	if (o->tokens.in < 0 && o->tokens.out < 0 && o->status >= 400)
		return none;
	if (o->tokens.in >= 0)
		cost.in = o->tokens.in;
	if (o->tokens.out >= 0)
		cost.out = o->tokens.out;
	return cost;
}

void
purse_settle(struct attempt *t, const struct outcome *outcome)
{
	struct tokens cost;
	struct amount amount;

	if (!t->is_held)
		return;
	t->is_held = false;
	cost = purse_cost(&t->most, outcome);
	amount = purse_amount(t->service, t->model, &cost);
	ledger_settle(t->part->run->purse->ledger, &t->part->run->purse->claim,
	    t->seq, &amount);
}
