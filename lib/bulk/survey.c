/*
 * survey.c: the command line.  Checks lines and counts what they can cost; asks
 * nothing.
 */
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "bulk/ids.h"
#include "bulk/source.h"
#include "bulk/survey.h"
#include "bulk/task.h"
#include "model/bound.h"
#include "setup/config.h"
#include "site/state.h"
#include "site/tempo.h"
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

static void
count_call(struct survey *survey, const struct line *line,
    const struct aim *aim)
{
	const struct service *service = aim->order[0];
	const struct price *price = prices_of(&service->prices,
	    aim->model == NULL ? service->models[0] : aim->model);
	int64_t in = (int64_t)line->body_len + BOUND_TEMPLATE, out = 0;

	if (line->is_bound)
		out = line->tokens * line->choices;
	else
		survey->unbound++;
	survey->tokens += in + out;
	survey->money += in * price->in + out * price->out;
}

static void
count_run(struct survey *survey, const struct house *house,
    const struct request *request)
{
	struct state state = STATE_INIT;
	struct tempo tempo = TEMPO_INIT;
	struct plan plan = PLAN_INIT;
	struct err err = ERR_INIT;
	struct amount least = { NULL, 0, 0 };

	if (plan_build(&plan, &house->graph, &house->config, &state, &tempo,
	    request, &err) == 0)
		(void)purse_never(&plan, &house->config.guard, &least);
	survey->tokens += least.tokens;
	survey->money += least.money;
	plan_free(&plan);
	tempo_free(&tempo);
	state_free(&state);
}

/* Takes a line that was read.  Returns 0, or -1 with *fault. */
static int
take_checked(struct survey *survey, const struct task_shared *shared,
    const struct line *line, struct ids *ids, bool counts,
    struct line_fault *fault)
{
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
	if (rc == 0 && counts && line->kind == LINE_CALL)
		count_call(survey, line, &aim);
	else if (rc == 0 && counts)
		count_run(survey, shared->house, &request);
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
