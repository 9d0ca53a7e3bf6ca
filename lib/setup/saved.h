/*
 * saved: whether a file of the prompts, or the template of the page, has been
 * saved since it was read.
 *
 *	saved_open(&saved, graph.dir, plain, any);	before they are read
 *	...
 *	if (saved_look(&saved))
 *		...					read them again
 *
 * On Linux the kernel tells it (inotify): saved.fd becomes readable when
 * something was saved, so nobody has to look before that.  It does not tell of
 * what another machine has written to a file system of the network.  For these,
 * and if the account has no inotify left, fd is -1, and saved_look compares the
 * names, times and sizes of all files, but at most once in SAVED_LOOK_MS.
 *
 * Directories may be symbolic links that are replaced, as some tools do that
 * put a new version in place: the directory in which such a link is, is watched
 * for its name.
 */
#ifndef SAVED_H
#define SAVED_H

#include <stdbool.h>
#include <stdint.h>

#define SAVED_LOOK_MS	1000

/*
 * The prompts, their demo, both pages, and the names of the directories of the
 * prompts and of the first page in those above them.
 */
#define SAVED_DIRS	6

struct saved {
	int		 fd;		/* readable: something was saved; -1 */
	/* What is watched: all names in a directory, or one. */
	struct saved_dir {
		char	*path;
		char	*name;		/* NULL: all */
		int	 watch;		/* of inotify; -1: none */
	}		 dirs[SAVED_DIRS];
	uint64_t	 print;		/* of all files, if fd is -1 */
	int64_t		 looked_ms;
};

#define SAVED_INIT { .fd = -1 }

/*
 * Begins to watch.  `prompts` is a directory; `page` and `any` are paths of
 * files, or NULL.  Without memory it ends the program.
 */
void	saved_open(struct saved *saved, const char *prompts, const char *page,
	    const char *any);

/*
 * Whether something was saved since saved_open, or since the last call that
 * returned true.  If it was, directories that were replaced are watched anew.
 */
bool	saved_look(struct saved *saved);

/* Watches what was not there when it should have been watched, too. */
void	saved_renew(struct saved *saved);

void	saved_close(struct saved *saved);

#endif
