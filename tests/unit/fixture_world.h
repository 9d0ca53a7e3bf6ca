/*
 * fixture_world: a small graph, a configuration, a plan, and a run without
 * processes.
 *
 * The graph: `ideas` writes a list of three {name, intro}, one is picked as
 * `it`; `rest` is written for each of the others; `buy` and `side` need `it`;
 * `solo` needs nothing; `cook` needs `buy` and `it`.  Input: `word`.
 *
 * The stages have no process (their pid is 0), so that ending one kills nothing.
 * What is sent to a stage is in DIR/to-PART (DIR/to-PART-1 for the second of a
 * race).  What workers know of services is in DIR/state.json.  The sink appends
 * everything to `sent`.  A subscriber that needs no web reply can note the
 * events, a line each in `noted`.
 */
#ifndef FIXTURE_WORLD_H
#define FIXTURE_WORLD_H

#include <poll.h>

#include "base/err.h"
#include "base/io.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "site/state.h"
#include "reply/reply.h"
#include "run/conduct.h"
#include "run/hear.h"
#include "run/part.h"
#include "run/run.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "stage/stage.h"
#include "text/frame.h"
#include "text/json.h"
#include "unit.h"

enum { IDEAS, REST, BUY, SIDE, SOLO, COOK, PARTS };

struct world {
	struct reply	 reply;
	struct subscriber noter;
	struct graph	 graph;
	struct config	 config;
	struct request	 request;
	struct plan	 plan;
	struct state	 state;
	struct pool	 pool;		/* empty: nothing is ever forked */
	struct run	 run;
	struct stage	 stages[PARTS][PART_ATTEMPTS];
	struct sink	 sink;
	struct buf	 sent;		/* what the web server got */
	struct buf	 noted;
	bool		 broken;	/* the sink's next write fails */
	char		 dir[200];
};

static const char world_stages[] =
    "{\"inputs\": {\"word\": {\"type\": \"text\"}}, \"stages\": ["
    "{\"part\": \"ideas\", \"title\": \"Ideas\", \"service\": \"one\","
    " \"list\": {\"items\": 3, \"fields\": [\"name\", \"intro\"],"
    " \"pick\": \"it\"}},"
    "{\"part\": \"rest\", \"title\": \"Others\", \"each\": \"ideas\"},"
    "{\"part\": \"buy\", \"title\": \"To buy\", \"service\": \"two\","
    " \"needs\": [\"it\"]},"
    "{\"part\": \"side\", \"service\": \"two\", \"needs\": [\"it\"]},"
    "{\"part\": \"solo\", \"service\": \"two\"},"
    "{\"part\": \"cook\", \"service\": \"two\","
    " \"needs\": [\"buy\", \"it\"]}]}";

static const char world_services[] =
    "{\"services\": {"
    "\"one\": {\"base_url\": \"http://127.0.0.1:1\", \"model\": \"m1\"},"
    "\"two\": {\"base_url\": \"http://127.0.0.1:1\", \"model\": \"m2\"}},"
    "\"limits\": {\"connect_ms\": 100, \"first_token_ms\": 200,"
    " \"idle_ms\": 300, \"run_ms\": 10000, \"stage_bytes\": 4096,"
    " \"prompt_bytes\": 1024}}";

/* Three elements as a model writes them. */
static const char world_list[] =
    "[{\"name\":\"A\",\"intro\":\"a & b\"},"
    "{\"name\":\"B\",\"intro\":\"<b>\"},"
    "{\"name\":\"C\",\"intro\":\"c\"}]";

static inline void
world_note(void *arg, const struct event *event)
{
	static const char *const keys[] = { "state", "code", "retryable",
	    "attempt", "index", "name", "items", "why" };
	struct world *w = arg;
	struct buf *out = &w->noted;
	struct json *value;
	size_t i;

	if (event->kind == EVENT_TEXT) {
		buf_printf(out, "%s|%.*s\n", event->part, (int)event->len,
		    event->text);
		return;
	}
	buf_printf(out, "%s %s", event_name(event), event->part == NULL ?
	    "-" : event->part);
	for (i = 0; i < COUNT(keys); i++)
		if ((value = json_get(event->json, keys[i])) != NULL) {
			buf_printf(out, " ");
			json_write(value, out);
		}
	buf_putc(out, '\n');
}

