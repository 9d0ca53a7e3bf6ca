/*
 * check_service.c: runs on the command line.  Puts into words what a service
 * answers when it is asked for its models.  How a run treats such an answer is
 * decided elsewhere (model/refusal.h).
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "check/check_service.h"
#include "check/say.h"
#include "http/http.h"
#include "http/trust.h"
#include "model/fault.h"
#include "model/models.h"
#include "setup/service.h"
#include "text/json.h"
#include "text/mask.h"

/* The longest list that is read.  (Some thousand models are 2 MiB.) */
#define LIST_MAX	(16 * 1024 * 1024)
#define DEPTH		16	/* of its JSON */

/* A warning names at most NAMES_MOST models, each cut at NAME_BYTES. */
#define NAMES_MOST	5
#define NAME_BYTES	120

/* What one service answered. */
struct listing {
	const struct service	*service;
	struct http_result	 result;
	struct buf		 body;
	struct json		*json;		/* NULL: the body is not JSON */
	struct models		 models;
};

/*
 * Prints a line about the service.  The key is masked, as the service may have
 * repeated it in the words that are quoted.
 */
static void __attribute__((format(printf, 3, 4)))
say_of(const struct listing *r, bool warning, const char *fmt, ...)
{
	struct buf safe = BUF_INIT(8192);
	char line[4096];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	mask_text(&safe, line, strlen(line), r->service->key);
	if (warning)
		say_warning("warning", "%s", safe.data);
	else
		say_fact("", "%s", safe.data);
	buf_free(&safe);
}

static int
accept_head(void *arg, const struct http_result *result)
{
	(void)arg, (void)result;
	return 0;
}

static int
keep_body(void *arg, const char *data, size_t n)
{
	return buf_add(arg, data, n);
}

/*
 * Asks for the models as a stage asks for text: with the same key and headers,
 * and the query of its URL, without which Azure refuses.
 */
static void
ask_models(struct listing *r, const struct trust *trust, int64_t timeout_ms)
{
	const struct service *s = r->service;
	struct http *http = http_open(trust);
	struct buf url = BUF_INIT(8192);
	struct http_request request = { .key = s->key,
	    .key_header = s->profile.key_header,
	    .headers = s->profile.headers, .accept = "application/json",
	    .ca_file = s->ca_file, .timeout_ms = (long)timeout_ms,
	    .head = accept_head, .data = keep_body, .arg = &r->body };

	buf_printf(&url, "%s/models%s", s->base_url, s->query);
	request.url = url.data;
	http_do(http, &request, &r->result);
	r->json = json_parse(r->body.data, r->body.len, DEPTH, false, NULL,
	    NULL);
	buf_free(&url);
	http_close(http);
}

/* --- what kept it from answering ------------------------------------------ */

/*
 * The environment variable that makes libcurl ask through a proxy, or NULL.
 * These are the names that libcurl looks at; HTTP_PROXY in capitals is not
 * among them, as a visitor could set it under CGI.
 */
static const char *
proxy_variable(const struct service *s)
{
	static const char *const https[] = { "https_proxy", "HTTPS_PROXY",
	    "all_proxy", "ALL_PROXY", NULL };
	static const char *const http[] = { "http_proxy", "all_proxy",
	    "ALL_PROXY", NULL };
	const char *const *name = service_is_https(s) ? https : http;
	const char *value;

	for (; *name != NULL; name++)
		if ((value = getenv(*name)) != NULL && *value != '\0')
			return *name;
	return NULL;
}

/*
 * Says that a proxy may be in the way.  The variable's value may hold a
 * password, so only its name is printed.
 */
static void
say_proxy(const struct listing *r)
{
	const char *name = proxy_variable(r->service);

	if (name != NULL)
		say_of(r, false, "%s is set, so it is asked through that proxy "
		    "unless no_proxy names its host", name);
}

/*
 * There is no answer, or none to its end.  That is never hopeless: the service
 * may be started later.
 */
static enum standing
say_silent(const struct listing *r, int64_t timeout_ms)
{
	const struct http_result *result = &r->result;

	if (r->body.failed)
		say_of(r, true, "its list of models is longer than %d MiB and "
		    "was not read to its end", LIST_MAX / 1024 / 1024);
	else if (result->end == HTTP_TLS)
		say_of(r, true, "is not trusted: %s (%s)", result->message,
		    result->detail);
	else if (result->trouble == HTTP_TIMED_OUT)
		say_of(r, true, "does not answer within %lld ms (connect_ms): "
		    "%s", (long long)timeout_ms, result->detail);
	else
		say_of(r, true, "does not answer: %s (%s); is it started, and "
		    "is base_url right?", result->message, result->detail);
	say_proxy(r);
	return STANDING_DOUBTFUL;
}

