/*
 * test_request: everything a visitor can send, and the answer to it.
 *
 * A request is a table of CGI variables and a body that comes in pieces; the
 * graph is two inputs, as the recipes have them.
 */
#include <sys/types.h>

#include "config.h"
#include "err.h"
#include "graph.h"
#include "io.h"
#include "json.h"
#include "request.h"
#include "unit.h"
#include "utf8.h"

/* What the web server says, and how the body comes. */
struct visit {
	const char	*method, *path, *type, *length, *accept, *origin;
	const char	*body;
	size_t		 n;
	size_t		 piece;		/* bytes a read; 0: all there is */
	size_t		 stop_at;	/* a read from here on fails, 0: none */
	size_t		 at;
	int64_t		 deadline_ms;	/* of the last read */
};

static const char *
param(void *arg, const char *name)
{
	const struct visit *v = arg;
	const struct { const char *name, *value; } params[] = {
		{ "REQUEST_METHOD", v->method }, { "REQUEST_URI", v->path },
		{ "CONTENT_TYPE", v->type }, { "CONTENT_LENGTH", v->length },
		{ "HTTP_ACCEPT", v->accept }, { "HTTP_ORIGIN", v->origin },
	};
	size_t i;

	for (i = 0; i < COUNT(params); i++)
		if (strcmp(params[i].name, name) == 0)
			return params[i].value;
	return NULL;
}

static ssize_t
read_piece(void *arg, char *data, size_t n, int64_t deadline_ms,
    struct err *err)
{
	struct visit *v = arg;

	assert_true(n > 0);
	v->deadline_ms = deadline_ms;
	if (v->stop_at > 0 && v->at >= v->stop_at)
		return err_set(err, 408, "too_slow", "the body did not come");
	if (n > v->n - v->at)
		n = v->n - v->at;
	if (v->piece > 0 && n > v->piece)
		n = v->piece;
	memcpy(data, v->body + v->at, n);
	v->at += n;
	return (ssize_t)n;
}

/* A graph and a configuration, nothing of it owned. */
struct house {
	struct input	 inputs[3];
	struct graph	 graph;
	struct config	 config;
	struct request	 request;
	struct err	 err;
};

static char in_hand[] = "ingredientsOnHand", in_time[] = "prepTime";
static char in_note[] = "note";
static char origin_a[] = "https://cook.example", origin_b[] = "http://b";
static char *origins[] = { origin_a, origin_b, NULL };

static void
build(struct house *h)
{
	*h = (struct house){ .inputs = {
	    { in_hand, false, true, true, 2, 2000 },
	    { in_time, true, true, false, 1, 1440 },
	    { in_note, false, false, false, 0, 10 } },
	    .graph = GRAPH_INIT, .config = CONFIG_INIT,
	    .request = REQUEST_INIT, .err = ERR_INIT };
	h->graph.inputs = h->inputs;
	h->graph.ninputs = 3;
	h->config.limits.body_bytes = 16384;
	h->config.limits.body_ms = 10000;
	h->config.cors = origins;
	h->config.ncors = 2;
}

#define GOOD "{\"ingredientsOnHand\": \"beef\", \"prepTime\": \"45\"}"

static struct visit
post(const char *body, size_t n)
{
	return (struct visit){ .method = "POST", .path = "/generate",
	    .type = "application/json", .body = body, .n = n };
}

/* Reads it; *h holds what came of it until request_free. */
static int
visit(struct house *h, struct visit *v)
{
	const struct source source = { param, read_piece, v };
	char length[32];

	build(h);
	snprintf(length, sizeof(length), "%zu", v->n);
	if (v->length == NULL && v->body != NULL)
		v->length = length;
	else if (v->length != NULL && *v->length == '\0')
		v->length = NULL;
	return request_read(&h->request, &source, &h->config, &h->graph,
	    &h->err);
}

static void
takes(struct visit v, const char *hand, const char *minutes)
{
	struct house h;

	if (visit(&h, &v) == -1)
		fail_msg("%.80s: %s", v.body, h.err.text);
	assert_int_equal(h.request.route, ROUTE_GENERATE);
	assert_string_equal(vars_get(&h.request.inputs, in_hand)->text, hand);
	assert_string_equal(vars_get(&h.request.inputs, in_time)->text,
	    minutes);
	request_free(&h.request);
	request_free(&h.request);
}