static inline ssize_t
world_write(void *arg, const char *data, size_t n)
{
	struct world *w = arg;

	if (w->broken)
		return -1;
	assert_true(n <= w->sink.chunk);
	assert_int_equal(buf_add(&w->sent, data, n), 0);
	return (ssize_t)n;
}

static inline int
world_gone(void *arg, short revents)
{
	(void)arg, (void)revents;
	return 0;
}

/* Graph, configuration, request, plan; the draw is `draw`. */
static inline void
world_open(struct world *w, const char *dir, const char *services,
    uint32_t draw)
{
	static const char *const templates[] = { "Three for {{word}}",
	    "<li>{{name}}: {{intro}}</li>", "Buy for {{it.name}} ({{word}})",
	    "Beside {{it.name}}, {{it.intro}}", "About {{word}}",
	    "Cook {{it.name}} from {{buy}}" };
	static const char *const names[] = { "ideas.txt", "rest.txt",
	    "buy.txt", "side.txt", "solo.txt", "cook.txt" };
	struct err err = ERR_INIT;
	char path[256];
	size_t i;

	memset(w, 0, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "%s", dir);
	buf_init(&w->sent, DOC_MAX);
	buf_init(&w->noted, DOC_MAX);
	for (i = 0; i < COUNT(names); i++)
		unit_write(dir, names[i], templates[i], 0600, path);
	unit_write(dir, "stages.json", world_stages, 0600, path);
	setenv("RECIPE_PROMPTS", dir, 1);
	unit_write(dir, "recipe.json", services, 0600, path);
	setenv("RECIPE_CONFIG", path, 1);
	if (graph_load(&w->graph, &err) == -1 ||
	    config_load(&w->config, NULL, &err) == -1)
		fail_msg("%s", err.text);
	vars_set(&w->request.inputs, "word", "beef", 4);
	state_open(&w->state, dir, "site");
	state_read(&w->state);
	assert_int_equal(plan_build(&w->plan, &w->graph, &w->config,
	    &w->state, NULL, &w->request, &err), 0);
	for (i = 0; i < w->plan.n; i++)
		w->plan.parts[i].draw = draw;
	w->pool = (struct pool){ .heritage = { &w->graph, &w->config, NULL,
	    NULL } };
	w->sink = (struct sink){ world_write, world_gone, 8192, -1, POLLIN,
	    w, false };
	reply_init(&w->reply, &w->sink, &w->config.limits);
}

/* What it has told the state is not for the next world in this directory. */
static inline void
world_forget(const struct world *w)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/state.json", w->state.dir);
	unlink(path);
}

/* Begins the run, for the noter alone or for a visitor. */
static inline void
world_begin(struct world *w, bool noted)
{
	struct err err = ERR_INIT;

	w->noter = (struct subscriber){ .tell = world_note, .arg = w };
	if (noted) {
		run_subscribe(&w->run, &w->noter);
	} else {
		assert_int_equal(reply_begin(&w->reply, &w->request, &w->plan,
		    &err), 0);
		run_subscribe(&w->run, &w->reply.subscriber);
	}
	assert_int_equal(conduct_begin(&w->run, &w->plan, &w->pool,
	    &w->state, NULL, io_now_ms()), 0);
	buf_reset(&w->noted);
}

static inline const char *
world_to(const struct world *w, size_t i, size_t k, char path[256])
{
	snprintf(path, 256, k == 0 ? "%s/to-%s" : "%s/to-%s-%zu", w->dir,
	    w->plan.parts[i].spec->part, k);
	return path;
}

static inline void
world_close_stage(struct stage *stage)
{
	if (stage->down > 0)
		close(stage->down);
	buf_free(&stage->in);
	buf_free(&stage->out);
	*stage = (struct stage){ .up = -1 };
}

