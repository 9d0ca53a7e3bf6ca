/*
 * place.c: listener, before any fork.  Finds files; knows nothing of what they
 * hold.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "setup/place.h"

char *
place_join(const char *dir, const char *name, const char *suffix)
{
	size_t n = strlen(dir) + strlen(name) + strlen(suffix) + 2;
	char *path = malloc(n);

	if (path == NULL)
		fatal("cannot make a path");
	snprintf(path, n, "%s/%s%s", dir, name, suffix);
	return path;
}

/* A new copy of a path. */
static char *
copy_path(const char *path)
{
	char *ours = strdup(path);

	if (ours == NULL)
		fatal("cannot make a path");
	return ours;
}

/* Cuts the last name off a path; returns false if nothing would be left. */
static bool
go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path)
		return false;
	*slash = '\0';
	return true;
}

/* Writes the path of this program; returns whether the system tells it. */
static bool
own_path(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	path[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/*
 * The path of NAME in DIR or in a directory below it ("share/recipe/"); NULL if
 * nothing is there.
 */
static char *
find_in(const char *dir, const char *below, const char *name)
{
	char *path = place_join(dir, below, name);

	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *
place_find(const char *env, const char *name)
{
	const char *said = getenv(env), *root = getenv("DOCUMENT_ROOT");
	char dir[PATH_MAX], *path = NULL;
	bool known = own_path(dir) && go_up(dir);

	if (said != NULL && *said != '\0')
		return copy_path(said);
	if (known)
		path = find_in(dir, "", name);
	known = known && go_up(dir);
	if (path == NULL && known)
		path = find_in(dir, "", name);
	/*
	 * `dir` is now the directory above, and share/recipe is in it.  A web
	 * server sets GATEWAY_INTERFACE in a CGI program's environment.
	 */
	if (path == NULL && root != NULL &&
	    getenv("GATEWAY_INTERFACE") != NULL)
		path = find_in(root, "../", name);
	if (path == NULL && known)
		path = find_in(dir, "share/recipe/", name);
	return path;
}

char *
place_site(const char *config)
{
	char path[PATH_MAX];

	if (config != NULL && realpath(config, path) != NULL)
		return copy_path(path);
	if (config != NULL)
		return copy_path(config);
	return copy_path(own_path(path) && go_up(path) ? path : "");
}
