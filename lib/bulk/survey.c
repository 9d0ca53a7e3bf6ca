/*
 * survey.c: the command line.  Checks lines and counts what they can cost; asks
 * nothing.
 */
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/saturate.h"
#include "bulk/ids.h"
#include "bulk/source.h"
#include "bulk/survey.h"
#include "bulk/task.h"
#include "model/bound.h"
#include "setup/config.h"
#include "web/house.h"

/* So many faults are named; the rest are counted. */
#define FAULTS_SHOWN	20

static void
note_fault(struct survey *survey, const struct line_fault *fault,
    size_t number)
{
	if (survey->faults++ < FAULTS_SHOWN)
		log_warnx("line %zu: %s: %s", number, fault->code,
		    fault->message);
}

/* The most that a call costs at its k-th service, as far as it has a bound. */
static struct amount
amount_for(const struct line *line, const struct aim *aim, size_t k)
{
	const struct service *service = aim->order[k];
	const struct price *price = prices_of(&service->prices,
	    aim->model == NULL ? service->models[0] : aim->model);
	int64_t in = (int64_t)line->body_len + BOUND_TEMPLATE, out = 0;

	if (line->is_bound)
		out = line->tokens * line->choices;
	return (struct amount){ service->id, saturate_add(in, out),
	    saturate_add(saturate_multiply(in, price->in),
	    saturate_multiply(out, price->out)) };
}

/* Adds a call.  Returns whether no limit of a whole day has room for it. */
static bool
count_call(struct survey *survey, const struct guard *guard,
    const struct line *line, const struct aim *aim)
{
	struct amount most = amount_for(line, aim, 0);
	bool never = guard != NULL;
	uint64_t lacks;
	size_t k;

	survey->unbound += line->is_bound ? 0 : 1;
	survey->tokens = saturate_add(survey->tokens, most.tokens);
	survey->money = saturate_add(survey->money, most.money);
	for (k = 0; k < aim->n && never; k++) {
		most = amount_for(line, aim, k);
		never = ledger_never(guard, &most, 1, &lacks);
	}
	return never;
}

/* The same of a run. */
static bool
count_run(struct survey *survey, const struct guard *guard,
    const struct house *house, const struct request *request)
{
	struct amount least;
	bool never = purse_foresee(&house->config, &house->graph, request,
	    &least);

	survey->tokens = saturate_add(survey->tokens, least.tokens);
	survey->money = saturate_add(survey->money, least.money);
	return never && guard != NULL;
}

/* Takes a line that was read.  Returns 0, or -1 with *fault. */
static int
take_checked(struct survey *survey, const struct task_shared *shared,
    const struct line *line, struct ids *ids, bool counts,
    struct line_fault *fault)
{
	const struct guard *guard = shared->is_paid ?
	    &shared->house->config.guard : NULL;
	struct request request = REQUEST_INIT;
	const struct buf *id = &line->id;
	struct aim aim = { .n = 0 };
	int rc = task_check(shared, line, &aim, &request, fault);

	if (rc == 0 && (ids_get(ids, id->data, id->len) & ID_GIVEN) != 0) {
		fault->code = "duplicate_custom_id";
		snprintf(fault->message, sizeof(fault->message), "an earlier "
		    "line has the custom_id \"%.60s\" as well: each line needs "
		    "its own", id->data);
		rc = -1;
	}
	ids_add(ids, id->data, id->len, ID_GIVEN);
	if (rc == 0 && (counts || guard != NULL) &&
	    (line->kind == LINE_CALL ? count_call(survey, guard, line, &aim) :
	    count_run(survey, guard, shared->house, &request))) {
		fault->code = "never_fits";
		snprintf(fault->message, sizeof(fault->message), "it could "
		    "cost more than \"guard\" in recipe.json lets the site or "
		    "a service spend on a whole day");
		rc = -1;
	}
	request_free(&request);
	return rc;
}

int
survey_read(struct survey *survey, struct source_lines *source,
    const struct task_shared *shared, struct ids *ids, bool counts,
    struct err *err)
{
	struct line line = LINE_INIT;
	struct line_fault fault;
	struct raw_line raw;
	int rc;

	while ((rc = source->next(source->arg, &raw, err)) == 1) {
		if (line_read(&line, &raw, &shared->house->graph,
		    &fault) == -1 || take_checked(survey, shared, &line, ids,
		    counts, &fault) == -1) {
			note_fault(survey, &fault, raw.number);
		} else {
			survey->lines++;
			if (line.kind == LINE_CALL)
				survey->calls++;
			else
				survey->runs++;
		}
		line_free(&line);
	}
	if (survey->faults > FAULTS_SHOWN)
		log_warnx("and %zu lines more", survey->faults - FAULTS_SHOWN);
	return rc;
}