static void
refuses(struct visit v, int status, const char *code, const char *words)
{
	struct house h;

	if (visit(&h, &v) != -1)
		fail_msg("%.80s was taken", v.body);
	if (h.err.status != status || strcmp(h.err.code, code) != 0)
		fail_msg("%.80s: %d %s, %s", v.body, h.err.status, h.err.code,
		    h.err.text);
	unit_assert_has(h.err.text, words);
	assert_true(strlen(h.err.text) < sizeof(h.err.text));
	request_free(&h.request);
}

/* A body of ingredients (their JSON text) and 45 minutes. */
static void
refuses_hand(const char *json, const char *code, const char *words)
{
	char body[1000];
	int n = snprintf(body, sizeof(body), "{\"ingredientsOnHand\": %s, "
	    "\"prepTime\": 45}", json);

	refuses(post(body, (size_t)n), 400, code, words);
}

static void
takes_hand(const char *json, const char *want)
{
	char body[1000];
	int n = snprintf(body, sizeof(body), "{\"ingredientsOnHand\": %s, "
	    "\"prepTime\": 45}", json);

	takes(post(body, (size_t)n), want, "45");
}

static void
good_request(void **state)
{
	struct visit v = post(BYTES(GOOD));
	struct house h;

	(void)state;
	assert_int_equal(visit(&h, &v), 0);
	assert_int_equal(h.request.form, FORM_STREAM);
	assert_null(h.request.origin);
	assert_string_equal(vars_get(&h.request.inputs, in_hand)->text,
	    "beef");
	assert_string_equal(vars_get(&h.request.inputs, in_time)->text, "45");
	assert_string_equal(vars_get(&h.request.inputs, in_note)->text, "");
	request_free(&h.request);
}

static void
body_in_pieces(void **state)
{
	struct visit v = post(BYTES(GOOD));
	size_t piece;

	(void)state;
	for (piece = 1; piece < sizeof(GOOD); piece++) {
		v.piece = piece;
		takes(v, "beef", "45");
	}
}

static void
body_has_one_deadline(void **state)
{
	struct visit v = post(BYTES(GOOD));
	int64_t now = io_now_ms();
	struct house h;

	(void)state;
	v.piece = 1;
	assert_int_equal(visit(&h, &v), 0);
	assert_in_range(v.deadline_ms, now + 10000, now + 12000);
	request_free(&h.request);
}

static void
paths_and_methods(void **state)
{
	static const struct {
		const char *method, *path;
		int status;
		enum route route;
		const char *allow;
	} cases[] = {
		{ "POST", "/generate", 0, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "POST", "/any/where/generate", 0, ROUTE_GENERATE,
		    "POST, OPTIONS" },
		{ "POST", "/generate?x=/services", 0, ROUTE_GENERATE,
		    "POST, OPTIONS" },
		{ "GET", "/services", 0, ROUTE_SERVICES, "GET, OPTIONS" },
		{ "OPTIONS", "/generate", 0, ROUTE_PREFLIGHT,
		    "POST, OPTIONS" },
		{ "OPTIONS", "/services", 0, ROUTE_PREFLIGHT,
		    "GET, OPTIONS" },
		{ "GET", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "HEAD", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "PUT", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "DELETE", "/generate", 405, ROUTE_GENERATE,
		    "POST, OPTIONS" },
		{ "post", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ NULL, "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "POST", "/services", 405, ROUTE_SERVICES, "GET, OPTIONS" },
		{ "HEAD", "/services", 405, ROUTE_SERVICES, "GET, OPTIONS" },
		{ "POST", "/", 404, ROUTE_NONE, NULL },
		{ "POST", "/Generate", 404, ROUTE_NONE, NULL },
		{ "POST", "/generates", 404, ROUTE_NONE, NULL },
		{ "POST", "/degenerate", 404, ROUTE_NONE, NULL },
		{ "POST", "/generate/", 404, ROUTE_NONE, NULL },
		{ "POST", "/generate/x", 404, ROUTE_NONE, NULL },
		{ "POST", "/x?/generate", 404, ROUTE_NONE, NULL },
		{ "POST", "", 404, ROUTE_NONE, NULL },
		{ "OPTIONS", "*", 404, ROUTE_NONE, NULL },
		{ "POST", NULL, 404, ROUTE_NONE, NULL },
	};
	struct visit v;
	struct house h;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v = post(BYTES(GOOD));
		v.method = cases[i].method;
		v.path = cases[i].path;
		rc = visit(&h, &v);
		if (h.err.status != cases[i].status ||
		    rc != (cases[i].status == 0 ? 0 : -1))
			fail_msg("case %zu: %d", i, h.err.status);
		if (rc == 0)
			assert_int_equal(h.request.route, cases[i].route);
		if (cases[i].allow != NULL)
			assert_string_equal(h.request.allow, cases[i].allow);
		request_free(&h.request);
	}
}

