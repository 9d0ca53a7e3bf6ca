/*
 * saved.c: listener.  Watches directories; does not know what their files mean.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/inotify.h>
#include <sys/vfs.h>
#endif

#include "base/io.h"
#include "base/log.h"
#include "setup/place.h"
#include "setup/saved.h"

/* --- by the kernel -------------------------------------------------------- */

#ifdef __linux__

/* What follows when a file was written, replaced, added or removed. */
#define EVENTS	(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_TO | \
		 IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF)

/* Whether others than this machine may write there (see statfs(2)). */
static bool
is_remote(const char *dir)
{
	static const unsigned long kinds[] = { 0x6969, 0x517b, 0xff534d42,
	    0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f,
	    0x73757245 };
	struct statfs fs;
	size_t i;

	if (statfs(dir, &fs) == -1)
		return false;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((unsigned long)fs.f_type == kinds[i])
			return true;
	return false;
}

static void
watch_all(struct saved *saved)
{
	struct saved_dir *d;
	size_t i;

	for (i = 0; i < SAVED_DIRS; i++) {
		d = &saved->dirs[i];
		if (d->path != NULL)
			d->watch = inotify_add_watch(saved->fd, d->path,
			    EVENTS);
	}
}

static bool
is_meant(const struct saved *saved, const struct inotify_event *event)
{
	const struct saved_dir *d;
	size_t i;

	for (i = 0; i < SAVED_DIRS; i++) {
		d = &saved->dirs[i];
		if (d->path == NULL || d->watch != event->wd)
			continue;
		if (d->name == NULL || (event->len > 0 &&
		    strcmp(event->name, d->name) == 0))
			return true;
	}
	return (event->mask & IN_Q_OVERFLOW) != 0;
}

/* Reads all that the kernel has to tell. */
static bool
hear_kernel(struct saved *saved)
{
	union {
		struct inotify_event	event;
		char			space[8192];
	} heard;
	const struct inotify_event *event;
	bool meant = false;
	ssize_t n, at;

	while ((n = read(saved->fd, heard.space, sizeof(heard.space))) > 0)
		for (at = 0; at < n; at += (ssize_t)(sizeof(*event) +
		    event->len)) {
			event = (const void *)(heard.space + at);
			meant = is_meant(saved, event) || meant;
		}
	if (meant)
		watch_all(saved);
	return meant;
}

static void
open_kernel(struct saved *saved)
{
	size_t i;

	for (i = 0; i < SAVED_DIRS; i++)
		if (saved->dirs[i].path != NULL &&
		    is_remote(saved->dirs[i].path))
			return;
	saved->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (saved->fd != -1)
		watch_all(saved);
}

void
saved_renew(struct saved *saved)
{
	if (saved->fd != -1)
		watch_all(saved);
}

#else

void
saved_renew(struct saved *saved)
{
	(void)saved;
}

static bool
hear_kernel(struct saved *saved)
{
	(void)saved;
	return false;
}

static void
open_kernel(struct saved *saved)
{
	(void)saved;
}

#endif

/* --- by looking ----------------------------------------------------------- */

/* Adds a number to a hash (FNV-1a, by words of 64 bits). */
static uint64_t
mix(uint64_t hash, uint64_t n)
{
	return (hash ^ n) * 1099511628211U;
}

/* The order of the entries does not matter, since directories have none. */
static uint64_t
print_of_dir(const struct saved_dir *d)
{
	DIR *dir = opendir(d->path);
	const struct dirent *entry;
	uint64_t print = 0, one;
	struct stat st;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (d->name != NULL && strcmp(entry->d_name, d->name) != 0)
			continue;
		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(dir), entry->d_name, &st, 0) == -1)
			continue;
		one = mix(14695981039346656037U, (uint64_t)st.st_ino);
		one = mix(one, (uint64_t)st.st_size);
		one = mix(one, (uint64_t)st.st_mtim.tv_sec);
		one = mix(one, (uint64_t)st.st_mtim.tv_nsec);
		print += one;
	}
	if (dir != NULL)
		closedir(dir);
	return print;
}

static uint64_t
print_of_all(const struct saved *saved)
{
	uint64_t print = 0;
	size_t i;

	for (i = 0; i < SAVED_DIRS; i++)
		if (saved->dirs[i].path != NULL)
			print = mix(print, print_of_dir(&saved->dirs[i]));
	return print;
}

static bool
look_at_files(struct saved *saved)
{
	int64_t now = io_now_ms();
	uint64_t before = saved->print;

	if (now - saved->looked_ms < SAVED_LOOK_MS)
		return false;
	saved->looked_ms = now;
	saved->print = print_of_all(saved);
	return saved->print != before;
}

/* --- both ----------------------------------------------------------------- */

/* Splits a path at its last slash, into new strings. */
static void
split_path(const char *path, struct saved_dir *d)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL || slash[1] == '\0')
		return;
	d->path = slash == path ? strdup("/") :
	    strndup(path, (size_t)(slash - path));
	d->name = strdup(slash + 1);
	if (d->path == NULL || d->name == NULL)
		fatal("saved");
}

void
saved_open(struct saved *saved, const char *prompts, const char *page,
    const char *any)
{
	size_t i;

	*saved = (struct saved)SAVED_INIT;
	for (i = 0; i < SAVED_DIRS; i++)
		saved->dirs[i].watch = -1;
	if ((saved->dirs[0].path = strdup(prompts)) == NULL)
		fatal("saved");
	saved->dirs[1].path = place_join(prompts, "demo", "");
	split_path(prompts, &saved->dirs[2]);
	if (page != NULL)
		split_path(page, &saved->dirs[3]);
	if (saved->dirs[3].path != NULL)
		split_path(saved->dirs[3].path, &saved->dirs[4]);
	if (any != NULL)
		split_path(any, &saved->dirs[5]);
	open_kernel(saved);
	if (saved->fd == -1)
		saved->print = print_of_all(saved);
}

bool
saved_look(struct saved *saved)
{
	return saved->fd != -1 ? hear_kernel(saved) : look_at_files(saved);
}

void
saved_close(struct saved *saved)
{
	size_t i;

	if (saved->fd != -1)
		close(saved->fd);
	for (i = 0; i < SAVED_DIRS; i++) {
		free(saved->dirs[i].path);
		free(saved->dirs[i].name);
	}
	*saved = (struct saved)SAVED_INIT;
}
