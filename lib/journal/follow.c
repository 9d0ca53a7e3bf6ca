/*
 * follow.c: worker.  Reads events out of a file; does not know who hears them.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "journal/follow.h"
#include "journal/runfile.h"
#include "model/code.h"
#include "text/json.h"
#include "text/sse.h"

/* How many bytes are read at once. */
#define PIECE	65536

/* How deep the JSON of an event may be nested. */
#define DEPTH	32

int
follow_open(struct follower *follower, const char *dir, const char *id)
{
	char path[PATH_MAX];

	*follower = (struct follower)FOLLOW_INIT;
	if (dir == NULL || runfile_path(path, dir, id, "") == -1) {
		errno = ENOENT;
		return -1;
	}
	follower->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (follower->fd == -1)
		return -1;
	buf_init(&follower->in, FOLLOW_EVENT_MAX);
	runfile_lock(follower->fd, RUNFILE_READS, F_RDLCK);
	follower->alive_ms = io_now_ms();
	return 0;
}

void
follow_close(struct follower *follower)
{
	if (follower->fd == -1)
		return;
	close(follower->fd);
	buf_free(&follower->in);
	follower->fd = -1;
}

bool
follow_is_of(const struct follower *follower, const char *digest)
{
	char head[200];
	ssize_t n = pread(follower->fd, head, sizeof(head) - 1, 0);
	const char *end;

	if (n <= 0)
		return false;
	head[n] = '\0';
	if ((end = strstr(head, "\n\n")) == NULL)
		return false;
	n = (ssize_t)strlen(digest);
	return end - head >= n && memcmp(end - n, digest, (size_t)n) == 0;
}

/* --- one event ------------------------------------------------------------ */

/* Makes each SSE_NEWLINE of the n bytes at text a newline again. */
static void
unfold(struct buf *out, const char *text, size_t n)
{
	const char *end = text + n, *hit;
	const size_t len = sizeof(SSE_NEWLINE) - 1;

	while ((hit = memmem(text, (size_t)(end - text), SSE_NEWLINE,
	    len)) != NULL) {
		buf_add(out, text, (size_t)(hit - text));
		buf_putc(out, '\n');
		text = hit + len;
	}
	buf_add(out, text, (size_t)(end - text));
}

/* Whether the part of an EVENT_PART is in this state. */
static enum told
state_told(const struct json *json)
{
	const char *state = json_string(json_get(json, "state"), NULL);
	int told;

	for (told = TOLD_WAITING; told <= TOLD_STOPPED; told++)
		if (state != NULL && strcmp(event_word((enum told)told),
		    state) == 0)
			return (enum told)told;
	return TOLD_NOTHING;
}

/*
 * Tells one block of n bytes, after which there is a NUL.  Returns 0, or -1 if
 * it is no event of ours.  A comment is passed.  A model's text may hold NULs,
 * so the end of a line is found by its newline alone.
 */
static int
take_block(struct follower *follower, char *block, size_t n,
    void (*tell)(void *arg, const struct event *event), void *arg)
{
	static const char begin[] = "data: ", last[] = "\nid: ";
	struct event event = { .kind = EVENT_TEXT };
	struct buf text = BUF_INIT(FOLLOW_EVENT_MAX);
	const char *data = block + sizeof(begin) - 1, *id, *bar;
	int rc = -1;

	if (n > 0 && block[0] == ':')
		return 0;
	if (n < sizeof(begin) || memcmp(block, begin, sizeof(begin) - 1) != 0 ||
	    (id = memchr(block, '\n', n)) == NULL ||
	    strncmp(id, last, sizeof(last) - 1) != 0 ||
	    (bar = memchr(data, '|', (size_t)(id - data))) == NULL)
		return -1;
	n = (size_t)(id - bar) - 1;
	id += sizeof(last) - 1;
	event.id = strtoull(id, NULL, 10);
	follower->last_id = event.id;
	block[bar - block] = '\0';
	event.kind = event_kind_of(data);
	follower->done = event.kind == EVENT_DONE;
	if (event.id <= follower->after)
		return 0;
	unfold(&text, bar + 1, n);
	if (event.kind == EVENT_TEXT) {
		event.part = data;
		event.text = text.data;
		event.len = text.len;
	} else {
		event.json = json_parse(text.data, text.len, DEPTH, false,
		    NULL, NULL);
		event.part = json_string(json_get(event.json, "part"), NULL);
		event.told = event.kind == EVENT_PART ? state_told(event.json) :
		    TOLD_NOTHING;
	}
	if (!text.failed && (event.kind == EVENT_TEXT || event.json != NULL)) {
		tell(arg, &event);
		rc = 0;
	}
	json_free(event.json);
	buf_free(&text);
	return rc;
}

/* --- the file ------------------------------------------------------------- */

static bool
has_block(const struct buf *in)
{
	return memmem(in->data, in->len, "\n\n", 2) != NULL;
}

/*
 * Reads what is new, until there is at least one whole block, and says whether
 * there may be more.  Returns how many bytes that were, or -1.
 */
