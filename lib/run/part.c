/*
 * part.c: worker.  Tells what becomes of a part; knows neither what services
 * say nor when anything starts.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/utf8.h"
#include "model/batch_call.h"
#include "plan/plan.h"
#include "run/part.h"
#include "run/run.h"
#include "run/tally.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"
#include "text/redact.h"

static void
drop_attempts(struct part *part)
{
	size_t i;

	for (i = 0; i < PART_ATTEMPTS; i++) {
		tally_left(part->run, &part->attempts[i]);
		attempt_drop(&part->attempts[i]);
	}
	part->waits = false;
}

void
part_init(struct part *part, struct run *run, const struct plan_part *plan,
    bool given)
{
	size_t i;

	part->run = run;
	part->plan = plan;
	for (i = 0; i < PART_ATTEMPTS; i++) {
		part->attempts[i].part = part;
		part->attempts[i].seat = &part->seats[i];
	}
	buf_init(&part->text, (size_t)run_limits(run)->stage_bytes);
	buf_init(&part->refusal, CALL_MAX);
	if (plan->absent)
		part->state = given ? PART_GIVEN : PART_ABSENT;
	if (!plan->spec->is_list)
		return;
	picking_init(&part->picking, &plan->spec->list);
	/* Of a given list there is the pick alone, which run.vars has. */
	part->picking.picked = part->state == PART_GIVEN;
}

void
part_free(struct part *part)
{
	drop_attempts(part);
	buf_free(&part->text);
	buf_free(&part->refusal);
	picking_free(&part->picking);
}

const struct stage_spec *
part_spec(const struct part *part)
{
	return part->plan->spec;
}

const char *
part_name(const struct part *part)
{
	return part->plan->spec->part;
}

int64_t
part_tokens(const struct part *part, const struct service *service)
{
	return part_spec(part)->max_tokens + service->profile.headroom;
}

bool
part_is_live(const struct part *part)
{
	return part->state == PART_WAITING || part->state == PART_RUNNING;
}

bool
part_is_good(const struct part *part)
{
	return part->state == PART_DONE || part->state == PART_CUT ||
	    part->state == PART_GIVEN;
}

struct tokens
part_spent(const struct part *part)
{
	struct tokens all = part->spent, one;
	size_t i;

	for (i = 0; i < PART_ATTEMPTS; i++) {
		one = attempt_tokens(&part->attempts[i]);
		tokens_add(&all, &one);
	}
	return all;
}

/* --- attempts ------------------------------------------------------------ */

bool
part_is_tried(const struct part *part)
{
	size_t i;

	for (i = 0; i < PART_ATTEMPTS; i++)
		if (part->attempts[i].stage != NULL)
			return true;
	return false;
}

bool
part_inherits(const struct part *part)
{
	size_t from = part->plan->heir_of;

	return from != PLAN_NO_HEIR && part_is_live(&part->run->parts[from]);
}

void
part_renew(struct part *part, struct attempt *attempt)
{
	const struct tokens had = attempt_tokens(attempt);

	tokens_add(&part->spent, &had);
	*attempt = (struct attempt){ .part = part, .seat = attempt->seat };
}

int
part_count_attempt(struct part *part)
{
	return ++part->begun;
}

void
part_uncount_attempt(struct part *part)
{
	part->begun--;
}

void
part_withdraw(struct part *part)
{
	size_t i;

	for (i = 0; i < PART_ATTEMPTS; i++)
		if (part->attempts[i].stage != NULL)
			part_uncount_attempt(part);
	drop_attempts(part);
}

/* --- what it tells ------------------------------------------------------- */

/* The cost of the attempt that was told last, also if it is still counting. */
static struct tokens
told_tokens(const struct part *part)
{
	size_t i;

	for (i = 0; i < PART_ATTEMPTS; i++)
		if (part->attempts[i].number == part->told.number)
			return attempt_tokens(&part->attempts[i]);
	return attempt_tokens(&part->told);
}

