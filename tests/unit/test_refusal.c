/*
 * test_refusal: what hosts mean, by code, type and status before prose.
 */
#include "model/fault.h"
#include "model/refusal.h"
#include "setup/graph.h"
#include "setup/profile.h"
#include "text/json.h"
#include "unit.h"

#define SENT (PARAM_MAX_TOKENS | PARAM_TEMPERATURE | PARAM_TOP_P | \
	PARAM_STREAM_OPTIONS)
#define ERROR(members) "{\"error\":{" members "}}"
#define SAYS(message) ERROR("\"message\":\"" message "\"")

static const struct {
	int status;
	const char *body;
	enum means means;
	unsigned refused;
} cases[] = {
	/* Groq's limit of the minute, whose words mention billing. */
	{ 429, ERROR("\"message\":\"Rate limit reached for model `m` on tokens"
	  " per minute (TPM): Limit 6000. Upgrade at https://x/settings/billing"
	  "\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\""),
	  MEANS_LIMIT, 0 },
	{ 429, ERROR("\"message\":\"billing: slow down\""), MEANS_LIMIT, 0 },
	{ 429, SAYS("You exceeded your current quota, please check your plan"),
	  MEANS_CREDIT, 0 },
	{ 429, ERROR("\"message\":\"You exceeded your current quota\","
	  "\"status\":\"RESOURCE_EXHAUSTED\",\"code\":429"), MEANS_LIMIT, 0 },
	{ 429, ERROR("\"code\":\"insufficient_quota\",\"message\":\"slow\""),
	  MEANS_CREDIT, 0 },
	{ 429, "", MEANS_LIMIT, 0 }, { 429, "<html>billing", MEANS_LIMIT, 0 },
	{ 402, "", MEANS_CREDIT, 0 },
	{ 403, ERROR("\"code\":\"billing_hard_limit_reached\""),
	  MEANS_CREDIT, 0 },
	{ 400, SAYS("Your credit balance is too low to access the API"),
	  MEANS_CREDIT, 0 },
	{ 400, ERROR("\"type\":\"Arrearage\",\"code\":\"Arrearage\""),
	  MEANS_CREDIT, 0 },
	/* Keys. */
	{ 401, "", MEANS_KEY, 0 }, { 401, "<html>", MEANS_KEY, 0 },
	{ 400, "[{\"error\":{\"code\":400,\"message\":\"API key not valid. "
	  "Please pass a valid API key.\",\"status\":\"INVALID_ARGUMENT\","
	  "\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}]", MEANS_KEY, 0 },
	{ 400, SAYS("Incorrect API key provided"), MEANS_KEY, 0 },
	{ 403, SAYS("This key has no access to the endpoint"), MEANS_KEY, 0 },
	{ 500, ERROR("\"code\":\"invalid_api_key\""), MEANS_KEY, 0 },
	{ 403, SAYS("Forbidden"), MEANS_FORBIDDEN, 0 },
	{ 403, "{}", MEANS_FORBIDDEN, 0 },
	/* One visitor's words, or a firewall's page. */
	{ 403, "{\"code\":\"permission-denied\",\"error\":\"Content violates "
	  "usage guidelines.\"}", MEANS_CONTENT, 0 },
	{ 403, "<html><h1>Access denied</h1>Your key</html>", MEANS_REQUEST,
	  0 },
	{ 403, "", MEANS_REQUEST, 0 },
	{ 403, SAYS("Request blocked: harmful content"), MEANS_CONTENT, 0 },
	{ 403, SAYS("Your account violates our terms"), MEANS_KEY, 0 },
	{ 400, SAYS("Content Exists Risk"), MEANS_CONTENT, 0 },
	{ 400, ERROR("\"code\":\"data_inspection_failed\""), MEANS_CONTENT, 0 },
	{ 400, ERROR("\"code\":\"1301\",\"message\":\"no\""), MEANS_CONTENT,
	  0 },
	{ 400, ERROR("\"code\":\"ResponsibleAIPolicyViolation\""),
	  MEANS_CONTENT, 0 },
	{ 503, SAYS("moderation is down"), MEANS_SERVER, 0 },
	/* Models that are not there, in other words. */
	{ 400, ERROR("\"message\":\"Unable to access non-serverless model m.\""
	  ",\"type\":\"invalid_request_error\",\"code\":\"model_not_available"
	  "\""), MEANS_MODEL, 0 },
	{ 400, SAYS("Unable to access non-serverless model m."), MEANS_MODEL,
	  0 },
	{ 404, SAYS("model 'm' not found"), MEANS_MODEL, 0 },
	{ 404, "<h1>Not Found</h1>", MEANS_REQUEST, 0 },
	{ 400, SAYS("The model `m` has been decommissioned"), MEANS_MODEL, 0 },
	{ 404, ERROR("\"code\":\"DeploymentNotFound\""), MEANS_MODEL, 0 },
	{ 400, ERROR("\"code\":\"1211\",\"message\":\"x\""), MEANS_MODEL, 0 },
	/* Parameters: the place counts, and a message that is about one. */
	{ 400, SAYS("Unsupported parameter: 'max_tokens'. Use "
	  "'max_completion_tokens' instead."), MEANS_PARAM, PARAM_MAX_TOKENS },
	{ 400, ERROR("\"message\":\"no\",\"param\":\"top_p\""), MEANS_PARAM,
	  PARAM_TOP_P },
	{ 422, "{\"detail\":[{\"loc\":[\"body\",\"stream_options\"],\"msg\":"
	  "\"Extra inputs are not permitted\",\"input\":{\"x\":1}}]}",
	  MEANS_PARAM, PARAM_STREAM_OPTIONS },
	{ 400, "temperature is not allowed", MEANS_PARAM, PARAM_TEMPERATURE },
	{ 400, SAYS("temperature and top_p cannot both be specified for this "
	  "model"), MEANS_PARAM, PARAM_TEMPERATURE },
	{ 400, SAYS("'temperature' is not supported with this model."),
	  MEANS_PARAM, PARAM_TEMPERATURE },
	/* A refusal that only repeats the request. */
	{ 422, "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"user\"],"
	  "\"msg\":\"Field required\",\"input\":{\"model\":\"m\","
	  "\"max_tokens\":72,\"temperature\":0.25}}]}", MEANS_REQUEST, 0 },
	{ 400, SAYS("bad request: {'model': 'm', 'max_tokens': 72, "
	  "'temperature': 0.25, 'top_p': 1}"), MEANS_REQUEST, 0 },
	{ 400, SAYS("bad: {\\\"messages\\\": [], \\\"max_tokens\\\": 72}"),
	  MEANS_REQUEST, 0 },
	{ 400, ERROR("\"message\":\"no\",\"request\":{\"max_tokens\":72}"),
	  MEANS_REQUEST, 0 },
	/* Too much of one is no reason to leave it out. */
	{ 400, SAYS("max_tokens is too large: 500"), MEANS_SIZE, 0 },
	{ 400, ERROR("\"code\":\"context_length_exceeded\",\"message\":"
	  "\"max_tokens\""), MEANS_SIZE, 0 },
	{ 413, "", MEANS_SIZE, 0 },
	{ 413, ERROR("\"code\":\"rate_limit_exceeded\""), MEANS_SIZE, 0 },
	/* Whatever else is wrong for one host. */
	{ 400, SAYS("the flux is low"), MEANS_REQUEST, 0 },
	{ 405, "", MEANS_REQUEST, 0 }, { 307, "", MEANS_REQUEST, 0 },
	{ 418, SAYS("teapot"), MEANS_REQUEST, 0 },
	/* Its own trouble. */
	{ 500, "", MEANS_SERVER, 0 }, { 408, "", MEANS_SERVER, 0 },
	{ 529, ERROR("\"type\":\"overloaded_error\""), MEANS_SERVER, 0 },
	{ 400, ERROR("\"type\":\"overloaded_error\",\"message\":\"max_tokens\""
	  ), MEANS_SERVER, 0 },
	{ 503, ERROR("\"status\":\"UNAVAILABLE\""), MEANS_SERVER, 0 },
	{ 500, SAYS("max_tokens"), MEANS_SERVER, 0 },
	/* At status 200: what the error itself says. */
	{ 200, "{\"base_resp\":{\"status_code\":1008,\"status_msg\":"
	  "\"insufficient balance\"},\"choices\":null}", MEANS_CREDIT, 0 },
	{ 200, "{\"base_resp\":{\"status_code\":1002}}", MEANS_LIMIT, 0 },
	{ 200, "{\"base_resp\":{\"status_code\":1004}}", MEANS_KEY, 0 },
	{ 200, "{\"base_resp\":{\"status_code\":1013}}", MEANS_SERVER, 0 },
	{ 200, ERROR("\"code\":\"429\",\"message\":\"slow\""), MEANS_LIMIT, 0 },
	{ 200, ERROR("\"code\":401,\"message\":\"no\""), MEANS_KEY, 0 },
	{ 200, ERROR("\"status_code\":503"), MEANS_SERVER, 0 },
	{ 200, "{\"code\":\"402\",\"message\":\"pay\"}", MEANS_CREDIT, 0 },
	{ 200, SAYS("Boom"), MEANS_UNSAID, 0 },
};

