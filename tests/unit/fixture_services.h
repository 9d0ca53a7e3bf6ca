/*
 * fixture_services: the services that services_load makes of a file and of the
 * environment, which is empty when a test begins.
 */
#ifndef FIXTURE_SERVICES_H
#define FIXTURE_SERVICES_H

#include "base/err.h"
#include "setup/doc.h"
#include "setup/service.h"
#include "unit.h"

static const char *const variables[] = { "FIREWORKS_API_KEY", "GROQ_API_KEY",
    "TOGETHER_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL",
    "MY_KEY" };

static char warned[1000];

static inline void
warn(const char *line)
{
	snprintf(warned + strlen(warned), sizeof(warned) - strlen(warned),
	    "%s\n", line);
}

static inline int
setup(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	warned[0] = '\0';
	return unit_dir_setup(state);
}

/* What services_load made of a file's "services" (NULL: of no file). */
struct loaded {
	struct services	 services;
	struct doc	 doc;
	struct err	 err;
	char		 path[256];
	int		 rc;
};

static inline void
load(struct loaded *l, const char *dir, const char *text)
{
	*l = (struct loaded){ .doc = DOC_INIT, .err = ERR_INIT };
	if (text != NULL) {
		unit_write(dir, "recipe.json", text, 0600, l->path);
		if (doc_read(&l->doc, l->path, &l->err) == -1)
			fail_msg("%s", l->err.text);
	}
	l->rc = services_load(&l->services, text == NULL ? NULL : &l->doc,
	    warn, &l->err);
}

static inline void
unload(struct loaded *l)
{
	services_free(&l->services);
	services_free(&l->services);
	doc_free(&l->doc);
}

static inline const struct service *
get(const struct loaded *l, const char *id)
{
	const struct service *s = services_find(&l->services, id);

	if (l->rc != 0)
		fail_msg("%s", l->err.text);
	assert_non_null(s);
	return s;
}

/* A file that must be refused, with this in the message. */
static inline void
refuse(const char *dir, const char *text, const char *words)
{
	struct loaded l;

	load(&l, dir, text);
	if (l.rc != -1)
		fail_msg("%s was taken", text);
	assert_int_equal(l.err.status, 503);
	unit_assert_has(l.err.text, words);
	unload(&l);
}

/* A file with one service, whose members begin on line 4. */
#define X(members) "{\n\"services\": {\n\"x\": {\n" members "\n}\n}\n}\n"

#define OWN(f) cmocka_unit_test_setup_teardown(f, setup, unit_dir_teardown)

#endif