/* --- what it refused ------------------------------------------------------ */

/* Whether the body contains one of the words, in capitals or not. */
static bool
has_word(const struct listing *r, const char *const words[])
{
	for (; *words != NULL; words++)
		if (strcasestr(r->body.data, *words) != NULL)
			return true;
	return false;
}

/*
 * Whether the body is a page for people: then a proxy sent it, or a web server
 * that is not a model's.
 */
static bool
is_page(const struct listing *r)
{
	return strcmp(r->result.type, "text/html") == 0 ||
	    r->body.data[strspn(r->body.data, " \t\r\n")] == '<';
}

/*
 * Appends ": " and the service's own words, without the key.  Appends nothing
 * if it sent a page, or no words.
 */
static void
add_words(const struct listing *r, struct buf *out)
{
	const char *text = fault_text(r->json);
	struct buf quote = BUF_INIT(8192);

	if (text == NULL && !is_page(r))
		text = r->body.data;
	if (text != NULL)
		fault_quote(text, r->service->key, &quote);
	if (quote.len > 0)
		buf_printf(out, ": %s", quote.data);
	buf_free(&quote);
}

/*
 * The key is refused for the list of models.  That is hopeless only for 401 (or
 * words that mean it): a key with few rights may write though it must not list
 * models, and some hosts answer 403 to a country or an address.
 */
static enum standing
say_key(const struct listing *r, const char *words, const char **why)
{
	static const char *const rights[] = { "permission", "scope", NULL };
	const char *from = r->service->key_from;
	int status = r->result.status;

	if (status == 403 || has_word(r, rights)) {
		say_of(r, true, "refuses the key for its list of models (%d)%s"
		    "; it may write all the same", status, words);
		return STANDING_DOUBTFUL;
	}
	*why = r->service->key == NULL ? "wants a key" : "refuses the key";
	say_of(r, true, "%s (%d)%s", *why, status, words);
	if (from == NULL && r->service->in_file == 0)
		from = "env:OPENAI_API_KEY";
	if (from == NULL)
		say_of(r, false, "give it a \"key\", \"env:NAME\" or "
		    "\"file:PATH\"");
	else
		say_of(r, false, "set a key that it takes in %s",
		    strchr(from, ':') + 1);
	return STANDING_HOPELESS;
}

/*
 * Whether base_url has no path.  Most servers have their API below /v1, which
 * is easily forgotten.
 */
static bool
lacks_path(const struct service *s)
{
	return strchr(strstr(s->base_url, "://") + 3, '/') == NULL;
}

/* What to add about a page that came in place of an answer, or "". */
static const char *
page_words(const struct listing *r)
{
	return !is_page(r) ? "" : r->result.status >= 500 ?
	    " with a page, as a proxy or a web server before it does" :
	    " with a page, which is not how a model's server does it";
}

/* Any other status, with what may be the cause. */
static void
say_odd_status(const struct listing *r, const char *words)
{
	const char *base = r->service->base_url, *type = r->result.type;
	int status = r->result.status;

	if (status == 407)
		say_of(r, true, "the proxy wants a name and a password (407)");
	else if (*r->result.redirect != '\0')
		say_of(r, true, "sends elsewhere (%d), to %s, and no run "
		    "follows; let base_url lead there", status,
		    r->result.redirect);
	else if (status == 200)
		say_of(r, true, "answers with %s, which is no list of models%s",
		    *type == '\0' ? "something" : type, words);
	else
		say_of(r, true, "answers %d%s%s", status, page_words(r), words);
	if (lacks_path(r->service) && status < 500)
		say_of(r, false, "is /v1 missing at the end of base_url, "
		    "%s/v1?", base);
	say_proxy(r);
}

/*
 * Any answer that is not a list of models.  404, 405 or 501, if it is not a
 * page, means that the service has no such list, which is fine; but if base_url
 * has no path, it rather means that the path is missing.
 */
static enum standing
say_refusal(const struct listing *r, const char **why)
{
	static const char *const keys[] = { "api key not valid",
	    "api_key_invalid", "invalid api key", "incorrect api key", NULL };
	int status = r->result.status;
	struct buf words = BUF_INIT(8192);
	enum standing standing = STANDING_DOUBTFUL;

	add_words(r, &words);
	if (status == 401 || status == 403 || (status == 400 &&
	    has_word(r, keys))) {
		standing = say_key(r, words.data, why);
	} else if ((status == 404 || status == 405 || status == 501) &&
	    !is_page(r) && !lacks_path(r->service)) {
		say_of(r, false, "has no list of its models (%d), so they are "
		    "not looked for", status);
		standing = STANDING_GOOD;
	} else {
		say_odd_status(r, words.data);
	}
	buf_free(&words);
	return standing;
}

