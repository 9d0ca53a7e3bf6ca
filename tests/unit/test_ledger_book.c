/*
 * ledger: what becomes of its file: renamed, cut short, written by others.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "fixture_ledger.h"
#include "site/rows.h"

static const char *
path_of(const char *dir, char path[300])
{
	snprintf(path, 300, "%s/" BOOK_NAME "20261129", dir);
	return path;
}

static int64_t
size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void
add_bytes(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

/* Two processes never count in two files. */
static void
renamed(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a, b;
	char path[300], old[300];
	int i, n = 0;

	fixture_now = NOON;
	guard.runs_day = 10;
	teller_open(&a, *state, guard);
	for (i = 0; i < 5; i++)
		assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	snprintf(old, sizeof(old), "%s/old", (const char *)*state);
	assert_int_equal(rename(path_of(*state, path), old), 0);
	teller_open(&b, *state, guard);
	for (i = 0; i < 20; i++) {
		n += teller_run(&a, NULL, 1) == VERDICT_FITS;
		n += teller_run(&b, NULL, 1) == VERDICT_FITS;
	}
	/* As after a book that was removed, the day begins anew, for both. */
	assert_int_equal(n, 10);
	teller_close(&a);
	teller_close(&b);
}

static void
cut_short(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a, b;
	char path[300];
	int i, left, n = 0;

	fixture_now = NOON;
	guard.runs_day = 10;
	teller_open(&a, *state, guard);
	for (i = 0; i < 8; i++)
		assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	/* In the middle of a row. */
	path_of(*state, path);
	assert_int_equal(truncate(path, size_of(path) / 2 + 13), 0);
	left = (int)fixture_sum(*state, 20261129, &guard).runs;
	assert_in_range(left, 2, 6);
	teller_open(&b, *state, guard);
	for (i = 0; i < 20; i++) {
		n += teller_run(&a, NULL, 1) == VERDICT_FITS;
		n += teller_run(&b, NULL, 1) == VERDICT_FITS;
	}
	assert_in_range(left + n, 9, 10);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).runs, 10);
	teller_close(&a);
	teller_close(&b);
}

/* Whether a ledger is closed, and opens again when the bytes are gone. */
static void
assert_closes(const char *dir, const void *bytes, size_t n)
{
	struct guard guard = fixture_guard();
	struct teller a, b;
	char path[300];
	int64_t size;

	fixture_now = NOON;
	guard.runs_day = 10;
	teller_open(&a, dir, guard);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	size = size_of(path_of(dir, path));
	add_bytes(path, bytes, n);
	teller_open(&b, dir, guard);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_CLOSED);
	assert_int_equal(teller_run(&b, NULL, 1), VERDICT_CLOSED);
	/* Nothing more is added by those who know it. */
	n = (size_t)size_of(path);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_CLOSED);
	assert_int_equal(teller_run(&b, NULL, 1), VERDICT_CLOSED);
	assert_int_equal(size_of(path), n);
	/* Mended. */
	assert_int_equal(truncate(path, size), 0);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	assert_int_equal(teller_run(&b, NULL, 1), VERDICT_FITS);
	assert_int_equal(fixture_sum(dir, 20261129, &guard).runs, 3);
	/* Removed. */
	add_bytes(path, "x", 1);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_CLOSED);
	unlink(path);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	assert_int_equal(fixture_sum(dir, 20261129, &guard).runs, 1);
	unlink(path);
	teller_close(&a);
	teller_close(&b);
}

static void
foreign_bytes(void **state)
{
	struct entry list[3] = { { .kind = ENTRY_REFUSED, .n = 1 } };
	char bytes[1000];

	memset(bytes, '_', sizeof(bytes));
	assert_closes(*state, bytes, sizeof(bytes));
	memset(bytes, 0, sizeof(bytes));
	assert_closes(*state, bytes, sizeof(bytes));
	assert_closes(*state, bytes, 5);
	assert_closes(*state, "a note\n", 7);
	/* Rows of another version of this program. */
	rows_seal(&list[0], ENTRY_MARK + 1);
	list[2] = list[1] = list[0];
	assert_closes(*state, list, sizeof(list));
	/* A row that has changed on the disk. */
	rows_seal(&list[0], ENTRY_MARK);
	list[0].n++;
	assert_closes(*state, list, sizeof(list[0]));
}

/* What a full disk leaves behind: rows cut short, one after the other. */
static void
torn_rows(void **state)
{
	struct guard guard = fixture_guard();
	struct entry row = { .kind = ENTRY_REFUSED, .n = 1 };
	struct teller a;
	char path[300];
	size_t n;

	fixture_now = NOON;
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	path_of(*state, path);
	rows_seal(&row, ENTRY_MARK);
	for (n = 4; n < sizeof(row); n++)
		add_bytes(path, &row, n);
	add_bytes(path, &row, sizeof(row));
	for (n = sizeof(row) - 1; n > 0; n--) {
		add_bytes(path, &row, n);
		assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	}
	assert_int_equal(fixture_sum(*state, 20261129, &guard).runs, 64);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).refused, 1);
	teller_close(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(renamed, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(cut_short, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(foreign_bytes, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(torn_rows, unit_dir_setup,
		    unit_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
