/*
 * check_url.c: on the command line.  The order of questions, and what the
 * answers mean in words; the judgement itself is arrival's.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "check/advice.h"
#include "check/check_url.h"
#include "check/probe.h"
#include "check/say.h"
#include "check/visit.h"
#include "http/trust.h"
#include "text/json.h"

/* Above run_ms, with which a run ends itself. */
#define WAIT_S		150

static const char a_recipe[] = "{\"ingredientsOnHand\": \"beef flank, onions, "
    "peppers\", \"prepTime\": 45}";

/* A run, and what it shows. */
struct outcome {
	struct probe	 probe;
	struct verdict	 verdict;
};

static double
seconds(int64_t ms)
{
	return (double)ms / 1000;
}

static double
kilobytes(size_t bytes)
{
	return (double)bytes / 1024;
}

static void
ask(const struct visit *v, struct http *http, const struct check_url *check,
    const struct probe_way *way, struct outcome *outcome)
{
	char url[1100];

	visit_url(v, "generate", url, sizeof(url));
	probe_post(&outcome->probe, http, url, check->body == NULL ?
	    a_recipe : check->body, way);
	outcome->verdict = probe_judge(&outcome->probe);
}

static const char *
encoding(const struct probe *p)
{
	return probe_header(p, "Content-Encoding");
}

static void
say_server(const struct probe *p)
{
	const char *server = probe_header(p, "Server");
	const char *between = advice_between(p);

	say("server", "%s, HTTP/%s%s%s", server == NULL ? "does not say its "
	    "name" : server, p->result.version == 20 ? "2" :
	    p->result.version == 10 ? "1.0" : "1.1", encoding(p) == NULL ?
	    ", not compressed" : ", compressed: ", encoding(p) == NULL ? "" :
	    encoding(p));
	if (between != NULL)
		say("between", "%s", between);
}

/* The headers of a stream, as the program sends them. */
static const struct { const char *name, *value; } sent[] = {
	{ "Cache-Control", "no-cache, no-transform" },
	{ "Content-Type", "text/event-stream; charset=utf-8" },
	{ "X-Content-Type-Options", "nosniff" },
};
#define CACHING		0	/* its place there */

static bool
arrives(const struct probe *p, size_t i)
{
	const char *came = probe_header(p, sent[i].name);

	return came != NULL && strcasecmp(came, sent[i].value) == 0;
}

static void
say_headers(const struct probe *p)
{
	const char *came;
	size_t i, good = 0;

	for (i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		came = probe_header(p, sent[i].name);
		if (arrives(p, i))
			good++;
		else
			say_warning("headers", "%s was sent as \"%s\" and "
			    "arrives %s%s%s", sent[i].name, sent[i].value,
			    came == NULL ? "not at all" : "as \"",
			    came == NULL ? "" : came, came == NULL ? "" : "\"");
	}
	if (good == i)
		say("headers", "type, caching and nosniff arrive as sent");
}

static void
say_run(const struct probe *p)
{
	if (p->done)
		say("run", "complete: %zu parts, %zu events, %.1f KiB in "
		    "%.1f s%s%s", p->parts, p->events, kilobytes(p->bytes),
		    seconds(p->end_ms), p->demo ? ", by the demo cook" : "",
		    probe_is_padded(p) ? ", padded" : "");
	if (p->failed > 0)
		say_warning("run", "%zu part%s failed. %s", p->failed,
		    p->failed == 1 ? "" : "s", p->error.data);
}

static void
say_times(const struct outcome *o)
{
	const struct probe *p = &o->probe;
	const struct verdict *v = &o->verdict;

	if (p->text_ms == -1)
		return;
	say("arrival", "first byte after %lld ms, first text after %lld ms",
	    (long long)p->first_ms, (long long)p->text_ms);
	if (v->arrival != ARRIVAL_UNSURE)
		say("lateness", "events come %lld ms late (median), %lld ms "
		    "at worst", (long long)v->median_ms,
		    (long long)v->worst_ms);
}

/* --- an answer that is no stream ------------------------------------------ */

/* The program's own error document.  Whether it was one. */
static bool
say_own_error(const struct probe *p)
{
	struct json *json = json_parse(p->body.data, p->body.len, 8, false,
	    NULL, NULL);
	const struct json *error = json_get(json, "error");
	const char *message = json_string(json_get(error, "message"), NULL);
	const char *code = json_string(json_get(error, "code"), NULL);

	if (message != NULL && code != NULL && strcmp(code, "bad_input") == 0)
		say_verdict(SAY_UNSURE, "UNSURE", "The site wants other "
		    "inputs: %.300s. Give them: --body '{\"name\": \"value\"}'",
		    message);
	else if (message != NULL && code != NULL)
		say_verdict(SAY_BAD, "BROKEN", "recipe.fcgi answers %d: %.400s",
		    p->result.status, message);
	json_free(json);
	return message != NULL && code != NULL;
}

