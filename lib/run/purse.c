/*
 * purse.c: worker, and commands that run a plan.  Turns attempts into amounts;
 * what fits, the ledger decides.
 */
#include <string.h>

#include "base/err.h"
#include "base/saturate.h"
#include "model/ask.h"
#include "model/bound.h"
#include "model/code.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "run/purse.h"
#include "setup/config.h"
#include "site/state.h"
#include "site/tempo.h"

/* --- amounts ------------------------------------------------------------- */

/* Whether an attempt there can cost anything. */
static bool
is_free(const struct service *service)
{
	return service_is_demo(service) || service_is_program(service);
}

static struct amount
amount_of(const struct service *service, const char *model,
    const struct tokens *tokens)
{
	const struct price *price = prices_of(&service->prices, model);
	struct amount amount = { .service = service->id };

	if (is_free(service))
		return amount;
	amount.tokens = saturate_add(tokens->in, tokens->out);
	amount.money = saturate_add(saturate_multiply(tokens->in, price->in),
	    saturate_multiply(tokens->out, price->out));
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
 * What an attempt of a part at the k-th of its services will cost at most.  Its
 * prompt may still depend on other parts, so this is a guess; purse_ask knows
 * the prompt.
 */
static struct amount
guess(const struct plan *plan, const struct plan_part *part, size_t k)
{
	const struct service *service = part->order[k];
	struct job job = { .spec = part->spec, .service = service,
	    .model = service->models[0] };
	struct tokens most;

	if (is_free(service))
		return (struct amount){ .service = service->id };
	job.params = ask_params(job.spec, service, 0);
	most = bound_of(&job, count_bytes(&job.spec->prompt, plan) +
	    count_bytes(&job.spec->system, plan));
	if (most.out == -1)
		most.out = 0;
	return amount_of(service, job.model, &most);
}

/* --- the run ------------------------------------------------------------- */

/* Fills err with why a run may not begin. */
static int
put_refusal(const struct refusal *refusal, struct err *err)
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
		if (refusal->never)
			return err_set(err, 429, "limit_site", "a run like "
			    "this could cost more than this site may spend on "
			    "a whole day, so its operator has to raise that "
			    "limit first");
		if (err->retry_s < 60)
			return err_set(err, 429, "limit_site", "this site has "
			    "nearly used up what it may spend today; try "
			    "again in a moment");
		return err_set(err, 429, "limit_site", "this site has used "
		    "up what it may spend today; it is open again after "
		    "midnight, in %d minutes", (err->retry_s + 59) / 60);
	}
}

/* By the part's index in the plan: which of its services is asked first. */
struct firsts {
	size_t	k[GRAPH_STAGES_MAX];
};

/*
 * Fills *purse and wants with what the first attempts cost at most.  Returns
 * how many cost something.
 */
static size_t
fill_wants(struct purse *purse, const struct plan *plan,
    const struct firsts *firsts, struct amount *wants)
{
	size_t i, n = 0;

	*purse = (struct purse)PURSE_INIT;
	for (i = 0; i < plan->n; i++) {
		if (plan->parts[i].absent || plan->parts[i].norder == 0)
			continue;
		purse->had[i] = guess(plan, &plan->parts[i], firsts->k[i]);
		purse->is_left[i] = purse->had[i].tokens > 0;
		if (!purse->is_left[i])
			continue;
		purse->seq[i] = (uint16_t)n;
		wants[n++] = purse->had[i];
	}
	purse->next_seq = (uint16_t)n;
	return n;
}

/*
 * The service `lacks` has no room (0: nobody knows which): the parts that would
 * ask it first go on to the next one of their order.  Returns whether all of
 * these have one, and there was such a part.
 */
static bool
go_on(struct firsts *firsts, const struct plan *plan, uint64_t lacks)
{
	const struct plan_part *part;
	bool moved = false;
	size_t i;

	for (i = 0; i < plan->n; i++) {
		part = &plan->parts[i];
		if (part->absent || part->norder == 0 || (lacks != 0 &&
		    guard_key(part->order[firsts->k[i]]->id) != lacks))
			continue;
		if (firsts->k[i] + 1 < part->norder) {
			firsts->k[i]++;
			moved = true;
		} else if (lacks != 0) {
			return false;
		}
	}
	return moved;
}

/* Reserves for these services.  Returns as ledger_begin. */
static int
reserve_for(struct purse *purse, struct ledger *ledger,
    const struct plan *plan, const char *visitor,
    const struct firsts *firsts, struct refusal *refusal)
{
	struct amount wants[GRAPH_STAGES_MAX];
	size_t n = fill_wants(purse, plan, firsts, wants);

	return ledger_begin(ledger, &purse->claim, visitor, wants, n,
	    refusal);
}

int
purse_open(struct purse *purse, struct ledger *ledger,
    const struct plan *plan, const char *visitor, struct err *err)
{
	struct firsts firsts = { { 0 } };
	struct refusal refusal;

	/* If one service has no room left, the next one of the order may. */
	while (reserve_for(purse, ledger, plan, visitor, &firsts,
	    &refusal) == -1)
		if ((refusal.verdict != VERDICT_SERVICE_TOKENS &&
		    refusal.verdict != VERDICT_SERVICE_COST) ||
		    !go_on(&firsts, plan, refusal.service)) {
			ledger_refuse(ledger, &refusal);
			return put_refusal(&refusal, err);
		}
	purse->ledger = ledger;
	return 0;
}

