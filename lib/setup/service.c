/*
 * service.c: listener, before any fork.  Hosts and keys; knows nothing of
 * stages or requests.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "setup/doc.h"
#include "setup/service.h"
#include "text/json.h"

#define KEY_MAX	4096

/* Models that the hosts served in autumn 2026; hosts retire models. */
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

/* What is copied at start-up must be there: nothing is served yet. */
static char *
copy(const char *s)
{
	char *ours = s == NULL ? NULL : strdup(s);

	if (s != NULL && ours == NULL)
		fatal("configuration");
	return ours;
}

static void
set(char **field, const char *s)
{
	char *old = *field;

	*field = copy(s);
	free(old);
}

static void
set_models(struct service *s, const char *const models[])
{
	size_t n;

	doc_free_strings(s->models);
	for (n = 0; models[n] != NULL;)
		n++;
	if ((s->models = calloc(n + 1, sizeof(*s->models))) == NULL)
		fatal("configuration");
	s->nmodels = n;
	while (n-- > 0)
		s->models[n] = copy(models[n]);
}

/* Without trailing slashes and without the path that we add ourselves. */
static void
set_url(struct service *s, const char *url)
{
	static const char tail[] = "/chat/completions";
	size_t n = strcspn(url, "?"), t = sizeof(tail) - 1;

	set(&s->query, url + n);
	while (n > 0 && url[n - 1] == '/')
		n--;
	if (n > t && memcmp(url + n - t, tail, t) == 0)
		n -= t;
	while (n > 0 && url[n - 1] == '/')
		n--;
	set(&s->base_url, url);
	s->base_url[n] = '\0';
	s->preconnect = service_is_https(s);
	profile_for_url(&s->profile, s->base_url);
}

static struct service *
add(struct services *services, const char *id)
{
	size_t n = services->n;
	struct service *list = realloc(services->list,
	    (n + 1) * sizeof(*list));

	if (list == NULL)
		fatal("configuration");
	services->list = list;
	services->n++;
	list[n] = (struct service){ .id = copy(id), .top_p = -1 };
	profile_init(&list[n].profile);
	return &list[n];
}

static void
add_builtin(struct services *services)
{
	struct service *s;
	size_t i;

	for (i = 0; i < NBUILTIN; i++) {
		s = add(services, builtin[i].id);
		set_url(s, builtin[i].base_url);
		set_models(s, builtin[i].models);
		set(&s->key_from, builtin[i].key_from);
	}
}

static struct service *
find(const struct services *services, const char *id)
{
	size_t i;

	for (i = 0; i < services->n; i++)
		if (strcmp(services->list[i].id, id) == 0)
			return &services->list[i];
	return NULL;
}

static bool
is_url(const char *url)
{
	size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 :
	    strncasecmp(url, "http://", 7) == 0 ? 7 : 0;

	return scheme > 0 && url[scheme] != '\0' && url[scheme] != '/' &&
	    strpbrk(url, " \t\r\n") == NULL;
}

/* OPENAI_BASE_URL and OPENAI_MODEL, the variables every client knows. */
static int
apply_environment(struct services *services, struct err *err)
{
	struct service *s = find(services, "openai");
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
			set(&s->key_from, NULL);
	}
	if (model != NULL && *model != '\0')
		set_models(s, (const char *const[]){ model, NULL });
	return 0;
}

