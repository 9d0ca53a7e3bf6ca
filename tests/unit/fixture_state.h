/*
 * fixture_state: what workers know of two services, `a` and `b`, kept in a
 * file below the directory of the test; the environment names no other place.
 */
#ifndef FIXTURE_STATE_H
#define FIXTURE_STATE_H

#include "site/state.h"
#include "setup/service.h"
#include "unit.h"

static char id_a[] = "a", id_b[] = "my \"own\" \xea\xb9\x80";
static const struct service a = { .id = id_a }, b = { .id = id_b };

static inline int
setup(void **state)
{
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	unsetenv("TMPDIR");
	return unit_dir_setup(state);
}

/* Opens it in `dir`, as a worker of the site /site/recipe.json does. */
static inline void
open_in(struct state *s, const char *dir)
{
	*s = (struct state)STATE_INIT;
	state_open(s, dir, "/site/recipe.json");
	assert_non_null(s->dir);
	state_read(s);
}

/* Its file; the text is good until the next call. */
static inline const char *
file_of(const struct state *s)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/state.json", s->dir);
	return path;
}

#define OWN(f) cmocka_unit_test_setup_teardown(f, setup, unit_dir_teardown)

#endif