/* Only a POST to /generate has a body that is ours to read. */
static void
others_are_not_read(void **state)
{
	struct visit v = { .method = "GET", .path = "/services",
	    .length = "5", .body = "xxxxx", .n = 5, .type = "text/html" };
	struct house h;

	(void)state;
	assert_int_equal(visit(&h, &v), 0);
	assert_int_equal(v.at, 0);
	request_free(&h.request);
}

static void
media_types(void **state)
{
	static const char *const good[] = { "application/json",
	    "application/json; charset=utf-8", "application/json;charset=UTF-8",
	    "Application/JSON", "application/json ;x=y" };
	static const char *const bad[] = { NULL, "", "text/json",
	    "application/jsonx", "application/json-patch+json", "text/plain",
	    "application/x-www-form-urlencodedx", "multipart/form-data",
	    "application/json, text/plain", "json" };
	struct visit v = post(BYTES(GOOD));
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		v.type = good[i];
		takes(v, "beef", "45");
	}
	for (i = 0; i < COUNT(bad); i++) {
		v.type = bad[i];
		refuses(v, 415, "bad_type", "application/json");
	}
}

static void
accepted_forms(void **state)
{
	static const struct { const char *accept; enum form form; } cases[] = {
		{ NULL, FORM_STREAM },
		{ "", FORM_STREAM },
		{ "*/*", FORM_STREAM },
		{ "text/event-stream", FORM_STREAM },
		{ "application/json", FORM_JSON },
		{ "text/plain", FORM_TEXT },
		{ "Application/JSON", FORM_JSON },
		{ "application/json; charset=utf-8", FORM_JSON },
		{ "text/html", FORM_TEXT },
		{ "image/webp, image/*", FORM_STREAM },
		{ "text/html, application/json", FORM_TEXT },
		{ "text/plain, application/json", FORM_TEXT },
		{ "application/json, text/plain", FORM_JSON },
		{ "text/plain,application/json", FORM_TEXT },
		{ "text/plain;q=0.5, application/json", FORM_JSON },
		{ "text/plain;q=0.5,application/json;q=0.4", FORM_TEXT },
		{ "text/plain; q=0.5, application/json; q=0.9", FORM_JSON },
		{ "text/plain;Q=0.5, application/json;q=0.9", FORM_JSON },
		{ "text/plain;q=0.123, application/json;q=0.124", FORM_JSON },
		{ "application/json;q=0", FORM_STREAM },
		{ "application/json;q=0.000, text/plain;q=0.001", FORM_TEXT },
		{ "application/json;charset=utf-8;q=0.2, text/plain;q=0.3",
		    FORM_TEXT },
		{ "text/event-stream;q=0.1, text/plain", FORM_TEXT },
		{ "text/event-stream, application/json", FORM_STREAM },
		{ "*/*;q=0.8, application/json", FORM_JSON },
		{ " text/plain ", FORM_TEXT },
		{ ",,text/plain,,", FORM_TEXT },
		{ "text/plain;q=2, application/json;q=0.1", FORM_JSON },
		{ "text/plain;q=x, application/json;q=0.1", FORM_JSON },
		{ "text/plain;", FORM_TEXT },
		{ ";q=1", FORM_STREAM },
		{ "text/plainer", FORM_STREAM },
		{ "text/plain/x", FORM_STREAM },
	};
	struct visit v = post(BYTES(GOOD));
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v.at = 0;
		v.length = NULL;
		v.accept = cases[i].accept;
		assert_int_equal(visit(&h, &v), 0);
		if (h.request.form != cases[i].form)
			fail_msg("%s: form %d", cases[i].accept,
			    (int)h.request.form);
		request_free(&h.request);
	}
}

