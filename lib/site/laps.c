/*
 * laps.c: any process of a site but its stages, and commands.  Writes and reads
 * rows; computes nothing with them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "setup/service.h"
#include "site/laps.h"
#include "site/rows.h"

#define NAME		"laps"
#define NAME_OLD	"laps.old"
#define MARK		UINT32_C(0x3250414c)	/* "LAP2" */

struct lap_row {
	struct row	head;
	uint64_t	key;
	int64_t		at_ms;
	int32_t		first_us, text_us, total_us, rate_milli, tokens;
	uint8_t		end, of, estimated;
	uint8_t		rest[LAP_BYTES - 47];
};

_Static_assert(sizeof(struct lap_row) == ROW_BYTES, "a row has no holes");

/* --- rows ---------------------------------------------------------------- */

static void
pack(struct lap_row *row, const struct lap *lap)
{
	memset(row, 0, sizeof(*row));
	row->key = lap->key;
	row->at_ms = lap->at_ms;
	row->first_us = lap->first_us;
	row->text_us = lap->text_us;
	row->total_us = lap->total_us;
	row->rate_milli = lap->rate_milli;
	row->tokens = lap->tokens;
	row->end = (uint8_t)lap->end;
	row->of = (uint8_t)lap->of;
	row->estimated = lap->estimated;
	rows_seal(row, MARK);
}

/* Who takes laps. */
struct taker {
	void	(*take)(void *arg, const struct lap *lap);
	void	*arg;
};

static void
unpack(void *arg, const void *bytes)
{
	const struct taker *taker = arg;
	const struct lap_row *row = bytes;
	struct lap lap;

	if (row->end > LAP_LATE || row->of > LAP_OF_SPEED)
		return;
	lap = (struct lap){ .key = row->key, .at_ms = row->at_ms,
	    .first_us = row->first_us, .text_us = row->text_us,
	    .total_us = row->total_us, .rate_milli = row->rate_milli,
	    .tokens = row->tokens, .end = (enum lap_end)row->end,
	    .of = (enum lap_of)row->of, .estimated = row->estimated != 0 };
	taker->take(taker->arg, &lap);
}

uint64_t
laps_key(const struct service *service, const char *model)
{
	struct buf text = BUF_INIT(8192);
	char hex[17];

	buf_printf(&text, "%s\n%s\n%s", service->base_url == NULL ? "" :
	    service->base_url, service->id, model);
	digest_hex(text.data, text.len, hex, sizeof(hex) - 1);
	buf_free(&text);
	return strtoull(hex, NULL, 16);
}

/* --- writing ------------------------------------------------------------- */

void
laps_open(struct laps *laps, const char *dir)
{
	char path[PATH_MAX];

	*laps = (struct laps)LAPS_INIT;
	if (dir != NULL && (size_t)snprintf(path, sizeof(path), "%s/" NAME,
	    dir) < sizeof(path))
		laps->path = strdup(path);
}

void
laps_close(struct laps *laps)
{
	if (laps->fd != -1)
		close(laps->fd);
	free(laps->path);
	*laps = (struct laps)LAPS_INIT;
}

static void
reopen(struct laps *laps)
{
	if (laps->fd != -1)
		close(laps->fd);
	laps->fd = open(laps->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
}

/*
 * Makes the file the old one, unless another process has done so: then the path
 * is that of another file by now.  The lock, which is tried and ends when the
 * file is opened anew, is held by one process at a time; so the path cannot
 * change between the look and the rename.  If the directory does not keep
 * locks, two that rename at the same moment may lose rows, but the file does
 * not grow for ever.
 */
static void
turn_over(const struct laps *laps, const struct stat *full)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char old[PATH_MAX];
	struct stat now;

	snprintf(old, sizeof(old), "%s.old", laps->path);
	if (fcntl(laps->fd, F_SETLK, &lock) == -1 &&
	    (errno == EAGAIN || errno == EACCES))
		return;
	if (stat(laps->path, &now) == 0 && now.st_ino == full->st_ino)
		rename(laps->path, old);
}

/*
 * Opens the file that is to be written, if that is not the one which is open.
 * A file that was removed has no link left, and one that is full has become the
 * old one, or is about to.
 */
static bool
is_ready(struct laps *laps)
{
	struct stat st;

	if (laps->fd == -1)
		reopen(laps);
	if (laps->fd == -1 || fstat(laps->fd, &st) == -1)
		return false;
	if (st.st_size >= LAPS_BYTES)
		turn_over(laps, &st);
	if (st.st_size >= LAPS_BYTES || st.st_nlink == 0)
		reopen(laps);
	return laps->fd != -1;
}

void
laps_write(struct laps *laps, const struct lap *list, size_t n)
{
	struct lap_row rows[LAPS_AT_ONCE];
	size_t i;

	if (n == 0 || n > LAPS_AT_ONCE || laps->path == NULL ||
	    !is_ready(laps))
		return;
	for (i = 0; i < n; i++)
		pack(&rows[i], &list[i]);
	(void)rows_append(laps->fd, rows, n);
}

/* --- reading ------------------------------------------------------------- */

size_t
laps_read(const char *dir, struct laps_mark marks[2],
    void (*take)(void *arg, const struct lap *lap), void *arg)
{
	static const char *const names[] = { NAME_OLD, NAME };
	struct taker taker = { take, arg };
	struct laps_mark had[2] = { marks[0], marks[1] };
	char path[PATH_MAX];
	struct stat st;
	size_t i, k, rows = 0;
	int fd;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		marks[i] = (struct laps_mark){ 0, 0 };
		if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
			continue;
		if (fstat(fd, &st) == 0)
			marks[i].ino = (uint64_t)st.st_ino;
		/* What was read of it, perhaps under its other name. */
		for (k = 0; k < 2; k++)
			if (had[k].ino == marks[i].ino)
				marks[i].at = had[k].at;
		rows += rows_read(fd, &marks[i].at, MARK, unpack, &taker,
		    NULL);
		close(fd);
	}
	return rows;
}