struct json *
tokens_json(const struct tokens *tokens)
{
	struct json *json = json_new_object();

	json_set_int(json, "in", tokens->in < 0 ? 0 : tokens->in);
	json_set_int(json, "out", tokens->out < 0 ? 0 : tokens->out);
	json_set_bool(json, "estimated", tokens->estimated);
	return json;
}

/*
 * Adds words that may be a provider's or libcurl's.  They reach a visitor by
 * this function alone, so hosts and ids are taken out of them here.
 */
static void
set_words(struct json *json, const char *key, const struct part *part,
    const char *words)
{
	struct buf shown = BUF_INIT(4096);
	char *host = part->told.number == 0 ? NULL :
	    service_host(part->told.service);

	if (words != NULL) {
		redact(&shown, words, strlen(words), host);
		json_set_string(json, key, shown.data);
	}
	buf_free(&shown);
	free(host);
}

/* The members that say which attempt it is about; a program has no model. */
static void
set_attempt(struct json *json, const struct part *part)
{
	if (!service_is_program(part->told.service)) {
		json_set_string(json, "service", part->told.service->id);
		json_set_string(json, "model", part->told.model);
	}
	json_set_int(json, "attempt", part->told.number);
}

void
part_tell(struct part *part, enum told told, const char *why)
{
	struct json *json = json_new_object();
	const struct tokens tokens = told_tokens(part);
	struct event event = { .kind = EVENT_PART, .part = part_name(part),
	    .told = told, .json = json };

	json_set_string(json, "part", part_name(part));
	json_set_string(json, "state", event_word(told));
	if (part->told.number > 0)
		set_attempt(json, part);
	if (told == TOLD_WAITING && part->ahead >= 0)
		json_set_int(json, "ahead", part->ahead);
	json_set_int(json, "ms", run_ms(part->run));
	if (!part_is_live(part) && part->told.number > 0 &&
	    !service_is_program(part->told.service))
		json_set(json, "tokens", tokens_json(&tokens));
	set_words(json, "why", part, why);
	audience_tell(&part->run->audience, &event);
	json_free(json);
}

void
part_wait(struct part *part, int ahead)
{
	if (part->waits && part->ahead == ahead)
		return;
	part->waits = true;
	part->ahead = ahead;
	part_tell(part, TOLD_WAITING, NULL);
}

/* The EVENT_ERROR that follows the EVENT_PART of a bad end. */
static void
tell_error(const struct part *part, enum code code, const char *message,
    bool retryable, int64_t wait_ms)
{
	struct json *json = json_new_object();

	json_set_string(json, "part", part_name(part));
	json_set_string(json, "code", code_word(code));
	set_words(json, "message", part, message);
	json_set_bool(json, "retryable", retryable);
	if (wait_ms > 0)
		json_set_int(json, "retry_s", (wait_ms + 999) / 1000);
	run_tell(part->run, EVENT_ERROR, part_name(part), json);
}

static enum told
told_of(enum part_state state)
{
	static const enum told table[] = {
		[PART_DONE] = TOLD_DONE, [PART_CUT] = TOLD_CUT,
		[PART_FILTERED] = TOLD_FILTERED, [PART_FAILED] = TOLD_FAILED,
		[PART_SKIPPED] = TOLD_SKIPPED, [PART_STOPPED] = TOLD_STOPPED,
	};

	return table[state];
}

/*
 * One line for the operator about a part that has ended.  The message may be a
 * provider's words and with them a visitor's, so it is logged only by log_text.
 */
static void
log_end(const struct part *part, enum code code, const char *message)
{
	const struct run *run = part->run;
	bool text = code != CODE_NONE && run->plan->config->log_text;
	char *host = part->told.number == 0 ? NULL :
	    service_host(part->told.service);

	run_log(run, "part=%s state=%s service=%s host=%s attempt=%d "
	    "status=%d ttft=%" PRId64 " ms=%" PRId64 " tokens=%" PRId64
	    "%s%s%s%s",
	    part_name(part), event_word(told_of(part->state)),
	    part->told.number > 0 ? part->told.service->id : "-",
	    host == NULL ? "-" : host, part->told.number, part->status,
	    part->visible && part->told.number > 0 ?
	    part->first_ms - part->told.asked_ms : -1,
	    run_ms(run), told_tokens(part).out,
	    code == CODE_NONE ? "" : " why=", code_word(code),
	    text ? " message=" : "", text ? message : "");
	free(host);
}