/* One member of "services" in recipe.json. */
static int
apply_member(struct services *services, const struct doc *doc,
    const char *id, size_t place, struct err *err)
{
	static const char *const known[] = { "base_url", "model", "key",
	    "ca_file", "preconnect", "top_p", "profile", NULL };
	struct service *s = find(services, id);
	const char *url = NULL, *key = NULL, *ca = NULL;

	if (strcmp(id, SERVICE_DEMO) == 0)
		return doc_complain(doc, err, AT("services", id),
		    "\"demo\" is the cook in the program, give this service "
		    "another name");
	if (doc_only(doc, err, AT("services", id), known) == -1 ||
	    doc_string(doc, err, AT("services", id, "base_url"), &url) == -1)
		return -1;
	if (s == NULL && url == NULL)
		return doc_complain(doc, err, AT("services", id),
		    "\"%s\" is not built in, so it needs a \"base_url\"", id);
	if (url != NULL && !is_url(url))
		return doc_complain(doc, err, AT("services", id, "base_url"),
		    "\"base_url\" must begin with http:// or https:// and name"
		    " a host");
	if (s == NULL)
		s = add(services, id);
	s->in_file = place;
	if (url != NULL) {
		/* Another host gets nothing that was meant for the first. */
		set(&s->key_from, NULL);
		set(&s->ca_file, NULL);
		doc_free_strings(s->models);
		s->models = NULL;
		s->nmodels = 0;
		set_url(s, url);
	}
	if (doc_strings(doc, err, AT("services", id, "model"), &s->models,
	    &s->nmodels) == -1 ||
	    doc_string(doc, err, AT("services", id, "key"), &key) == -1 ||
	    doc_string(doc, err, AT("services", id, "ca_file"), &ca) == -1 ||
	    doc_bool(doc, err, AT("services", id, "preconnect"),
	    &s->preconnect) == -1 ||
	    doc_double(doc, err, AT("services", id, "top_p"), 0, 1,
	    &s->top_p) == -1 ||
	    profile_read(&s->profile, doc, id, err) == -1)
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
		set(&s->key_from, key);
	if (ca != NULL)
		set(&s->ca_file, ca);
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

/* A key is visible ASCII without spaces, or no header can carry it. */
static int
take_key(struct service *s, char *text, struct err *err)
{
	size_t start = strspn(text, " \t\r\n"), n, i;

	n = strlen(text + start);
	while (n > 0 && strchr(" \t\r\n", text[start + n - 1]) != NULL)
		n--;
	text[start + n] = '\0';
	for (i = 0; i < n; i++)
		if (text[start + i] <= ' ' || text[start + i] > '~')
			return err_set(err, 503, "config",
			    "the key of service \"%s\" (%s) holds a space or "
			    "a character that no key has; save it again",
			    s->id, s->key_from);
	if (n > 0)
		s->key = copy(text + start);
	return 0;
}

static int
read_key_file(struct service *s, void (*warn)(const char *), struct err *err)
{
	struct buf text = BUF_INIT(KEY_MAX);
	const char *path = s->key_from + 5;
	char line[300];
	struct stat st;
	int rc = -1;

	if (stat(path, &st) == -1 || doc_slurp(path, &text) == -1) {
		err_set(err, 503, "config", "the key file of service \"%s\", "
		    "%s: %s", s->id, path, strerror(errno));
		goto out;
	}
	if (st.st_mode & S_IROTH) {
		err_set(err, 503, "config", "everybody on this machine can "
		    "read the key file %s: chmod 600 %s", path, path);
		goto out;
	}
	if (st.st_mode & S_IRGRP && warn != NULL) {
		snprintf(line, sizeof(line), "the group can read the key file "
		    "%s: chmod 600 %s unless that is meant", path, path);
		warn(line);
	}
	rc = take_key(s, text.data, err);
out:
	buf_free(&text);
	return rc;
}

static int
read_key(struct service *s, void (*warn)(const char *), struct err *err)
{
	char *value;

	if (s->key_from == NULL)
		return 0;
	if (strncmp(s->key_from, "file:", 5) == 0)
		return read_key_file(s, warn, err);
	/* Overwritten later, by forget: two services may share a variable. */
	if ((value = getenv(s->key_from + 4)) == NULL)
		return 0;
	if ((value = strdup(value)) == NULL)
		fatal("configuration");
	if (take_key(s, value, err) == -1) {
		free(value);
		return -1;
	}
	explicit_bzero(value, strlen(value));
	free(value);
	return 0;
}

static void
forget(const char *name)
{
	char *value = getenv(name);

	if (value != NULL)
		memset(value, 'x', strlen(value));
}

/* The bytes in environ of every key that was named, used or not. */
static void
forget_keys(const struct services *services)
{
	size_t i;

	for (i = 0; i < NBUILTIN; i++)
		forget(builtin[i].key_from + 4);
	for (i = 0; i < services->n; i++)
		if (services->list[i].key_from != NULL &&
		    strncmp(services->list[i].key_from, "env:", 4) == 0)
			forget(services->list[i].key_from + 4);
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
		rc = read_key(s, warn, err);
		if (s->key == NULL && s->key_from != NULL)
			s->why_not = "its key is not there";
	}
	forget_keys(services);
	set_models(add(services, SERVICE_DEMO), demo);
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
	return find(services, id);
}

bool
service_is_demo(const struct service *service)
{
	return service->base_url == NULL;
}

bool
service_is_https(const struct service *service)
{
	return service->base_url != NULL &&
	    strncasecmp(service->base_url, "https://", 8) == 0;
}

char *
service_host(const struct service *service)
{
	const char *s = service->base_url, *at;
	size_t n;

	if (s == NULL)
		return NULL;
	s = strstr(s, "://") + 3;
	n = strcspn(s, "/?#");
	while ((at = memchr(s, '@', n)) != NULL) {
		n -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	if (*s == '[')
		return strndup(s + 1, strcspn(s + 1, "]/"));
	return strndup(s, n < strcspn(s, ":") ? n : strcspn(s, ":"));
}
