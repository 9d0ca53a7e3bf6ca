/*
 * service.c: listener, before any fork.  Reads the services; knows nothing of
 * stages or requests, or of where a key is.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/log.h"
#include "setup/doc.h"
#include "setup/service.h"
#include "text/json.h"

/*
 * With the models that these hosts served in autumn 2026.  Hosts retire models,
 * so there is a second one if the host had another that fits.
 */
static const struct {
	const char *id, *base_url, *key_from, *models[3];
} builtin[] = {
	{ "70b", "https://api.fireworks.ai/inference/v1",
	  "env:FIREWORKS_API_KEY",
	  { "accounts/fireworks/models/llama-v3p3-70b-instruct",
	    "accounts/fireworks/models/gpt-oss-120b", NULL } },
	{ "groq-70b", "https://api.groq.com/openai/v1", "env:GROQ_API_KEY",
	  { "openai/gpt-oss-120b", NULL, NULL } },
	{ "together-70b", "https://api.together.xyz/v1",
	  "env:TOGETHER_API_KEY",
	  { "meta-llama/Llama-3.3-70B-Instruct-Turbo", NULL, NULL } },
	{ "openai", "https://api.openai.com/v1", "env:OPENAI_API_KEY",
	  { "gpt-4o-mini", NULL, NULL } },
	{ "8b", "https://api.fireworks.ai/inference/v1",
	  "env:FIREWORKS_API_KEY",
	  { "accounts/fireworks/models/llama-v3p1-8b-instruct",
	    "accounts/fireworks/models/gpt-oss-20b", NULL } },
	{ "groq-8b", "https://api.groq.com/openai/v1", "env:GROQ_API_KEY",
	  { "llama-3.1-8b-instant", "openai/gpt-oss-20b", NULL } },
};

#define NBUILTIN (sizeof(builtin) / sizeof(builtin[0]))

/* Sets a string of a service to a copy of s, which may be a part of the old. */
static void
set_string(char **field, const char *s)
{
	char *old = *field;

	*field = doc_copy(s);
	free(old);
}

/* Sets the models to copies of those, which end in a NULL. */
static void
set_models(struct service *s, const char *const models[])
{
	size_t n;

	doc_free_strings(s->models);
	for (n = 0; models[n] != NULL;)
		n++;
	if ((s->models = calloc(n + 1, sizeof(*s->models))) == NULL)
		fatal("cannot copy the configuration");
	s->nmodels = n;
	while (n-- > 0)
		s->models[n] = doc_copy(models[n]);
}

/*
 * Sets the base URL, the query after it, and what follows from the host.  Many
 * people copy the whole address of the API; so "/chat/completions", which this
 * program appends itself, is cut off, and so are slashes at the end.
 */
static void
set_url(struct service *s, const char *url)
{
	static const char tail[] = "/chat/completions";
	size_t n = strcspn(url, "?"), t = sizeof(tail) - 1;

	set_string(&s->query, url + n);
	while (n > 0 && url[n - 1] == '/')
		n--;
	if (n > t && memcmp(url + n - t, tail, t) == 0)
		n -= t;
	while (n > 0 && url[n - 1] == '/')
		n--;
	set_string(&s->base_url, url);
	s->base_url[n] = '\0';
	s->preconnect = service_is_https(s);
	profile_for_url(&s->profile, s->base_url);
}

/* Adds a service with nothing but an id.  Older pointers become invalid. */
static struct service *
add_service(struct services *services, const char *id)
{
	size_t n = services->n;
	struct service *list = realloc(services->list,
	    (n + 1) * sizeof(*list));

	if (list == NULL)
		fatal("cannot copy the configuration");
	services->list = list;
	services->n++;
	list[n] = (struct service){ .id = doc_copy(id), .top_p = -1 };
	profile_init(&list[n].profile);
	return &list[n];
}

static void
add_builtin(struct services *services)
{
	struct service *s;
	size_t i;

	for (i = 0; i < NBUILTIN; i++) {
		s = add_service(services, builtin[i].id);
		set_url(s, builtin[i].base_url);
		set_models(s, builtin[i].models);
		set_string(&s->key_from, builtin[i].key_from);
	}
}

/* services_find, for this file, which may change what it finds. */
static struct service *
find_by_id(const struct services *services, const char *id)
{
	size_t i;

	for (i = 0; i < services->n; i++)
		if (strcmp(services->list[i].id, id) == 0)
			return &services->list[i];
	return NULL;
}

/* Whether a base URL has a scheme that we speak, a host, and no white space. */
static bool
is_url(const char *url)
{
	size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 :
	    strncasecmp(url, "http://", 7) == 0 ? 7 : 0;

	return scheme > 0 && url[scheme] != '\0' && url[scheme] != '/' &&
	    strpbrk(url, " \t\r\n") == NULL;
}

