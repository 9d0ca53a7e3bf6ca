/*
 * account: becomes the user of an account with limits, then the program; what
 * suEXEC and a host's kernel do for a CGI program.  Installed setuid root.
 * Built with PROGRAM, a path; ACCOUNT, a user's number; NPROC, 0 for none;
 * GROUPS, directories of cgroups, may be none.  Exits 1 if the account has no
 * process left, as suEXEC does.
 */
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *groups[] = { GROUPS NULL };

/* Reads a number of a cgroup; -1 if there is none. */
static long
number_of(const char *group, const char *name)
{
	char path[512], text[32] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", group, name);
	if ((fd = open(path, O_RDONLY)) == -1)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 && text[0] >= '0' && text[0] <= '9' ? atol(text) : -1;
}

/* A move is not held to pids.max, so it is looked at first. */
static int
enter(const char *group)
{
	long most = number_of(group, "pids.max");
	char path[512];
	int fd, rc;

	if (most >= 0 && number_of(group, "pids.current") >= most)
		return -1;
	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	if ((fd = open(path, O_WRONLY)) == -1)
		return -1;
	rc = write(fd, "0", 1) == 1 ? 0 : -1;
	close(fd);
	return rc;
}

int
main(int argc, char **argv)
{
	const struct rlimit most = { NPROC, NPROC };
	size_t i;

	(void)argc;
	for (i = 0; groups[i] != NULL; i++)
		if (enter(groups[i]) == -1)
			return 1;
	if (NPROC > 0 && setrlimit(RLIMIT_NPROC, &most) == -1)
		return 1;
	if (setgroups(0, NULL) == -1 || setgid(65534) == -1 ||
	    setuid(ACCOUNT) == -1)
		return 1;
	execv(PROGRAM, argv);
	return 1;
}
