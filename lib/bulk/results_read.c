/*
 * results_read.c: the command line's process.  Reads what is in the files of
 * results when it starts.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "bulk/ids.h"
#include "bulk/line.h"
#include "bulk/results.h"
#include "bulk/split.h"
#include "text/grammar.h"

/* An errors line has a line of the input, and what came of it. */
#define RESULT_MAX_BYTES	((size_t)4 * LINE_MAX_BYTES)

/* Bytes that are written at a time when a file is written anew. */
#define CHUNK			((size_t)256 * 1024)

static int
cannot_write(const char *path, int error, struct err *err)
{
	return err_set(err, 500, "output_failed", "%.150s cannot be written: "
	    "%s; once that is mended, the same command goes on with the rest",
	    path, strerror(error));
}

/* --- the last line -------------------------------------------------------- */

static int
cut_off(struct results_file *file, size_t at, struct err *err)
{
	if (ftruncate(file->fd, (off_t)at) == -1)
		return cannot_write(file->path, errno, err);
	return 0;
}

/*
 * Whether a last line is the beginning of one, or the zeros that a crash of a
 * machine leaves.  A whole object that is no result belongs to another file,
 * and so does anything else.
 */
static bool
is_torn(const struct raw_line *line)
{
	const char *why;
	size_t at;

	return line->text[0] == '\0' || (line->text[0] == '{' &&
	    !grammar_check(line->text, line->len, 128, &why, &at));
}

static int
refuse_result(const struct results_file *file, const struct raw_line *line,
    struct err *err)
{
	return err_set(err, 400, "bad_output", "line %zu of %.120s is no line "
	    "of results; if it is another file (the output is named second), "
	    "name a new one, else take that line out", line->number,
	    file->path);
}

/* A last line without its 0x0A.  Returns 0, or -1 with err. */
static int
end_last(struct results *results, struct results_file *file,
    const struct raw_line *line, enum line_verdict verdict, struct err *err)
{
	if (verdict != LINE_UNKNOWN)
		return io_write_all(file->fd, "\n", 1) == 0 ? 0 :
		    cannot_write(file->path, errno, err);
	if (!is_torn(line))
		return refuse_result(file, line, err);
	results->torn++;
	return cut_off(file, line->offset, err);
}

/* --- all lines ------------------------------------------------------------ */

/* Whether an error is to be asked again, and its line goes. */
static bool
is_again(const struct ids *ids, const struct buf *id,
    enum line_verdict verdict)
{
	return verdict == LINE_BAD &&
	    (ids_get(ids, id->data, id->len) & ID_GIVEN) != 0;
}

struct past_lines {
	struct results		*results;
	struct results_file	*file;
	struct ids		*ids;
	bool			 retry;
	size_t			 again;
	struct split		 split;
	struct buf		 id;
};

static int
read_result(struct past_lines *r, const struct raw_line *line, struct err *err)
{
	enum line_verdict verdict;

	buf_reset(&r->id);
	verdict = line_judge(line->text, line->len, &r->id);
	if (r->split.is_cut) {
		if (end_last(r->results, r->file, line, verdict, err) == -1)
			return -1;
	} else if (verdict == LINE_UNKNOWN) {
		return refuse_result(r->file, line, err);
	}
	if (r->retry && is_again(r->ids, &r->id, verdict))
		r->again++;
	else if (verdict != LINE_UNKNOWN)
		ids_add(r->ids, r->id.data, r->id.len,
		    verdict == LINE_GOOD ? ID_DONE : verdict == LINE_PARTLY ?
		    ID_DONE | ID_FAILED : ID_FAILED);
	return 0;
}

static int
read_results(struct past_lines *r, struct err *err)
{
	bool is_ended = false;
	struct raw_line line;
	struct stat st;
	int rc;

	while ((rc = split_next(&r->split, &line, err)) == 1) {
		if (read_result(r, &line, err) == -1)
			return -1;
		is_ended = r->split.is_cut;
	}
	/* A blank line at the end, which split_next has passed over. */
	if (rc == 0 && r->split.is_cut && !is_ended)
		rc = cut_off(r->file, r->split.last, err);
	if (rc == 0 && fstat(r->file->fd, &st) == 0)
		r->file->size = st.st_size;
	return rc;
}