/*
 * Changes "openai" by OPENAI_BASE_URL and OPENAI_MODEL, which most clients of
 * such services read.  Another server at that URL may need no key.
 */
static int
apply_environment(struct services *services, struct err *err)
{
	struct service *s = find_by_id(services, "openai");
	const char *url = getenv("OPENAI_BASE_URL");
	const char *model = getenv("OPENAI_MODEL");
	const char *key = getenv("OPENAI_API_KEY");

	if (url != NULL && *url != '\0') {
		if (!is_url(url))
			return err_set(err, 503, "config", "OPENAI_BASE_URL "
			    "must begin with http:// or https:// and name a "
			    "host, not be \"%.100s\"", url);
		set_url(s, url);
		if (key == NULL || *key == '\0')
			set_string(&s->key_from, NULL);
	}
	if (model != NULL && *model != '\0')
		set_models(s, (const char *const[]){ model, NULL });
	return 0;
}

/*
 * Moves a service to the host of a URL.  A built-in one forgets its key, its
 * certificates and its models, since they were meant for another host.
 */
static void
move_service(struct service *s, const char *url)
{
	set_string(&s->key_from, NULL);
	set_string(&s->ca_file, NULL);
	doc_free_strings(s->models);
	s->models = NULL;
	s->nmodels = 0;
	set_url(s, url);
}

/*
 * Reads which service a member of "services" changes or adds, and its base_url.
 * Returns the service, or NULL with err.
 */
static struct service *
read_host(struct services *services, const struct doc *doc, const char *id,
    struct err *err)
{
	struct service *s = find_by_id(services, id);
	const char *url = NULL;

	if (doc_string(doc, err, AT("services", id, "base_url"), &url) == -1)
		return NULL;
	if (s == NULL && url == NULL) {
		doc_complain(doc, err, AT("services", id),
		    "\"%s\" is not built in, so it needs a \"base_url\"", id);
		return NULL;
	}
	if (url != NULL && !is_url(url)) {
		doc_complain(doc, err, AT("services", id, "base_url"),
		    "\"base_url\" must begin with http:// or https:// and name"
		    " a host");
		return NULL;
	}
	if (s == NULL)
		s = add_service(services, id);
	if (url != NULL)
		move_service(s, url);
	return s;
}

/* Reads one member of "services"; `place`, from 1, is its place in the file. */
static int
apply_member(struct services *services, const struct doc *doc,
    const char *id, size_t place, struct err *err)
{
	static const char *const known[] = { "base_url", "model", "key",
	    "ca_file", "preconnect", "parallel", "rpm", "tpm",
	    "top_p", "profile", "price", NULL };
	const char *key = NULL, *ca = NULL;
	struct service *s;

	if (strcmp(id, SERVICE_DEMO) == 0)
		return doc_complain(doc, err, AT("services", id),
		    "\"demo\" is a part of the program; give this service "
		    "another name");
	if (doc_only(doc, err, AT("services", id), known) == -1 ||
	    (s = read_host(services, doc, id, err)) == NULL)
		return -1;
	s->in_file = place;
	if (doc_strings(doc, err, AT("services", id, "model"), &s->models,
	    &s->nmodels) == -1 ||
	    doc_string(doc, err, AT("services", id, "key"), &key) == -1 ||
	    doc_string(doc, err, AT("services", id, "ca_file"), &ca) == -1 ||
	    doc_bool(doc, err, AT("services", id, "preconnect"),
	    &s->preconnect) == -1 ||
	    doc_int(doc, err, AT("services", id, "parallel"), 1,
	    SERVICE_PARALLEL_MAX, &s->parallel) == -1 ||
	    doc_int(doc, err, AT("services", id, "rpm"), 1, SERVICE_RPM_MAX,
	    &s->rpm) == -1 ||
	    doc_int(doc, err, AT("services", id, "tpm"), 1, SERVICE_TPM_MAX,
	    &s->tpm) == -1 ||
	    doc_double(doc, err, AT("services", id, "top_p"), 0, 1,
	    &s->top_p) == -1 ||
	    profile_read(&s->profile, doc, id, err) == -1 ||
	    prices_read(&s->prices, doc, id, err) == -1)
		return -1;
	if (s->nmodels == 0)
		return doc_complain(doc, err, AT("services", id),
		    "\"%s\" needs a \"model\"", id);
	if (key != NULL && strncmp(key, "env:", 4) != 0 &&
	    strncmp(key, "file:", 5) != 0)
		return doc_complain(doc, err, AT("services", id, "key"),
		    "\"key\" must be \"env:NAME\" or \"file:PATH\"; a key "
		    "itself does not belong in this file");
	if (key != NULL)
		set_string(&s->key_from, key);
	if (ca != NULL)
		set_string(&s->ca_file, ca);
	return 0;
}

