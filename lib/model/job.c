/*
 * job.c: worker and stage.  Writes and reads jobs and outcomes as JSON; does no
 * job itself.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "model/job.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"

int
job_write(const struct job *job, struct buf *out)
{
	struct json *json = json_new_object();

	json_set_string(json, "part", job->spec->part);
	json_set_string(json, "service", job->service->id);
	json_set_string(json, "model", job->model);
	json_set_int(json, "params", (int64_t)job->params);
	json_set_bool(json, "thinks", job->thinks);
	json_set_bool(json, "exact", job->exact);
	json_write(json, out);
	json_free(json);
	return out->failed ? -1 : 0;
}

int
job_read(struct job *job, const char *text, size_t n,
    const struct graph *graph, const struct config *config)
{
	struct json *json = json_parse(text, n, 4, true, NULL, NULL);
	const char *part = json_string(json_get(json, "part"), NULL);
	const char *id = json_string(json_get(json, "service"), NULL);
	const char *model = json_string(json_get(json, "model"), NULL);
	size_t i;

	*job = (struct job){ NULL, NULL, NULL, 0, false, false };
	job->params = (unsigned)json_int(json_get(json, "params"), 0);
	job->thinks = json_boolean(json_get(json, "thinks"), false);
	job->exact = json_boolean(json_get(json, "exact"), false);
	if (part == NULL || id == NULL || model == NULL)
		goto out;
	if (strcmp(graph_call.part, part) == 0)
		job->spec = &graph_call;
	for (i = 0; i < graph->n; i++)
		if (strcmp(graph->stages[i].part, part) == 0)
			job->spec = &graph->stages[i];
	job->service = job->spec != NULL && job->spec->run != NULL ?
	    &service_program : services_find(&config->services, id);
	if (job->service == NULL)
		goto out;
	for (i = 0; i < job->service->nmodels; i++)
		if (strcmp(job->service->models[i], model) == 0)
			job->model = job->service->models[i];
out:
	json_free(json);
	return job->spec == NULL || job->model == NULL ? -1 : 0;
}

/* The words for enum means in an outcome's JSON. */
static const char *const meanings[] = { [MEANS_UNSAID] = "",
    [MEANS_LIMIT] = "limit", [MEANS_CREDIT] = "credit", [MEANS_KEY] = "key",
    [MEANS_FORBIDDEN] = "forbidden", [MEANS_MODEL] = "model",
    [MEANS_PARAM] = "parameter", [MEANS_CONTENT] = "content",
    [MEANS_SIZE] = "size", [MEANS_REQUEST] = "request",
    [MEANS_SERVER] = "server" };

#define NMEANS	(sizeof(meanings) / sizeof(meanings[0]))

static const char *
means_name(enum means means)
{
	return meanings[means];
}

static enum means
means_find(const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < NMEANS; i++)
		if (strcmp(meanings[i], name) == 0)
			return (enum means)i;
	return MEANS_UNSAID;
}

/* The words for enum finish in an outcome's JSON. */
static const char *const finishes[] = { "", "stop", "length", "filter" };

/*
 * A pace is a string of its numbers, in the order of the struct: it crosses the
 * pipe with each outcome, and a member for each number would cost more than all
 * the others.
 */
static void
pace_set(struct json *outcome, const struct pace *pace)
{
	const int64_t all[] = { pace->dns_us, pace->tcp_us, pace->tls_us,
	    pace->first_us, pace->text_us, pace->last_us, pace->chunks,
	    pace->head, pace->heard };
	struct buf text = BUF_INIT(256);
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_printf(&text, "%s%" PRId64, i == 0 ? "" : " ", all[i]);
	json_set_string(outcome, "pace", text.data);
	buf_free(&text);
}

static void
pace_read(struct pace *pace, const struct json *outcome)
{
	int64_t *all[] = { &pace->dns_us, &pace->tcp_us, &pace->tls_us,
	    &pace->first_us, &pace->text_us, &pace->last_us, &pace->chunks,
	    &pace->head, &pace->heard };
	const char *text = json_string(json_get(outcome, "pace"), NULL);
	char *end;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]) && text != NULL; i++) {
		*all[i] = strtoll(text, &end, 10);
		text = end == text ? NULL : end;
	}
}