/* --- what it lists -------------------------------------------------------- */

/* Appends where the person who reads this has named the model. */
static void
add_place(const struct service *s, struct buf *out)
{
	if (s->in_file == 0 && strcmp(s->id, "openai") == 0)
		buf_puts(out, "OPENAI_MODEL");
	else
		buf_printf(out, "\"model\" of \"%s\" in recipe.json", s->id);
}

/*
 * Appends "a, b, c and 324 more".  `first`, the name most like ours, comes
 * first; it may be NULL.
 */
static void
add_names(const struct models *models, const char *first, struct buf *out)
{
	const char *name;
	size_t i, n = 0;

	if (first != NULL)
		buf_printf(out, "%s%.*s", n++ == 0 ? "" : ", ", NAME_BYTES,
		    first);
	for (i = 0; i < models->n && n < NAMES_MOST; i++) {
		name = models_name(models, i);
		if (name == NULL || (first != NULL &&
		    strcmp(name, first) == 0))
			continue;
		buf_printf(out, "%s%.*s", n++ == 0 ? "" : ", ", NAME_BYTES,
		    name);
	}
	if (models->n > n)
		buf_printf(out, " and %zu more", models->n - n);
}

/*
 * Warns that none of our models is in the list; `near` is the name most like
 * ours, or NULL.  A server that has a single model seldom looks at the name.
 */
static void
say_missing(const struct listing *r, const char *near)
{
	const struct service *s = r->service;
	struct buf text = BUF_INIT(8192);

	if (r->models.n == 0) {
		buf_printf(&text, "it lists no model; load one there (for "
		    "Ollama: ollama pull %s)", s->models[0]);
	} else {
		buf_printf(&text, "%s is not in its list, which has ",
		    s->models[0]);
		add_names(&r->models, near, &text);
		buf_puts(&text, r->models.n == 1 ? "; a server of one model "
		    "most often takes any name, else set " : "; if it refuses, "
		    "set ");
		add_place(s, &text);
		buf_puts(&text, " to one that it has");
	}
	say_of(r, true, "%s", text.data);
	buf_free(&text);
}

/* Notes the window of a model that is listed by that name. */
static void
note_window(const struct listing *r, const char *as, int64_t *window)
{
	int64_t n = models_window(&r->models, as);

	if (n > 0 && (*window == 0 || n < *window))
		*window = n;
}

/* Says of each of our models whether it is listed; one is enough. */
static enum standing
say_models(const struct listing *r, int64_t *window)
{
	const struct service *s = r->service;
	const char *as, *near = NULL;
	bool served = false;
	size_t i;

	for (i = 0; i < s->nmodels; i++) {
		switch (models_find(&r->models, s->models[i], &as)) {
		case MODELS_SAME:
			say_of(r, false, "serves %s", s->models[i]);
			note_window(r, as, window);
			served = true;
			break;
		case MODELS_ALIAS:
			say_of(r, false, "%s is served as %.*s", s->models[i],
			    NAME_BYTES, as);
			note_window(r, as, window);
			served = true;
			break;
		default:
			near = near == NULL ? as : near;
			if (s->nmodels > 1)
				say_of(r, false, "does not serve %s",
				    s->models[i]);
		}
	}
	if (!served)
		say_missing(r, near);
	return served ? STANDING_GOOD : STANDING_DOUBTFUL;
}

enum standing
check_service(const struct service *service, struct trust *trust,
    int64_t timeout_ms, struct about *about)
{
	struct listing r = { .service = service, .body = BUF_INIT(LIST_MAX) };
	enum standing standing;

	*about = (struct about){ NULL, 0 };
	if (service_is_https(service) &&
	    trust_add(trust, service->ca_file, &about->why) == -1) {
		say_of(&r, true, "its certificates%s%s: %s",
		    service->ca_file == NULL ? "" : ", ",
		    service->ca_file == NULL ? "" : service->ca_file,
		    about->why);
		about->why = "has no certificates to be checked by";
		return STANDING_HOPELESS;
	}
	about->why = NULL;
	ask_models(&r, trust, timeout_ms);
	if (r.result.end != HTTP_OK)
		standing = say_silent(&r, timeout_ms);
	else if (r.result.status == 200 && models_read(&r.models, r.json))
		standing = say_models(&r, &about->window);
	else
		standing = say_refusal(&r, &about->why);
	json_free(r.json);
	buf_free(&r.body);
	return standing;
}
