/*
 * unit: what the unit tests share.
 *
 * Each test_MODULE.c is a program of its own.  TESTS_DIR (default "tests") is
 * where this tree's data is; what a test writes goes to a directory of its
 * own, made by its setup and removed by its teardown, also when it fails.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "setup/doc.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* For bytes that hold NULs: a literal and its length. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static inline const char *
unit_tests_dir(void)
{
	const char *dir = getenv("TESTS_DIR");

	return dir == NULL || *dir == '\0' ? "tests" : dir;
}

/* A number from the environment. */
static inline unsigned
unit_number(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text == NULL || *text == '\0' ? otherwise :
	    (unsigned)strtoul(text, NULL, 10);
}

/* Reads a whole file, or fails the test. */
static inline void
unit_read(const char *path, struct buf *out)
{
	if (doc_slurp(path, out) == -1)
		fail_msg("%s cannot be read", path);
}

static inline int
unit_remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* A setup: *state is the path of a new directory. */
static inline int
unit_dir_setup(void **state)
{
	char *dir = strdup("/tmp/recipe-unit.XXXXXX");

	if (dir == NULL || mkdtemp(dir) == NULL)
		return -1;
	*state = dir;
	return 0;
}

static inline int
unit_dir_teardown(void **state)
{
	int rc = nftw(*state, unit_remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return rc;
}

/* Writes DIR/NAME with exactly this mode and returns its path. */
static inline const char *
unit_write(const char *dir, const char *name, const char *text, mode_t mode,
    char path[256])
{
	FILE *file;

	assert_in_range(snprintf(path, 256, "%s/%s", dir, name), 1, 255);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static inline void
unit_assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" does not hold \"%s\"", text, part);
}

static inline void
unit_assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("\"%s\" holds \"%s\"", text, part);
}

/* Non-overlapping occurrences. */
static inline size_t
unit_count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

/* The same, in an environment that has no service to ask. */
static inline int
unit_keyless_setup(void **state)
{
	static const char *const variables[] = { "FIREWORKS_API_KEY",
	    "GROQ_API_KEY", "TOGETHER_API_KEY", "OPENAI_API_KEY",
	    "OPENAI_BASE_URL" };
	size_t i;

	for (i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	return unit_dir_setup(state);
}

/* A test with a directory, *state; one that has no keys besides. */
#define TEST(f) cmocka_unit_test_setup_teardown(f, unit_dir_setup, \
	unit_dir_teardown)
#define KEYLESS(f) cmocka_unit_test_setup_teardown(f, unit_keyless_setup, \
	unit_dir_teardown)

#endif
