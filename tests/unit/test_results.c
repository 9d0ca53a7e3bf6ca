/*
 * test_results: what is written, and what is left of it if it cannot be.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "fixture_results.h"

static void
written_and_read_again(void **state)
{
	struct files f;
	struct stat st;
	mode_t before = umask(022);

	files_init(&f, *state);
	files_open_well(&f, false);
	assert_int_equal(stat(f.out, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_false(is_file(f.errors));
	files_flush_well(&f);
	files_put(&f, false, GOOD("a"));
	files_put(&f, false, GOOD("b"));
	files_flush_well(&f);
	/* It is made when its first line comes. */
	assert_false(is_file(f.errors));
	files_put(&f, true, BAD("c"));
	files_put(&f, false, GOOD("d"));
	files_flush_well(&f);
	files_put(&f, true, BAD("never flushed"));
	files_close(&f);
	assert_file(f.out, BYTES(GOOD("a") "\n" GOOD("b") "\n" GOOD("d")
	    "\n"));
	assert_file(f.errors, BYTES(BAD("c") "\n"));
	files_open_well(&f, false);
	assert_int_equal(files_id(&f, "a"), ID_DONE);
	assert_int_equal(files_id(&f, "b"), ID_DONE);
	assert_int_equal(files_id(&f, "c"), ID_FAILED);
	assert_int_equal(files_id(&f, "d"), ID_DONE);
	assert_int_equal(f.ids.n, 4);
	assert_int_equal(f.results.torn, 0);
	files_put(&f, true, BAD("e"));
	files_flush_well(&f);
	files_close(&f);
	assert_file(f.errors, BYTES(BAD("c") "\n" BAD("e") "\n"));
	umask(before);
}

