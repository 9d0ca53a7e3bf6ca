/*
 * sweep.c: listener, and worker before it writes a journal.  Removes files by
 * their age and size; reads none of them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "journal/bell.h"
#include "journal/runfile.h"
#include "journal/sweep.h"

/* One that was written to within this time is not asked for its writer. */
#define FRESH_MS	2000

/*
 * The most files that are removed by one call, since whoever calls it has
 * visitors who wait; and when the next call is due then.
 */
#define REMOVED_MOST	8
#define AGAIN_MS	50

struct file {
	char	name[64];
	int64_t	at_ms, bytes;
};

struct files {
	struct file	*list;
	size_t		 n;
	int64_t		 bytes;
};

static int
by_age(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

static void
note_file(struct files *files, const char *name, const struct stat *st)
{
	struct file *list;

	/* It grows by powers of two. */
	if ((files->n & (files->n - 1)) == 0) {
		list = realloc(files->list, (files->n == 0 ? 1 :
		    2 * files->n) * sizeof(*list));
		if (list == NULL)
			fatal("sweep");
		files->list = list;
	}
	list = &files->list[files->n++];
	memset(list, 0, sizeof(*list));
	memcpy(list->name, name, strlen(name));
	list->at_ms = (int64_t)st->st_mtim.tv_sec * 1000 +
	    st->st_mtim.tv_nsec / 1000000;
	list->bytes = st->st_size;
	files->bytes += st->st_size;
}

static void
list_files(DIR *dir, struct files *files)
{
	const struct dirent *entry;
	struct stat st;

	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    strlen(entry->d_name) < sizeof(files->list->name) &&
		    fstatat(dirfd(dir), entry->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0)
			note_file(files, entry->d_name, &st);
}

/*
 * Whether a process writes it.  The bell of a run goes with its journal, which
 * has the lock.
 */
static bool
is_written(int dir, const struct file *file, int64_t now_ms)
{
	char name[sizeof(file->name)];
	size_t n = strlen(file->name), bell = strlen(BELL_SUFFIX);
	bool is;
	int fd;

	if (now_ms - file->at_ms < FRESH_MS)
		return true;
	memcpy(name, file->name, n + 1);
	if (n > bell && strcmp(name + n - bell, BELL_SUFFIX) == 0)
		name[n - bell] = '\0';
	fd = openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return false;
	is = runfile_is_locked(fd, RUNFILE_WRITES, F_WRLCK);
	close(fd);
	return is;
}

int64_t
sweep_runs(const char *folder, int64_t keep_s, int64_t most_bytes)
{
	char path[PATH_MAX];
	struct files files = { NULL, 0, 0 };
	int64_t now = io_wall_ms(), next = -1, left;
	size_t i, removed = 0;
	DIR *dir;

	if (folder == NULL || runfile_path(path, folder, "", "") == -1 ||
	    (dir = opendir(path)) == NULL)
		return -1;
	list_files(dir, &files);
	if (files.n > 0)
		qsort(files.list, files.n, sizeof(*files.list), by_age);
	for (i = 0; i < files.n; i++) {
		left = files.list[i].at_ms + keep_s * 1000 - now;
		if ((left > 0 && files.bytes <= most_bytes) ||
		    is_written(dirfd(dir), &files.list[i], now)) {
			if (left < FRESH_MS)
				left = FRESH_MS;
			if (next == -1 || left < next)
				next = left;
			continue;
		}
		if (removed++ == REMOVED_MOST) {
			next = AGAIN_MS;
			break;
		}
		unlinkat(dirfd(dir), files.list[i].name, 0);
		files.bytes -= files.list[i].bytes;
	}
	free(files.list);
	closedir(dir);
	return next;
}
