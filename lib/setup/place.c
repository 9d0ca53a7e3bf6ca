/*
 * place.c: listener, before any fork.  Where files are; not what they hold.
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

/* Takes the last name off a path.  False where none is left. */
static bool
up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path)
		return false;
	*slash = '\0';
	return true;
}

/* The path of this program. */
static bool
own_path(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	path[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* DIR/BELOW and NAME in one, NULL where that does not exist. */
static char *
look(const char *dir, const char *below, const char *name)
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
	bool known = own_path(dir) && up(dir);

	if (said != NULL && *said != '\0')
		return copy(said);
	if (known)
		path = look(dir, "", name);
	known = known && up(dir);
	if (path == NULL && known)
		path = look(dir, "", name);
	/* Under plain CGI, files that the web server does not hand out. */
	if (path == NULL && root != NULL &&
	    getenv("GATEWAY_INTERFACE") != NULL)
		path = look(root, "../", name);
	if (path == NULL && known)
		path = look(dir, "share/recipe/", name);
	return path;
}

char *
place_site(const char *config)
{
	char path[PATH_MAX];

	if (config != NULL && realpath(config, path) != NULL)
		return copy(path);
	if (config != NULL)
		return copy(config);
	return copy(own_path(path) && up(path) ? path : "");
}
