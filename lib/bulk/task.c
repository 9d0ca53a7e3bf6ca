/*
 * task.c: the command line.  Takes one line from its bytes to its result; waits
 * for nothing and writes no file.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/saturate.h"
#include "bulk/score.h"
#include "bulk/task.h"
#include "model/batch_call.h"
#include "reply/form.h"
#include "run/conduct.h"
#include "run/part.h"
#include "setup/config.h"
#include "text/json.h"
#include "web/house.h"

/* The most bytes of the document of a run. */
#define DOCUMENT_MAX	(64 * 1024 * 1024)

void
task_init(struct task *task, struct task_shared *shared)
{
	memset(task, 0, sizeof(*task));
	task->shared = shared;
	task->line = (struct line)LINE_INIT;
	task->request = (struct request)REQUEST_INIT;
	task->plan = (struct plan)PLAN_INIT;
	task->purse = (struct purse)PURSE_INIT;
	buf_init(&task->text, CALL_MAX);
}

/* --- a line is checked ---------------------------------------------------- */

static int
fault_set(struct line_fault *fault, const char *code, const char *message)
{
	fault->code = code;
	snprintf(fault->message, sizeof(fault->message), "%.199s", message);
	return -1;
}

/* A call, whose request is the variable "body" of its prompt. */
static int
check_call(const struct task_shared *shared, const struct line *line,
    struct aim *aim, struct request *request, struct line_fault *fault)
{
	const struct guard *guard = &shared->house->config.guard;
	size_t i;

	if (aim_find(shared->aims, &shared->house->config, line->model, aim,
	    fault) == -1)
		return -1;
	for (i = 0; i < aim->n && shared->is_paid && !line->is_bound; i++)
		if (guard_counts_tokens(guard, guard_key(aim->order[i]->id)))
			return fault_set(fault, "no_bound", "tokens or money "
			    "are limited, and nobody knows what this would "
			    "cost: add \"max_completion_tokens\", and take "
			    "images, audio and files out");
	if (line->body_len > CALL_MAX)
		return fault_set(fault, "too_big", "the body is longer than "
		    "8 MiB");
	return vars_set(&request->inputs, "body", line->body,
	    line->body_len) == -1 ? fault_set(fault, "no_memory",
	    "out of memory") : 0;
}

int
task_check(const struct task_shared *shared, const struct line *line,
    struct aim *aim, struct request *request, struct line_fault *fault)
{
	const struct house *house = shared->house;
	struct err err = ERR_INIT;

	if (line->kind == LINE_CALL)
		return check_call(shared, line, aim, request, fault);
	if (shared->no_graph->status != 0)
		return fault_set(fault, "no_graph", shared->no_graph->text);
	if (request_take(request, &house->graph, line->json,
	    (size_t)house->config.limits.stage_bytes, &err) == -1)
		return fault_set(fault, "bad_input", err.text);
	return 0;
}

/* --- what it hears -------------------------------------------------------- */

/* What that many tokens cost at the service that an event names. */
static int64_t
money_for(const struct task *task, const struct event *event, int64_t in,
    int64_t out)
{
	const struct service *service = services_find(
	    &task->shared->house->config.services,
	    event_string(event, "service"));
	const struct price *price;

	if (service == NULL || service_is_demo(service))
		return 0;
	price = prices_of(&service->prices, event_string(event, "model"));
	return saturate_add(saturate_multiply(in, price->in),
	    saturate_multiply(out, price->out));
}

static void
hear_end(struct task *task, const struct event *event)
{
	const struct json *tokens = json_get(event->json, "tokens");
	int64_t in = json_int(json_get(tokens, "in"), 0);
	int64_t out = json_int(json_get(tokens, "out"), 0);
	const char *id = event_string(event, "service");
	bool good = !event_is_bad_end(event->told);
	struct score *score = task->shared->score;

	if (good)
		task->good++;
	else
		task->bad++;
	if (event->told == TOLD_CUT)
		score->cut++;
	if (json_boolean(json_get(tokens, "estimated"), false))
		score->estimated = true;
	if (*id != '\0')
		score_part(score, id, in, out, money_for(task, event, in, out),
		    good);
}

static void
judge(void *arg, const struct event *event)
{
	struct task *task = arg;

	if (event->kind == EVENT_PART && event_is_end(event->told))
		hear_end(task, event);
	if (event->kind != EVENT_ERROR || task->code[0] != '\0')
		return;
	snprintf(task->code, sizeof(task->code), "%s",
	    event_string(event, "code"));
	snprintf(task->message, sizeof(task->message), "%s",
	    event_string(event, "message"));
}

/* The text of a call is its answer, which comes again after a reset. */
static void
keep_answer(void *arg, const struct event *event)
{
	struct task *task = arg;

	if (event->kind == EVENT_TEXT)
		buf_add(&task->text, event->text, event->len);
	else if (event->kind == EVENT_PART && event->told == TOLD_RESET)
		buf_reset(&task->text);
}

/* --- it begins ------------------------------------------------------------ */

static int
build_plan(struct task *task, const struct aim *aim, struct err *err)
{
	struct house *house = task->shared->house;

	if (task->line.kind == LINE_RUN)
		return plan_build(&task->plan, &house->graph, &house->config,
		    &house->state, &house->tempo, &task->request, err);
	task->spec = graph_call;
	if (task->line.is_bound)
		task->spec.max_tokens = task->line.tokens *
		    task->line.choices;
	return plan_call(&task->plan, &task->spec, &house->config,
	    &house->state, aim->order, aim->n, aim->model, &task->request,
	    err);
}

