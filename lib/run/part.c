/*
 * part.c: worker.  How a part speaks and ends; knows neither services' words
 * nor when anything starts.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/utf8.h"
#include "plan/plan.h"
#include "reply/reply.h"
#include "run/part.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "stage/stage.h"
#include "text/json.h"
#include "text/redact.h"

void
part_init(struct part *part, const struct plan_part *plan, bool given,
    size_t text_max)
{
	part->plan = plan;
	buf_init(&part->text, text_max);
	if (plan->absent)
		part->state = given ? PART_GIVEN : PART_ABSENT;
	if (!plan->spec->is_list)
		return;
	/* Of a given list there is the pick, and no more is known. */
	part->picked = part->state == PART_GIVEN;
	list_init(&part->list, plan->spec->list.fields[0]);
	part->items = json_new_array();
}

void
part_free(struct part *part)
{
	part_drop(part);
	buf_free(&part->text);
	json_free(part->items);
	if (part->plan != NULL && part_spec(part)->is_list)
		list_free(&part->list);
}

const struct stage_spec *
part_spec(const struct part *part)
{
	return part->plan->spec;
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

/* Whether dependants may use it. */
bool
part_is_good(const struct part *part)
{
	return part->state == PART_DONE || part->state == PART_CUT ||
	    part->state == PART_GIVEN;
}

const struct limits *
run_limits(const struct run *run)
{
	return &run->plan->config->limits;
}

struct tokens
attempt_tokens(const struct attempt *t)
{
	struct tokens tokens = { -1, -1, false };

	if (t->ended)
		tokens = t->tokens;
	if (t->accepted || t->heard > 0)
		tokens_estimate(&tokens, t->prompt_len, t->heard);
	return tokens;
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

void
part_renew(struct part *part, struct attempt *attempt)
{
	const struct tokens had = attempt_tokens(attempt);

	tokens_add(&part->spent, &had);
	memset(attempt, 0, sizeof(*attempt));
}

/* Of the attempt that the visitor knows of. */
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
 * Adds words that may be a provider's or libcurl's.  This is the only way by
 * which they reach a visitor, and hosts and ids are taken out of them here.
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

void
part_tell(struct run *run, struct part *part, const char *state,
    const char *why)
{
	struct json *json = json_new_object();
	const struct tokens tokens = told_tokens(part);

	json_set_string(json, "part", part_spec(part)->part);
	json_set_string(json, "state", state);
	if (part->told.number > 0) {
		json_set_string(json, "service", part->told.service->id);
		json_set_string(json, "model", part->told.model);
		json_set_int(json, "attempt", part->told.number);
	}
	json_set_int(json, "ms", io_now_ms() - run->start_ms);
	if (!part_is_live(part) && part->told.number > 0)
		json_set(json, "tokens", tokens_json(&tokens));
	set_words(json, "why", part, why);
	reply_event(run->reply, "_part", (size_t)(part - run->parts), json);
}

static void
tell_error(struct run *run, const struct part *part, const char *code,
    const char *message, bool retryable)
{
	struct json *json = json_new_object();

	json_set_string(json, "part", part_spec(part)->part);
	json_set_string(json, "code", code);
	set_words(json, "message", part, message);
	json_set_bool(json, "retryable", retryable);
	reply_event(run->reply, "_error", (size_t)(part - run->parts), json);
}

/* One line for the operator; the words of others only by log_text. */
static void
log_part(const struct run *run, const struct part *part, const char *state,
    const char *code, const char *message)
{
	bool text = code != NULL && run->plan->config->log_text;
	char *host = part->told.number == 0 ? NULL :
	    service_host(part->told.service);

	log_info("run=%.8s part=%s state=%s service=%s host=%s attempt=%d "
	    "status=%d ttft=%" PRId64 " ms=%" PRId64 " tokens=%" PRId64
	    "%s%s%s%s",
	    run->plan->id,
	    part_spec(part)->part, state,
	    part->told.number > 0 ? part->told.service->id : "-",
	    host == NULL ? "-" : host, part->told.number, part->status,
	    part->visible && part->told.number > 0 ?
	    part->first_ms - part->told.asked_ms : -1,
	    io_now_ms() - run->start_ms, told_tokens(part).out,
	    code == NULL ? "" : " why=", code == NULL ? "" : code,
	    text ? " message=" : "", text ? message : "");
	free(host);
}

void
attempt_drop(struct attempt *attempt)
{
	if (attempt->stage != NULL)
		stage_kill(attempt->stage);
	attempt->stage = NULL;
}

void
part_drop(struct part *part)
{
	size_t i;

	for (i = 0; i < PART_ATTEMPTS; i++)
		attempt_drop(&part->attempts[i]);
}

bool
part_inherits(const struct run *run, const struct part *part)
{
	size_t from = part->plan->heir_of;

	return from != PLAN_NO_HEIR && part_is_live(&run->parts[from]);
}

bool
part_is_tried(const struct part *part)
{
	size_t i;

	for (i = 0; i < PART_ATTEMPTS; i++)
		if (part->attempts[i].stage != NULL)
			return true;
	return false;
}

void
part_reset(struct run *run, struct part *part, const char *why)
{
	buf_reset(&part->text);
	part->text_len = 0;
	part->visible = false;
	if (part_spec(part)->is_list) {
		list_free(&part->list);
		list_init(&part->list, part_spec(part)->list.fields[0]);
		json_free(part->items);
		part->items = json_new_array();
	}
	part_tell(run, part, "reset", why);
}

/* Ended without all of its text. */
void
part_end_badly(struct run *run, struct part *part, enum part_state state,
    const char *why, const char *code, const char *message, bool retryable)
{
	static const char *const names[] = { [PART_FILTERED] = "filtered",
	    [PART_FAILED] = "failed", [PART_SKIPPED] = "skipped",
	    [PART_STOPPED] = "stopped" };

	part_drop(part);
	part->state = state;
	part_tell(run, part, names[state], why);
	tell_error(run, part, code, message, retryable);
	log_part(run, part, names[state], code, message);
}

void
part_fail(struct run *run, struct part *part, const char *code, bool retryable,
    const char *fmt, ...)
{
	char message[300];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	/* Where it was cut, perhaps in the middle of a code point. */
	for (n = strlen(message); n > 0 && !utf8_valid(message, n);)
		message[--n] = '\0';
	part_end_badly(run, part, PART_FAILED, message, code, message,
	    retryable);
}

void
part_end(struct run *run, struct part *part, enum part_state state)
{
	const char *name = state == PART_CUT ? "cut" : "done";

	part->state = state;
	if (part_spec(part)->is_needed && vars_set(&run->vars,
	    part_spec(part)->part, part->text.data, part->text.len) == -1) {
		part_fail(run, part, "no_memory", true,
		    "the server is short of memory");
		return;
	}
	part_tell(run, part, name, state == PART_CUT ?
	    "the model ran into its length limit" : NULL);
	log_part(run, part, name, NULL, NULL);
}

void
part_show(struct run *run, struct part *part, const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && strchr(" \t\r\n", text[i]) != NULL && text[i] != '\0')
		i++;
	if (!part->visible && i < n) {
		part->visible = true;
		part->first_ms = io_now_ms();
		if (run->first_ms == 0)
			run->first_ms = part->first_ms;
		part_tell(run, part, "first", NULL);
	}
	reply_text(run->reply, (size_t)(part - run->parts), text, n);
}
