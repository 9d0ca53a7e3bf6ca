/*
 * route.c: worker.  Paths and methods; knows nothing of what is served there.
 */
#include <string.h>

#include "base/io.h"
#include "web/route.h"

/*
 * Returns the path that was asked, and in *n its length without the query.  Of
 * the three variables the first that is set counts: PATH_INFO is what follows
 * the program's own path, and SCRIPT_NAME comes last because a rewrite changes
 * it, but leaves REQUEST_URI as the visitor sent it.
 */
static const char *
request_path(const struct source *source, size_t *n)
{
	static const char *const names[] = { "PATH_INFO", "REQUEST_URI",
	    "SCRIPT_NAME" };
	const char *path = "";
	size_t i;

	for (i = 0; i < 3 && *path == '\0'; i++)
		path = source_param(source, names[i]);
	*n = strcspn(path, "?#");
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
 * Returns whether something follows the route's path in the n bytes of path.
 * Only a route that ends in a slash has anything below it.
 */
static bool
is_below(const struct route *route, const char *path, size_t n)
{
	size_t len = strlen(route->path);
	const char *hit;

	if (route->path[len - 1] != '/')
		return false;
	hit = memmem(path, n, route->path, len);
	return hit != NULL && hit + len < path + n;
}

/*
 * All exact ends are tried before any prefix, because the program may be
 * mounted at a path such as /runs/, below which /runs/generate is /generate.
 */
const struct route *
route_find(const struct route routes[], size_t n, const struct source *source)
{
	size_t len, i;
	const char *path = request_path(source, &len);

	for (i = 0; i < n; i++)
		if (is_at(&routes[i], path, len))
			return &routes[i];
	for (i = 0; i < n; i++)
		if (is_below(&routes[i], path, len))
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
