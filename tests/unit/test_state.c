/*
 * test_state: what all workers know, in one file that anybody may have hurt.
 */
#include <signal.h>
#include <sys/wait.h>

#include "base/io.h"
#include "logged.h"
#include "plan/fact.h"
#include "plan/state.h"
#include "setup/service.h"
#include "text/json.h"
#include "unit.h"

static char id_a[] = "a", id_b[] = "my \"own\" \xea\xb9\x80";
static const struct service a = { .id = id_a }, b = { .id = id_b };

static int
setup(void **state)
{
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	unsetenv("TMPDIR");
	return unit_dir_setup(state);
}

static void
open_in(struct state *s, const char *dir)
{
	*s = (struct state)STATE_INIT;
	state_open(s, dir, "/site/recipe.json");
	assert_non_null(s->dir);
	state_read(s);
}

/* Its file; the text is good until the next call. */
static const char *
file_of(const struct state *s)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/state.json", s->dir);
	return path;
}

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

static void
nothing_known(void **state)
{
	struct state s, none = STATE_INIT;
	struct stat st;

	open_in(&s, *state);
	assert_int_equal(state_aside_ms(&s, &a), 0);
	assert_int_equal(state_refused(&s, &a, "m"), 0);
	assert_false(state_thinks(&s, &a, "m"));
	state_worked(&s, &a);
	/* Reading, and what is nothing new, make no file. */
	assert_int_equal(stat(file_of(&s), &st), -1);
	state_free(&s);
	state_free(&s);
	/* Without a file, knowledge is lost and nothing else. */
	state_read(&none);
	state_failed(&none, &a);
	state_set_aside(&none, &a, 1000, "test");
	state_learn_thinks(&none, &a, "m", true);
	assert_int_equal(state_aside_ms(&none, &a), 0);
	assert_false(state_thinks(&none, &a, "m"));
	state_free(&none);
}

static void
set_aside_for_a_while(void **state)
{
	struct state s;

	open_in(&s, *state);
	state_set_aside(&s, &a, 60000, "test");
	assert_in_range(state_aside_ms(&s, &a), 58000, 60000);
	assert_int_equal(state_aside_ms(&s, &b), 0);
	state_set_aside(&s, &b, 5000, NULL);
	assert_in_range(state_aside_ms(&s, &b), 3000, 5000);
	assert_in_range(state_aside_ms(&s, &a), 58000, 60000);
	/* Who has worse news knows better. */
	state_set_aside(&s, &a, 1000, "test");
	assert_in_range(state_aside_ms(&s, &a), 58000, 60000);
	state_free(&s);
}

static void
failures_in_a_row(void **state)
{
	struct state s;
	int i;

	open_in(&s, *state);
	for (i = 1; i < FACT_FAILS; i++) {
		state_failed(&s, &a);
		assert_int_equal(state_aside_ms(&s, &a), 0);
	}
	state_worked(&s, &a);
	for (i = 1; i < FACT_FAILS; i++)
		state_failed(&s, &a);
	state_failed(&s, &b);
	assert_int_equal(state_aside_ms(&s, &a), 0);
	state_failed(&s, &a);
	assert_in_range(state_aside_ms(&s, &a), FACT_FAIL_MS - 2000,
	    FACT_FAIL_MS);
	assert_int_equal(state_aside_ms(&s, &b), 0);
	state_free(&s);
}

/* A good end forgets the failures that another worker has counted since. */
static void
good_end_of_another_worker(void **state)
{
	struct state one, two;
	int i;

	open_in(&one, *state);
	open_in(&two, *state);
	for (i = 1; i < FACT_FAILS; i++)
		state_failed(&one, &a);
	state_worked(&two, &a);
	state_failed(&one, &a);
	assert_int_equal(state_aside_ms(&one, &a), 0);
	state_free(&one);
	state_free(&two);
}

