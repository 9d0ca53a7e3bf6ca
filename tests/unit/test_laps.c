/*
 * laps: rows come back as they went in, in whichever file they are; none is
 * torn, by many writers, a kill, or a disk that was full.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "setup/service.h"
#include "site/laps.h"
#include "unit.h"

#define WRITERS		64
#define ROUNDS		50
#define ROWS		6	/* of a run */

struct seen {
	size_t		n;
	struct lap	last;
	size_t		wrong;
};

static void
take(void *arg, const struct lap *lap)
{
	struct seen *seen = arg;

	seen->n++;
	seen->last = *lap;
	/* What lap_of writes. */
	if (lap->total_us != (int32_t)(lap->at_ms % 1000) + lap->tokens)
		seen->wrong++;
}

static struct lap
lap_of(int64_t at_ms, int32_t tokens)
{
	return (struct lap){ .key = 7, .at_ms = at_ms, .first_us = 1,
	    .text_us = 2, .total_us = (int32_t)(at_ms % 1000) + tokens,
	    .rate_milli = 3, .tokens = tokens, .end = LAP_SLOW,
	    .of = LAP_OF_SPEED, .estimated = true };
}

static int
make_dir(void **state)
{
	char dir[] = "/tmp/recipe-laps-XXXXXX";

	assert_non_null(mkdtemp(dir));
	*state = strdup(dir);
	return 0;
}

static int
remove_dir(void **state)
{
	char command[200];

	snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
	assert_int_equal(system(command), 0);
	free(*state);
	return 0;
}

static int64_t
size_of(const char *dir, const char *name)
{
	char path[200];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return stat(path, &st) == -1 ? -1 : (int64_t)st.st_size;
}

static void
rows_come_back(void **state)
{
	struct lap list[2] = { lap_of(1764400000123, 10), lap_of(5, 6) };
	struct laps_mark marks[2] = { { 0, 0 }, { 0, 0 } };
	struct laps laps = LAPS_INIT;
	struct seen seen = { 0 };

	laps_open(&laps, *state);
	assert_int_equal(laps_read(*state, marks, take, &seen), 0);
	laps_write(&laps, list, 2);
	assert_int_equal(size_of(*state, "laps"), 2 * LAP_BYTES);
	assert_int_equal(laps_read(*state, marks, take, &seen), 2);
	assert_int_equal(seen.last.at_ms, 5);
	assert_int_equal(seen.last.tokens, 6);
	assert_int_equal(seen.last.rate_milli, 3);
	assert_int_equal(seen.last.end, LAP_SLOW);
	assert_int_equal(seen.last.of, LAP_OF_SPEED);
	assert_true(seen.last.estimated);
	assert_int_equal(laps_read(*state, marks, take, &seen), 0);
	laps_write(&laps, list, 1);
	assert_int_equal(laps_read(*state, marks, take, &seen), 1);
	assert_int_equal(seen.last.at_ms, 1764400000123);
	laps_close(&laps);
	laps_close(&laps);
}

/* Without a folder, or in one that takes nothing, nothing happens. */
static void
nowhere(void **state)
{
	struct lap lap = lap_of(1, 2);
	struct laps laps;

	(void)state;
	laps_open(&laps, NULL);
	laps_write(&laps, &lap, 1);
	laps_close(&laps);
	laps_open(&laps, "/nonexistent");
	laps_write(&laps, &lap, 1);
	assert_int_equal(laps.fd, -1);
	laps_close(&laps);
}

