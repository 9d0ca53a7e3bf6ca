/*
 * visit.c: runs on the command line.  Asks for what a visitor asks for, and for
 * what no visitor must get; knows nothing of streams.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/advice.h"
#include "check/probe.h"
#include "check/say.h"
#include "check/visit.h"
#include "text/json.h"

#define PAGE_MAX	(256 * 1024)
#define PEEK_MAX	4096	/* of a private file: enough to know it */
#define REDIRECTS_MAX	5
#define OLD_PAGE_S	86400	/* a cache may keep the page so long */

/*
 * The length of a URL's scheme, host and port, without the slash after them.
 * 0 if it is not one of http or https with a host.
 */
static size_t
origin_length(const char *url)
{
	size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 :
	    strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
	size_t host = strcspn(url + scheme, "/?#");

	return scheme == 0 || host == 0 ? 0 : scheme + host;
}

/*
 * Sets the base to the directory of a page: its URL without query, fragment,
 * and what follows the last slash of the path.  Returns 0, or -1 if there is no
 * such URL, or no room for it.
 */
static int
set_base(struct visit *v, const char *url)
{
	size_t origin = origin_length(url);
	size_t n = origin + strcspn(url + origin, "?#");

	while (n > origin && url[n - 1] != '/')
		n--;
	if (origin == 0 || n + 2 > sizeof(v->base))
		return -1;
	snprintf(v->base, sizeof(v->base), "%.*s%s", (int)n, url,
	    n == origin ? "/" : "");
	return 0;
}

int
visit_init(struct visit *v, const char *url, long wait_ms)
{
	v->bad_headers = false;
	v->wait_ms = wait_ms < VISIT_WAIT_MS ? wait_ms : VISIT_WAIT_MS;
	return set_base(v, url);
}

void
visit_url(const struct visit *v, const char *path, char *url, size_t size)
{
	snprintf(url, size, "%s%s", v->base, path);
}

/* Says what is wrong with a site's TLS, and what to do about it. */
static const char *
tls_words(enum http_trouble trouble)
{
	static const struct { enum http_trouble trouble; const char *words; }
	    all[] = {
		{ HTTP_OTHER_NAME, "the certificate is for another name; get "
		    "one for this host, or use the name that it is for" },
		{ HTTP_EXPIRED, "the certificate has expired; renew it" },
		{ HTTP_NOT_YET, "the certificate is not valid yet; look at "
		    "the clocks" },
		{ HTTP_SELF_SIGNED, "the certificate is signed by nobody whom "
		    "browsers trust; get one from your host or Let's Encrypt" },
		{ HTTP_NO_ISSUER, "the certificate is from nobody whom this "
		    "machine trusts, or the server leaves out the "
		    "intermediate one; configure its full chain" },
		{ HTTP_NO_TLS, "that port does not speak TLS; try http://" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].trouble == trouble)
			return all[i].words;
	return "no safe connection comes about";
}

void
visit_unreachable(const struct visit *v, const struct probe *p)
{
	const struct http_result *r = &p->result;
	int n = (int)origin_length(v->base);

	if (r->end == HTTP_TLS)
		say_verdict(SAY_BAD, "BROKEN", "%.*s: %s. (%s)", n, v->base,
		    tls_words(r->trouble), r->detail);
	else if (r->trouble == HTTP_NO_NAME)
		say_verdict(SAY_BAD, "BROKEN", "No such host: the name in "
		    "%.*s is not known. Is it spelt right, and has its DNS "
		    "record had an hour to spread?", n, v->base);
	else if (r->trouble == HTTP_NO_CONNECTION)
		say_verdict(SAY_BAD, "BROKEN", "Nothing listens at %.*s: the "
		    "web server is not running, or a firewall is in the way.",
		    n, v->base);
	else if (r->trouble == HTTP_TIMED_OUT)
		say_verdict(SAY_BAD, "BROKEN", "%.*s did not answer within "
		    "%ld s.", n, v->base, (v->wait_ms + 999) / 1000);
	else
		say_verdict(SAY_BAD, "BROKEN", "%.*s gives no answer: %s.", n,
		    v->base, r->detail);
}

/*
 * Whether a redirect may be followed.  Returns 0 if it leads to the same host
 * (its port may differ), and not from https to http; else -1.
 */
static int
may_follow(const char *from, const char *to)
{
	const char *f = strstr(from, "://"), *t = strstr(to, "://");
	size_t n;

	if (f == NULL || t == NULL || origin_length(to) == 0)
		return -1;
	if (strncasecmp(from, "https", 5) == 0 &&
	    strncasecmp(to, "https", 5) != 0)
		return -1;
	n = strcspn(f + 3, ":/?#");
	return n == strcspn(t + 3, ":/?#") &&
	    strncasecmp(f + 3, t + 3, n) == 0 ? 0 : -1;
}

/* Follows a redirect.  Returns whether the base has changed. */
static bool
follow(struct visit *v, const struct probe *p)
{
	const char *to = p->result.redirect;

	if (*to == '\0')
		return false;
	if (may_follow(v->base, to) == -1 || set_base(v, to) == -1) {
		say_warning("page", "moves to %s, which was not followed; "
		    "check that address if it is yours", to);
		return false;
	}
	say_fact("page", "moves to %s", to);
	return true;
}

/*
 * Says whether the page comes with a policy that is strict enough.  A policy of
 * a site's own is judged only roughly: it has nothing "unsafe-", and its
 * default-src is 'none' or 'self'.
 */
