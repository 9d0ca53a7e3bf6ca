/*
 * test_journal: the file of a run: written, read while it is written, ended by
 * a reader if its writer has died, and swept.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <utime.h>

#include "journal/bell.h"
#include "journal/follow.h"
#include "journal/journal.h"
#include "journal/runfile.h"
#include "journal/sweep.h"
#include "text/json.h"
#include "unit.h"

#define ID	"0123456789abcdef0123456789abcdef"
#define OTHER	"fedcba9876543210fedcba9876543210"
#define DIGEST	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

/* Writes what it hears as "ID NAME TEXT;". */
static void
hear(void *arg, const struct event *event)
{
	struct buf *heard = arg, json = BUF_INIT(4096);

	json_write(event->json, &json);
	buf_printf(heard, "%d %s %.*s;", (int)event->id, event_name(event),
	    event->kind == EVENT_TEXT ? (int)event->len : (int)json.len,
	    event->kind == EVENT_TEXT ? event->text : json.data);
	buf_free(&json);
}

static void
say(struct journal *journal, uint64_t id, const char *text)
{
	const struct event event = { .kind = EVENT_TEXT, .id = id,
	    .part = "add", .text = text, .len = strlen(text) };

	journal->subscriber.tell(journal->subscriber.arg, &event);
}

static void
say_done(struct journal *journal, uint64_t id)
{
	struct event event = { .kind = EVENT_DONE, .id = id,
	    .json = json_new_object() };

	journal->subscriber.tell(journal->subscriber.arg, &event);
	json_free(event.json);
}