static void
say_redirect(const struct visit *v, const struct probe *p)
{
	say_verdict(SAY_BAD, "BROKEN", "POST %sgenerate is sent on (%d) to "
	    "%s. A browser then asks there with GET, and no run begins: give "
	    "your visitors the address that it leads to, or take the redirect "
	    "off this path.", v->base, p->result.status, *p->result.redirect
	    == '\0' ? "nowhere" : p->result.redirect);
}

static void
say_status(const struct visit *v, const struct probe *p)
{
	int status = p->result.status;

	if (status == 401)
		say_verdict(SAY_BAD, "BROKEN", "The site asks for a password "
		    "(401): give it as https://user:password@...");
	else if (status == 403)
		say_verdict(SAY_BAD, "BROKEN", "Forbidden (403): the web "
		    "server may not run the program (ExecCGI, file mode 755), "
		    "or a firewall for web applications refuses the request.");
	else if (status == 404 || status == 405 || status == 501)
		say_verdict(SAY_BAD, "BROKEN", "%sgenerate does not lead to "
		    "the program (%d): the route is missing.", v->base,
		    status);
	else if (status == 500)
		say_verdict(SAY_BAD, "BROKEN", "The program does not start "
		    "(500). The web server's error log says why; on the "
		    "server, \"./recipe.fcgi check\" should run.");
	else if (status == 502 || status == 503 || status == 504)
		say_verdict(SAY_BAD, "BROKEN", "The web server does not reach "
		    "the program (%d): is it running, does its socket have the "
		    "path and the owner that the web server expects, and are "
		    "there processes left?", status);
	else
		say_verdict(SAY_BAD, "BROKEN", "%sgenerate answers %d, %s: "
		    "that is not recipe.fcgi.", v->base, status,
		    *p->result.type == '\0' ? "no type" : p->result.type);
}

static void
say_no_stream(const struct visit *v, const struct probe *p)
{
	int status = p->result.status;

	if (status == 0)
		visit_unreachable(v, p);
	else if (strncmp(p->body.data, "\x7f" "ELF", 4) == 0)
		say_verdict(SAY_BAD, "BROKEN", "The web server hands the "
		    "program out as a file instead of running it.");
	else if (status >= 300 && status < 400)
		say_redirect(v, p);
	else if (status == 200)
		say_verdict(SAY_BAD, "BROKEN", "%sgenerate answers with %s, "
		    "not with a stream of events: that is not recipe.fcgi, or "
		    "something replaces its answer.", v->base,
		    *p->result.type == '\0' ? "no type" : p->result.type);
	else if (!say_own_error(p))
		say_status(v, p);
}

static bool
wants_route(const struct probe *p)
{
	int status = p->result.status;

	return status == 404 || status == 405 || status == 501 ||
	    (status == 200 && strncmp(p->body.data, "\x7f" "ELF", 4) == 0);
}

/* --- a stream ------------------------------------------------------------- */

static bool
has_page_inside(const struct probe *p)
{
	return strcasestr(p->tail.data, "<!doctype") != NULL ||
	    strcasestr(p->tail.data, "<html") != NULL ||
	    strcasestr(p->tail.data, "</html>") != NULL;
}

/* No _done: its end is missing. */
static void
say_cut(const struct probe *p)
{
	if (p->endless)
		say_verdict(SAY_BAD, "BROKEN", "The answer does not end: left "
		    "after %.0f KiB.", kilobytes(p->bytes));
	else if (p->result.trouble == HTTP_TIMED_OUT)
		say_verdict(SAY_BAD, "BROKEN", "The run did not end within "
		    "%.0f s.", seconds(p->end_ms));
	else if (!p->began)
		say_verdict(SAY_BAD, "BROKEN", "A stream of events comes, but "
		    "not recipe.fcgi's.");
	else if (has_page_inside(p))
		say_verdict(SAY_BAD, "BROKEN", "After %.1f s the web server "
		    "ended the run and put its own HTML page into the stream.",
		    seconds(p->end_ms));
	else
		say_verdict(SAY_BAD, "BROKEN", "The stream breaks off after "
		    "%.1f s, without _done.", seconds(p->end_ms));
}

static bool
is_cut_by_clock(const struct probe *p)
{
	return p->began && !p->endless && !p->done &&
	    p->result.trouble != HTTP_TIMED_OUT;
}

static void
say_arrival(const struct outcome *o)
{
	const struct probe *p = &o->probe;
	const struct verdict *v = &o->verdict;

	switch (v->arrival) {
	case ARRIVAL_LIVE:
		say_verdict(SAY_GOOD, "LIVE", "The stream arrives while it is "
		    "written.");
		break;
	case ARRIVAL_HELD:
		say_verdict(SAY_BAD, "HELD", "The whole answer (%.1f KiB) came "
		    "at once, %.1f s after it was asked for.",
		    kilobytes(p->bytes), seconds(p->end_ms));
		break;
	case ARRIVAL_PIECES:
		say_verdict(SAY_BAD, "HELD", "The stream comes in %zu pieces"
		    "%s, events up to %.1f s late.", v->npieces,
		    encoding(p) != NULL ? "" :
		    v->buffer == 4096 ? " of about 4 KiB" :
		    v->buffer == 8192 ? " of about 8 KiB" :
		    v->buffer == 16384 ? " of about 16 KiB" :
		    v->buffer == 32768 ? " of about 32 KiB" :
		    v->buffer == 65536 ? " of about 64 KiB" : "",
		    seconds(v->worst_ms));
		break;
	case ARRIVAL_SLOW:
		say_verdict(SAY_BAD, "LATE", "The stream flows, but falls "
		    "behind by up to %.1f s: a slow line, or a loaded server. "
		    "Check again from elsewhere.", seconds(v->worst_ms));
		break;
	case ARRIVAL_UNSURE:
		say_verdict(SAY_UNSURE, "UNSURE", "The run was over after "
		    "%.1f s, too soon to tell live from held%s.",
		    seconds(p->end_ms), p->failed > 0 ? "; run "
		    "\"recipe.fcgi check\" on the server, it says what its "
		    "services lack" : "");
		break;
	}
}

