/*
 * rows.c: any process of a site but its stages, and commands.  Writes and reads
 * rows; knows nothing of what they say.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "site/rows.h"

/*
 * A sum of the words after the head, so that torn and foreign bytes are found;
 * it does not guard against anybody.
 */
static uint32_t
sum_of(const void *row)
{
	uint64_t words[ROW_BYTES / 8], sum = UINT64_C(0x9e3779b97f4a7c15);
	size_t i;

	memcpy(words, row, ROW_BYTES);
	for (i = 1; i < ROW_BYTES / 8; i++) {
		sum = (sum ^ words[i]) * UINT64_C(0xff51afd7ed558ccd);
		sum ^= sum >> 29;
	}
	return (uint32_t)(sum >> 32);
}

void
rows_seal(void *row, uint32_t mark)
{
	const struct row head = { mark, sum_of(row) };

	memcpy(row, &head, sizeof(head));
}

int
rows_append(int fd, const void *rows, size_t n)
{
	ssize_t wrote = write(fd, rows, n * ROW_BYTES);

	if (wrote == (ssize_t)(n * ROW_BYTES))
		return 0;
	if (wrote >= 0)
		errno = ENOSPC;
	return -1;
}

/* How many of its first bytes the mark and n bytes have in common. */
static size_t
count_mark(const char *bytes, size_t n, uint32_t mark)
{
	char wanted[sizeof(mark)];
	size_t i = 0;

	memcpy(wanted, &mark, sizeof(mark));
	while (i < n && i < sizeof(mark) && bytes[i] == wanted[i])
		i++;
	return i;
}

/*
 * How many bytes a row has that was cut short, of n, which are at least a
 * row's: it is a part of the mark, or begins with it, and another row begins
 * within its length.  0: it is none.
 */
static size_t
count_torn(const char *bytes, size_t n, uint32_t mark)
{
	size_t i = count_mark(bytes, n, mark), left;
	size_t end = i == 0 ? 0 : i < sizeof(mark) ? i + 1 : ROW_BYTES;

	for (; i < end; i++) {
		left = n - i < sizeof(mark) ? n - i : sizeof(mark);
		if (count_mark(bytes + i, left, mark) == left)
			return i;
	}
	return 0;
}

/*
 * Takes the rows of n bytes.  Returns how many bytes are done with; what is
 * left is less than a row, and may become one, or is foreign.
 */
static size_t
take_rows(const char *bytes, size_t n, uint32_t mark, size_t *rows,
    void (*take)(void *arg, const void *row), void *arg, bool *foreign)
{
	uint64_t row[ROW_BYTES / 8];
	struct row head;
	size_t torn, at = 0;

	while (n - at >= ROW_BYTES) {
		memcpy(row, bytes + at, ROW_BYTES);
		memcpy(&head, row, sizeof(head));
		if (head.mark == mark && head.sum == sum_of(row)) {
			take(arg, row);
			(*rows)++;
			at += ROW_BYTES;
			continue;
		}
		torn = count_torn(bytes + at, n - at, mark);
		if (torn == 0 && foreign != NULL) {
			*foreign = true;
			break;
		}
		at += torn == 0 ? 1 : torn;
	}
	return at;
}

size_t
rows_read(int fd, int64_t *at, uint32_t mark,
    void (*take)(void *arg, const void *row), void *arg, bool *foreign)
{
	char bytes[ROWS_AT_ONCE * ROW_BYTES];
	size_t rows = 0, held = 0, done, wanted;
	ssize_t n;

	if (foreign != NULL)
		*foreign = false;
	do {
		wanted = sizeof(bytes) - held;
		n = pread(fd, bytes + held, wanted, *at + (int64_t)held);
		if (n <= 0)
			break;
		held += (size_t)n;
		done = take_rows(bytes, held, mark, &rows, take, arg, foreign);
		*at += (int64_t)done;
		held -= done;
		memmove(bytes, bytes + done, held);
	} while ((size_t)n == wanted && (foreign == NULL || !*foreign));
	return rows;
}
