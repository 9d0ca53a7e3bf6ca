/*
 * route.c: worker.  Paths and methods; knows nothing of what is served there.
 */
#include <string.h>

#include "base/io.h"
#include "web/route.h"

/*
 * PATH_INFO is what follows the program's own path, and SCRIPT_NAME comes last
 * because a rewrite changes it, but leaves REQUEST_URI as the visitor sent it.
 */
static const char *const names[] = { "PATH_INFO", "REQUEST_URI",
    "SCRIPT_NAME" };

#define NAMES	(sizeof(names) / sizeof(names[0]))

/* The path in a variable; its length without the query becomes *n. */
static const char *
path_in(const struct source *source, const char *name, size_t *n)
{
	const char *path = source_param(source, name);

	*n = strcspn(path, "?#");
	return path;
}

/* The path that was asked: the first of the variables that is set counts. */
static const char *
request_path(const struct source *source, size_t *n)
{
	const char *path = "";
	size_t i;

	for (i = 0; i < NAMES && *path == '\0'; i++)
		path = path_in(source, names[i], n);
	return path;
}

/* Returns whether the n bytes of path end in the whole path of the route. */
static bool
is_at(const struct route *route, const char *path, size_t n)
{
	size_t len = strlen(route->path);

	/* SCRIPT_NAME may be a mere name, which no slash precedes. */
	if (n + 1 == len && memcmp(route->path + 1, path, n) == 0)
		return true;
	return n >= len && memcmp(path + n - len, route->path, len) == 0;
}

/*
 * Only a route that ends in a slash has anything below it.  All variables are
 * tried, because lighttpd takes /runs/7 for a program /runs with the PATH_INFO
 * /7.
 */
const char *
route_below(const struct route *route, const struct source *source, size_t *n)
{
	size_t len = strlen(route->path), all, i;
	const char *path, *hit;

	for (i = 0; route->path[len - 1] == '/' && i < NAMES; i++) {
		path = path_in(source, names[i], &all);
		hit = memmem(path, all, route->path, len);
		if (hit != NULL && hit + len < path + all) {
			*n = (size_t)(path + all - hit) - len;
			return hit + len;
		}
	}
	*n = 0;
	return "";
}

/*
 * All exact ends are tried before any prefix, because the program may be
 * mounted at a path such as /runs/, below which /runs/generate is /generate.
 */
const struct route *
route_find(const struct route routes[], size_t n, const struct source *source)
{
	size_t len = 0, i;
	const char *path = request_path(source, &len);

	for (i = 0; i < n; i++)
		if (is_at(&routes[i], path, len))
			return &routes[i];
	for (i = 0; i < n; i++)
		if (*route_below(&routes[i], source, &len) != '\0')
			return &routes[i];
	return NULL;
}

/* The methods are a list with commas, of which each is compared as a whole. */
bool
route_allows(const struct route *route, const char *method)
{
	const char *s = route->methods;
	size_t n = strlen(method);

	for (; *s != '\0'; s += strcspn(s, ","), s += strspn(s, ", "))
		if (n == strcspn(s, ",") && strncmp(s, method, n) == 0)
			return true;
	return false;
}