static void
meanings(void **state)
{
	const struct stage_spec spec = { .max_tokens = 1 };
	const struct job job = { .spec = &spec, .params = SENT };
	struct outcome o;
	struct json *json;
	const char *text;
	size_t i, bad = 0;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		o = (struct outcome)OUTCOME_INIT;
		o.status = cases[i].status;
		json = json_parse(cases[i].body, strlen(cases[i].body), 32,
		    false, NULL, NULL);
		text = fault_text(json);
		refusal_read(&o, json, text == NULL ? cases[i].body : text,
		    &job);
		if (o.means != cases[i].means ||
		    o.refused_params != cases[i].refused) {
			print_error("%d %s: means %d, not %d; refused %u\n",
			    cases[i].status, cases[i].body, (int)o.means,
			    (int)cases[i].means, o.refused_params);
			bad++;
		}
		json_free(json);
	}
	assert_int_equal(bad, 0);
}

/*
 * A value that is refused is told from a parameter that is; and only a limit of
 * tokens is no better for being left out.
 */
static void
values(void **state)
{
	static const struct { const char *text; unsigned refused; bool value; }
	    texts[] = {
		{ "top_p must be in (0, 1], got 0.0.", PARAM_TOP_P, true },
		{ "Input validation error: `top_p` must be > 0.0 and < 1.0",
		  PARAM_TOP_P, true },
		{ "temperature: Input should be less than or equal to 1",
		  PARAM_TEMPERATURE, true },
		{ "stop: at most 2 sequences", PARAM_STOP, true },
		{ "top_k must be at least 1", PARAM_EXTRA(0), true },
		{ "Unsupported parameter: 'stop'", PARAM_STOP, false },
		{ "property 'top_k' is unsupported", PARAM_EXTRA(0), false },
		{ "'temperature' does not support 0.25 with this model. Only "
		  "the default (1) value is supported.", PARAM_TEMPERATURE,
		  false },
		{ "max_tokens must be at most 4096", 0, false },
		{ "max_tokens is too large: 9000", 0, false },
	};
	struct stage_spec spec = { .extra = json_parse(BYTES("{\"top_k\":0}"),
	    4, true, NULL, NULL) };
	const struct job job = { .spec = &spec, .params = SENT | PARAM_STOP |
	    PARAM_EXTRA(0) };
	struct outcome o;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		o = (struct outcome)OUTCOME_INIT;
		o.status = 400;
		refusal_read(&o, NULL, texts[i].text, &job);
		if (o.refused_params != texts[i].refused ||
		    o.refused_value != texts[i].value)
			fail_msg("%s: refused %x %d", texts[i].text,
			    o.refused_params, o.refused_value);
	}
	json_free(spec.extra);
}