static void
learned_of_a_model(void **state)
{
	struct state s;

	open_in(&s, *state);
	state_learn_refused(&s, &a, "m", PARAM_TOP_P);
	state_learn_refused(&s, &a, "m", PARAM_MAX_TOKENS);
	state_learn_refused(&s, &b, "accounts/x/m 2", PARAM_TEMPERATURE);
	state_learn_thinks(&s, &a, "m", true);
	assert_int_equal(state_refused(&s, &a, "m"),
	    PARAM_TOP_P | PARAM_MAX_TOKENS);
	assert_true(state_thinks(&s, &a, "m"));
	assert_int_equal(state_refused(&s, &a, "n"), 0);
	assert_false(state_thinks(&s, &a, "n"));
	assert_int_equal(state_refused(&s, &b, "m"), 0);
	assert_int_equal(state_refused(&s, &b, "accounts/x/m 2"),
	    PARAM_TEMPERATURE);
	assert_false(state_thinks(&s, &b, "accounts/x/m 2"));
	/* By its name, until it shows. */
	assert_true(state_thinks(&s, &b, "Qwen/Qwen3-235B-A22B-Thinking"));
	state_learn_thinks(&s, &b, "Qwen/Qwen3-235B-A22B-Thinking", false);
	assert_false(state_thinks(&s, &b, "Qwen/Qwen3-235B-A22B-Thinking"));
	state_free(&s);
}

/* What a model showed once is unlearned by clean answers, in a row. */
static void
unlearned_of_a_model(void **state)
{
	struct state s;
	struct stat st;
	int i, k;

	open_in(&s, *state);
	/* Nothing new is not written. */
	state_learn_thinks(&s, &a, "m", false);
	assert_int_equal(stat(file_of(&s), &st), -1);
	for (k = 0; k < 2; k++) {
		state_learn_thinks(&s, &a, "m", true);
		for (i = 1; i < FACT_CLEAN; i++)
			state_learn_thinks(&s, &a, "m", false);
		assert_true(state_thinks(&s, &a, "m"));
		state_learn_thinks(&s, &a, "m", true);
		for (i = 1; i <= FACT_CLEAN; i++) {
			assert_true(state_thinks(&s, &a, "m"));
			state_learn_thinks(&s, &a, "m", false);
		}
		assert_false(state_thinks(&s, &a, "m"));
	}
	state_free(&s);
}

/* What one writes the other sees, and neither loses the other's. */
static void
two_workers(void **state)
{
	struct state one, two;

	open_in(&one, *state);
	open_in(&two, *state);
	state_set_aside(&one, &a, 60000, "test");
	state_learn_thinks(&two, &b, "m", true);
	/* A write reads first; a snapshot is as old as its last read. */
	assert_true(state_aside_ms(&two, &a) > 0);
	assert_false(state_thinks(&one, &b, "m"));
	state_read(&one);
	assert_true(state_thinks(&one, &b, "m"));
	state_learn_refused(&one, &a, "m", PARAM_TOP_P);
	state_read(&two);
	assert_int_equal(state_refused(&two, &a, "m"), PARAM_TOP_P);
	assert_true(state_aside_ms(&two, &a) > 0);
	state_free(&one);
	state_free(&two);
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
			state_learn_refused(&s, &a, model, PARAM_TOP_P);
			if (state_refused(&s, &a, "0-0") == 0 && i == 0)
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
			assert_int_equal(state_refused(&s, &a, model),
			    PARAM_TOP_P);
		}
	state_free(&s);
}

static int
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? -1 : (int)(st.st_mode & 07777);
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

/* XDG_STATE_HOME, then HOME, then the directory for temporary files. */
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
	snprintf(path, sizeof(path), "%s/.local", (const char *)*state);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/.local/state", (const char *)*state);
	assert_int_equal(mkdir(path, 0700), 0);
	setenv("HOME", *state, 1);
	open_in(&s, NULL);
	snprintf(want, sizeof(want), "%s/.local/state/recipe/",
	    (const char *)*state);
	assert_memory_equal(s.dir, want, strlen(want));
	state_free(&s);
	setenv("HOME", "/nonexistent", 1);
	setenv("TMPDIR", *state, 1);
	open_in(&s, NULL);
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