/* In another process, since a writer's locks do not bind itself. */
static void
reads(const char *dir, uint64_t after, enum follow_found want,
    const char *heard_want)
{
	struct buf heard = BUF_INIT(1 << 20);
	struct follower follower;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (follow_open(&follower, dir, ID) == -1)
			_exit(1);
		follower.after = after;
		follow_next(&follower, hear, &heard);
		follower.alive_ms = 0;	/* as if it had been silent for long */
		if (follow_next(&follower, hear, &heard) != want)
			_exit(2);
		if (strcmp(heard.data, heard_want) != 0)
			fprintf(stderr, "heard %s\n", heard.data);
		_exit(strcmp(heard.data, heard_want) == 0 ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
written_and_read(void **state)
{
	struct journal journal = JOURNAL_INIT, second = JOURNAL_INIT;
	struct follower follower;
	const char *dir = *state;

	assert_int_equal(journal_begin(&journal, dir, ID, DIGEST),
	    JOURNAL_OURS);
	assert_int_equal(journal_begin(&second, dir, ID, DIGEST),
	    JOURNAL_THERE);
	say(&journal, 1, "two\nlines | and a bar");
	reads(dir, 0, FOLLOW_WAITS, "");
	journal_flush(&journal);
	say(&journal, 2, "\xeb\x8c\x80\xed\x8c\x8c");
	journal_flush(&journal);
	reads(dir, 0, FOLLOW_WAITS, "1 add two\nlines | and a bar;"
	    "2 add \xeb\x8c\x80\xed\x8c\x8c;");
	reads(dir, 1, FOLLOW_WAITS, "2 add \xeb\x8c\x80\xed\x8c\x8c;");
	say_done(&journal, 3);
	journal_end(&journal);
	reads(dir, 1, FOLLOW_DONE, "2 add \xeb\x8c\x80\xed\x8c\x8c;"
	    "3 _done {};");
	assert_int_equal(follow_open(&follower, dir, ID), 0);
	assert_true(follow_is_of(&follower, DIGEST));
	assert_false(follow_is_of(&follower, OTHER OTHER));
	follow_close(&follower);
	assert_int_equal(follow_open(&follower, dir, OTHER), -1);
	assert_int_equal(follow_open(&follower, NULL, ID), -1);
	assert_int_equal(journal_begin(&second, NULL, ID, DIGEST),
	    JOURNAL_NONE);
	assert_non_null(second.why);
}

/* Whatever the writer had begun when it died, all readers see the same. */
static void
writer_that_died(void **state)
{
	static const char *const torn[] = { "", "data: add|ha", "data: add|x\n",
		"data: add|x\nid: 3", "data: add|x\nid: 3\n" };
	struct journal journal;
	char path[PATH_MAX];
	const char *dir = *state;
	size_t i;
	pid_t pid;
	int fd, status;

	for (i = 0; i < COUNT(torn); i++) {
		assert_int_equal(runfile_path(path, dir, ID, ""), 0);
		unlink(path);
		if ((pid = fork()) == 0) {
			journal = (struct journal)JOURNAL_INIT;
			journal_begin(&journal, dir, ID, DIGEST);
			say(&journal, 1, "a");
			say(&journal, 2, "b");
			journal_flush(&journal);
			raise(SIGKILL);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		fd = open(path, O_WRONLY | O_APPEND);
		assert_int_equal(write(fd, torn[i], strlen(torn[i])),
		    strlen(torn[i]));
		close(fd);
		reads(dir, 1, FOLLOW_DONE, "2 add b;3 _error {\"part\":null,"
		    "\"code\":\"broken\",\"message\":\"the process that wrote "
		    "this has died, or could not go on writing\","
		    "\"retryable\":true};"
		    "4 _done {\"how\":\"broken\"};");
		reads(dir, 3, FOLLOW_DONE, "4 _done {\"how\":\"broken\"};");
		assert_int_equal(bell_ring(dir, ID), -1);
	}
}

static void
bell_and_readers(void **state)
{
	struct journal journal = JOURNAL_INIT;
	struct follower follower;
	const char *dir = *state;
	int ready[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(journal_begin(&journal, dir, ID, DIGEST),
	    JOURNAL_OURS);
	assert_false(bell_was_rung(journal.bell));
	assert_false(journal_is_read(&journal));
	assert_int_equal(pipe(ready), 0);
	if ((pid = fork()) == 0) {
		follow_open(&follower, dir, ID);
		byte = bell_ring(dir, ID) == 0 ? 'r' : 'n';
		if (write(ready[1], &byte, 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'r');
	assert_true(bell_was_rung(journal.bell));
	assert_false(bell_was_rung(journal.bell));
	assert_true(journal_is_read(&journal));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_false(journal_is_read(&journal));
	journal_end(&journal);
	assert_int_equal(bell_ring(dir, ID), -1);
	close(ready[0]);
	close(ready[1]);
}

/* If something does not fit, nothing more is written, and no file stays. */
static void
full_disk(void **state)
{
	struct journal journal = JOURNAL_INIT;
	struct rlimit limit = { 300, RLIM_INFINITY }, had;
	const char *dir = *state;
	char path[PATH_MAX], text[301];

	memset(text, 'x', 300);
	text[300] = '\0';
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &had);
	limit.rlim_max = had.rlim_max;
	assert_int_equal(journal_begin(&journal, dir, ID, DIGEST),
	    JOURNAL_OURS);
	say(&journal, 1, "a");
	journal_flush(&journal);
	assert_null(journal.why);
	setrlimit(RLIMIT_FSIZE, &limit);
	say(&journal, 2, text);
	journal_flush(&journal);
	setrlimit(RLIMIT_FSIZE, &had);
	assert_non_null(journal.why);
	say(&journal, 3, "c");
	journal_flush(&journal);
	journal_end(&journal);
	runfile_path(path, dir, ID, "");
	assert_int_equal(access(path, F_OK), -1);
}

static void
age(const char *dir, const char *id, int seconds)
{
	struct utimbuf times = { time(NULL) - seconds, time(NULL) - seconds };
	char path[PATH_MAX];

	assert_int_equal(runfile_path(path, dir, id, ""), 0);
	assert_int_equal(utime(path, &times), 0);
}

static bool
is_there(const char *dir, const char *id)
{
	char path[PATH_MAX];

	runfile_path(path, dir, id, "");
	return access(path, F_OK) == 0;
}

/* Its visitor may have gone while he waited: his key can begin it again. */
static void
a_run_that_never_began_leaves_its_name_free(void **state)
{
	struct journal journal = JOURNAL_INIT;
	const char *dir = *state;
	int n;

	for (n = 0; n < 2; n++) {
		assert_int_equal(journal_begin(&journal, dir, ID, DIGEST),
		    JOURNAL_OURS);
		journal_end(&journal);
		assert_false(is_there(dir, ID));
	}
}

static void
swept(void **state)
{
	struct journal journal = JOURNAL_INIT, live = JOURNAL_INIT;
	const char *dir = *state;
	int64_t next;
	pid_t pid;
	int status;

	assert_int_equal(sweep_runs(NULL, 900, 1 << 20), -1);
	assert_int_equal(sweep_runs(dir, 900, 1 << 20), -1);
	assert_int_equal(journal_begin(&journal, dir, ID, DIGEST),
	    JOURNAL_OURS);
	say(&journal, 1, "Stew");
	journal_end(&journal);
	assert_in_range(sweep_runs(dir, 900, 1 << 20), 890000, 900000);
	age(dir, ID, 899);
	next = sweep_runs(dir, 900, 1 << 20);
	assert_in_range(next, 1, 2000);
	assert_true(is_there(dir, ID));
	/* One that is written stays, however old its last event is. */
	assert_int_equal(journal_begin(&live, dir, OTHER, DIGEST),
	    JOURNAL_OURS);
	say(&live, 1, "Soup");
	journal_flush(&live);
	age(dir, ID, 901);
	age(dir, OTHER, 5000);
	age(dir, OTHER BELL_SUFFIX, 5000);
	if ((pid = fork()) == 0)
		_exit(sweep_runs(dir, 900, 1 << 20) > 0 ? 0 : 1);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_false(is_there(dir, ID));
	assert_true(is_there(dir, OTHER));
	assert_true(is_there(dir, OTHER BELL_SUFFIX));
	journal_end(&live);
	/* If all together are too large, the oldest goes first. */
	assert_int_equal(journal_begin(&journal, dir, ID, DIGEST),
	    JOURNAL_OURS);
	journal_end(&journal);
	age(dir, ID, 10);
	age(dir, OTHER, 20);
	sweep_runs(dir, 900, 150);
	assert_false(is_there(dir, OTHER));
	assert_true(is_there(dir, ID));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(written_and_read),
		TEST(writer_that_died),
		TEST(bell_and_readers),
		TEST(full_disk),
		TEST(a_run_that_never_began_leaves_its_name_free),
		TEST(swept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
