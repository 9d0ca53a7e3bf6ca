/*
 * split.c: the command line's process.  Cuts bytes into lines; does not know
 * what is in them.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "bulk/split.h"

#define CHUNK	((size_t)256 * 1024)

void
split_init(struct split *split, int fd, const char *name, size_t max)
{
	*split = (struct split){ .fd = fd, .name = name, .max = max };
	buf_init(&split->in, max + CHUNK + 2);
}

void
split_free(struct split *split)
{
	buf_free(&split->in);
}

/* --- filling -------------------------------------------------------------- */

static bool
starts_as(const struct buf *in, const char *bytes, size_t n)
{
	return in->len >= n && memcmp(in->data, bytes, n) == 0;
}

/*
 * Text of UTF-16 has a zero byte in its first character, since that is ASCII
 * in JSON; a file that a crash has left as zeros has two.
 */
static bool
is_utf16(const struct buf *in)
{
	return starts_as(in, "\xff\xfe", 2) ||
	    starts_as(in, "\xfe\xff", 2) || (in->len >= 2 &&
	    (in->data[0] == '\0') != (in->data[1] == '\0'));
}

/* The program that has compressed it; NULL: none. */
static const char *
compressor(const struct buf *in)
{
	static const struct { const char *bytes, *tool; } kinds[] = {
		{ "\x1f\x8b", "gzip" }, { "\x28\xb5\x2f\xfd", "zstd" },
		{ "\xfd" "7zXZ", "xz" }, { "BZh", "bzip2" },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (starts_as(in, kinds[i].bytes, strlen(kinds[i].bytes)))
			return kinds[i].tool;
	return NULL;
}

/* Before the first line: whether the file is one of lines at all. */
static int
check_start(const struct split *split, struct err *err)
{
	const char *tool = compressor(&split->in);

	if (split->number > 0)
		return 0;
	if (is_utf16(&split->in))
		return err_set(err, 400, "bad_input", "%.150s is UTF-16, and "
		    "must be UTF-8; convert it first: iconv -f UTF-16 -t UTF-8 "
		    "FILE >NEW.jsonl", split->name);
	if (tool != NULL)
		return err_set(err, 400, "bad_input", "%.150s is compressed; "
		    "unpack it first: %s -dc FILE >NEW.jsonl", split->name,
		    tool);
	return 0;
}

static int
too_long(const struct split *split, struct err *err)
{
	return err_set(err, 400, "bad_input", "line %zu of %.150s is longer "
	    "than %zu MiB; is it JSONL, with one object on each line?",
	    split->number + 1, split->name, split->max >> 20);
}

/* Moves the beginning of the next line to the front. */
static void
make_front(struct split *split)
{
	buf_drop(&split->in, split->pos);
	split->offset += split->pos;
	split->looked -= split->pos;
	split->pos = 0;
}

/* Reads more.  Returns 0, or -1 with err. */
static int
fill_more(struct split *split, struct err *err)
{
	char *room;
	ssize_t n;

	make_front(split);
	if (split->in.len > split->max + 1)
		return check_start(split, err) == -1 ? -1 :
		    too_long(split, err);
	if ((room = buf_room(&split->in, CHUNK)) == NULL)
		return err_set(err, 503, "no_memory", "out of memory");
	n = read(split->fd, room, CHUNK);
	if (n == -1 && errno == EINTR)
		return err_set(err, 503, "interrupted", "interrupted");
	if (n == -1)
		return err_set(err, 400, "bad_input", "%.150s cannot be read: "
		    "%s", split->name, strerror(errno));
	split->has_ended = n == 0;
	split->in.len += (size_t)n;
	split->in.data[split->in.len] = '\0';
	return 0;
}

/* --- cutting -------------------------------------------------------------- */

/*
 * Finds the end of the next line, which is there already.  Returns its 0x0A,
 * the end of the file, or NULL: more has to be read.
 */
static char *
find_end(struct split *split)
{
	struct buf *in = &split->in;
	char *end = memchr(in->data + split->looked, '\n',
	    in->len - split->looked);

	if (end == NULL)
		split->looked = in->len;
	return end != NULL ? end : split->has_ended ? in->data + in->len : NULL;
}

/* Takes the line up to `end` out. */
static void
cut_line(struct split *split, char *end, struct raw_line *line)
{
	char *text = split->in.data + split->pos;
	size_t n = (size_t)(end - text);

	split->is_cut = end == split->in.data + split->in.len;
	split->last = split->offset + split->pos;
	split->pos += n + !split->is_cut;
	split->looked = split->pos;
	split->number++;
	if (n > 0 && text[n - 1] == '\r' && !split->is_cut)
		n--;
	text[n] = '\0';
	if (split->number == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	*line = (struct raw_line){ text, n, split->number, split->offset +
	    (size_t)(text - split->in.data) };
}

static bool
is_blank_line(const struct raw_line *line)
{
	return strspn(line->text, " \t\r") == line->len;
}

bool
split_is_ready(struct split *split)
{
	struct err err = ERR_INIT;
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	while (find_end(split) == NULL) {
		if (io_wait_either(split->fd, -1, 0, &mask) != IO_IN)
			return false;
		/* split_next meets the error again, and tells it. */
		if (fill_more(split, &err) == -1)
			return true;
	}
	return true;
}

int
split_next(struct split *split, struct raw_line *line, struct err *err)
{
	char *end;

	do {
		while ((end = find_end(split)) == NULL)
			if (fill_more(split, err) == -1)
				return -1;
		if (split->pos == split->in.len)
			return 0;
		if (check_start(split, err) == -1)
			return -1;
		if ((size_t)(end - split->in.data) - split->pos >
		    split->max + 1)
			return too_long(split, err);
		cut_line(split, end, line);
	} while (is_blank_line(line));
	return 1;
}