/* Errors of other shapes; and what is none. */
static void
texts(void **state)
{
	static const struct { const char *body, *text; } shapes[] = {
		{ "[{\"error\":{\"message\":\"hot\"}}]", "hot" },
		{ "{\"base_resp\":{\"status_code\":1008,\"status_msg\":"
		  "\"poor\"}}", "poor" },
		{ "{\"errors\":[{\"message\":\"two\"}]}", "two" },
		{ "{\"code\":\"x\",\"msg\":\"three\"}", "three" },
		{ "{\"success\":false,\"message\":\"four\"}", "four" },
		{ "{\"base_resp\":{\"status_code\":0},\"choices\":[]}", NULL },
		{ "{\"choices\":[],\"message\":\"x\"}", NULL },
		{ "{\"choices\":[]}", NULL }, { "[]", NULL }, { "[1]", NULL },
		{ "1", NULL }, { "{\"success\":true}", NULL },
	};
	struct json *json;
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(shapes); i++) {
		json = json_parse(shapes[i].body, strlen(shapes[i].body), 32,
		    false, NULL, NULL);
		text = fault_text(json);
		if ((text == NULL) != (shapes[i].text == NULL) ||
		    (text != NULL && strcmp(text, shapes[i].text) != 0))
			fail_msg("%s: %s", shapes[i].body, text);
		json_free(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meanings),
		cmocka_unit_test(values),
		cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
