/*
 * lockfile: where it is, what is said if locks hold nowhere or elsewhere, and
 * its one descriptor.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "fixture_log.h"
#include "site/lockfile.h"
#include "site/places.h"
#include "unit.h"

static const struct span bytes = { 10, 20 };

/* A directory in which not even root can make a file. */
static const char nowhere[] = "/dev/null/nothing";

static int
setup(void **state)
{
	if (unit_dir_setup(state) == -1)
		return -1;
	return setenv("TMPDIR", *state, 1);
}

static int
teardown(void **state)
{
	unsetenv("TMPDIR");
	return unit_dir_teardown(state);
}

static void
path_of(char path[256], const char *dir, const char *name)
{
	assert_in_range(snprintf(path, 256, "%s/%s", dir, name), 1, 255);
}

/* How many entries a directory has; `name` is that of one of them. */
static size_t
entries(const char *dir, char name[256])
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.') {
			snprintf(name, 256, "%s", entry->d_name);
			n++;
		}
	closedir(d);
	return n;
}

static void
in_the_folder_of_the_site(void **state)
{
	struct lockfile file;
	struct stat st;
	char path[256];
	mode_t mask = umask(0);

	lockfile_open(&file, *state);
	umask(mask);
	assert_int_not_equal(file.fd, -1);
	assert_string_equal(file.why, "");
	path_of(path, *state, "places.lock");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(lockfile_take(&file, bytes), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 0);
	lockfile_close(&file);
	lockfile_close(&file);
	assert_int_equal(file.fd, -1);
}

/* A descriptor more would lose the locks as soon as it is closed. */
static void
one_descriptor_and_none_after_exec(void **state)
{
	struct lockfile file;
	char command[64];
	int before = dup(2), after;

	lockfile_open(&file, *state);
	after = dup(2);
	assert_int_equal(after, before + 2);
	close(before);
	close(after);
	snprintf(command, sizeof(command), "test ! -e /proc/self/fd/%d",
	    file.fd);
	assert_int_equal(fcntl(file.fd, F_GETFD), FD_CLOEXEC);
	assert_true(file.fd < 10);
	if (fork() == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	wait(&after);
	assert_int_equal(after, 0);
	lockfile_close(&file);
}

/* What a stage or a web server puts in the place of 0 to 2 closes nothing. */
static void
above_the_standard_descriptors(void **state)
{
	struct lockfile file;
	int status;

	if (fork() == 0) {
		close(0);
		close(1);
		lockfile_open(&file, *state);
		_exit(file.fd > 2 && fcntl(file.fd, F_GETFD) == FD_CLOEXEC &&
		    fcntl(0, F_GETFD) == -1 ? 0 : 1);
	}
	wait(&status);
	assert_int_equal(status, 0);
}

static void
elsewhere_if_it_cannot_be_written(void **state)
{
	struct lockfile file, other;
	char name[256], path[256];
	struct stat st;

	lockfile_open(&file, nowhere);
	assert_int_not_equal(file.fd, -1);
	unit_assert_has(file.why, nowhere);
	unit_assert_has(file.why, strerror(ENOTDIR));
	unit_assert_has(file.why, "\"state\"");
	assert_int_equal(entries(*state, name), 1);
	unit_assert_has(name, "recipe-");
	path_of(path, *state, name);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(entries(path, name), 1);
	/* Another site has another file there; without a folder as well. */
	lockfile_open(&other, "/dev/null/other");
	assert_int_not_equal(other.fd, -1);
	lockfile_close(&other);
	lockfile_open(&other, NULL);
	assert_int_not_equal(other.fd, -1);
	unit_assert_has(other.why, "the state directory");
	lockfile_close(&other);
	assert_int_equal(entries(path, name), 3);
	lockfile_close(&file);
}

/* In a directory where everybody may write, somebody may have been faster. */
static void
not_in_what_others_may_write(void **state)
{
	struct lockfile file;
	char path[256], name[32];

	snprintf(name, sizeof(name), "recipe-%ld", (long)geteuid());
	path_of(path, *state, name);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0770), 0);
	lockfile_open(&file, nowhere);
	assert_int_equal(file.fd, -1);
	unit_assert_has(file.why, nowhere);
	unit_assert_has(file.why, path);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink("/tmp", path), 0);
	lockfile_open(&file, nowhere);
	assert_int_equal(file.fd, -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	if (chown(path, 12345, 12345) == 0) {
		lockfile_open(&file, nowhere);
		assert_int_equal(file.fd, -1);
	}
}

/* From here on fcntl(fd, F_SETLK) fails with ENOLCK, as on some NFS. */
static void
lose_locks(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_SETLK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOLCK),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		_exit(99);
}

