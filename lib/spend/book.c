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

#include "site/whole.h"
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

/* What is known of a day, for its new file. */
struct former {
	const char	*dir;
	int		 day;
};

static int
carry_over(void *arg, int fd)
{
	const struct former *former = arg;
	struct account account = ACCOUNT_INIT;
	struct entry list[3];
	struct past past;
	size_t i;
	int rc = 0;

	past_read(&past, former->dir);
	if (past_get(&past, former->day, &account)) {
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
open_path(const char *path)
{
	return open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
}

static int
make_path(char path[PATH_MAX], const char *dir, int day)
{
	if (snprintf(path, PATH_MAX, "%s/" BOOK_NAME "%d", dir, day) <
	    PATH_MAX)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

int
book_open(struct book *book, const char *dir, int day, bool make)
{
	struct former former = { dir, day };
	char path[PATH_MAX];
	struct stat st;
	int made = 0;

	book_close(book);
	if (make_path(path, dir, day) == -1)
		return -1;
	book->fd = open_path(path);
	if (book->fd == -1 && errno == ENOENT && make) {
		if ((made = whole_make(path, carry_over, &former)) == -1)
			return -1;
		book->fd = open_path(path);
	}
	if (book->fd == -1 || fstat(book->fd, &st) == -1)
		return -1;
	book->device = st.st_dev;
	book->inode = st.st_ino;
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
book_is_gone(const struct book *book, const char *dir)
{
	char path[PATH_MAX];
	struct stat st;

	return book->fd == -1 || make_path(path, dir, book->day) == -1 ||
	    lstat(path, &st) == -1 || st.st_dev != book->device ||
	    st.st_ino != book->inode || st.st_size < book->at;
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

	rows_read(book->fd, &book->at, ENTRY_MARK, take, &reader,
	    &book->damaged);
}

int
book_append(struct book *book, struct entry *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		rows_seal(&list[i], ENTRY_MARK);
	return rows_append(book->fd, list, n);
}