/* The result of a child that opens the same files: 0, or 1 if refused so. */
static int
open_in_child(struct files *f)
{
	struct files other = *f;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		char words[40];

		snprintf(words, sizeof(words), "process %ld", (long)getppid());
		other.ids = (struct ids)IDS_INIT;
		if (files_open(&other, true) == 0)
			_exit(0);
		_exit(strstr(other.err.text, "another process") != NULL &&
		    strstr(other.err.text, words) != NULL ? 1 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
locked(void **state)
{
	struct files f;

	files_init(&f, *state);
	files_open_well(&f, false);
	assert_int_equal(open_in_child(&f), 1);
	/* What is read and written does not give the lock away. */
	files_put(&f, false, GOOD("a"));
	files_put(&f, true, BAD("b"));
	files_flush_well(&f);
	assert_int_equal(open_in_child(&f), 1);
	files_close(&f);
	assert_int_equal(open_in_child(&f), 0);
	ids_add(&f.ids, "b", 1, ID_GIVEN);
	files_open_well(&f, true);
	assert_int_equal(open_in_child(&f), 1);
	files_close(&f);
}

/* --- what cannot be written ----------------------------------------------- */

static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/*
 * As with a full disk, a write is short, and then fails.  With every limit,
 * whole lines are in the file, and what is not goes there later.
 */
static void
full_disk(void **state)
{
	static const char all[] = GOOD("a") "\n" GOOD("b") "\n" GOOD("c")
	    "\n";
	const size_t line = sizeof(GOOD("a")), first = line;
	struct files f;
	size_t most, n;

	signal(SIGXFSZ, SIG_IGN);
	for (most = first; most < sizeof(all) - 1; most++) {
		files_init(&f, *state);
		unlink(f.out);
		files_open_well(&f, false);
		files_put(&f, false, GOOD("a"));
		files_flush_well(&f);
		files_put(&f, false, GOOD("b"));
		files_put(&f, false, GOOD("c"));
		limit_files(most);
		n = (size_t)results_flush(&f.results, &f.err);
		limit_files(0);
		assert_int_equal(n, (size_t)-1);
		unit_assert_has(f.err.text, "out.jsonl cannot be written: ");
		unit_assert_has(f.err.text, "the same command goes on");
		n = most / line * line;
		assert_int_equal(f.results.good.size, n);
		assert_int_equal(f.results.good.out.len, sizeof(all) - 1 - n);
		/* The lock would be lost, were it read here. */
		if (most % 2 == 0) {
			files_close(&f);
			assert_file(f.out, all, n);
			continue;
		}
		files_flush_well(&f);
		files_close(&f);
		assert_file(f.out, BYTES(all));
	}
}

/* The errors file is full; results are written all the same, and before. */
static void
full_errors(void **state)
{
	struct files f;

	signal(SIGXFSZ, SIG_IGN);
	files_init(&f, *state);
	files_open_well(&f, false);
	files_put(&f, true, BAD("a"));
	files_put(&f, false, GOOD("b"));
	limit_files(sizeof(GOOD("b")) + 1);
	assert_int_equal(results_flush(&f.results, &f.err), -1);
	limit_files(0);
	unit_assert_has(f.err.text, "errors.jsonl cannot be written: ");
	files_close(&f);
	assert_file(f.out, BYTES(GOOD("b") "\n"));
	assert_file(f.errors, "", 0);
}

static void
assert_stopped(struct files *f, const char *words)
{
	files_put(f, false, GOOD("b"));
	files_put(f, true, BAD("c"));
	assert_int_equal(results_flush(&f->results, &f->err), -1);
	unit_assert_has(f->err.text, words);
	unit_assert_has(f->err.text, "the same command goes on");
}

static void
open_with_one(struct files *f, const char *dir)
{
	files_init(f, dir);
	unlink(f->out);
	unlink(f->errors);
	files_open_well(f, false);
	files_put(f, false, GOOD("a"));
	files_flush_well(f);
}

static void
gone_while_it_is_written(void **state)
{
	char other[300];
	struct files f;

	open_with_one(&f, *state);
	assert_int_equal(unlink(f.out), 0);
	assert_stopped(&f, "out.jsonl was moved or removed");
	files_close(&f);
	/* The error is not lost by that. */
	assert_file(f.errors, BYTES(BAD("c") "\n"));
	assert_false(is_file(f.out));

	open_with_one(&f, *state);
	snprintf(other, sizeof(other), "%s.moved", f.out);
	assert_int_equal(rename(f.out, other), 0);
	assert_stopped(&f, "out.jsonl was moved or removed");
	files_close(&f);
	assert_file(other, BYTES(GOOD("a") "\n"));

	/* Another file has its name. */
	open_with_one(&f, *state);
	put_file(other, BYTES(GOOD("a") "\n"));
	assert_int_equal(rename(other, f.out), 0);
	assert_stopped(&f, "out.jsonl was moved or removed");
	files_close(&f);
	assert_file(f.out, BYTES(GOOD("a") "\n"));

	open_with_one(&f, *state);
	assert_int_equal(truncate(f.out, 3), 0);
	assert_stopped(&f, "out.jsonl was changed by another program");
	files_close(&f);

	open_with_one(&f, *state);
	files_put(&f, true, BAD("b"));
	files_flush_well(&f);
	assert_int_equal(unlink(f.errors), 0);
	assert_stopped(&f, "errors.jsonl was moved or removed");
	files_close(&f);
	assert_file(f.out, BYTES(GOOD("a") "\n" GOOD("b") "\n"));
}

/* --- standard output ------------------------------------------------------ */

/* Standard output and error become the ends of two pipes, made with `flags`. */
struct standard { int saved[2], ends[2]; };

static void
standard_begin(struct standard *s, int flags)
{
	int i, ends[2];

	fflush(stdout);
	for (i = 0; i < 2; i++) {
		s->saved[i] = dup(STDOUT_FILENO + i);
		assert_int_equal(pipe2(ends, flags), 0);
		s->ends[i] = ends[0];
		dup2(ends[1], STDOUT_FILENO + i);
		close(ends[1]);
	}
}

static void
standard_end(struct standard *s)
{
	int i;

	for (i = 0; i < 2; i++) {
		dup2(s->saved[i], STDOUT_FILENO + i);
		close(s->saved[i]);
		if (s->ends[i] != -1)
			close(s->ends[i]);
	}
}

/* A pipe of packets gives what one write(2) has written. */
static void
one_write(void **state)
{
	char got[2][1000];
	struct standard s;
	struct files f;
	ssize_t n[2];
	int rc;

	files_init(&f, *state);
	standard_begin(&s, O_DIRECT);
	rc = results_open(&f.results, "-", &f.ids, false, &f.err);
	files_put(&f, false, GOOD("a"));
	files_put(&f, true, BAD("b"));
	files_put(&f, false, GOOD("c"));
	rc |= results_flush(&f.results, &f.err);
	n[0] = read(s.ends[0], got[0], sizeof(got[0]));
	n[1] = read(s.ends[1], got[1], sizeof(got[1]));
	files_close(&f);
	rc |= fcntl(STDOUT_FILENO, F_GETFD) == -1;
	standard_end(&s);
	assert_int_equal(rc, 0);
	assert_int_equal(n[0], 2 * sizeof(GOOD("a")));
	assert_memory_equal(got[0], GOOD("a") "\n" GOOD("c") "\n", n[0]);
	assert_int_equal(n[1], sizeof(BAD("b")));
	assert_memory_equal(got[1], BAD("b") "\n", n[1]);
}

/* Returns when the process waits for something. */
static void
await_sleep(pid_t pid)
{
	char path[40], state;
	FILE *file;
	int n;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	do {
		file = fopen(path, "r");
		n = file == NULL ? 0 : fscanf(file, "%*d %*s %c", &state);
		if (file != NULL)
			fclose(file);
	} while (n == 1 && state != 'S');
}

/*
 * More than a pipe takes at once, that does not block.  It is read only when
 * the writer waits for that.
 */
static void
slow_reader(void **state)
{
	const size_t lines = 20000, line = sizeof(GOOD("a"));
	struct standard s;
	struct files f;
	size_t i, got = 0;
	char bytes[4096];
	ssize_t n;
	pid_t pid;
	int rc, status;

	files_init(&f, *state);
	standard_begin(&s, O_NONBLOCK);
	if ((pid = fork()) == 0) {
		close(STDOUT_FILENO);
		fcntl(s.ends[0], F_SETFL, 0);
		await_sleep(getppid());
		while ((n = read(s.ends[0], bytes, sizeof(bytes))) > 0)
			got += (size_t)n;
		_exit(got == lines * line ? 0 : 1);
	}
	rc = results_open(&f.results, "-", &f.ids, false, &f.err);
	for (i = 0; i < lines; i++)
		files_put(&f, false, GOOD("a"));
	rc |= results_flush(&f.results, &f.err);
	files_close(&f);
	standard_end(&s);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(rc, 0);
	assert_int_equal(status, 0);
}

static void
reader_gone(void **state)
{
	struct standard s;
	struct files f;
	int rc;

	signal(SIGPIPE, SIG_IGN);
	files_init(&f, *state);
	standard_begin(&s, 0);
	close(s.ends[0]);
	s.ends[0] = -1;
	rc = results_open(&f.results, "-", &f.ids, false, &f.err);
	files_put(&f, false, GOOD("a"));
	rc = rc == 0 ? results_flush(&f.results, &f.err) : 0;
	files_close(&f);
	standard_end(&s);
	assert_int_equal(rc, -1);
	unit_assert_has(f.err.text, "standard output cannot be written: ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(written_and_read_again),
		TEST(locked),
		TEST(full_disk),
		TEST(full_errors),
		TEST(gone_while_it_is_written),
		TEST(one_write),
		TEST(slow_reader),
		TEST(reader_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