/* --- what holds it -------------------------------------------------------- */

static bool
is_held(const struct outcome *o)
{
	return o->verdict.arrival == ARRIVAL_HELD ||
	    o->verdict.arrival == ARRIVAL_PIECES;
}

/* Asks again in another way, as briefly as can be.  Whether that is live. */
static bool
is_live_by(const struct visit *v, struct http *http,
    const struct check_url *check, const struct probe_way *way,
    const char *name)
{
	struct outcome other;
	bool live;

	ask(v, http, check, way, &other);
	live = probe_is_stream(&other.probe) &&
	    other.verdict.arrival == ARRIVAL_LIVE;
	say("compared", "%s: %s%s", name, live ? "live" : "no better",
	    other.probe.left ? ", and left early" : "");
	probe_free(&other.probe);
	return live;
}

/* Takes compression and HTTP/2 away, one after the other. */
static enum advice
find_cause(const struct visit *v, struct http *http,
    const struct check_url *check, const struct outcome *o)
{
	struct probe_way way = { .leave = true, .wait_ms = check->wait_s *
	    1000, .http2 = o->probe.result.version == 20 };
	bool two = way.http2;

	if (encoding(&o->probe) != NULL && is_live_by(v, http, check, &way,
	    "not compressed"))
		return ADVICE_GZIP;
	way.http2 = false;
	if (two && is_live_by(v, http, check, &way,
	    "not compressed, by HTTP/1.1"))
		return ADVICE_HTTP2;
	return ADVICE_HELD;
}

/* The table of facts is said; advice follows, and the verdict. */
static int
conclude(const struct visit *v, struct http *http,
    const struct check_url *check, const struct outcome *o)
{
	const struct probe *p = &o->probe;
	bool stream = probe_is_stream(p);

	if (stream && p->done && is_held(o))
		advice_say(p, find_cause(v, http, check, o));
	else if (stream && is_cut_by_clock(p))
		advice_say(p, ADVICE_CUT);
	else if (!stream && wants_route(p))
		advice_say(p, ADVICE_ROUTE);
	if (stream && !arrives(p, CACHING))
		advice_say(p, ADVICE_CACHING);
	if (v->bad_headers && p->result.status != 0)
		advice_say(p, ADVICE_HEADERS);
	if (!stream)
		say_no_stream(v, p);
	else if (!p->done)
		say_cut(p);
	else
		say_arrival(o);
	return stream && p->done && o->verdict.arrival == ARRIVAL_LIVE ?
	    CHECK_URL_LIVE : CHECK_URL_NOT;
}

static int
check_stream(const struct visit *v, struct http *http,
    const struct check_url *check)
{
	const struct probe_way way = { .encodings = true, .http2 = true,
	    .wait_ms = check->wait_s * 1000 };
	struct outcome o;
	int rc;

	ask(v, http, check, &way, &o);
	if (o.probe.result.status != 0)
		say_server(&o.probe);
	if (probe_is_stream(&o.probe)) {
		say_headers(&o.probe);
		say_run(&o.probe);
		say_times(&o);
	}
	rc = conclude(v, http, check, &o);
	probe_free(&o.probe);
	return rc;
}

int
check_url_run(const struct check_url *asked)
{
	struct check_url check = *asked;
	struct trust *trust = trust_new();
	struct http *http = NULL;
	struct visit v;
	const char *why;
	int rc = CHECK_URL_NOT;

	if (check.wait_s == 0)
		check.wait_s = WAIT_S;
	if (visit_init(&v, check.url, check.wait_s * 1000) == -1) {
		fprintf(stderr, "recipe.fcgi: give the whole address of the "
		    "site, as in https://my.site/\n");
		trust_free(trust);
		return CHECK_URL_USAGE;
	}
	say("cost", "one run of the site and its tokens; up to two more, left "
	    "early, where it is not live");
	http_init();
	/* Without certificates https says so itself. */
	trust_add(trust, NULL, &why);
	if ((http = http_open(trust)) != NULL && visit_page(&v, http) == 0) {
		visit_services(&v, http);
		visit_private(&v, http);
		rc = check_stream(&v, http, &check);
	}
	http_close(http);
	trust_free(trust);
	return rc;
}