int
results_read(struct results *results, struct results_file *file,
    struct ids *ids, bool retry, size_t *again, struct err *err)
{
	struct past_lines r = { .results = results, .file = file, .ids = ids,
	    .retry = retry };
	int rc;

	split_init(&r.split, file->fd, file->path, RESULT_MAX_BYTES);
	buf_init(&r.id, RESULT_MAX_BYTES);
	rc = read_results(&r, err);
	split_free(&r.split);
	buf_free(&r.id);
	*again = r.again;
	return rc;
}

/* --- written anew --------------------------------------------------------- */

/* Returns 0, or -1 and errno. */
static int
copy_lines(struct split *split, const struct ids *ids, int to, size_t *kept,
    struct err *err)
{
	struct buf id = BUF_INIT(RESULT_MAX_BYTES);
	struct buf out = BUF_INIT(RESULT_MAX_BYTES + CHUNK);
	struct raw_line line;
	int rc;

	while ((rc = split_next(split, &line, err)) == 1) {
		buf_reset(&id);
		if (is_again(ids, &id, line_judge(line.text, line.len, &id)))
			continue;
		buf_add(&out, line.text, line.len);
		buf_putc(&out, '\n');
		*kept += 1;
		if (out.len < CHUNK && !out.failed)
			continue;
		if (out.failed || io_write_all(to, out.data, out.len) == -1)
			break;
		buf_reset(&out);
	}
	if (out.failed)
		errno = ENOMEM;
	else if (rc == 0)
		rc = io_write_all(to, out.data, out.len);
	rc = rc == 0 && !out.failed ? 0 : -1;
	buf_free(&id);
	buf_free(&out);
	return rc;
}

/*
 * Puts the new file in the place of the errors file, or removes that, if there
 * is nothing to keep.
 */
static int
put_in_place(struct results_file *file, int fd, const char *path, size_t kept)
{
	struct stat st;

	if (kept == 0) {
		if (unlink(file->path) == -1)
			return -1;
		unlink(path);
		close(fd);
		fd = -1;
		st.st_size = 0;
	} else if (fsync(fd) == -1 || fstat(fd, &st) == -1 ||
	    rename(path, file->path) == -1) {
		return -1;
	}
	close(file->fd);
	file->fd = fd;
	file->size = st.st_size;
	return 0;
}

/* Makes an empty file with the mode of the old one.  Returns it, or -1. */
static int
make_new(const struct results_file *file, const char *path)
{
	struct stat st;
	int fd;

	/* One that a process has left which was killed. */
	if (fstat(file->fd, &st) == -1 ||
	    (unlink(path) == -1 && errno != ENOENT))
		return -1;
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	if (fd != -1)
		fchmod(fd, st.st_mode & 0777);
	return fd;
}

int
results_forget(struct results_file *file, const struct ids *ids,
    struct err *err)
{
	size_t n = strlen(file->path) + sizeof(".new"), kept = 0;
	char *path = malloc(n);
	struct split split;
	int fd, rc = -1;

	if (path == NULL)
		return err_set(err, 503, "no_memory", "out of memory");
	snprintf(path, n, "%s.new", file->path);
	split_init(&split, file->fd, file->path, RESULT_MAX_BYTES);
	fd = make_new(file, path);
	if (fd != -1 && lseek(file->fd, 0, SEEK_SET) == 0 &&
	    copy_lines(&split, ids, fd, &kept, err) == 0)
		rc = put_in_place(file, fd, path, kept);
	if (rc == -1) {
		cannot_write(path, errno, err);
		unlink(path);
	}
	if (rc == -1 && fd != -1)
		close(fd);
	split_free(&split);
	free(path);
	return rc;
}