/* The same rows are read once, also when their file becomes the old one. */
static void
a_full_file_becomes_the_old_one(void **state)
{
	struct laps_mark marks[2] = { { 0, 0 }, { 0, 0 } };
	struct laps laps, other;
	struct lap list[LAPS_AT_ONCE];
	struct seen seen = { 0 };
	size_t i, n = LAPS_BYTES / LAP_BYTES / LAPS_AT_ONCE;

	for (i = 0; i < LAPS_AT_ONCE; i++)
		list[i] = lap_of((int64_t)i, 1);
	laps_open(&laps, *state);
	laps_open(&other, *state);
	laps_write(&other, list, 1);
	for (i = 0; i < n; i++)
		laps_write(&laps, list, LAPS_AT_ONCE);
	laps_read(*state, marks, take, &seen);
	assert_int_equal(seen.n, n * LAPS_AT_ONCE + 1);
	laps_write(&laps, list, 1);
	laps_write(&other, list, 1);
	assert_int_equal(size_of(*state, "laps"), 2 * LAP_BYTES);
	assert_true(size_of(*state, "laps.old") >= LAPS_BYTES);
	assert_int_equal(laps_read(*state, marks, take, &seen), 2);
	assert_int_equal(seen.wrong, 0);
	laps_close(&laps);
	laps_close(&other);
}

/* What is no row is stepped over, wherever the next one begins. */
static void
torn_rows(void **state)
{
	struct laps_mark marks[2] = { { 0, 0 }, { 0, 0 } };
	struct lap lap = lap_of(77, 3);
	struct seen seen = { 0 };
	struct laps laps;
	char path[200];
	int fd;

	laps_open(&laps, *state);
	laps_write(&laps, &lap, 1);
	snprintf(path, sizeof(path), "%s/laps", (char *)*state);
	assert_int_equal(truncate(path, LAP_BYTES - 9), 0);
	laps_write(&laps, &lap, 1);
	fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "LAP2 but no row", 15), 15);
	close(fd);
	laps_write(&laps, &lap, 1);
	assert_int_equal(laps_read(*state, marks, take, &seen), 2);
	assert_int_equal(seen.wrong, 0);
	laps_close(&laps);
}

static void __attribute__((noreturn))
write_for_ever(const char *dir, int who)
{
	struct lap list[ROWS];
	struct laps laps;
	int64_t i;
	int k;

	laps_open(&laps, dir);
	for (i = 0; i < ROUNDS; i++) {
		for (k = 0; k < ROWS; k++)
			list[k] = lap_of(i * 1000 + who, k);
		laps_write(&laps, list, ROWS);
	}
	_exit(0);
}

/* All that write at once, of whom some are killed, leave whole rows. */
static void
many_writers(void **state)
{
	struct laps_mark marks[2] = { { 0, 0 }, { 0, 0 } };
	struct seen seen = { 0 };
	pid_t pids[WRITERS];
	int i, killed = 0, status;

	for (i = 0; i < WRITERS; i++)
		if ((pids[i] = fork()) == 0)
			write_for_ever(*state, i);
	for (i = 0; i < WRITERS; i += 8)
		kill(pids[i], SIGKILL);
	for (i = 0; i < WRITERS; i++) {
		waitpid(pids[i], &status, 0);
		killed += WIFSIGNALED(status);
	}
	laps_read(*state, marks, take, &seen);
	assert_int_equal(seen.wrong, 0);
	assert_true(seen.n >= (size_t)(WRITERS - killed) * ROUNDS * ROWS);
	assert_true(size_of(*state, "laps.old") > 0);
	assert_int_equal(size_of(*state, "laps") +
	    size_of(*state, "laps.old"), seen.n * LAP_BYTES);
}

static void
a_model_has_its_own_rows(void **state)
{
	static char id[] = "a", url[] = "http://h/v1", other[] = "http://i/v1";
	struct service s = { .id = id, .base_url = url };
	struct service t = { .id = id, .base_url = other };

	(void)state;
	assert_true(laps_key(&s, "m") == laps_key(&s, "m"));
	assert_false(laps_key(&s, "m") == laps_key(&s, "n"));
	assert_false(laps_key(&s, "m") == laps_key(&t, "m"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_DIR(f)	cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)
		IN_DIR(rows_come_back),
		IN_DIR(nowhere),
		IN_DIR(a_full_file_becomes_the_old_one),
		IN_DIR(torn_rows),
		IN_DIR(many_writers),
		IN_DIR(a_model_has_its_own_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
