/*
 * book.c: any process of a site but its stages, and commands.  Opens, reads and
 * appends to a file; knows no limits.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spend/book.h"
#include "spend/past.h"

/* --- what the day had before ---------------------------------------------- */

/* An entry of that sum, which is of a service if `who` is not 0. */
static struct entry
carry(uint64_t who, const struct sum *sum)
{
	struct entry entry = { .kind = ENTRY_CARRIED, .who = who };

	entry.run = (uint64_t)sum->runs;
	entry.tokens = sum->tokens;
	entry.money = sum->money;
	entry.n = (uint16_t)(sum->refused > UINT16_MAX ? UINT16_MAX :
	    sum->refused);
	return entry;
}

static struct entry
carry_name(const struct account_service *service)
{
	struct entry entry = { .kind = ENTRY_SERVICE, .run = service->key };

	memcpy(entry.name, service->name, sizeof(entry.name));
	return entry;
}

/* Writes what is known of the day to its new file.  Returns 0, or -1. */
static int
carry_over(int fd, const char *dir, int day)
{
	struct account account = ACCOUNT_INIT;
	struct entry list[3];
	struct past past;
	size_t i;
	int rc = 0;

	past_read(&past, dir);
	if (past_get(&past, day, &account)) {
		list[0] = carry(0, &account.all);
		rows_seal(&list[0], ENTRY_MARK);
		rc = rows_append(fd, list, 1);
	}
	for (i = 0; i < account.nservices && rc == 0; i++) {
		list[0] = carry_name(&account.services[i]);
		list[1] = carry(account.services[i].key,
		    &account.services[i].sum);
		rows_seal(&list[0], ENTRY_MARK);
		rows_seal(&list[1], ENTRY_MARK);
		rc = rows_append(fd, list, 2);
	}
	past_free(&past);
	account_free(&account);
	return rc;
}

/* --- the file ------------------------------------------------------------- */

static int
open_path(const char *path, int flags)
{
	return open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags,
	    0600);
}

/*
 * Makes the file under another name first, so that it has its name only with
 * all that is carried over.  Returns 1; 0 if another process was faster; or -1
 * and errno.
 */
static int
make_file(const char *path, const char *dir, int day)
{
	char mine[PATH_MAX + 32];
	int fd, rc = -1, saved;

	snprintf(mine, sizeof(mine), "%s.%ld", path, (long)getpid());
	unlink(mine);
	if ((fd = open_path(mine, O_CREAT | O_EXCL)) == -1)
		return -1;
	if (carry_over(fd, dir, day) == 0) {
		if (link(mine, path) == 0)
			rc = 1;
		else if (errno == EEXIST)
			rc = 0;
	}
	saved = errno;
	close(fd);
	unlink(mine);
	errno = saved;
	return rc;
}

int
book_open(struct book *book, const char *dir, int day, bool make)
{
	char path[PATH_MAX];
	int made = 0;

	book_close(book);
	if ((size_t)snprintf(path, sizeof(path), "%s/" BOOK_NAME "%d", dir,
	    day) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	book->fd = open_path(path, 0);
	if (book->fd == -1 && errno == ENOENT && make) {
		if ((made = make_file(path, dir, day)) == -1)
			return -1;
		book->fd = open_path(path, 0);
	}
	if (book->fd == -1)
		return -1;
	book->day = day;
	return made;
}

void
book_close(struct book *book)
{
	if (book->fd != -1)
		close(book->fd);
	account_free(&book->replay.account);
	*book = (struct book)BOOK_INIT;
}

bool
book_is_gone(const struct book *book)
{
	struct stat st;

	return book->fd == -1 || fstat(book->fd, &st) == -1 ||
	    st.st_nlink == 0;
}

struct reader {
	struct replay		*replay;
	const struct guard	*guard;
};

static void
take(void *arg, const void *row)
{
	const struct reader *reader = arg;

	replay_take(reader->replay, reader->guard, row);
}

void
book_read(struct book *book, const struct guard *guard)
{
	struct reader reader = { &book->replay, guard };

	rows_read(book->fd, &book->at, ENTRY_MARK, take, &reader);
}

int
book_append(struct book *book, struct entry *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		rows_seal(&list[i], ENTRY_MARK);
	return rows_append(book->fd, list, n);
}