void
part_reset(struct part *part, const char *why)
{
	buf_reset(&part->text);
	part->text_len = 0;
	part->visible = false;
	part->newlines = (struct newlines)NEWLINES_INIT;
	if (part_spec(part)->is_list)
		picking_reset(&part->picking);
	part_tell(part, TOLD_RESET, why);
}

/* The state is set before it is told, as the tokens are told at an end only. */
static void
end_badly(struct part *part, enum part_state state, const char *why,
    enum code code, const char *message, bool retryable, int64_t wait_ms)
{
	drop_attempts(part);
	part->state = state;
	part_tell(part, told_of(state), why);
	tell_error(part, code, message, retryable, wait_ms);
	log_end(part, code, message);
}

void
part_end_badly(struct part *part, enum part_state state, const char *why,
    enum code code, const char *message)
{
	end_badly(part, state, why, code, message,
	    code_rule(code)->retryable, 0);
}

void
part_fail(struct part *part, enum code code, const char *fmt, ...)
{
	char message[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	part_give_up(part, PART_FAILED, code, message,
	    code_rule(code)->retryable, 0);
}

void
part_give_up(struct part *part, enum part_state state, enum code code,
    const char *words, bool retryable, int64_t wait_ms)
{
	char message[300];
	size_t n;

	snprintf(message, sizeof(message), "%s", words);
	/* snprintf may have cut it in the middle of a code point. */
	for (n = strlen(message); n > 0 && !utf8_valid(message, n);)
		message[--n] = '\0';
	end_badly(part, state, message, code, message, retryable, wait_ms);
}

void
part_end(struct part *part, enum part_state state)
{
	part->state = state;
	/* The text has a hole: no prompt may be made from it. */
	if (part->text.failed || (part_spec(part)->is_needed &&
	    vars_set(&part->run->vars, part_name(part), part->text.data,
	    part->text.len) == -1)) {
		part_fail(part, CODE_NO_MEMORY,
		    "the server is short of memory");
		return;
	}
	part_tell(part, told_of(state), state == PART_CUT ?
	    "the model ran into its length limit" : NULL);
	log_end(part, CODE_NONE, NULL);
}

/* Whether a text has more than white space. */
static bool
is_visible(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text[i] == '\0' || strchr(" \t\r\n", text[i]) == NULL)
			return true;
	return false;
}

/*
 * Text in its final shape.  TOLD_FIRST comes before its event, so that a form
 * has begun the part when it gets the text.
 */
static void
tell_words(struct part *part, const char *text, size_t n)
{
	struct run *run = part->run;
	struct event event = { .kind = EVENT_TEXT, .part = part_name(part),
	    .text = text, .len = n };

	if (!part->visible && is_visible(text, n)) {
		part->visible = true;
		part->first_ms = io_now_ms();
		if (run->first_ms == 0)
			run->first_ms = part->first_ms;
		part_tell(part, TOLD_FIRST, NULL);
	}
	if (part_spec(part)->is_needed)
		buf_add(&part->text, text, n);
	audience_tell(&run->audience, &event);
	if (part_spec(part)->is_list)
		picking_read(&part->picking, text, n);
}

void
part_write(struct part *part, const char *text, size_t n)
{
	struct buf plain = BUF_INIT(n);

	/* A service may send an empty text, which is no event. */
	if (n == 0)
		return;
	if (newlines_are_plain(&part->newlines, text, n)) {
		tell_words(part, text, n);
		return;
	}
	newlines_read(&part->newlines, text, n, &plain);
	part->text.failed = part->text.failed || plain.failed;
	if (plain.len > 0)
		tell_words(part, plain.data, plain.len);
	buf_free(&plain);
}
