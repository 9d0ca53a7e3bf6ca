/*
 * test_state_file: where the file of what workers know is, who may touch it,
 * its lock, and what becomes of one that somebody has damaged.
 */
#include <signal.h>
#include <sys/wait.h>

#include "base/io.h"
#include "fixture_state.h"
#include "site/folder.h"

/* A file that somebody has written, in the folder of this site. */
static void
seed(const char *dir, const char *text)
{
	struct state s;
	char path[256];

	open_in(&s, dir);
	unit_write(s.dir, "state.json", text, 0600, path);
	state_free(&s);
}

static int
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? -1 : (int)(st.st_mode & 07777);
}

/* Under the lock no count is lost, and no reader sees half a file. */
static void
many_at_once(void **state)
{
	enum { WORKERS = 4, EACH = 50 };
	struct state s;
	char model[16];
	pid_t pids[WORKERS];
	int i, k, status;

	for (i = 0; i < WORKERS; i++) {
		if ((pids[i] = fork()) != 0)
			continue;
		open_in(&s, *state);
		for (k = 0; k < EACH; k++) {
			snprintf(model, sizeof(model), "%d-%d", i, k);
			state_learn_refused(&s, &a, model, PARAM_TOP_P, 0, NULL);
			if (state_refused(&s, &a, "0-0", NULL) == 0 && i == 0)
				_exit(1);
		}
		while (!state_settle(&s))
			;
		_exit(0);
	}
	for (i = 0; i < WORKERS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	open_in(&s, *state);
	for (i = 0; i < WORKERS; i++)
		for (k = 0; k < EACH; k++) {
			snprintf(model, sizeof(model), "%d-%d", i, k);
			assert_int_equal(state_refused(&s, &a, model, NULL),
			    PARAM_TOP_P);
		}
	state_free(&s);
}

static void
files_of_our_own(void **state)
{
	struct state s;
	char dir[300];
	mode_t old = umask(0);

	snprintf(dir, sizeof(dir), "%s/new", (const char *)*state);
	open_in(&s, dir);
	state_set_aside(&s, &a, 1000, "test");
	umask(old);
	assert_int_equal(mode_of(dir), 0700);
	assert_int_equal(mode_of(file_of(&s)), 0600);
	unit_assert_has(s.dir, "/new/");
	assert_int_equal(mode_of(s.dir), 0700);
	state_free(&s);
}

/* XDG_STATE_HOME, then HOME (with what is not there below it), then the directory for temporary files. */
static void
places(void **state)
{
	struct state s;
	char path[300], want[300];

	setenv("XDG_STATE_HOME", *state, 1);
	open_in(&s, NULL);
	snprintf(want, sizeof(want), "%s/recipe/",
	    (const char *)*state);
	assert_memory_equal(s.dir, want, strlen(want));
	state_free(&s);
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", *state, 1);
	assert_int_equal(folder_look(path, sizeof(path), NULL, "a"), 1);
	snprintf(want, sizeof(want), "%s/.local/state/recipe/",
	    (const char *)*state);
	assert_memory_equal(path, want, strlen(want));
	snprintf(path, sizeof(path), "%s/.local", (const char *)*state);
	assert_int_equal(access(path, F_OK), -1);
	open_in(&s, NULL);
	assert_int_equal(mode_of(path), 0700);
	snprintf(want, sizeof(want), "%s/.local/state/recipe/",
	    (const char *)*state);
	assert_memory_equal(s.dir, want, strlen(want));
	state_free(&s);
	snprintf(path, sizeof(path), "%s/none", (const char *)*state);
	setenv("HOME", path, 1);
	setenv("TMPDIR", *state, 1);
	open_in(&s, NULL);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(want, sizeof(want), "%s/recipe-%ld/",
	    (const char *)*state, (long)geteuid());
	assert_memory_equal(s.dir, want, strlen(want));
	assert_int_equal(mode_of(*state), 0700);
	state_free(&s);
}

/* A directory that others may write to, or a link, is not trusted. */
static void
not_somebody_elses(void **state)
{
	struct state s;
	struct stat st;
	char tmp[300], dir[400], link[400];

	snprintf(tmp, sizeof(tmp), "%s/tmp", (const char *)*state);
	assert_int_equal(mkdir(tmp, 0700), 0);
	setenv("TMPDIR", tmp, 1);
	snprintf(dir, sizeof(dir), "%s/open", (const char *)*state);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(chmod(dir, 0777), 0);
	open_in(&s, dir);
	unit_assert_has(s.dir, "/tmp/recipe-");
	state_free(&s);
	assert_int_equal(chmod(dir, 0700), 0);
	snprintf(link, sizeof(link), "%s/link", (const char *)*state);
	assert_int_equal(symlink(dir, link), 0);
	open_in(&s, link);
	unit_assert_has(s.dir, "/tmp/recipe-");
	state_free(&s);
	/* A file that is a link is not followed, but replaced. */
	unit_write(dir, "target", "{}", 0600, tmp);
	open_in(&s, dir);
	assert_int_equal(symlink(tmp, file_of(&s)), 0);
	state_set_aside(&s, &a, 60000, "test");
	assert_int_equal(stat(tmp, &st), 0);
	assert_int_equal(st.st_size, 2);
	assert_int_equal(lstat(file_of(&s), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	state_free(&s);
}

/* Somebody holds the lock: what is known waits, and nobody else does. */
static void
a_lock_is_tried_and_never_waited_for(void **state)
{
	struct state s, other;
	char path[400];
	int64_t began;
	pid_t pid;
	int fds[2];

	open_in(&s, *state);
	snprintf(path, sizeof(path), "%s/state.lock", s.dir);
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		struct flock lock = { .l_type = F_WRLCK };
		int fd = open(path, O_RDWR | O_CREAT, 0600);

		if (fcntl(fd, F_SETLK, &lock) == 0)
			(void)!write(fds[1], "x", 1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(fds[0], path, 1), 1);
	began = io_now_ms();
	state_set_aside(&s, &a, 60000, "test");
	assert_false(state_settle(&s));
	/* This process knows it, also after it has read again. */
	state_read(&s);
	assert_true(state_aside_ms(&s, &a) > 0);
	open_in(&other, *state);
	assert_int_equal(state_aside_ms(&other, &a), 0);
	state_finish(&s);
	assert_true(io_now_ms() - began >= STATE_FINISH_MS);
	assert_true(io_now_ms() - began < 30000);
	/* What was dropped is dropped; who is killed has no lock any more. */
	state_set_aside(&s, &b, 60000, "test");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(state_settle(&s));
	state_read(&other);
	assert_true(state_aside_ms(&other, &b) > 0);
	assert_int_equal(state_aside_ms(&other, &a), 0);
	state_free(&s);
	state_free(&other);
	close(fds[0]);
	close(fds[1]);
}

static void
garbage_is_written_over(void **state)
{
	static const char *const garbage[] = { "", "{", "null", "[]", "42",
	    "\xff\xfe", "{\"services\": {\"a\": {\"until\": 99999999999999,"
	    " \"why\": \"\xff\"}}}", "{\"services\": 1, \"models\": []}",
	    "{\"services\": {\"a\": 1}, \"models\": {\"a m\": \"x\"}}",
	    "{\"services\": {\"a\": {\"until\": \"x\", \"fails\": []}},"
	    " \"models\": {\"a m\": {\"refused\": \"x\", \"thinks\": 1}}}",
	    "{\"services\": [[[[[[[[[[1]]]]]]]]]]}" };
	struct state s;
	size_t i;

	for (i = 0; i < COUNT(garbage); i++) {
		seed(*state, garbage[i]);
		open_in(&s, *state);
		assert_int_equal(state_aside_ms(&s, &a), 0);
		assert_int_equal(state_refused(&s, &a, "m", NULL), 0);
		assert_false(state_thinks(&s, &a, "m"));
		state_worked(&s, &a);
		state_failed(&s, &a);
		state_set_aside(&s, &a, 60000, "test");
		state_learn_refused(&s, &a, "m", PARAM_TOP_P, 0, NULL);
		state_learn_thinks(&s, &a, "m", true);
		assert_true(state_aside_ms(&s, &a) > 0);
		assert_int_equal(state_refused(&s, &a, "m", NULL), PARAM_TOP_P);
		assert_true(state_thinks(&s, &a, "m"));
		state_free(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(many_at_once),
		OWN(files_of_our_own),
		OWN(places),
		OWN(not_somebody_elses),
		OWN(a_lock_is_tried_and_never_waited_for),
		OWN(garbage_is_written_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