/* Runs it in a child, since a filter cannot be taken away. */
static void
in_a_child(int (*run)(const char *dir), const char *dir)
{
	int status;

	if (fork() == 0)
		_exit(run(dir));
	wait(&status);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
		skip();
	assert_int_equal(status, 0);
}

/* Nobody is refused, and what is held is still counted in this process. */
static int
all_are_free(struct places *places)
{
	struct place place[3] = { PLACE_OF(1), PLACE_OF(1), PLACE_OF(1) };
	struct place *const list[] = { &place[0], &place[1], &place[2] };

	if (places_take_many(places, list, 3, 1) != 3 ||
	    places_take(places, &place[0], 1) != 1)
		return 1;
	places_mark(places, &place[0]);
	if (places_taken(places, 1) != 3 || places_marked(places, 1) != 1 ||
	    places_others(places, 1))
		return 2;
	places_give_many(places, list, 2);
	if (places_taken(places, 1) != 1 || places_marked(places, 1) != 0)
		return 3;
	places_give(places, &place[2]);
	return places_taken(places, 1) == 0 ? 0 : 4;
}

static int
open_without_locks(const char *dir)
{
	struct places places;

	lose_locks();
	places_open(&places, dir);
	if (places.file.fd != -1)
		return 10;
	if (strstr(places.file.why, strerror(ENOLCK)) == NULL ||
	    strstr(places.file.why, "not limited") == NULL)
		return 11;
	return all_are_free(&places);
}

static int
lose_locks_later(const char *dir)
{
	struct places places;
	struct buf log = BUF_INIT(4096);
	int saved, rc;

	places_open(&places, dir);
	if (places.file.fd == -1 || places.file.why[0] != '\0')
		return 10;
	saved = log_take(dir);
	lose_locks();
	rc = all_are_free(&places);
	log_read(dir, saved, &log);
	if (log.len == 0 || unit_count(log.data, "\n") != 1 ||
	    strstr(log.data, strerror(ENOLCK)) == NULL)
		rc = 12;
	buf_free(&log);
	return rc;
}

static void
where_no_locks_hold_all_is_free(void **state)
{
	in_a_child(open_without_locks, *state);
	in_a_child(lose_locks_later, *state);
}

static void
nowhere_to_write(void **state)
{
	struct places places;

	(void)state;
	setenv("TMPDIR", nowhere, 1);
	places_open(&places, nowhere);
	assert_int_equal(places.file.fd, -1);
	unit_assert_has(places.file.why, "neither");
	assert_int_equal(all_are_free(&places), 0);
	places_close(&places);
	places_open(&places, NULL);
	assert_int_equal(places.file.fd, -1);
	places_close(&places);
}

/* Locks of others are found from the lowest, in whatever order they came. */
static void
the_lowest_of_others(void **state)
{
	const struct span all = { 0, 100 }, held[] = { { 50, 60 }, { 10, 15 },
	    { 30, 31 } };
	struct lockfile file[COUNT(held) + 1];
	struct span found;
	pid_t pids[COUNT(held)];
	int ready[2], i;
	char byte = 0;

	assert_int_equal(pipe(ready), 0);
	for (i = 0; i < (int)COUNT(held); i++) {
		if ((pids[i] = fork()) == 0) {
			lockfile_open(&file[i], *state);
			if (lockfile_take(&file[i], held[i]) == 1)
				byte = 1;
			if (write(ready[1], &byte, 1) == 1)
				pause();
			_exit(1);
		}
		assert_int_equal(read(ready[0], &byte, 1), 1);
		assert_int_equal(byte, 1);
		byte = 0;
	}
	lockfile_open(&file[i], *state);
	assert_true(lockfile_find_lowest(&file[i], all, &found));
	assert_true(found.from == 10 && found.to == 15);
	assert_true(lockfile_find_lowest(&file[i], (struct span){ 12, 13 },
	    &found));
	assert_true(found.from == 12 && found.to == 13);
	assert_false(lockfile_find(&file[i], (struct span){ 15, 30 }, &found));
	assert_false(lockfile_find(&file[i], (struct span){ 12, 12 }, &found));
	assert_int_equal(lockfile_count(&file[i], all), 16);
	assert_int_equal(lockfile_take(&file[i], (struct span){ 0, 11 }), 0);
	assert_int_equal(lockfile_take(&file[i], (struct span){ 0, 10 }), 1);
	lockfile_close(&file[i]);
	while (i-- > 0) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
}

#define PLACED(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLACED(in_the_folder_of_the_site),
		PLACED(one_descriptor_and_none_after_exec),
		PLACED(above_the_standard_descriptors),
		PLACED(elsewhere_if_it_cannot_be_written),
		PLACED(not_in_what_others_may_write),
		PLACED(where_no_locks_hold_all_is_free),
		PLACED(nowhere_to_write),
		PLACED(the_lowest_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