static ssize_t
take_in(struct follower *follower)
{
	ssize_t n, all = 0;
	char *room;

	follower->more = false;
	while (!follower->more) {
		if ((room = buf_room(&follower->in, PIECE)) == NULL)
			return -1;
		n = pread(follower->fd, room, PIECE, follower->at +
		    (int64_t)follower->in.len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == -1 ? -1 : all;
		follower->in.len += (size_t)n;
		follower->in.data[follower->in.len] = '\0';
		all += n;
		if (n < PIECE)
			return all;
		follower->more = has_block(&follower->in);
	}
	return all;
}

/* Tells all whole blocks that were read.  Returns 0, or -1. */
static int
take_blocks(struct follower *follower,
    void (*tell)(void *arg, const struct event *event), void *arg)
{
	char *from = follower->in.data, *end;
	const char *last = from + follower->in.len;
	int rc = 0;

	while (rc == 0 && !follower->done && (end = memmem(from,
	    (size_t)(last - from), "\n\n", 2)) != NULL) {
		*end = '\0';
		rc = take_block(follower, from, (size_t)(end - from), tell,
		    arg);
		from = end + 2;
	}
	follower->at += from - follower->in.data;
	buf_drop(&follower->in, (size_t)(from - follower->in.data));
	return rc;
}

/* Appends an event with a document, which it frees. */
static void
put_document(struct buf *out, uint64_t id, enum event_kind kind,
    struct json *json)
{
	const struct event event = { .kind = kind };
	struct buf text = BUF_INIT(4096);

	json_write(json, &text);
	sse_write(out, id, -1, event_name(&event), text.data, text.len);
	buf_free(&text);
	json_free(json);
}

/*
 * The writer has died, and we hold its lock; what it has written last was read.
 * Cuts off what is not whole, and ends the journal.  If the disk is full, this
 * reader is told the end all the same, as any other will be.
 */
static int
end_it(struct follower *follower,
    void (*tell)(void *arg, const struct event *event), void *arg)
{
	struct buf out = BUF_INIT(4096);
	struct json *error = json_new_object(), *done = json_new_object();
	int rc = 0;

	json_set_null(error, "part");
	json_set_string(error, "code", code_word(CODE_BROKEN));
	json_set_string(error, "message", "the process that wrote this has "
	    "died, or could not go on writing");
	json_set_bool(error, "retryable", true);
	json_set_string(done, "how", code_word(CODE_BROKEN));
	put_document(&out, follower->last_id + 1, EVENT_ERROR, error);
	put_document(&out, follower->last_id + 2, EVENT_DONE, done);
	/* The rest of an event that was cut off must not be read again. */
	buf_reset(&follower->in);
	if (ftruncate(follower->fd, follower->at) == -1 ||
	    write(follower->fd, out.data, out.len) != (ssize_t)out.len) {
		log_warn("a run whose process has died cannot be ended");
		if (ftruncate(follower->fd, follower->at) == -1)
			log_warn("ftruncate");
		buf_add(&follower->in, out.data, out.len);
		rc = take_blocks(follower, tell, arg);
	}
	buf_free(&out);
	return rc;
}

static enum follow_found
found(const struct follower *follower)
{
	return follower->done ? FOLLOW_DONE : FOLLOW_WAITS;
}

/* Returns whether all was read that a writer who is dead has written. */
static bool
is_abandoned(struct follower *follower)
{
	if (io_now_ms() - follower->alive_ms < FOLLOW_ALIVE_MS)
		return false;
	follower->alive_ms = io_now_ms();
	return !runfile_is_locked(follower->fd, RUNFILE_WRITES, F_WRLCK);
}

/*
 * Tells what is there by now, or a piece of it.  Returns how many bytes were
 * new, or -1.
 */
static ssize_t
catch_up(struct follower *follower, bool by_pieces,
    void (*tell)(void *arg, const struct event *event), void *arg)
{
	ssize_t n, all = 0;

	do {
		if ((n = take_in(follower)) == -1 ||
		    take_blocks(follower, tell, arg) == -1)
			return -1;
		all += n;
	} while (follower->more && !by_pieces && !follower->done);
	return all;
}

enum follow_found
follow_next(struct follower *follower,
    void (*tell)(void *arg, const struct event *event), void *arg)
{
	ssize_t n = catch_up(follower, follower->by_pieces, tell, arg);

	if (n > 0)
		follower->alive_ms = io_now_ms();
	if (n == -1)
		return FOLLOW_BROKEN;
	if (follower->done || follower->more || !is_abandoned(follower) ||
	    !runfile_lock(follower->fd, RUNFILE_WRITES, F_WRLCK))
		return found(follower);
	/* It may have written more before it died, or another has ended it. */
	if (catch_up(follower, false, tell, arg) == -1 ||
	    (!follower->done && end_it(follower, tell, arg) == -1))
		return FOLLOW_BROKEN;
	runfile_lock(follower->fd, RUNFILE_WRITES, F_UNLCK);
	if (!follower->done && catch_up(follower, false, tell, arg) == -1)
		return FOLLOW_BROKEN;
	return found(follower);
}