int
purse_demo(struct purse *purse, struct ledger *ledger, const char *visitor,
    struct err *err)
{
	struct refusal refusal;

	*purse = (struct purse)PURSE_INIT;
	if (ledger_begin_demo(ledger, &purse->claim, visitor,
	    &refusal) == -1)
		return put_refusal(&refusal, err);
	purse->ledger = ledger;
	/* Nothing that it asks is written down. */
	purse->counts = true;
	return 0;
}

/*
 * Whether a run of the plan can never begin under these limits.  Fills *least
 * with what its first attempts cost at most.
 */
static bool
fits_never(const struct plan *plan, const struct guard *guard,
    struct amount *least)
{
	struct amount wants[GRAPH_STAGES_MAX];
	struct firsts firsts = { { 0 } };
	struct purse purse;
	uint64_t lacks;
	size_t i, n = fill_wants(&purse, plan, &firsts, wants);

	*least = (struct amount){ NULL, 0, 0 };
	for (i = 0; i < n; i++) {
		saturate_to(&least->tokens, wants[i].tokens);
		saturate_to(&least->money, wants[i].money);
	}
	while (ledger_never(guard, wants, n, &lacks)) {
		if (!go_on(&firsts, plan, lacks))
			return true;
		n = fill_wants(&purse, plan, &firsts, wants);
	}
	return false;
}

bool
purse_foresee(const struct config *config, const struct graph *graph,
    const struct request *request, struct amount *least)
{
	struct state state = STATE_INIT;
	struct tempo tempo = TEMPO_INIT;
	struct plan plan = PLAN_INIT;
	struct err err = ERR_INIT;
	bool never = false;

	*least = (struct amount){ NULL, 0, 0 };
	if (plan_build(&plan, graph, config, &state, &tempo, request,
	    &err) == 0)
		never = fits_never(&plan, &config->guard, least);
	plan_free(&plan);
	tempo_free(&tempo);
	state_free(&state);
	return never;
}

int
purse_begin(struct purse *purse, struct ledger *ledger, struct err *err)
{
	struct refusal refusal;

	*purse = (struct purse)PURSE_INIT;
	if (ledger_begin(ledger, &purse->claim, NULL, NULL, 0,
	    &refusal) == -1) {
		ledger_refuse(ledger, &refusal);
		return put_refusal(&refusal, err);
	}
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

/* --- attempts ------------------------------------------------------------ */

/* Whether it needs a bound, and has none. */
static bool
has_no_bound(const struct purse *purse, const struct service *service,
    const struct tokens *most)
{
	return most->out == -1 && !is_free(service) && guard_counts_tokens(
	    purse->ledger->guard, guard_key(service->id));
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
purse_ask(struct purse *purse, size_t i, const struct job *job, size_t bytes,
    struct ticket *ticket, struct outcome *outcome)
{
	struct tokens most = bound_of(job, bytes);
	const struct amount *had = NULL;
	struct refusal refusal;
	struct amount want;
	uint16_t seq;

	if (purse == NULL || purse->ledger == NULL ||
	    (is_free(job->service) && purse->counts))
		return 0;
	if (has_no_bound(purse, job->service, &most)) {
		outcome->unsent = true;
		return outcome_fail(outcome, CODE_LIMIT_SITE, "%s takes no "
		    "limit of tokens, so nobody knows what it would cost",
		    job->service->id);
	}
	if (most.out == -1)
		most.out = 0;
	want = amount_of(job->service, job->model, &most);
	if (purse->is_left[i])
		had = &purse->had[i];
	seq = had != NULL ? purse->seq[i] : purse->next_seq++;
	purse->is_left[i] = false;
	if (ledger_ask(purse->ledger, &purse->claim, seq, &want, had,
	    &refusal) == -1)
		return refuse_attempt(&refusal, outcome);
	purse->counts = true;
	*ticket = (struct ticket){ purse, job->service, job->model, most, seq };
	return 0;
}

/*
 * Whether a status says that no model has written anything.  A gateway that has
 * waited too long for its model (502, 504, 520 and more) does not know that.
 */
static bool
is_refusal(int status)
{
	return (status >= 400 && status <= 501) || status == 503 ||
	    status == 529;
}

static struct tokens
cost_of(const struct tokens *most, const struct outcome *o)
{
	const struct tokens none = { 0, 0, false };
	struct tokens cost = *most;

	if (o == NULL)
		return cost;
	if (o->unsent)
		return none;
	if (o->tokens.in < 0 && o->tokens.out < 0)
		return o->finish == FINISH_NONE && is_refusal(o->status) ?
		    none : cost;
	if (o->tokens.estimated)
		return cost;
	if (o->tokens.in >= 0)
		cost.in = o->tokens.in;
	if (o->tokens.out >= 0)
		cost.out = o->tokens.out;
	return cost;
}

void
purse_settle(struct ticket *ticket, const struct outcome *outcome)
{
	struct purse *purse = ticket->purse;
	struct tokens cost;
	struct amount amount;

	if (purse == NULL)
		return;
	ticket->purse = NULL;
	cost = cost_of(&ticket->most, outcome);
	amount = amount_of(ticket->service, ticket->model, &cost);
	ledger_settle(purse->ledger, &purse->claim, ticket->seq, &amount);
}
