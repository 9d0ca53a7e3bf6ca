/*
 * journal.c: worker.  Writes the events of a run into its file; knows nothing
 * of visitors.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "journal/bell.h"
#include "journal/journal.h"
#include "journal/runfile.h"
#include "text/json.h"
#include "text/sse.h"

/* --- what is told --------------------------------------------------------- */

static void
stamp(struct journal *journal)
{
	int64_t now = io_now_ms();

	if (now - journal->stamped_ms < JOURNAL_STAMP_MS)
		return;
	journal->stamped_ms = now;
	buf_printf(&journal->out, ": at %" PRId64 "\n\n", io_wall_ms());
}

/* Whether somebody has removed the file; asked as often as it is stamped. */
static bool
is_removed(struct journal *journal)
{
	struct stat st;

	if (journal->looked_ms == journal->stamped_ms)
		return false;
	journal->looked_ms = journal->stamped_ms;
	return fstat(journal->fd, &st) == 0 && st.st_nlink == 0;
}

/* Writes the event as reply_stream does, but without a `retry`. */
static void
write_down(void *arg, const struct event *event)
{
	struct journal *journal = arg;
	struct buf document = BUF_INIT(JOURNAL_ROUND_MAX);
	const char *data = event->text;
	size_t n = event->len;

	if (journal->fd == -1)
		return;
	stamp(journal);
	if (event->json != NULL) {
		json_write(event->json, &document);
		journal->out.failed |= document.failed;
		data = document.data;
		n = document.len;
	}
	sse_write(&journal->out, event->id, -1, event_name(event), data, n);
	buf_free(&document);
}

/* --- the file ------------------------------------------------------------- */

/*
 * From now on nothing is written.  Nobody can find the file any more, since it
 * has not the whole run, and its room on the disk is needed.  Who reads it just
 * now is told that it is broken.
 */
static void
stop_keeping(struct journal *journal, const char *why)
{
	struct stat st;

	if (fstat(journal->fd, &st) == 0 && st.st_nlink > 0)
		unlink(journal->path);
	/* A part of an event would make all that follows unreadable. */
	if (ftruncate(journal->fd, journal->size) == -1)
		log_warn("%s", journal->path);
	log_warnx("a run is not kept: %s", why);
	journal->why = why;
	close(journal->fd);
	journal->fd = -1;
	buf_free(&journal->out);
}

/* How many of n bytes belong to whole events, which somebody may have read. */
static size_t
whole_of(const char *bytes, size_t n)
{
	while (n > 1 && (bytes[n - 1] != '\n' || bytes[n - 2] != '\n'))
		n--;
	return n > 1 ? n : 0;
}

void
journal_flush(struct journal *journal)
{
	const struct buf *out = &journal->out;
	ssize_t n;

	if (journal->fd == -1 || out->len == 0)
		return;
	if (out->failed) {
		stop_keeping(journal, "there is no memory for what it says");
		return;
	}
	do {
		n = write(journal->fd, out->data, out->len);
	} while (n == -1 && errno == EINTR);
	if (n > 0)
		journal->size += (int64_t)whole_of(out->data, (size_t)n);
	if (n != (ssize_t)out->len) {
		stop_keeping(journal, n == -1 && errno != ENOSPC && errno !=
		    EDQUOT ? strerror(errno) : "the disk is full");
		return;
	}
	if (is_removed(journal))
		stop_keeping(journal, "its file was removed");
	else
		buf_reset(&journal->out);
}

bool
journal_is_read(const struct journal *journal)
{
	return journal->fd != -1 &&
	    runfile_is_locked(journal->fd, RUNFILE_READS, F_WRLCK);
}

/*
 * Makes the file under another name, with its first block and locked, so that
 * nobody finds one without a writer.  Returns its descriptor, or -1 and errno.
 */
static int
make_own(const char *own, const char *digest)
{
	char head[200];
	int fd, n, saved;

	n = snprintf(head, sizeof(head), ": a run of recipe.fcgi, request "
	    "%.64s\n\n", digest);
	/* A dead process of the same number may have left one. */
	unlink(own);
	fd = open(own, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
	    0600);
	if (fd != -1 && runfile_lock(fd, RUNFILE_WRITES, F_WRLCK) &&
	    write(fd, head, (size_t)n) == n)
		return fd;
	saved = errno;
	if (fd != -1) {
		close(fd);
		unlink(own);
	}
	errno = saved;
	return -1;
}

static enum journal_begun
cannot_keep(struct journal *journal)
{
	journal->why = errno == ENOSPC || errno == EDQUOT ?
	    "the disk is full" : strerror(errno);
	log_warnx("a run is not kept: %s", journal->why);
	return JOURNAL_NONE;
}

enum journal_begun
journal_begin(struct journal *journal, const char *dir, const char *id,
    const char *digest)
{
	char own[PATH_MAX], runs[PATH_MAX], suffix[32];
	int rc;

	if (dir == NULL) {
		journal->why = "the site has no folder";
		return JOURNAL_NONE;
	}
	snprintf(suffix, sizeof(suffix), ".%ld", (long)getpid());
	if (runfile_path(journal->path, dir, id, "") == -1 ||
	    runfile_path(own, dir, id, suffix) == -1 ||
	    runfile_path(runs, dir, "", "") == -1) {
		errno = ENAMETOOLONG;
		return cannot_keep(journal);
	}
	if (access(journal->path, F_OK) == 0)
		return JOURNAL_THERE;
	if (mkdir(runs, 0700) == -1 && errno != EEXIST)
		return cannot_keep(journal);
	if ((journal->fd = make_own(own, digest)) == -1)
		return cannot_keep(journal);
	rc = link(own, journal->path);
	if (rc == -1) {
		rc = errno;
		unlink(own);
		close(journal->fd);
		journal->fd = -1;
		errno = rc;
		return errno == EEXIST ? JOURNAL_THERE : cannot_keep(journal);
	}
	unlink(own);
	journal->size = lseek(journal->fd, 0, SEEK_END);
	journal->bell = bell_hang(dir, id);
	buf_init(&journal->out, JOURNAL_ROUND_MAX);
	journal->subscriber = (struct subscriber){ .tell = write_down,
	    .arg = journal };
	return JOURNAL_OURS;
}

void
journal_end(struct journal *journal)
{
	journal_flush(journal);
	if (journal->bell != -1)
		bell_take_down(journal->path, journal->bell);
	/* A run that never began would be read as one that broke. */
	if (journal->fd != -1 && journal->stamped_ms == 0)
		unlink(journal->path);
	if (journal->fd != -1)
		close(journal->fd);
	buf_free(&journal->out);
	journal->fd = journal->bell = -1;
}