static ssize_t
write_nowhere(void *arg, const char *data, size_t n)
{
	(void)arg, (void)data;
	return (ssize_t)n;
}

/* What it is that writes the answer down. */
static int
open_writer(struct task *task)
{
	static const struct sink nowhere = { .write = write_nowhere,
	    .fd = -1 };

	task->judge = (struct subscriber){ .tell = judge, .arg = task };
	if (task->line.kind == LINE_CALL) {
		task->writer = (struct subscriber){ .tell = keep_answer,
		    .arg = task };
		return 0;
	}
	outbox_init(&task->outbox, &nowhere,
	    &task->shared->house->config.limits, DOCUMENT_MAX);
	task->form = form_new(&reply_json_ops, &task->outbox, &task->plan);
	if (task->form == NULL)
		return -1;
	task->writer = (struct subscriber){ .tell = form_tell,
	    .arg = task->form };
	form_begin(task->form);
	return 0;
}

static int
start_run(struct task *task)
{
	struct house *house = task->shared->house;
	struct run *run = &task->run;

	*run = (struct run)RUN_INIT;
	run->unlogged = true;
	run->patient = true;
	run->ratelimit = &task->shared->ratelimit;
	run->rates = &house->rates;
	run->purse = &task->purse;
	if (task->line.kind == LINE_RUN) {
		run->laps = &house->laps;
		run->tempo = &house->tempo;
	}
	run_subscribe(run, &task->writer);
	run_subscribe(run, &task->judge);
	return conduct_begin(run, &task->plan, &house->pool, &house->state,
	    &house->places, io_now_ms());
}

void
task_clear(struct task *task)
{
	conduct_free(&task->run);
	purse_close(&task->purse);
	if (task->form != NULL) {
		form_free(task->form);
		outbox_free(&task->outbox);
	}
	task->form = NULL;
	plan_free(&task->plan);
	request_free(&task->request);
	task->request = (struct request)REQUEST_INIT;
	line_free(&task->line);
	buf_reset(&task->text);
	task->busy = false;
}

int
task_begin(struct task *task, struct line_fault *fault, struct err *err)
{
	struct task_shared *shared = task->shared;
	struct aim aim = { .n = 0 };
	int rc = 0;

	task->good = task->bad = 0;
	task->code[0] = task->message[0] = '\0';
	task->run = (struct run)RUN_INIT;
	if (task_check(shared, &task->line, &aim, &task->request,
	    fault) == -1) {
		task_clear(task);
		return -1;
	}
	if (build_plan(task, &aim, err) == -1)
		rc = fault_set(fault, err->code, err->text);
	else if (shared->is_paid && purse_open(&task->purse,
	    &shared->house->ledger, &task->plan, NULL, err) == -1)
		rc = 1;
	else if (open_writer(task) == -1 || start_run(task) == -1)
		rc = fault_set(fault, "no_memory", "out of memory");
	if (rc != 0) {
		task_clear(task);
		return rc;
	}
	task->busy = true;
	task->next_ms = 0;
	return 0;
}

/* --- it goes on ----------------------------------------------------------- */

void
task_tick(struct task *task, int64_t now)
{
	int64_t ms = conduct_tick(&task->run, now);

	task->next_ms = ms > INT64_MAX - now ? INT64_MAX : now + ms;
	watch_clear(&task->watch);
	conduct_watch(&task->run, &task->watch, true, now);
}

bool
task_is_over(const struct task *task)
{
	return conduct_is_over(&task->run);
}

/* --- it ends -------------------------------------------------------------- */

static enum task_verdict
put_call(struct task *task, struct buf *out)
{
	const struct part *part = &task->run.parts[0];
	int status;

	if (task->good > 0 && !task->text.failed) {
		line_write_call(out, &task->line, task->plan.id,
		    task->text.data, task->text.len);
		return TASK_DONE;
	}
	/* A stream that broke off was accepted, but brought no answer. */
	status = part->status >= 200 && part->status < 300 ? 0 : part->status;
	line_write_error(out, &task->line, task->plan.id, status,
	    part->refusal.data, part->refusal.len, task->code, task->message);
	return TASK_FAILED;
}

/* The document of a run; one of which no part is good is no result. */
static enum task_verdict
put_run(struct task *task, struct buf *out)
{
	const struct buf *document = &task->outbox.out;
	size_t from = strspn(document->data, "\n"), to = document->len;

	if (task->good == 0 || document->failed) {
		line_write_error(out, &task->line, task->plan.id, 0, NULL, 0,
		    task->code, task->message);
		return TASK_FAILED;
	}
	while (to > from && document->data[to - 1] == '\n')
		to--;
	line_write_run(out, &task->line, document->data + from, to - from);
	return task->bad > 0 ? TASK_PARTLY : TASK_DONE;
}

/*
 * Whether it was not asked because of this machine or this site: a limit of
 * "guard", or no process.
 */
static bool
was_not_asked(const struct task *task)
{
	return task->good == 0 &&
	    (strcmp(task->code, code_word(CODE_LIMIT_SITE)) == 0 ||
	    strcmp(task->code, code_word(CODE_NO_PROCESS)) == 0);
}

enum task_verdict
task_result(struct task *task, struct buf *out)
{
	if (!task_is_over(task) || was_not_asked(task))
		return TASK_LEFT;
	return task->line.kind == LINE_CALL ? put_call(task, out) :
	    put_run(task, out);
}

void
task_free(struct task *task)
{
	task_clear(task);
	buf_free(&task->text);
}
