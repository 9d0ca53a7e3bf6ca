/*
 * spawn.c: stage.  Makes the process of a program; knows nothing of what goes
 * through its pipes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

#include "setup/graph.h"
#include "stage/spawn.h"

/* Descriptors from here on are those of no standard stream of the program. */
#define FAULT_FD	3
#define HIGH_FD		16

/* PATH, HOME, LANG, TZ, RECIPE_PART and a NULL. */
#define ENV_MAX		6

/* The pipes: standard input, output, error, and the one for faults. */
enum { IN, OUT, ERR, FAULT, PIPES };

/* Returns "NAME=VALUE", a new string, or NULL without memory. */
static char *
setting(const char *name, const char *value)
{
	char *text;

	return asprintf(&text, "%s=%s", name, value) == -1 ? NULL : text;
}

static void
free_env(char *env[ENV_MAX])
{
	size_t i;

	for (i = 0; i < ENV_MAX; i++)
		free(env[i]);
}

/* Fills env[], which is all NULL, for a part.  0, or -1 without memory. */
static int
make_env(char *env[ENV_MAX], const char *part)
{
	static const char *const names[] = { "PATH", "HOME", "LANG", "TZ" };
	const char *value;
	size_t i, n = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (i == 0 && (value == NULL || *value == '\0'))
			value = GRAPH_PATH;
		if (value != NULL &&
		    (env[n++] = setting(names[i], value)) == NULL)
			return -1;
	}
	return (env[n] = setting("RECIPE_PART", part)) == NULL ? -1 : 0;
}

void
spawn_shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static void
close_all(int fds[PIPES])
{
	size_t i;

	for (i = 0; i < PIPES; i++)
		spawn_shut(&fds[i]);
}

/*
 * Opens the pipes: theirs[] are the program's ends, ours[] do not block.  All
 * are at HIGH_FD or above, so that a dup2 to a standard stream closes none, and
 * closed on exec.  Returns 0, or -1 and errno.
 */
static int
open_pipes(int ours[PIPES], int theirs[PIPES])
{
	int fds[2], i, read_end;

	for (i = 0; i < PIPES; i++)
		ours[i] = theirs[i] = -1;
	for (i = 0; i < PIPES; i++) {
		if (pipe2(fds, O_CLOEXEC) == -1)
			return -1;
		read_end = i == IN ? 1 : 0;
		ours[i] = fcntl(fds[read_end], F_DUPFD_CLOEXEC, HIGH_FD);
		theirs[i] = fcntl(fds[1 - read_end], F_DUPFD_CLOEXEC, HIGH_FD);
		close(fds[0]);
		close(fds[1]);
		if (ours[i] == -1 || theirs[i] == -1 ||
		    fcntl(ours[i], F_SETFL, O_NONBLOCK) == -1)
			return -1;
	}
	return 0;
}

/* An exec keeps which signals are ignored, and which are blocked. */
static void
default_signals(void)
{
	sigset_t none;
	int i;

	for (i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Ties the life of this process, which was just forked, to its parent's. */
static int
die_with(pid_t parent)
{
#ifdef __linux__
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -1;
#endif
	/* It may have died between the fork and the prctl. */
	if (getppid() != parent)
		_exit(127);
	return 0;
}

/* Becomes the program; returns only if that fails, with errno. */
static void
become(const struct graph *graph, const struct stage_spec *spec,
    const int theirs[PIPES], char *env[ENV_MAX], pid_t parent)
{
	int i;

	default_signals();
	setpgid(0, 0);
	if (die_with(parent) == -1)
		return;
	for (i = 0; i < FAULT; i++)
		if (dup2(theirs[i], i) == -1)
			return;
	if (dup3(theirs[FAULT], FAULT_FD, O_CLOEXEC) == -1)
		return;
	closefrom(FAULT_FD + 1);
	if (chdir(graph->dir) == 0)
		execve(spec->program, spec->run, env);
}

/* The child.  What errno it fails with, its parent reads. */
static void __attribute__((noreturn))
child_main(const struct graph *graph, const struct stage_spec *spec,
    const int theirs[PIPES], char *env[ENV_MAX], pid_t parent)
{
	int error;

	become(graph, spec, theirs, env, parent);
	error = errno;
	if (write(FAULT_FD, &error, sizeof(error)) == -1)
		_exit(126);
	_exit(127);
}

int
spawn(struct spawned *child, const struct graph *graph,
    const struct stage_spec *spec)
{
	int ours[PIPES], theirs[PIPES], saved;
	char *env[ENV_MAX] = { NULL };
	pid_t self = getpid(), pid = -1;

	if (open_pipes(ours, theirs) == 0 && make_env(env, spec->part) == 0)
		pid = fork();
	if (pid == 0)
		child_main(graph, spec, theirs, env, self);
	saved = errno;
	free_env(env);
	close_all(theirs);
	if (pid == -1)
		close_all(ours);
	else
		setpgid(pid, pid);	/* the child does it too */
	*child = (struct spawned){ pid, ours[IN], ours[OUT], ours[ERR],
	    ours[FAULT] };
	errno = saved;
	return pid == -1 ? -1 : 0;
}

int
spawn_fault(const struct spawned *child)
{
	int error;

	return read(child->fault, &error, sizeof(error)) == sizeof(error) ?
	    error : 0;
}

void
spawn_close(struct spawned *child)
{
	spawn_shut(&child->in);
	spawn_shut(&child->out);
	spawn_shut(&child->err);
	spawn_shut(&child->fault);
}
