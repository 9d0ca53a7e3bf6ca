/*
 * orphans.c: worker and stage.  Ends the child processes that it has inherited
 * from processes which have ended; does not know which program started them.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/orphans.h"

/* Bytes of the list that are read at a time: some hundred children. */
#define LIST_MAX	4096

/* The time between two looks. */
#define LOOK_NS		200000

/*
 * Reads the list of this process's children as text, pids with a space after
 * each.  An orphan is given to the first thread, which is the only one that
 * forks here.
 */
static void
read_list(char list[LIST_MAX])
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%ld/children",
	    (long)getpid());
	io_read_text(path, list, LIST_MAX);
}

/* Takes the next pid off a list; 0 at its end, where one may be cut. */
static pid_t
next_pid(char **list)
{
	char *end;
	long pid = strtol(*list, &end, 10);

	if (end == *list || *end != ' ')
		return 0;
	*list = end + 1;
	return (pid_t)pid;
}

static bool
is_adopted(pid_t pid, const pid_t pids[], size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

void
orphans_adopt(struct orphans *orphans)
{
	char list[LIST_MAX], *at = list;
	pid_t pid;

	read_list(list);
	for (orphans->n = 0; (pid = next_pid(&at)) != 0; orphans->n++) {
		if (orphans->n == ORPHANS_OTHERS_MAX)
			return;
		orphans->others[orphans->n] = pid;
	}
#ifdef PR_SET_CHILD_SUBREAPER
	prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
}

/*
 * Kills those that are there and waits for those that have ended.  Returns how
 * many it has seen.  One that ends may leave children, which are here only at
 * the next look.
 */
static size_t
end_some(const struct orphans *orphans, const pid_t mine[], size_t n)
{
	char list[LIST_MAX], *at = list;
	size_t seen = 0;
	pid_t pid;

	read_list(list);
	while ((pid = next_pid(&at)) != 0) {
		if (is_adopted(pid, mine, n) ||
		    is_adopted(pid, orphans->others, orphans->n))
			continue;
		seen++;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, WNOHANG);
	}
	return seen;
}

int
orphans_end(const struct orphans *orphans, const pid_t mine[], size_t n)
{
	const struct timespec look = { 0, LOOK_NS };
	int64_t until = io_now_ms() + ORPHANS_END_MS;

	while (end_some(orphans, mine, n) > 0) {
		if (io_now_ms() > until)
			return -1;
		nanosleep(&look, NULL);
	}
	return 0;
}
