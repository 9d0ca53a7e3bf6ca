/*
 * folder.c: any process of a site but its stages, and commands.  Finds a
 * directory; does not know what is kept in it.
 */
#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/log.h"
#include "site/folder.h"

/* Hexadecimal digits of a folder's name. */
#define SITE_DIGITS	16

/*
 * Makes a directory, and those above it that are not there, as the XDG
 * specification wants it.  Returns 0, or -1 and errno.
 */
static int
make_directories(const char *dir)
{
	char path[PATH_MAX];
	char *slash;

	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		return 0;
	if (errno != ENOENT || (size_t)snprintf(path, sizeof(path), "%s",
	    dir) >= sizeof(path))
		return -1;
	for (slash = path; (slash = strchr(slash + 1, '/')) != NULL;
	    *slash = '/') {
		*slash = '\0';
		if (mkdir(path, 0700) == -1 && errno != EEXIST)
			return -1;
	}
	return mkdir(dir, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

/*
 * Returns 1 if make_directories can make a directory that is not there: the
 * nearest one above it that is there lets us write; else -1 and errno.
 */
static int
can_be_made(const char *dir)
{
	char path[PATH_MAX];
	char *slash;

	snprintf(path, sizeof(path), "%s", dir);
	while ((slash = strrchr(path, '/')) != NULL && slash != path) {
		*slash = '\0';
		if (access(path, W_OK | X_OK) == 0)
			return 1;
		if (errno != ENOENT)
			return -1;
	}
	return access("/", W_OK | X_OK) == 0 ? 1 : -1;
}

/*
 * Makes a directory if it is not there and `make` is set.  Returns 0 if only
 * our user can write to it; 1 if it is not there and could be made; else -1
 * and errno: in a directory for temporary files anybody may have made one of
 * that name, or a symbolic link, before us.
 */
static int
own(const char *dir, bool make)
{
	struct stat st;

	if (make && make_directories(dir) == -1)
		return -1;
	if (lstat(dir, &st) == -1)
		return !make && errno == ENOENT ? can_be_made(dir) : -1;
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 022) != 0) {
		errno = EPERM;
		return -1;
	}
	return access(dir, W_OK);
}

/*
 * Fills `path` with the directory that keeps the folders of all sites, if there
 * is another one than that for temporary files; else with "".
 */
static void
name_directory(char *path, size_t size, const char *dir)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_STATE_HOME");

	/*
	 * The XDG specification lets only absolute paths count.  A home that
	 * is not there is that of a user who shall have none.
	 */
	if (dir != NULL)
		snprintf(path, size, "%s", dir);
	else if (xdg != NULL && *xdg == '/')
		snprintf(path, size, "%s/recipe", xdg);
	else if (home != NULL && *home == '/' && access(home, F_OK) == 0)
		snprintf(path, size, "%s/.local/state/recipe", home);
	else
		path[0] = '\0';
}

/* Fills `path` with the folder of a site.  Returns as own() does. */
static int
find_folder(char *path, size_t size, const char *dir, const char *site,
    bool make)
{
	const char *tmp = getenv("TMPDIR");
	char name[SITE_DIGITS + 1];
	size_t n;

	name_directory(path, size, dir);
	if (path[0] == '\0' || own(path, make) == -1) {
		if (dir != NULL && !make)
			return -1;
		/* A directory that the operator has named is missed. */
		if (dir != NULL)
			log_warn("state directory %s", dir);
		snprintf(path, size, "%s/recipe-%ld",
		    tmp == NULL || *tmp != '/' ? "/tmp" : tmp,
		    (long)geteuid());
		if (own(path, make) == -1)
			return -1;
	}
	digest_hex(site, strlen(site), name, SITE_DIGITS);
	n = strlen(path);
	if ((size_t)snprintf(path + n, size - n, "/%s", name) >= size - n) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return own(path, make);
}

int
folder_make(char *path, size_t size, const char *dir, const char *site)
{
	return find_folder(path, size, dir, site, true);
}

int
folder_look(char *path, size_t size, const char *dir, const char *site)
{
	return find_folder(path, size, dir, site, false);
}

bool
folder_is_in(const char *path, const char *dir)
{
	size_t n = dir == NULL ? 0 : strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	return dir == NULL || (path != NULL && strncmp(path, dir, n) == 0 &&
	    path[n] == '/');
}

bool
folder_is_emptied(const char *path)
{
	const char *tmp = getenv("TMPDIR");
	struct statfs fs;

	return folder_is_in(path, "/tmp") || folder_is_in(path, "/run") ||
	    (tmp != NULL && *tmp == '/' && folder_is_in(path, tmp)) ||
	    (statfs(path, &fs) == 0 && (fs.f_type == TMPFS_MAGIC ||
	    fs.f_type == RAMFS_MAGIC));
}
