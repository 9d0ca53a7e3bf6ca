/*
 * fixture_config: a recipe.json that a test writes and loads, in an environment
 * that has no keys.
 */
#ifndef FIXTURE_CONFIG_H
#define FIXTURE_CONFIG_H

#include "base/err.h"
#include "setup/config.h"
#include "unit.h"

static const char *const variables[] = { "FIREWORKS_API_KEY", "GROQ_API_KEY",
    "TOGETHER_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL",
    "RECIPE_CONFIG" };

static inline int
setup(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	return unit_dir_setup(state);
}

struct loaded {
	struct config	 config;
	struct err	 err;
	char		 path[256];
	int		 rc;
};

static inline void
load(struct loaded *l, const char *dir, const char *text)
{
	*l = (struct loaded){ .config = CONFIG_INIT, .err = ERR_INIT };
	unit_write(dir, "recipe.json", text, 0600, l->path);
	setenv("RECIPE_CONFIG", l->path, 1);
	l->rc = config_load(&l->config, NULL, &l->err);
}

static inline void
load_well(struct loaded *l, const char *dir, const char *text)
{
	load(l, dir, text);
	if (l->rc != 0)
		fail_msg("%s", l->err.text);
}

/* The id of the first service for a stage that asks for `id`. */
static inline const char *
first_for(const struct config *config, const char *id)
{
	char name[64];
	char *const ids[] = { name, NULL };
	const struct service *order[4];

	snprintf(name, sizeof(name), "%s", id == NULL ? "" : id);
	assert_true(config_order(config, id == NULL ? NULL : ids, order,
	    COUNT(order)) >= 1);
	return order[0]->id;
}

#define OWN(f) cmocka_unit_test_setup_teardown(f, setup, unit_dir_teardown)

#endif
