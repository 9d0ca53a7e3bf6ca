/*
 * check_url.c: runs on the command line.  The order in which a site is asked,
 * and what its answers mean in words.  Whether a stream is live is judged by
 * arrival.c.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "check/advice.h"
#include "check/check_kept.h"
#include "check/check_url.h"
#include "check/no_stream.h"
#include "check/probe.h"
#include "check/say.h"
#include "check/visit.h"
#include "http/trust.h"

/* More than run_ms, after which the program itself ends a run. */
#define WAIT_S		150

static const char a_recipe[] = "{\"ingredientsOnHand\": \"beef flank, onions, "
    "peppers\", \"prepTime\": 45}";

/* One run of the site, and what it shows. */
struct trial {
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

static const char *
body_of(const struct check_url *check)
{
	return check->body == NULL ? a_recipe : check->body;
}

/* Asks the site for a run.  The caller frees trial->probe. */
static void
try_run(const struct visit *v, struct http *http,
    const struct check_url *check, const struct probe_way *way,
    struct trial *trial)
{
	char url[1100];

	visit_url(v, "generate", url, sizeof(url));
	probe_post(&trial->probe, http, url, body_of(check), way);
	trial->verdict = probe_judge(&trial->probe);
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

	say_fact("server", "%s, HTTP/%s%s%s", server == NULL ?
	    "does not say its name" : server, p->result.version == 20 ? "2" :
	    p->result.version == 10 ? "1.0" : "1.1", encoding(p) == NULL ?
	    ", not compressed" : ", compressed: ", encoding(p) == NULL ? "" :
	    encoding(p));
	if (between != NULL)
		say_fact("between", "%s", between);
}

/* The headers of a stream as the program sends them. */
static const struct { const char *name, *value; } sent[] = {
	{ "Cache-Control", "no-cache, no-transform" },
	{ "Content-Type", "text/event-stream; charset=utf-8" },
	{ "X-Content-Type-Options", "nosniff" },
};
#define CACHING		0	/* the place of Cache-Control in it */

/* Whether the i-th of these headers arrived as it was sent. */
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
		say_fact("headers", "type, caching and nosniff arrive as sent");
}

static void
say_run(const struct probe *p)
{
	if (p->done)
		say_fact("run", "complete: %zu parts, %zu events, %.1f KiB in "
		    "%.1f s%s%s", p->parts, p->events, kilobytes(p->bytes),
		    seconds(p->end_ms), p->demo ? ", by the demo cook" : "",
		    probe_is_padded(p) ? ", padded" : "");
	if (p->failed > 0)
		say_warning("run", "%zu part%s failed. %s", p->failed,
		    p->failed == 1 ? "" : "s", p->error.data);
	if (p->by_proxy)
		say_warning("visitors", "a proxy stands in front of the "
		    "program and is not trusted to say who asks, so all its "
		    "visitors have the limits of one. Add to recipe.json: "
		    "\"trusted_proxies\": [\"ADDRESS\"], the proxy's as the "
		    "program's web server sees it, such as 127.0.0.1");
}

static void
say_times(const struct trial *trial)
{
	const struct probe *p = &trial->probe;
	const struct verdict *v = &trial->verdict;

	if (p->text_ms == -1)
		return;
	say_fact("arrival", "first byte after %lld ms, first text after "
	    "%lld ms", (long long)p->first_ms, (long long)p->text_ms);
	if (v->arrival != ARRIVAL_UNSURE)
		say_fact("lateness", "events come %lld ms late (median), "
		    "%lld ms at worst", (long long)v->median_ms,
		    (long long)v->worst_ms);
}

/* --- a stream ------------------------------------------------------------- */

/* Whether the stream ends in an HTML page, as some servers end it. */
static bool
has_page_inside(const struct probe *p)
{
	return strcasestr(p->tail.data, "<!doctype") != NULL ||
	    strcasestr(p->tail.data, "<html") != NULL ||
	    strcasestr(p->tail.data, "</html>") != NULL;
}

/* Says why the stream has no _done, which is the last event of a run. */
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

/* Whether a time-out between the program and us may have ended the run. */
static bool
is_cut_by_clock(const struct probe *p)
{
	return p->began && !p->endless && !p->done &&
	    p->result.trouble != HTTP_TIMED_OUT;
}

