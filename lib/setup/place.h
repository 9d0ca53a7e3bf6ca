/*
 * place: where the files of this program are.
 *
 * All of them are looked for in the same directories, in this order:
 *
 *   - that of the program, after its symbolic links are resolved;
 *   - the one above it;
 *   - under plain CGI, the one above DOCUMENT_ROOT, from which the web server
 *     hands out no files;
 *   - ../share/recipe, seen from the program's, where `make install` puts them
 *     under any PREFIX.
 *
 * The paths that these functions return are new strings, which the caller
 * frees.  If there is no memory, they end the program: they are only for
 * start-up, while nothing is served yet.
 */
#ifndef PLACE_H
#define PLACE_H

/*
 * The path of the file or directory `name`.  If the environment variable `env`
 * is set and not empty, it is the path, even if nothing is there, so that a
 * typing error is seen.  Otherwise it is the first NAME that exists in those
 * directories, or NULL if none does.
 */
char	*place_find(const char *env, const char *name);

/*
 * A string that differs between the sites of one user: the real path of the
 * site's recipe.json, which is `config`, or, if that is NULL, the program's
 * directory.
 */
char	*place_site(const char *config);

/* "DIR/NAMESUFFIX". */
char	*place_join(const char *dir, const char *name, const char *suffix);

#endif