static void
origins_of_the_configuration(void **state)
{
	static const struct { const char *origin, *want; } cases[] = {
		{ NULL, NULL }, { "", NULL }, { "null", NULL },
		{ "https://cook.example", "https://cook.example" },
		{ "http://b", "http://b" },
		{ "http://cook.example", NULL },
		{ "https://cook.example.evil", NULL },
		{ "https://cook.example\r\nX: y", NULL },
	};
	struct visit v = post(BYTES(GOOD));
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v.at = 0;
		v.length = NULL;
		v.origin = cases[i].origin;
		assert_int_equal(visit(&h, &v), 0);
		if (cases[i].want == NULL)
			assert_null(h.request.origin);
		else
			assert_string_equal(h.request.origin, cases[i].want);
		request_free(&h.request);
	}
	/* An error is for the page to read as well. */
	v.at = 0;
	v.length = NULL;
	v.origin = origin_a;
	v.type = "text/html";
	assert_int_equal(visit(&h, &v), -1);
	assert_string_equal(h.request.origin, origin_a);
	request_free(&h.request);
}

static void
lengths(void **state)
{
	static const struct { const char *length; int status; } cases[] = {
		{ "", 411 }, { "abc", 400 }, { "-1", 400 }, { "+5", 400 },
		{ " 5", 400 }, { "5 ", 400 }, { "5x", 400 }, { "0x10", 400 },
		{ "5, 5", 400 }, { "1.5", 400 }, { "0", 400 }, { "5", 400 },
		{ "48", 400 }, { "50", 400 }, { "16384", 400 },
		{ "16385", 413 }, { "99999999", 413 },
		{ "999999999999999999", 413 }, { "9223372036854775807", 413 },
		{ "9223372036854775808", 413 },
		{ "18446744073709551616", 413 },
		{ "99999999999999999999999999999999", 413 },
	};
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v = post(BYTES(GOOD));
		v.length = cases[i].length;
		if (visit(&h, &v) != -1 || h.err.status != cases[i].status)
			fail_msg("\"%s\": %d %s", cases[i].length,
			    h.err.status, h.err.text);
		/* What is too large is not read at all. */
		if (h.err.status != 400)
			assert_int_equal(v.at, 0);
		request_free(&h.request);
	}
}

static void
body_that_is_not_as_long_as_it_says(void **state)
{
	struct visit v = post(BYTES(GOOD));

	(void)state;
	v.length = "500";
	refuses(v, 400, "bad_length", "shorter");
	v.length = "10";
	refuses(v, 400, "bad_length", "longer");
	v.piece = 3;
	refuses(v, 400, "bad_length", "longer");
	v.n = 0;
	refuses(v, 400, "bad_length", "shorter");
	v.length = "0";
	refuses(v, 400, "bad_json", "empty");
}

/* A visitor who stops in the middle: the source's own words go on. */
static void
body_that_stops(void **state)
{
	struct visit v = post(BYTES(GOOD));

	(void)state;
	v.piece = 5;
	v.stop_at = 10;
	refuses(v, 408, "too_slow", "did not come");
}

/* A good body of n bytes, most of them white space. */
static struct visit
post_of(char *body, size_t n)
{
	memset(body, ' ', n);
	memcpy(body, GOOD, sizeof(GOOD) - 1);
	return post(body, n);
}

static void
largest_body_and_one_more(void **state)
{
	static char body[16385];

	(void)state;
	takes(post_of(body, 16384), "beef", "45");
	refuses(post_of(body, 16385), 413, "too_large", "16384 bytes");
}