static void
say_arrival(const struct trial *trial)
{
	const struct probe *p = &trial->probe;
	const struct verdict *v = &trial->verdict;

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
is_held(const struct trial *trial)
{
	return trial->verdict.arrival == ARRIVAL_HELD ||
	    trial->verdict.arrival == ARRIVAL_PIECES;
}

/*
 * Asks for another run in another way, which is left as soon as it can be
 * judged.  Returns whether that one is live.
 */
static bool
is_live_by(const struct visit *v, struct http *http,
    const struct check_url *check, const struct probe_way *way,
    const char *name)
{
	struct trial other;
	bool live;

	try_run(v, http, check, way, &other);
	live = probe_is_stream(&other.probe) &&
	    other.verdict.arrival == ARRIVAL_LIVE;
	say_fact("compared", "%s: %s%s", name, live ? "live" : "no better",
	    other.probe.left ? ", and left early" : "");
	probe_free(&other.probe);
	return live;
}

/*
 * Finds what holds the stream.  If the first run was compressed, asks again
 * without compression, then, if it came by HTTP/2, by HTTP/1.1 too.  If neither
 * helps, a buffer holds it.
 */
static enum advice
find_cause(const struct visit *v, struct http *http,
    const struct check_url *check, const struct trial *trial)
{
	struct probe_way way = { .leave = true, .wait_ms = check->wait_s *
	    1000, .http2 = trial->probe.result.version == 20 };
	bool two = way.http2;

	if (encoding(&trial->probe) != NULL && is_live_by(v, http, check, &way,
	    "not compressed"))
		return ADVICE_GZIP;
	way.http2 = false;
	if (two && is_live_by(v, http, check, &way,
	    "not compressed, by HTTP/1.1"))
		return ADVICE_HTTP2;
	return ADVICE_HELD;
}

/*
 * After the facts: prints advice, and the verdict at the end, where a person
 * looks first.  Returns the exit status.
 */
static int
say_conclusion(const struct visit *v, struct http *http,
    const struct check_url *check, const struct trial *trial)
{
	const struct probe *p = &trial->probe;
	bool stream = probe_is_stream(p);

	if (stream && p->done && is_held(trial))
		advice_say(p, find_cause(v, http, check, trial));
	else if (stream && is_cut_by_clock(p))
		advice_say(p, ADVICE_CUT);
	else if (!stream && no_stream_lacks_route(p))
		advice_say(p, ADVICE_ROUTE);
	if (stream && !arrives(p, CACHING))
		advice_say(p, ADVICE_CACHING);
	if (v->bad_headers && p->result.status != 0)
		advice_say(p, ADVICE_HEADERS);
	if (!stream)
		no_stream_say(v, p);
	else if (!p->done)
		say_cut(p);
	else
		say_arrival(trial);
	return stream && p->done && trial->verdict.arrival == ARRIVAL_LIVE ?
	    CHECK_URL_LIVE : CHECK_URL_NOT;
}

/*
 * Whether a run can be read again, which takes another one; and how the page
 * reads it if the host holds its stream back.
 */
static void
say_kept(const struct visit *v, struct http *http,
    const struct check_url *check, const struct trial *trial)
{
	bool polls;

	if (!trial->probe.done || !trial->probe.says_kept)
		return;
	if (!trial->probe.kept) {
		say_fact("kept", "no: a run ends with its connection");
		return;
	}
	polls = check_kept_say(v, http, body_of(check), check->wait_s * 1000);
	if (is_held(trial) && polls)
		say_fact("page", "reads by polls here, so its first words "
		    "come about a second late");
}

/* Asks for a run as a browser does and says all about it. */
static int
check_stream(const struct visit *v, struct http *http,
    const struct check_url *check)
{
	char key[RUNNAME_DIGITS + 1];
	struct probe_way way = { .encodings = true, .http2 = true,
	    .wait_ms = check->wait_s * 1000, .key = key };
	struct trial trial;
	int rc;

	check_kept_name(key);
	try_run(v, http, check, &way, &trial);
	if (trial.probe.result.status != 0)
		say_server(&trial.probe);
	if (probe_is_stream(&trial.probe)) {
		say_headers(&trial.probe);
		say_run(&trial.probe);
		say_times(&trial);
		say_kept(v, http, check, &trial);
	}
	rc = say_conclusion(v, http, check, &trial);
	probe_free(&trial.probe);
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
	say_fact("cost", "two runs of the site and their tokens, one if runs "
	    "are not kept; up to two more, left early, if it is not live");
	http_init();
	/* If there are no certificates, a request by https will say so. */
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
