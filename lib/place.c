/*
 * place.c: listener, before any fork.  Where files are; not what they hold.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "place.h"

char *
place_join(const char *dir, const char *name, const char *suffix)
{
	size_t n = strlen(dir) + strlen(name) + strlen(suffix) + 2;
	char *path = malloc(n);

	if (path == NULL)
		fatal("a path");
	snprintf(path, n, "%s/%s%s", dir, name, suffix);
	return path;
}

static char *
copy(const char *path)
{
	char *ours = strdup(path);

	if (ours == NULL)
		fatal("a path");
	return ours;
}

/* The directory of the executable, without a trailing slash. */
static int
own_directory(char dir[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", dir, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return -1;
	dir[n] = '\0';
	if ((slash = strrchr(dir, '/')) == NULL)
		return -1;
	*slash = '\0';
	return 0;
}

char *
place_find(const char *env, const char *name, const char *last)
{
	const char *said = getenv(env);
	char dir[PATH_MAX], *path, *slash;
	int up;

	if (said != NULL && *said != '\0')
		return copy(said);
	if (own_directory(dir) == 0)
		for (up = 0; up < 2 && dir[0] != '\0'; up++) {
			path = place_join(dir, name, "");
			if (access(path, F_OK) == 0)
				return path;
			free(path);
			if ((slash = strrchr(dir, '/')) != NULL)
				*slash = '\0';
		}
	/* Under plain CGI, files that the web server does not hand out. */
	if ((said = getenv("DOCUMENT_ROOT")) != NULL &&
	    getenv("GATEWAY_INTERFACE") != NULL) {
		path = place_join(said, "../", name);
		if (access(path, F_OK) == 0)
			return path;
		free(path);
	}
	return last != NULL && access(last, F_OK) == 0 ? copy(last) : NULL;
}
