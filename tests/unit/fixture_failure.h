/*
 * fixture_failure: a run whose part `solo` is at work, so that it can fail.
 *
 * `solo` may be asked of service a (models a1 and a2), b and c, in that order.
 * No process is forked: an attempt begins when the test gives it a stage.
 * `table` is the policy: what follows an outcome before and after the first
 * text.
 */
#ifndef FIXTURE_FAILURE_H
#define FIXTURE_FAILURE_H

#include "run/decide.h"
#include "fixture_world.h"

#define SERVICE(id, models) "\"" id "\": {\"base_url\": " \
	"\"http://127.0.0.1:1\", \"model\": " models "}"

static const char services[] = "{\"services\": {"
    SERVICE("one", "\"m\"") ", " SERVICE("two", "\"m\"") ", "
    SERVICE("a", "[\"a1\", \"a2\"]") ", " SERVICE("b", "\"b1\"") ", "
    SERVICE("c", "\"c1\"") "}, \"limits\": {\"retry_wait_ms\": 2000}}";

#define DONE "{\"finish\":\"stop\",\"in\":1,\"out\":1,\"estimated\":false}"

/* `solo` runs at the first of these services, "abc"; others are kept busy. */
static inline struct part *
open_at(struct world *w, const char *dir, const char *ids)
{
	struct plan_part *plan;
	char id[2] = "";

	world_open(w, dir, services, 1);
	plan = &w->plan.parts[SOLO];
	for (plan->norder = 0; ids[plan->norder] != '\0'; plan->norder++) {
		id[0] = ids[plan->norder];
		plan->order[plan->norder] = services_find(&w->config.services,
		    id);
		assert_non_null(plan->order[plan->norder]);
	}
	world_begin(w, true);
	world_give(w, IDEAS);
	world_give(w, SOLO);
	conduct_advance(&w->run);
	assert_int_equal(w->run.parts[SOLO].state, PART_RUNNING);
	buf_reset(&w->noted);
	return &w->run.parts[SOLO];
}

static inline void
shut(struct world *w)
{
	world_forget(w);
	world_close(w);
}

/* The next attempt, at once. */
static inline void
again(struct world *w)
{
	struct part *part = &w->run.parts[SOLO];

	assert_int_equal(part->state, PART_WAITING);
	part->retry.not_before_ms = 0;
	world_give(w, SOLO);
	conduct_advance(&w->run);
	assert_int_equal(part->state, PART_RUNNING);
}

#define FAIL(members) "{\"finish\":\"\",\"message\":\"no\"," members "}"
#define STATUS(n) FAIL("\"code\":\"http_status\",\"status\":" #n \
	",\"means\":\"" MEANS_OF_##n "\"")
/* As refusal_read has it, where nothing but the status says something. */
#define MEANS_OF_400	"request"
#define MEANS_OF_404	"request"
#define MEANS_OF_405	"request"
#define MEANS_OF_422	"request"
#define MEANS_OF_413	"size"
#define MEANS_OF_429	"limit"
#define MEANS_OF_408	"server"
#define MEANS_OF_409	"server"
#define MEANS_OF_425	"server"
#define MEANS_OF_498	"server"
#define MEANS_OF_500	"server"
#define MEANS_OF_502	"server"
#define MEANS_OF_503	"server"
#define MEANS_OF_504	"server"
#define MEANS_OF_520	"server"
#define MEANS_OF_524	"server"
#define MEANS_OF_529	"server"
#define CODE(code) FAIL("\"code\":\"" code "\"")

enum then { SAME, MODEL, NEXT, FAILED };

static inline enum then
what_then(const struct part *part)
{
	assert_false(part_is_tried(part));
	if (part->state == PART_FAILED)
		return FAILED;
	assert_int_equal(part->state, PART_WAITING);
	assert_null(part->speaker);
	return part->retry.turn > 0 ? NEXT : part->retry.model > 0 ? MODEL : SAME;
}

static const struct {
	const char *outcome;
	enum then before, after;	/* the first text */
} table[] = {
	{ STATUS(400), NEXT, NEXT }, { STATUS(405), NEXT, NEXT },
	{ STATUS(422), NEXT, NEXT },
	{ STATUS(404), NEXT, NEXT }, { STATUS(413), NEXT, NEXT },
	{ STATUS(408), SAME, NEXT }, { STATUS(409), SAME, NEXT },
	{ STATUS(425), SAME, NEXT }, { STATUS(429), SAME, NEXT },
	{ STATUS(498), SAME, NEXT }, { STATUS(500), SAME, NEXT },
	{ STATUS(502), SAME, NEXT }, { STATUS(503), SAME, NEXT },
	{ STATUS(504), SAME, NEXT }, { STATUS(520), SAME, NEXT },
	{ STATUS(524), SAME, NEXT }, { STATUS(529), SAME, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":402,\"means\":\"credit\""),
	  NEXT, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":429,\"means\":\"credit\""),
	  NEXT, NEXT },
	{ FAIL("\"code\":\"auth\",\"status\":401,\"means\":\"key\""), NEXT, NEXT },
	{ FAIL("\"code\":\"auth\",\"status\":403,\"means\":\"forbidden\""), NEXT, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":404,\"means\":\"model\""),
	  MODEL, MODEL },
	{ FAIL("\"code\":\"http_status\",\"status\":400,\"means\":\"model\""),
	  MODEL, MODEL },
	{ FAIL("\"code\":\"http_status\",\"status\":429,\"means\":\"limit\",\"wait_ms\":1000"),
	  SAME, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":429,\"means\":\"limit\",\"wait_ms\":2001"),
	  NEXT, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":503,\"means\":\"server\",\"wait_ms\":30000"),
	  NEXT, NEXT },
	/* PARAM_TEMPERATURE, which was sent; PARAM_STREAM_OPTIONS, not. */
	{ FAIL("\"code\":\"http_status\",\"status\":400,\"means\":\"parameter\",\"refused_params\":4"),
	  SAME, SAME },
	{ FAIL("\"code\":\"http_status\",\"status\":422,\"means\":\"parameter\",\"refused_params\":4"),
	  SAME, SAME },
	{ FAIL("\"code\":\"http_status\",\"status\":400,\"means\":\"parameter\",\"refused_params\":16"),
	  NEXT, NEXT },
	{ CODE("cut_off"), SAME, NEXT }, { CODE("lost"), SAME, NEXT },
	{ CODE("provider_error"), SAME, NEXT },
	{ CODE("unreachable"), NEXT, NEXT }, { CODE("tls"), NEXT, NEXT },
	{ CODE("no_stream"), NEXT, NEXT },
	{ CODE("connect_timeout"), NEXT, NEXT },
	{ CODE("first_token_timeout"), NEXT, NEXT },
	{ CODE("idle_timeout"), NEXT, NEXT },
	{ CODE("too_big"), FAILED, FAILED },
	{ "no json", SAME, NEXT },
};

#endif
