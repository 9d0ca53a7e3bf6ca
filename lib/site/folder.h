/*
 * folder: where a site keeps what its processes know.
 *
 * The folder's name is a hash of `site` (place_site).  It is in the directory
 * `dir`, which "state" of recipe.json names; if that is NULL, in
 * $XDG_STATE_HOME/recipe or $HOME/.local/state/recipe; and if that cannot be
 * used, in recipe-UID in the directory for temporary files.  Both must belong
 * to this user, and nobody else may be able to write to them.  Directories
 * above them that are not there are made too, with mode 0700.
 *
 *	char path[PATH_MAX];
 *
 *	if (folder_make(path, sizeof(path), config.state, site) == 0)
 *		...
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes the folder with mode 0700, if it is not there, and fills `path` with
 * it.  Returns 0, or -1 and errno if there is none that can be used.
 */
int	folder_make(char *path, size_t size, const char *dir, const char *site);

/*
 * The same for a command that only looks, and makes nothing.  Returns 0 if the
 * folder is there, 1 if folder_make would make it, or -1 and errno if it, or
 * `dir`, cannot be used: EPERM if it is another user's.
 */
int	folder_look(char *path, size_t size, const char *dir, const char *site);

/*
 * Whether a folder that folder_make has found is in `dir`, or dir is NULL.  It
 * is not if dir could not be used.  path may be NULL.
 */
bool	folder_is_in(const char *path, const char *dir);

/*
 * Whether it is in a directory that is emptied now and then, as when the
 * machine starts: one for temporary files, or one in memory.
 */
bool	folder_is_emptied(const char *path);

#endif