/*
 * A stage as if its process had been forked and connected, for the k-th
 * attempt under way, at the service and model whose turn it is.
 */
static inline struct attempt *
world_attempt(struct world *w, size_t i, size_t k)
{
	struct part *part = &w->run.parts[i];
	struct attempt *attempt = &part->attempts[k];
	struct stage *stage = &w->stages[i][k];
	char path[256];

	world_close_stage(stage);
	stage->busy = true;
	stage->down = open(world_to(w, i, k, path), O_WRONLY | O_CREAT |
	    O_TRUNC, 0600);
	assert_true(stage->down != -1);
	buf_init(&stage->in, DOC_MAX);
	buf_init(&stage->out, DOC_MAX);
	*attempt = (struct attempt){ .part = part, .stage = stage,
	    .seat = &part->seats[k],
	    .number = ++part->begun, .connected = true,
	    .job_ms = io_now_ms() };
	if (part->plan->norder == 0)
		return attempt;
	assert_true(part->retry.turn + k < part->plan->norder);
	attempt->service = part->plan->order[part->retry.turn + k];
	assert_true(part->retry.model < attempt->service->nmodels);
	attempt->model = attempt->service->models[k == 0 ?
	    part->retry.model : 0];
	attempt->params = attempt->service->profile.params & 
	    ~part->retry.refused_params;
	return attempt;
}

static inline struct part *
world_give(struct world *w, size_t i)
{
	world_attempt(w, i, 0);
	return &w->run.parts[i];
}

/* What was sent to an attempt's stage as its prompt, up to GO. */
static inline void
world_prompt_of(const struct world *w, size_t i, size_t k, struct buf *out)
{
	struct buf in = BUF_INIT(DOC_MAX);
	struct frame frame = { FRAME_FAIL, NULL, 0 };
	char path[256];
	size_t pos = 0;

	unit_read(world_to(w, i, k, path), &in);
	buf_reset(out);
	while (frame_next(&in, &pos, &frame) == 1)
		if (frame.type == FRAME_SYSTEM || frame.type == FRAME_PROMPT)
			buf_add(out, frame.data, frame.len);
	assert_int_equal(frame.type, FRAME_GO);
	buf_free(&in);
}

static inline void
world_prompt(const struct world *w, size_t i, struct buf *out)
{
	world_prompt_of(w, i, 0, out);
}

/* A frame comes up from an attempt's stage. */
static inline void
world_frame_of(struct world *w, size_t i, size_t k, enum frame_type type,
    const char *data)
{
	struct frame frame = { type, data, strlen(data) };

	hear_frame(&w->run.parts[i].attempts[k], &frame);
}

static inline void
world_frame(struct world *w, size_t i, enum frame_type type, const char *data)
{
	world_frame_of(w, i, 0, type, data);
}

/* Its process has gone without an outcome. */
static inline void
world_lost(struct world *w, size_t i)
{
	hear_lost(&w->run.parts[i].attempts[0]);
}

/* Whether all parts have ended. */
static inline bool
world_is_over(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->run.n; i++)
		if (part_is_live(&w->run.parts[i]))
			return false;
	return true;
}

/* The part has used up its attempts: if one fails now, so does the part. */
static inline void
world_last(struct world *w, size_t i)
{
	w->run.parts[i].begun = RETRY_ATTEMPTS_MAX;
}

/* Everything that is queued reaches the web server. */
static inline void
world_flush(struct world *w)
{
	while (outbox_pending(&w->reply.outbox) > 0)
		assert_int_equal(outbox_flush(&w->reply.outbox), 0);
}

static inline void
world_close(struct world *w)
{
	size_t i, k;

	for (i = 0; i < PARTS; i++)
		for (k = 0; k < PART_ATTEMPTS; k++)
			world_close_stage(&w->stages[i][k]);
	conduct_free(&w->run);
	state_free(&w->state);
	reply_free(&w->reply);
	plan_free(&w->plan);
	request_free(&w->request);
	config_free(&w->config);
	graph_free(&w->graph);
	buf_free(&w->sent);
	buf_free(&w->noted);
}

#endif
