/*
 * whole: makes a file that other processes see only when it is whole.
 *
 *	rc = whole_make(path, fill, arg);
 *
 * It is filled under another name and then linked to its own.  If another
 * process is faster, that one's file stays.
 */
#ifndef WHOLE_H
#define WHOLE_H

/*
 * `fill` writes the file, whose mode is 0600, and returns 0, or -1 and errno.
 * Returns 1 if the file is ours; 0 if there is one already; or -1 and errno.
 */
int	whole_make(const char *path, int (*fill)(void *arg, int fd),
	    void *arg);

#endif