int
outcome_write(const struct outcome *outcome, struct buf *out)
{
	/* A service's words, which may be cut within a code point. */
	struct buf message = BUF_INIT(3 * sizeof(outcome->message));
	struct json *json = json_new_object();

	utf8_clean(&message, outcome->message, strlen(outcome->message));
	json_set_string(json, "finish", finishes[outcome->finish]);
	if (outcome->finish == FINISH_NONE) {
		json_set_string(json, "code", code_word(outcome->code));
		json_set_string(json, "message", message.data);
		json_set_int(json, "status", outcome->status);
		json_set_int(json, "wait_ms", outcome->wait_ms);
		json_set_bool(json, "unsent", outcome->unsent);
		json_set_int(json, "refused_params",
		    (int64_t)outcome->refused_params);
		json_set_bool(json, "refused_value", outcome->refused_value);
		json_set_string(json, "means", means_name(outcome->means));
	}
	json_set_bool(json, "answered", outcome->answered);
	if (outcome->thinks != THINKS_UNKNOWN)
		json_set_bool(json, "thinks",
		    outcome->thinks == THINKS_INSIDE);
	json_set_int(json, "in", outcome->tokens.in);
	json_set_int(json, "out", outcome->tokens.out);
	json_set_bool(json, "estimated", outcome->tokens.estimated);
	pace_set(json, &outcome->pace);
	json_write(json, out);
	json_free(json);
	buf_free(&message);
	return out->failed ? -1 : 0;
}

int
outcome_read(struct outcome *outcome, const char *text, size_t n)
{
	struct json *json = json_parse(text, n, 4, true, NULL, NULL);
	const char *finish = json_string(json_get(json, "finish"), NULL);
	const char *message = json_string(json_get(json, "message"), NULL);
	int i, rc = -1;

	*outcome = (struct outcome)OUTCOME_INIT;
	for (i = 0; finish != NULL && i < 4; i++)
		if (strcmp(finishes[i], finish) == 0) {
			outcome->finish = (enum finish)i;
			rc = 0;
		}
	outcome->code = code_find(json_string(json_get(json, "code"), NULL));
	snprintf(outcome->message, sizeof(outcome->message), "%s",
	    message == NULL ? "" : message);
	outcome->status = (int)json_int(json_get(json, "status"), 0);
	outcome->wait_ms = json_int(json_get(json, "wait_ms"), -1);
	outcome->unsent = json_boolean(json_get(json, "unsent"), false);
	outcome->answered = json_boolean(json_get(json, "answered"), false);
	outcome->refused_params = (unsigned)json_int(json_get(json,
	    "refused_params"), 0);
	outcome->refused_value = json_boolean(json_get(json, "refused_value"),
	    false);
	outcome->means = means_find(json_string(json_get(json, "means"), NULL));
	if (json_kind(json_get(json, "thinks")) == JSON_BOOL)
		outcome->thinks = json_boolean(json_get(json, "thinks"),
		    false) ? THINKS_INSIDE : THINKS_NOT;
	outcome->tokens.in = json_int(json_get(json, "in"), -1);
	outcome->tokens.out = json_int(json_get(json, "out"), -1);
	outcome->tokens.estimated =
	    json_boolean(json_get(json, "estimated"), false);
	pace_read(&outcome->pace, json);
	json_free(json);
	return rc;
}

void
tokens_estimate(struct tokens *tokens, size_t in, size_t out)
{
	if (tokens->in >= 0 && tokens->out >= 0)
		return;
	tokens->estimated = true;
	if (tokens->in < 0)
		tokens->in = (int64_t)((in + TOKEN_BYTES - 1) / TOKEN_BYTES);
	if (tokens->out < 0)
		tokens->out = (int64_t)((out + TOKEN_BYTES - 1) / TOKEN_BYTES);
}

void
tokens_add(struct tokens *all, const struct tokens *some)
{
	all->in += some->in > 0 ? some->in : 0;
	all->out += some->out > 0 ? some->out : 0;
	all->estimated = all->estimated || some->estimated;
}

int
remaining_write(const struct remaining *remaining, struct buf *out)
{
	struct json *json = json_new_object();

	json_set_int(json, "requests", remaining->requests);
	json_set_int(json, "requests_reset_ms", remaining->requests_reset_ms);
	json_set_int(json, "tokens", remaining->tokens);
	json_set_int(json, "tokens_reset_ms", remaining->tokens_reset_ms);
	json_write(json, out);
	json_free(json);
	return out->failed ? -1 : 0;
}

int
remaining_read(struct remaining *remaining, const char *text, size_t n)
{
	struct json *json = json_parse(text, n, 4, true, NULL, NULL);
	int rc = json_kind(json) == JSON_OBJECT ? 0 : -1;

	remaining->requests = json_int(json_get(json, "requests"), -1);
	remaining->requests_reset_ms =
	    json_int(json_get(json, "requests_reset_ms"), -1);
	remaining->tokens = json_int(json_get(json, "tokens"), -1);
	remaining->tokens_reset_ms = json_int(json_get(json, "tokens_reset_ms"),
	    -1);
	json_free(json);
	return rc;
}

int
outcome_fail(struct outcome *outcome, enum code code, const char *fmt, ...)
{
	va_list ap;

	outcome->finish = FINISH_NONE;
	outcome->code = code;
	va_start(ap, fmt);
	vsnprintf(outcome->message, sizeof(outcome->message), fmt, ap);
	va_end(ap);
	return -1;
}