/* Another site, another host, another key: nothing is known of these. */
static void
nobody_inherits_a_verdict(void **state)
{
	static char host[] = "http://h/v1", other[] = "http://other/v1";
	static char key[] = "sk-0123456789abcdef", mended[] = "sk-fedcba98765";
	struct service s1 = { .id = id_a, .base_url = host, .key = key };
	struct service s2 = s1, s3 = s1, s4 = s1;
	struct state s;

	s2.base_url = other;
	s3.key = mended;
	s4.key = NULL;
	open_in(&s, *state);
	state_set_aside(&s, &s1, 60000, "auth");
	assert_true(state_aside_ms(&s, &s1) > 0);
	assert_int_equal(state_aside_ms(&s, &s2), 0);
	assert_int_equal(state_aside_ms(&s, &s3), 0);
	assert_int_equal(state_aside_ms(&s, &s4), 0);
	state_free(&s);
	state_open(&s, *state, "/another/recipe.json");
	state_read(&s);
	assert_int_equal(state_aside_ms(&s, &s1), 0);
	state_free(&s);
	open_in(&s, *state);
	assert_true(state_aside_ms(&s, &s1) > 0);
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
	    " \"models\": {\"a m\": {\"refused_params\": \"x\", \"thinks\": 1}}}",
	    "{\"services\": [[[[[[[[[[1]]]]]]]]]]}" };
	struct state s;
	size_t i;

	for (i = 0; i < COUNT(garbage); i++) {
		seed(*state, garbage[i]);
		open_in(&s, *state);
		assert_int_equal(state_aside_ms(&s, &a), 0);
		assert_int_equal(state_refused(&s, &a, "m"), 0);
		assert_false(state_thinks(&s, &a, "m"));
		state_worked(&s, &a);
		state_failed(&s, &a);
		state_set_aside(&s, &a, 60000, "test");
		state_learn_refused(&s, &a, "m", PARAM_TOP_P);
		state_learn_thinks(&s, &a, "m", true);
		assert_true(state_aside_ms(&s, &a) > 0);
		assert_int_equal(state_refused(&s, &a, "m"), PARAM_TOP_P);
		assert_true(state_thinks(&s, &a, "m"));
		state_free(&s);
	}
}

/* A service that is aside fails for each visitor; the log is told once. */
static void
logged_once(void **state)
{
	struct buf text = BUF_INIT(65536);
	struct state s;
	int saved, i;

	open_in(&s, *state);
	saved = log_take(*state);
	for (i = 0; i < 50; i++)
		state_set_aside(&s, &a, 60000 + i * 1000, "auth");
	state_set_aside(&s, &b, 60000, "dry");
	log_read(*state, saved, &text);
	assert_int_equal(unit_count(text.data, "service=a set aside"), 1);
	unit_assert_has(text.data, "for 60 s, why=auth");
	assert_int_equal(unit_count(text.data, "why=dry"), 1);
	assert_true(state_aside_ms(&s, &a) > 100000);
	buf_free(&text);
	state_free(&s);
}

#define OWN(f) cmocka_unit_test_setup_teardown(f, setup, unit_dir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(nothing_known),
		OWN(set_aside_for_a_while),
		OWN(failures_in_a_row),
		OWN(good_end_of_another_worker),
		OWN(learned_of_a_model),
		OWN(unlearned_of_a_model),
		OWN(two_workers),
		OWN(many_at_once),
		OWN(files_of_our_own),
		OWN(places),
		OWN(not_somebody_elses),
		OWN(nobody_inherits_a_verdict),
		OWN(a_lock_is_tried_and_never_waited_for),
		OWN(garbage_is_written_over),
		OWN(logged_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
