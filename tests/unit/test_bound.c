/*
 * test_bound: the most tokens that an attempt can cost.
 */
#include "model/bound.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"
#include "unit.h"

#define BOTH	(PARAM_MAX_TOKENS | PARAM_MAX_COMPLETION_TOKENS)

static struct json *
parse(const char *text)
{
	return json_parse(text, strlen(text), 8, true, NULL, NULL);
}

static struct tokens
of(const struct stage_spec *spec, const struct service *service,
    unsigned params, size_t bytes)
{
	const struct job job = { .spec = spec, .service = service,
	    .params = params };

	return bound_of(&job, bytes);
}

static void
bounds(void **state)
{
	struct stage_spec spec = { .max_tokens = 200 };
	struct service service = { .id = "a" };

	(void)state;
	assert_int_equal(of(&spec, &service, BOTH, 1000).in,
	    1000 + BOUND_TEMPLATE);
	assert_int_equal(of(&spec, &service, BOTH, 1000).out, 200);
	assert_int_equal(of(&spec, &service, PARAM_MAX_TOKENS, 0).out,
	    200);
	/* It has refused both names. */
	assert_int_equal(of(&spec, &service, PARAM_TEMPERATURE, 0).out,
	    -1);
	/* A model that thinks is given more, unless its profile says how much. */
	assert_int_equal(bound_of(&(struct job){ .spec = &spec,
	    .service = &service, .params = BOTH, .thinks = true }, 0).out,
	    200 + 512);
	service.profile.headroom = 1000;
	assert_int_equal(of(&spec, &service, BOTH, 0).out, 1200);
	spec.is_list = true;
	assert_int_equal(of(&spec, &service, BOTH, 0).in,
	    BOUND_TEMPLATE + BOUND_SCHEMA);
}

/* What an operator adds to the body may be shown to the model, too. */
static void
extra(void **state)
{
	struct stage_spec spec = { .max_tokens = 200 };
	struct service service = { .id = "a" };

	(void)state;
	spec.extra = parse("{\"a\":1}");
	assert_int_equal(of(&spec, &service, BOTH, 0).in,
	    BOUND_TEMPLATE + 7);
	service.profile.extra = parse("{\"max_tokens\":500,\"n\":3}");
	assert_int_equal(of(&spec, &service, BOTH, 0).out, 1500);
	assert_int_equal(of(&spec, &service, 0, 0).out, 1500);
	json_free(service.profile.extra);
	service.profile.extra = parse("{\"N\":4,\"Max_Tokens\":900}");
	assert_int_equal(of(&spec, &service, BOTH, 0).out, 3600);
	json_free(service.profile.extra);
	json_free(spec.extra);
	spec.extra = parse("{\"best_of\":2}");
	service.profile.extra = NULL;
	assert_int_equal(of(&spec, &service, BOTH, 0).out, 400);
	service.profile.extra = parse("{\"best_of\":4}");
	assert_int_equal(of(&spec, &service, BOTH, 0).out, 800);
	assert_int_equal(of(&spec, &service, 0, 0).out, -1);
	json_free(service.profile.extra);
	service.profile.extra = parse("{\"max_tokens\":"
	    "4611686018427387904,\"N_Predict\":7}");
	assert_int_equal(of(&spec, &service, BOTH, 0).out, INT64_MAX);
	json_free(service.profile.extra);
	json_free(spec.extra);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds),
		cmocka_unit_test(extra),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
