/*
 * place: where this program's files are.
 *
 * The same list of directories for all of them: the program's own (its
 * executable's, links resolved), the one above it, under plain CGI the one
 * above DOCUMENT_ROOT, and share/recipe beside the program's own, where `make
 * install` puts them, whatever its PREFIX is called later.  Paths are new
 * strings that the caller frees.
 */
#ifndef PLACE_H
#define PLACE_H

/*
 * The first of these that exists: what the environment variable `env` names
 * (even where that does not exist, so that a typing error is seen), NAME in
 * those directories in that order.  NULL where there is none.
 */
char	*place_find(const char *env, const char *name);

/*
 * What tells this site from others of the same user: the real path of its
 * recipe.json (`config`), or the program's directory if that is NULL.
 */
char	*place_site(const char *config);

/* DIR, a slash, NAME and SUFFIX in one. */
char	*place_join(const char *dir, const char *name, const char *suffix);

#endif