static void
say_policy(struct visit *v, const struct probe *p)
{
	const char *csp = probe_header(p, "Content-Security-Policy");
	const char *nosniff = probe_header(p, "X-Content-Type-Options");
	bool strict;

	strict = csp != NULL && strstr(csp, "unsafe-") == NULL &&
	    (strstr(csp, "default-src 'none'") != NULL ||
	    strstr(csp, "default-src 'self'") != NULL);
	if (csp == NULL)
		say_warning("policy", "no Content-Security-Policy arrives");
	else if (strcmp(csp, advice_csp) == 0)
		say_fact("policy", "Content-Security-Policy as it is shipped");
	else if (strict)
		say_fact("policy", "a Content-Security-Policy of your own, "
		    "strict");
	else
		say_warning("policy", "a Content-Security-Policy that permits "
		    "more than the page needs: %s", csp);
	if (nosniff == NULL || strcasecmp(nosniff, "nosniff") != 0)
		say_warning("policy", "no X-Content-Type-Options: nosniff");
	v->bad_headers = !strict || nosniff == NULL;
}

static void
say_caching(const struct probe *p)
{
	const char *cache = probe_header(p, "Cache-Control");
	const char *age = cache == NULL ? NULL : strstr(cache, "max-age=");

	if (age != NULL && strtoll(age + 8, NULL, 10) > OLD_PAGE_S)
		say_warning("caching", "visitors keep an old page: "
		    "Cache-Control is %s", cache);
}

/*
 * Each turn of the loop asks for the base once.  It goes on as long as
 * redirects change the base, and says what the last page is.
 */
int
visit_page(struct visit *v, struct http *http)
{
	const struct probe_way way = { .encodings = true, .http2 = true,
	    .wait_ms = v->wait_ms };
	struct probe p;
	int rc, i;
	bool more = true;

	for (i = rc = 0; more && rc == 0 && i < REDIRECTS_MAX; i++) {
		probe_get(&p, http, v->base, "text/html", PAGE_MAX, &way);
		rc = p.result.status == 0 ? -1 : 0;
		more = rc == 0 && follow(v, &p);
		if (rc == -1)
			visit_unreachable(v, &p);
		else if (!more && p.result.status == 200 &&
		    strcmp(p.result.type, "text/html") == 0)
			say_fact("page", "200, text/html");
		else if (!more)
			say_warning("page", "%d, %s; a page is expected",
			    p.result.status, *p.result.type == '\0' ?
			    "no type" : p.result.type);
		if (rc == 0 && !more && p.result.status == 200) {
			say_policy(v, &p);
			say_caching(&p);
		}
		probe_free(&p);
	}
	return rc;
}

static void
say_services(const struct json *json)
{
	const struct json *list = json_get(json, "services"), *one;
	struct buf names = BUF_INIT(1024);
	const char *id;
	size_t i;

	for (i = 0; i < json_count(list); i++) {
		one = json_at(list, i);
		id = json_string(json_get(one, "id"), NULL);
		if (id != NULL && json_boolean(json_get(one, "usable"), false))
			buf_printf(&names, "%s%.40s", names.len == 0 ? "" :
			    ", ", id);
	}
	if (json_boolean(json_get(json, "demo"), false))
		say_fact("services", "none has a key yet: the demo cook "
		    "writes");
	else
		say_fact("services", "%s", names.data);
	buf_free(&names);
}

void
visit_services(const struct visit *v, struct http *http)
{
	const struct probe_way way = { .wait_ms = v->wait_ms };
	struct probe p;
	struct json *json;
	char url[1100];

	visit_url(v, "services", url, sizeof(url));
	probe_get(&p, http, url, "application/json", PAGE_MAX, &way);
	json = json_parse(p.body.data, p.body.len, 8, false, NULL, NULL);
	if (p.result.status == 200 &&
	    json_kind(json_get(json, "services")) == JSON_ARRAY)
		say_services(json);
	else
		say_warning("services", "%sservices is not answered by "
		    "recipe.fcgi (%d)", v->base, p.result.status);
	json_free(json);
	probe_free(&p);
}

/*
 * Whether an answer is the private file itself.  Many sites answer every path
 * with 200 and a page, so the content has to begin as that file does.
 */
static bool
is_served(const struct probe *p, const char *sign)
{
	const char *body = p->body.data + strspn(p->body.data, " \t\r\n");

	return p->result.status == 200 &&
	    strcmp(p->result.type, "text/html") != 0 && p->bytes > 0 &&
	    strncmp(body, sign, strlen(sign)) == 0;
}

void
visit_private(const struct visit *v, struct http *http)
{
	static const struct { const char *path, *sign, *what; } files[] = {
		{ "recipe.json", "{", "keys may be in it: move it above the "
		    "document root, and replace every key that it names" },
		{ "prompts/stages.json", "{", "anybody can read your prompts: "
		    "move prompts/ above the document root" },
		{ "recipe.fcgi", "\x7f" "ELF", "the program is handed out "
		    "instead of run" },
		{ ".htaccess", "", "the web server shows its own "
		    "configuration" },
		{ ".git/HEAD", "ref:", "the whole history can be fetched" },
	};
	const struct probe_way way = { .wait_ms = v->wait_ms };
	struct probe p;
	char url[1100];
	size_t i;
	int served = 0;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		visit_url(v, files[i].path, url, sizeof(url));
		probe_get(&p, http, url, "*/*", PEEK_MAX, &way);
		if (is_served(&p, files[i].sign)) {
			say_warning("DANGER", "%s can be fetched by anybody; "
			    "%s", url, files[i].what);
			served++;
		}
		probe_free(&p);
	}
	if (served == 0)
		say_fact("private", "recipe.json, prompts/, .htaccess and the "
		    "program cannot be fetched");
}
