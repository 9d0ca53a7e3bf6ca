/*
 * results.c: the command line's process.  Opens and writes the files of
 * results; does not know what is in a line.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "bulk/results.h"

/* How long to wait, at a time, until standard output takes more. */
#define WAIT_MS	1000

/* --- opening -------------------------------------------------------------- */

/*
 * A descriptor below 3 would be taken for a standard one, if the program was
 * started without these.  Returns it, or another one of the same file.
 */
static int
above_standard(int fd)
{
	int high = fd == -1 || fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (high != fd)
		close(fd);
	return high;
}

static int
cannot_open(const char *path, struct err *err)
{
	if (errno == ENOENT)
		return err_set(err, 400, "bad_output", "%.150s cannot be made: "
		    "there is no such directory; make it first", path);
	return err_set(err, 400, "bad_output", "%.150s cannot be opened for "
	    "writing: %s; name another output file", path, strerror(errno));
}

/* `make` is O_CREAT or 0.  Returns 0, or -1 with err. */
static int
open_one(struct results_file *file, int make, struct err *err)
{
	struct stat st;

	file->fd = above_standard(open(file->path, O_RDWR | O_APPEND |
	    O_CLOEXEC | O_NOCTTY | make, 0666));
	if (file->fd == -1 && errno == ENOENT && make == 0)
		return 0;
	if (file->fd == -1 || fstat(file->fd, &st) == -1)
		return cannot_open(file->path, err);
	file->size = st.st_size;
	return S_ISREG(st.st_mode) ? 0 : err_set(err, 400, "bad_output",
	    "%.150s is no regular file, so it cannot be read again later; name "
	    "another, or - for standard output", file->path);
}