static void
bodies_that_are_no_json(void **state)
{
	static const struct { const char *body; size_t n; } cases[] = {
		{ BYTES("{") }, { BYTES("}") }, { BYTES("x") },
		{ BYTES(" \n ") }, { BYTES("[") }, { BYTES(GOOD "}") },
		{ BYTES(GOOD GOOD) }, { BYTES("{\"prepTime\": 45") },
		{ BYTES("{\"prepTime\": 45,}") }, { BYTES("{prepTime: 45}") },
		{ BYTES(GOOD "\0") }, { BYTES("\0" GOOD) },
		{ BYTES("{\"ingredientsOnHand\": \"a\0b\", \"prepTime\": 45}")
		},
		{ BYTES("prepTime=45&ingredientsOnHand=beef") },
		{ BYTES("{\"prepTime\": 045}") },
		{ BYTES("\xef\xbb\xbf" GOOD) },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		refuses(post(cases[i].body, cases[i].n), 400, "bad_json",
		    "not JSON");
}

static void
bodies_that_are_no_object(void **state)
{
	static const char *const bad[] = { "[]", "[" GOOD "]", "\"" "a" "\"",
	    "null", " null ", "true", "12", "-1.5" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refuses(post(bad[i], strlen(bad[i])), 400, "bad_json", "");
	refuses(post(BYTES("[]")), 400, "bad_json", "one JSON object");
}

static void
deep_bodies(void **state)
{
	static char body[16384];
	size_t n = 8000;

	(void)state;
	memset(body, '[', n);
	memset(body + n, ']', n);
	refuses(post(body, 2 * n), 400, "bad_json", "deep");
	refuses(post(body, n), 400, "bad_json", "deep");
	refuses_hand("[[[[[[1]]]]]]", "bad_input", "must be a string");
	refuses_hand("{\"a\": {\"b\": []}}", "bad_input", "must be a string");
}

static void
bytes_that_are_no_utf8(void **state)
{
	static const char *const bad[] = { "\xff", "\xc3", "\xc0\x80",
	    "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xea\xb9", "caf\xe9",
	    "\xf0\x9f\x8d" };
	char json[64];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		snprintf(json, sizeof(json), "\"beef %s\"", bad[i]);
		refuses_hand(json, "bad_encoding", "not valid UTF-8");
	}
	refuses(post(BYTES("{\"\xff\": 1}")), 400, "bad_encoding", "UTF-8");
}

static void
fields(void **state)
{
	(void)state;
	refuses(post(BYTES("{}")), 400, "bad_input",
	    "\"ingredientsOnHand\" is missing");
	refuses(post(BYTES("{\"prepTime\": 45}")), 400, "bad_input",
	    "\"ingredientsOnHand\" is missing");
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\"}")), 400,
	    "bad_input", "\"prepTime\" is missing");
	refuses(post(BYTES("{\"ingredientsOnHand\": null, \"prepTime\": 1}")),
	    400, "bad_input", "\"ingredientsOnHand\" is missing");
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": 1,"
	    " \"extra\": 1}")), 400, "bad_input",
	    "\"extra\" is not a field of this request");
	refuses(post(BYTES("{\"ingredientsonhand\": \"beef\", \"prepTime\": 1}"
	    )), 400, "bad_input", "\"ingredientsonhand\" is not a field");
	refuses(post(BYTES("{\"\": 1}")), 400, "bad_input", "not a field");
}

/* Cut between code points, so that the answer is valid JSON. */
static void
long_field_name_is_cut(void **state)
{
	char body[4000] = "{\"";
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < 500; i++)
		strcat(body, "\xea\xb9\x80");
	strcat(body, "\": 1}");
	v = post(body, strlen(body));
	assert_int_equal(visit(&h, &v), -1);
	assert_true(utf8_valid(h.err.text, strlen(h.err.text)));
	assert_true(strlen(h.err.text) < 120);
	request_free(&h.request);
}

static void
duplicate_fields(void **state)
{
	(void)state;
	takes(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": 1, "
	    "\"ingredientsOnHand\": \"tofu\", \"prepTime\": 2}")), "tofu",
	    "2");
	/* Not a way around the checks. */
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": 1,"
	    " \"prepTime\": 0}")), 400, "bad_input", "prepTime");
}

