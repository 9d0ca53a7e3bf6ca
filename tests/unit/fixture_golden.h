/*
 * fixture_golden: runs one test for each file of tests/golden that has a suffix,
 * after the other tests of a program.
 *
 *	static void golden(void **state);	*state is the path of the file
 *
 *	const struct CMUnitTest others[] = { cmocka_unit_test(a_test) };
 *
 *	return golden_run(others, COUNT(others), "sse", golden);
 */
#ifndef FIXTURE_GOLDEN_H
#define FIXTURE_GOLDEN_H

#include <glob.h>

#include "unit.h"

/* The most tests of one program, golden and other ones. */
#define GOLDEN_MAX	160

/*
 * Returns what main returns: how many tests have failed; or 1 if there is no
 * such file, or if there are more tests than GOLDEN_MAX.
 */
static inline int
golden_run(const struct CMUnitTest others[], size_t nothers,
    const char *suffix, CMUnitTestFunction test)
{
	struct CMUnitTest tests[GOLDEN_MAX];
	char pattern[512];
	glob_t found;
	size_t i;
	int rc;

	snprintf(pattern, sizeof(pattern), "%s/golden/*.%s",
	    unit_tests_dir(), suffix);
	if (glob(pattern, 0, NULL, &found) != 0 ||
	    nothers + found.gl_pathc > GOLDEN_MAX) {
		fprintf(stderr, "%s: none, or too many\n", pattern);
		return 1;
	}
	memcpy(tests, others, nothers * sizeof(tests[0]));
	for (i = 0; i < found.gl_pathc; i++)
		tests[nothers + i] = (struct CMUnitTest){ found.gl_pathv[i],
		    test, NULL, NULL, found.gl_pathv[i] };
	rc = _cmocka_run_group_tests("tests", tests, nothers + found.gl_pathc,
	    NULL, NULL);
	globfree(&found);
	return rc;
}

#endif