static int
lock_file(const struct results_file *file, struct err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	long pid = 0;
	int rc, error;

	while ((rc = fcntl(file->fd, F_SETLK, &lock)) == -1 && errno == EINTR)
		;
	if (rc == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return err_set(err, 400, "bad_output", "%.150s cannot be "
		    "locked: %s; name an output file on a local disk",
		    file->path, strerror(errno));
	error = errno;
	if (fcntl(file->fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
		pid = lock.l_pid;
	return err_set(err, 409, "output_locked", "%.150s is written by "
	    "another process (%s, process %ld); wait for its end, or name "
	    "another output file", file->path, strerror(error), pid);
}

static char *
errors_path(const char *path)
{
	static const char suffix[] = ".errors.jsonl";
	size_t n = strlen(path) + sizeof(suffix);
	char *result = malloc(n);

	if (result != NULL)
		snprintf(result, n, "%s%s", path, suffix);
	return result;
}

/* Standard output, and standard error for errors. */
static int
open_standard(struct results *results)
{
	results->is_stdout = true;
	results->good.fd = STDOUT_FILENO;
	results->bad.fd = STDERR_FILENO;
	return 0;
}

int
results_open(struct results *results, const char *path, struct ids *ids,
    bool retry, struct err *err)
{
	struct results_file *good = &results->good, *bad = &results->bad;
	size_t again;

	if (strcmp(path, "-") == 0)
		return open_standard(results);
	good->path = strdup(path);
	bad->path = errors_path(path);
	if (good->path == NULL || bad->path == NULL)
		return err_set(err, 503, "no_memory", "out of memory");
	if (open_one(good, O_CREAT, err) == -1 ||
	    lock_file(good, err) == -1 ||
	    results_read(results, good, ids, false, &again, err) == -1 ||
	    open_one(bad, 0, err) == -1)
		return -1;
	if (bad->fd == -1)
		return 0;
	if (results_read(results, bad, ids, retry, &again, err) == -1)
		return -1;
	return again == 0 ? 0 : results_forget(bad, ids, err);
}

static void
shut_file(struct results_file *file, bool is_standard)
{
	if (file->fd != -1 && !is_standard)
		close(file->fd);
	free(file->path);
	buf_free(&file->out);
	file->fd = -1;
	file->path = NULL;
}

void
results_close(struct results *results)
{
	shut_file(&results->bad, results->is_stdout);
	shut_file(&results->good, results->is_stdout);
}

/* --- writing -------------------------------------------------------------- */

void
results_put(struct results *results, bool is_bad, const char *line, size_t n)
{
	struct buf *out = is_bad ? &results->bad.out : &results->good.out;

	/* Without memory for all of it, nothing of it is added. */
	if (buf_room(out, n + 1) == NULL)
		return;
	buf_add(out, line, n);
	buf_putc(out, '\n');
}

/* Whether the file is still there under its name, and as it was left. */
static int
check_place(const struct results_file *file, struct err *err)
{
	struct stat here, there;
	bool is_there = stat(file->path, &there) == 0;

	if (fstat(file->fd, &here) == -1)
		return err_set(err, 500, "output_gone", "%.150s: %s",
		    file->path, strerror(errno));
	if (here.st_nlink == 0 || !is_there || here.st_ino != there.st_ino ||
	    here.st_dev != there.st_dev)
		return err_set(err, 500, "output_gone", "%.150s was moved or "
		    "removed while it was written; put it back, and the same "
		    "command goes on with what is not in it", file->path);
	if (here.st_size != file->size)
		return err_set(err, 500, "output_changed", "%.150s was changed "
		    "by another program while it was written; see what is in "
		    "it, and the same command goes on with the rest",
		    file->path);
	return 0;
}

/* Waits for standard output, if it is one that does not block. */
static void
wait_writable(int fd)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	io_wait_either(-1, fd, WAIT_MS, &mask);
}

/* Returns how many bytes were written: all, or fewer and errno. */
static size_t
write_some(int fd, const char *data, size_t n)
{
	size_t done = 0;
	ssize_t rc;

	while (done < n) {
		rc = write(fd, data + done, n - done);
		if (rc > 0)
			done += (size_t)rc;
		else if (rc == -1 && errno == EAGAIN)
			wait_writable(fd);
		else if (rc == 0 || errno != EINTR)
			break;
	}
	return done;
}

/* How many of the first n bytes are whole lines. */
static size_t
whole_lines(const char *data, size_t n)
{
	const char *end = memrchr(data, '\n', n);

	return end == NULL ? 0 : (size_t)(end + 1 - data);
}

/*
 * After a write of `done` bytes that was not whole: leaves whole lines in the
 * file, and the others in the buffer.
 */
static int
undo_write(struct results_file *file, bool is_standard, size_t done, int error,
    struct err *err)
{
	if (is_standard) {
		buf_drop(&file->out, done);
		return err_set(err, 500, "output_failed", "standard output "
		    "cannot be written: %s; it cannot be taken up again, so "
		    "name an output file", strerror(error));
	}
	done = whole_lines(file->out.data, done);
	file->size += (long long)done;
	buf_drop(&file->out, done);
	/* If that fails, the next start cuts the line off. */
	if (ftruncate(file->fd, file->size) == -1)
		error = errno;
	return err_set(err, 500, "output_failed", "%.150s cannot be written: "
	    "%s; each line in it is whole, and once that is mended the same "
	    "command goes on with the rest", file->path, strerror(error));
}

static int
flush_file(struct results_file *file, bool is_standard, struct err *err)
{
	size_t n = file->out.len, done;
	bool had_memory = !file->out.failed;

	if (n > 0 && !is_standard && ((file->fd == -1 &&
	    open_one(file, O_CREAT, err) == -1) ||
	    check_place(file, err) == -1))
		return -1;
	errno = 0;
	if (n > 0 && (done = write_some(file->fd, file->out.data, n)) < n)
		return undo_write(file, is_standard, done, errno, err);
	file->size += (long long)n;
	buf_reset(&file->out);
	return had_memory ? 0 : err_set(err, 503, "no_memory", "out of "
	    "memory for a line of results; the same command goes on with the "
	    "rest");
}

int
results_flush(struct results *results, struct err *err)
{
	struct err other = ERR_INIT;
	int rc = flush_file(&results->good, results->is_stdout, err);

	/* What has failed is written also if the output file is gone. */
	if (flush_file(&results->bad, results->is_stdout,
	    rc == 0 ? err : &other) == -1)
		rc = -1;
	return rc;
}