static void
words_arrive_unharmed(void **state)
{
	(void)state;
	takes_hand("\"beef, onions\"", "beef, onions");
	takes_hand("\"{{prepTime}} {a} \\\"b\\\" |c| \\\\ <d> &amp; %s\"",
	    "{{prepTime}} {a} \"b\" |c| \\ <d> &amp; %s");
	takes_hand("\"a\\nb\\r\\nc\\td\"", "a\nb\r\nc\td");
	takes_hand("\"\xea\xb9\x80\xec\xb9\x98\"", "\xea\xb9\x80\xec\xb9\x98");
	takes_hand("\"\\uae40\\uce58\"", "\xea\xb9\x80\xec\xb9\x98");
	takes_hand("\"eggs \xf0\x9f\xa5\x9a\"", "eggs \xf0\x9f\xa5\x9a");
	takes_hand("\"eggs \\ud83e\\udd5a\"", "eggs \xf0\x9f\xa5\x9a");
	takes_hand("\"  spaces  \"", "  spaces  ");
	takes_hand("\"\xe2\xae\x91 a \xe2\x80\xa8\"",
	    "\xe2\xae\x91 a \xe2\x80\xa8");
	takes_hand("\"data: x\\n\\nid: 9\"", "data: x\n\nid: 9");
}

static void
control_characters(void **state)
{
	char json[32], words[32];
	int c;

	(void)state;
	for (c = 0; c < 0xa0; c++) {
		if ((c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' ||
		    c == '\r')
			continue;
		snprintf(json, sizeof(json), "\"beef \\u%04x\"", (unsigned)c);
		snprintf(words, sizeof(words), "(U+%04X)", (unsigned)c);
		refuses_hand(json, "bad_input", words);
	}
	takes_hand("\"a\\tb\\nc\\rd\"", "a\tb\nc\rd");
	takes_hand("\"be\\u00a0ef\"", "be\xc2\xa0" "ef");
	/* As bytes of the body. */
	refuses_hand("\"beef \x7f\"", "bad_input", "U+007F");
	refuses_hand("\"beef \xc2\x85\"", "bad_input", "U+0085");
}

/* Whatever is made of half a pair, it is valid text or a clear answer. */
static void
lone_surrogates(void **state)
{
	static const char *const halves[] = { "\\ud800", "\\udfff",
	    "\\udc00\\ud800", "\\ud83c x", "\\ud83c\\u0041" };
	const struct var *var;
	char body[200];
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(halves); i++) {
		snprintf(body, sizeof(body), "{\"ingredientsOnHand\": \"beef "
		    "%s\", \"prepTime\": 45}", halves[i]);
		v = post(body, strlen(body));
		if (visit(&h, &v) == 0) {
			var = vars_get(&h.request.inputs, in_hand);
			assert_true(utf8_valid(var->text, var->len));
			assert_memory_equal(var->text, "beef ", 5);
		} else {
			assert_int_equal(h.err.status, 400);
		}
		request_free(&h.request);
	}
}

static void
not_a_string(void **state)
{
	static const char *const bad[] = { "5", "1.5", "true", "[]", "{}",
	    "[\"beef\"]" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refuses_hand(bad[i], "bad_input", "must be a string");
}

static void
too_short_and_without_a_letter(void **state)
{
	(void)state;
	refuses_hand("\"\"", "bad_input", "0 characters");
	refuses_hand("\"a\"", "bad_input", "1 characters");
	refuses_hand("\"\xea\xb9\x80\"", "bad_input", "1 characters");
	refuses_hand("\"  \"", "bad_input", "letter");
	refuses_hand("\"12 !?\"", "bad_input", "letter");
	refuses_hand("\"\xf0\x9f\xa5\x9a\xf0\x9f\xa5\x9a\"", "bad_input",
	    "letter");
	takes_hand("\"ei\"", "ei");
	takes_hand("\"\xeb\x91\x90\xeb\xb6\x80\"", "\xeb\x91\x90\xeb\xb6\x80");
	takes_hand("\"1 \xe6\xb0\xb4\"", "1 \xe6\xb0\xb4");
}

/* n times the same code point, and one letter first. */
static struct visit
post_points(struct buf *body, const char *point, int n)
{
	buf_reset(body);
	buf_puts(body, "{\"prepTime\": 45, \"ingredientsOnHand\": \"a");
	while (--n > 0)
		buf_puts(body, point);
	buf_puts(body, "\"}");
	return post(body->data, body->len);
}

static void
longest_text_and_one_more(void **state)
{
	static const char *const points[] = { "b", "\xc3\xa9", "\xea\xb9\x80",
	    "\xf0\x9f\xa5\x9a", "\\n" };
	struct buf body = BUF_INIT(32768);
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(points); i++) {
		v = post_points(&body, points[i], 2000);
		if (visit(&h, &v) == -1)
			fail_msg("%s: %s", points[i], h.err.text);
		request_free(&h.request);
		refuses(post_points(&body, points[i], 2001), 400, "bad_input",
		    "has 2001 characters; it takes 2 to 2000");
	}
	buf_free(&body);
}