static int
apply_file(struct services *services, const struct doc *doc, struct err *err)
{
	struct json *all = doc_get(doc, AT("services"));
	const char *id;
	size_t i;

	if (all != NULL && json_kind(all) != JSON_OBJECT)
		return doc_complain(doc, err, AT("services"),
		    "\"services\" must be an object of services by name");
	for (i = 0; i < json_count(all); i++) {
		json_member(all, i, &id);
		if (apply_member(services, doc, id, i + 1, err) == -1)
			return -1;
	}
	return 0;
}

/* Overwrites every variable that may hold a key, whether it was used or not. */
static void
forget_keys(const struct services *services)
{
	size_t i;

	/* A built-in service may read another variable by now. */
	for (i = 0; i < NBUILTIN; i++)
		service_forget_key(builtin[i].key_from);
	for (i = 0; i < services->n; i++)
		service_forget_key(services->list[i].key_from);
}

int
services_load(struct services *services, const struct doc *doc,
    void (*warn)(const char *), struct err *err)
{
	static const char *const demo[] = { "demo", NULL };
	struct service *s;
	size_t i;
	int rc;

	add_builtin(services);
	rc = apply_environment(services, err);
	if (rc == 0 && doc != NULL && apply_file(services, doc, err) == -1)
		rc = -1;
	for (i = 0; i < services->n && rc == 0; i++) {
		s = &services->list[i];
		rc = service_read_key(s, warn, err);
		if (s->key == NULL && s->key_from != NULL)
			s->why_not = "its key is not there";
	}
	forget_keys(services);
	set_models(add_service(services, SERVICE_DEMO), demo);
	return rc;
}

void
services_free(struct services *services)
{
	struct service *s;
	size_t i;

	for (i = 0; i < services->n; i++) {
		s = &services->list[i];
		if (s->key != NULL)
			explicit_bzero(s->key, strlen(s->key));
		free(s->key);
		free(s->key_from);
		free(s->id);
		free(s->base_url);
		free(s->query);
		profile_free(&s->profile);
		prices_free(&s->prices);
		free(s->ca_file);
		doc_free_strings(s->models);
	}
	free(services->list);
	services->list = NULL;
	services->n = 0;
}

const struct service *
services_find(const struct services *services, const char *id)
{
	return find_by_id(services, id);
}

const struct service service_program = { .id = "-", .query = "",
    .models = (char *[]){ "-", NULL }, .nmodels = 1, .top_p = -1 };

bool
service_is_program(const struct service *service)
{
	return service == &service_program;
}

bool
service_is_demo(const struct service *service)
{
	return service->base_url == NULL && !service_is_program(service);
}

const char *
service_name(const struct service *service)
{
	return service_is_program(service) ? "the program" : service->id;
}

bool
service_is_https(const struct service *service)
{
	return service->base_url != NULL &&
	    strncasecmp(service->base_url, "https://", 8) == 0;
}

/* The host and port in a base URL; n is their length. */
static const char *
authority_of(const struct service *service, size_t *n)
{
	const char *s = strstr(service->base_url, "://") + 3, *at;

	*n = strcspn(s, "/?#");
	/* A user and a password may stand before the host, and hold an '@'. */
	while ((at = memchr(s, '@', *n)) != NULL) {
		*n -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	return s;
}

char *
service_host(const struct service *service)
{
	const char *s;
	size_t n;

	if (service->base_url == NULL)
		return NULL;
	s = authority_of(service, &n);
	/* An IPv6 address stands in brackets, since it has colons itself. */
	if (*s == '[')
		return strndup(s + 1, strcspn(s + 1, "]/"));
	return strndup(s, n < strcspn(s, ":") ? n : strcspn(s, ":"));
}

char *
service_server(const struct service *service)
{
	bool https = service_is_https(service);
	const char *s, *after;
	char *server, *p;
	size_t n;

	if (service->base_url == NULL)
		return NULL;
	s = authority_of(service, &n);
	/* The colons of an IPv6 address are not that of a port. */
	after = *s == '[' ? s + strcspn(s, "]") : s;
	if (asprintf(&server, "http%s://%.*s%s", https ? "s" : "", (int)n, s,
	    memchr(after, ':', n - (size_t)(after - s)) != NULL ? "" :
	    https ? ":443" : ":80") == -1)
		return NULL;
	for (p = server; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return server;
}