static void
minutes(void **state)
{
	static const struct { const char *json, *want; } cases[] = {
		{ "45", "45" }, { "\"45\"", "45" }, { "\"045\"", "45" },
		{ "1", "1" }, { "1440", "1440" }, { "\"1\"", "1" },
		{ "\"1440\"", "1440" },
		{ "0", NULL }, { "\"0\"", NULL }, { "1441", NULL },
		{ "\"1441\"", NULL }, { "-1", NULL }, { "\"-1\"", NULL },
		{ "45.5", NULL }, { "\"45.5\"", NULL }, { "\"\"", NULL },
		{ "\"abc\"", NULL }, { "\"45 \"", NULL }, { "\" 45\"", NULL },
		{ "\"+45\"", NULL }, { "\"0x2d\"", NULL }, { "\"4e1\"", NULL },
		{ "\"-\"", NULL }, { "\"--1\"", NULL }, { "\"45min\"", NULL },
		{ "1e9", NULL }, { "1e1", NULL }, { "1e999", NULL },
		{ "\"1e9\"", NULL }, { "null", NULL }, { "true", NULL },
		{ "[45]", NULL }, { "{}", NULL }, { "\"45\\u0000\"", NULL },
		{ "9223372036854775807", NULL },
		{ "9223372036854775808", NULL },
		{ "-9223372036854775808", NULL },
		{ "99999999999999999999999", NULL },
		{ "\"9223372036854775808\"", NULL },
		{ "\"18446744073709551661\"", NULL },
		{ "\"4294967341\"", NULL }, { "4294967341", NULL },
		{ "\"\xef\xbc\x94\xef\xbc\x95\"", NULL },
	};
	char body[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(body, sizeof(body), "{\"ingredientsOnHand\": \"beef"
		    "\", \"prepTime\": %s}", cases[i].json);
		if (cases[i].want != NULL)
			takes(post(body, strlen(body)), "beef", cases[i].want);
		else
			refuses(post(body, strlen(body)), 400, "bad_input",
			    "\"prepTime\"");
	}
}

static void
optional_inputs(void **state)
{
	struct visit v = post(BYTES("{\"ingredientsOnHand\": \"beef\", "
	    "\"prepTime\": 45, \"note\": \"12345\"}"));
	struct house h;

	(void)state;
	assert_int_equal(visit(&h, &v), 0);
	assert_string_equal(vars_get(&h.request.inputs, in_note)->text,
	    "12345");
	request_free(&h.request);
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": "
	    "45, \"note\": \"12345678901\"}")), 400, "bad_input", "\"note\"");
	takes(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": "
	    "45, \"note\": null}")), "beef", "45");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_request),
		cmocka_unit_test(body_in_pieces),
		cmocka_unit_test(body_has_one_deadline),
		cmocka_unit_test(paths_and_methods),
		cmocka_unit_test(others_are_not_read),
		cmocka_unit_test(media_types),
		cmocka_unit_test(accepted_forms),
		cmocka_unit_test(origins_of_the_configuration),
		cmocka_unit_test(lengths),
		cmocka_unit_test(body_that_is_not_as_long_as_it_says),
		cmocka_unit_test(body_that_stops),
		cmocka_unit_test(largest_body_and_one_more),
		cmocka_unit_test(bodies_that_are_no_json),
		cmocka_unit_test(bodies_that_are_no_object),
		cmocka_unit_test(deep_bodies),
		cmocka_unit_test(bytes_that_are_no_utf8),
		cmocka_unit_test(fields),
		cmocka_unit_test(long_field_name_is_cut),
		cmocka_unit_test(duplicate_fields),
		cmocka_unit_test(words_arrive_unharmed),
		cmocka_unit_test(control_characters),
		cmocka_unit_test(lone_surrogates),
		cmocka_unit_test(not_a_string),
		cmocka_unit_test(too_short_and_without_a_letter),
		cmocka_unit_test(longest_text_and_one_more),
		cmocka_unit_test(minutes),
		cmocka_unit_test(optional_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
