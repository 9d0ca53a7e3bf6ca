/*
 * test_source: what is a line and which number it has, from files and pipes
 * that give any number of bytes at a time; what is no file of lines.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/err.h"
#include "bulk/source.h"
#include "unit.h"

/* Writes bytes to DIR/in.jsonl. */
static const char *
put_bytes(const char *dir, const char *text, size_t n, char path[256])
{
	FILE *file;

	snprintf(path, 256, "%s/in.jsonl", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* "NUMBER@OFFSET:TEXT;" for each line. */
static void
describe(struct source_lines *source, struct buf *out)
{
	struct err err = ERR_INIT;
	struct raw_line line;
	int rc;

	while ((rc = source->next(source->arg, &line, &err)) == 1) {
		assert_int_equal(line.text[line.len], '\0');
		buf_printf(out, "%zu@%zu:", line.number, line.offset);
		buf_add(out, line.text, line.len);
		buf_putc(out, ';');
	}
	if (rc == -1)
		fail_msg("%s", err.text);
	assert_int_equal(source->next(source->arg, &line, &err), 0);
}

static const struct { const char *text; size_t n; const char *lines; }
    cases[] = {
	{ BYTES(""), "" }, { BYTES("\n"), "" }, { BYTES("a"), "1@0:a;" },
	{ BYTES("a\n"), "1@0:a;" }, { BYTES("a\nb"), "1@0:a;2@2:b;" },
	{ BYTES("\n \n\t\r\na\n\n\nb\n\n"), "4@6:a;7@10:b;" },
	{ BYTES("a\r\nb\r\r\nc\r"), "1@0:a;2@3:b\r;3@7:c\r;" },
	{ BYTES("a\rb\n"), "1@0:a\rb;" },
	{ BYTES("\xef\xbb\xbf" "a\nb\n"), "1@3:a;2@5:b;" },
	{ BYTES("\xef\xbb\xbf\r\n\xef\xbb\xbf" "b\n"),
	    "2@5:\xef\xbb\xbf" "b;" },
	{ BYTES("\xef\xbb\xbf"), "" }, { BYTES("\xef\xbb"), "1@0:\xef\xbb;" },
	/* What others take for the end of a line. */
	{ BYTES("a\xe2\x80\xa8" "b\xe2\x80\xa9\xc2\x85\x0b\x0c\x1c\x1d\x1e"
	    "c\nd\n"), "1@0:a\xe2\x80\xa8" "b\xe2\x80\xa9\xc2\x85\x0b\x0c\x1c"
	    "\x1d\x1e" "c;2@17:d;" },
	{ BYTES("   "), "" }, { BYTES("a\n   "), "1@0:a;" },
};

static void
lines_of_files(void **state)
{
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(4096);
	struct source_lines source;
	char path[256];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		put_bytes(*state, cases[i].text, cases[i].n, path);
		assert_int_equal(source_open(&source, path, &err), 0);
		buf_reset(&out);
		describe(&source, &out);
		assert_string_equal(out.data, cases[i].lines);
		source.close(source.arg);
	}
	buf_free(&out);
}

/* A NUL is a byte like any other, so that its line is refused as a whole. */
static void
nul_in_a_line(void **state)
{
	struct err err = ERR_INIT;
	struct source_lines source;
	struct raw_line line;
	char path[256];

	put_bytes(*state, BYTES("a b\0c\n"), path);
	assert_int_equal(source_open(&source, path, &err), 0);
	assert_int_equal(source.next(source.arg, &line, &err), 1);
	assert_int_equal(line.len, 5);
	assert_memory_equal(line.text, "a b\0c", 6);
	source.close(source.arg);
}

/* Standard input that gives one byte at a time, and is left open. */
static void
lines_of_a_pipe(void **state)
{
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(4096);
	struct source_lines source;
	int ends[2], saved = dup(STDIN_FILENO);
	size_t i, j;
	pid_t pid;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(pipe(ends), 0);
		if ((pid = fork()) == 0) {
			for (j = 0; j < cases[i].n; j++)
				if (write(ends[1], cases[i].text + j, 1) != 1)
					_exit(1);
			_exit(0);
		}
		close(ends[1]);
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		assert_int_equal(source_open(&source, "-", &err), 0);
		buf_reset(&out);
		describe(&source, &out);
		assert_string_equal(out.data, cases[i].lines);
		source.close(source.arg);
		assert_true(fcntl(STDIN_FILENO, F_GETFD) != -1);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
	buf_free(&out);
}

/* Lines of all lengths around those of a read, and each is whole. */
static void
long_lines(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 262143, 262144, 262145,
	    3000000, 5, 524287, 524289, 2, 262140, 1000000 };
	struct err err = ERR_INIT;
	struct buf text = BUF_INIT(64 << 20);
	struct source_lines source;
	struct raw_line line;
	size_t i, j, number = 0;
	char path[256];

	for (i = 0; i < COUNT(sizes) * 2; i++) {
		buf_fill(&text, (char)('a' + i), sizes[i % COUNT(sizes)]);
		buf_putc(&text, '\n');
	}
	put_bytes(*state, text.data, text.len, path);
	assert_int_equal(source_open(&source, path, &err), 0);
	while (source.next(source.arg, &line, &err) == 1) {
		number = line.number;
		assert_int_equal(line.len, sizes[(number - 1) %
		    COUNT(sizes)]);
		assert_memory_equal(line.text, text.data + line.offset,
		    line.len);
		for (j = 0; j < line.len; j++)
			if (line.text[j] != (char)('a' + number - 1))
				fail_msg("line %zu, byte %zu", number, j);
	}
	assert_int_equal(number, COUNT(sizes) * 2);
	source.close(source.arg);
	buf_free(&text);
}

/* --- what is refused ------------------------------------------------------ */

static void
assert_refused(struct split *split, const char *words)
{
	struct err err = ERR_INIT;
	struct raw_line line;
	int rc;

	while ((rc = split_next(split, &line, &err)) == 1)
		;
	assert_int_equal(rc, -1);
	unit_assert_has(err.text, words);
	unit_assert_has(err.text, "in.jsonl");
	split_free(split);
	close(split->fd);
}

static void
no_lines(void **state)
{
	static const struct { const char *text; size_t n; const char *words; }
	    files[] = {
		{ BYTES("\xff\xfe{\0}\0\n\0"), "is UTF-16" },
		{ BYTES("\xfe\xff\0{\0}\0\n"), "iconv -f UTF-16 -t UTF-8" },
		{ BYTES("{\0}\0\n\0"), "is UTF-16" },
		{ BYTES("\0{\0}\0\n"), "is UTF-16" },
		{ BYTES("\xff\xfe\0\0{\0\0\0"), "is UTF-16" },
		{ BYTES("\x1f\x8b\x08\0\n"), "gzip -dc" },
		{ BYTES("\x28\xb5\x2f\xfd\n"), "zstd -dc" },
	};
	struct split split;
	char path[256];
	size_t i;

	for (i = 0; i < COUNT(files); i++) {
		put_bytes(*state, files[i].text, files[i].n, path);
		split_init(&split, open(path, O_RDONLY), path, 100);
		assert_refused(&split, files[i].words);
	}
}

static void
too_long_a_line(void **state)
{
	const size_t max = 1 << 20;
	struct buf text = BUF_INIT(4 << 20);
	struct err err = ERR_INIT;
	struct raw_line line;
	struct split split;
	char path[256];

	buf_puts(&text, "a\n");
	buf_fill(&text, 'x', max);
	buf_puts(&text, "\r\n");
	put_bytes(*state, text.data, text.len, path);
	split_init(&split, open(path, O_RDONLY), path, max);
	assert_int_equal(split_next(&split, &line, &err), 1);
	assert_int_equal(split_next(&split, &line, &err), 1);
	assert_int_equal(line.len, max);
	assert_int_equal(split_next(&split, &line, &err), 0);
	close(split.fd);
	split_free(&split);
	/* Far longer, and without an end. */
	buf_puts(&text, "b\n");
	buf_fill(&text, 'x', 2 * max);
	put_bytes(*state, text.data, text.len, path);
	split_init(&split, open(path, O_RDONLY), path, max);
	assert_refused(&split, "line 4 of ");
	buf_free(&text);
}

static void
no_file(void **state)
{
	struct source_lines source;
	struct err err = ERR_INIT;
	char path[256];

	assert_int_equal(source_open(&source, *state, &err), -1);
	unit_assert_has(err.text, "is a directory");
	assert_null(source.close);
	snprintf(path, sizeof(path), "%s/none", (const char *)*state);
	assert_int_equal(source_open(&source, path, &err), -1);
	unit_assert_has(err.text, "/none: there is no such file");
	snprintf(path, sizeof(path), "%s/none/in", (const char *)*state);
	assert_int_equal(source_open(&source, path, &err), -1);
	snprintf(path, sizeof(path), "%s/loop", (const char *)*state);
	assert_int_equal(symlink(path, path), 0);
	assert_int_equal(source_open(&source, path, &err), -1);
	unit_assert_has(err.text, "/loop cannot be opened for reading: ");
}

static void
on_signal(int sig)
{
	(void)sig;
}

/* A signal ends the wait for a line, which is then read whole. */
static void
interrupted(void **state)
{
	struct sigaction action = { .sa_handler = on_signal }, before;
	struct err err = ERR_INIT;
	struct raw_line line;
	struct split split;
	int ends[2];
	pid_t pid;

	(void)state;
	sigaction(SIGUSR1, &action, &before);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a\nb", 3), 3);
	if ((pid = fork()) == 0) {
		/* Again and again, so that one comes while it waits. */
		while (kill(getppid(), SIGUSR1) == 0)
			usleep(1000);
		_exit(0);
	}
	split_init(&split, ends[0], "standard input", 100);
	while (split_next(&split, &line, &err) == -1)
		assert_string_equal(err.code, "interrupted");
	assert_string_equal(line.text, "a");
	assert_int_equal(split_next(&split, &line, &err), -1);
	assert_string_equal(err.code, "interrupted");
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(write(ends[1], "c\n", 2), 2);
	while (split_next(&split, &line, &err) == -1)
		assert_string_equal(err.code, "interrupted");
	assert_string_equal(line.text, "bc");
	assert_int_equal(line.number, 2);
	split_free(&split);
	close(ends[0]);
	close(ends[1]);
	sigaction(SIGUSR1, &before, NULL);
}

/* Whoever waits for other things as well is told what is there already. */
static void
without_waiting(void **state)
{
	struct err err = ERR_INIT;
	struct source_lines source;
	struct raw_line line;
	char path[256];
	int fd;

	put_bytes(*state, BYTES("a\n"), path);
	assert_int_equal(source_open(&source, path, &err), 0);
	assert_int_equal(source.fd, -1);
	source.close(source.arg);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR);
	assert_int_equal(source_open(&source, path, &err), 0);
	assert_true(source.fd >= 0);
	assert_false(source.is_ready(source.arg));
	assert_int_equal(write(fd, "a", 1), 1);
	assert_false(source.is_ready(source.arg));
	assert_int_equal(write(fd, "b\nc\nd", 5), 5);
	assert_true(source.is_ready(source.arg));
	assert_int_equal(source.next(source.arg, &line, &err), 1);
	assert_string_equal(line.text, "ab");
	assert_true(source.is_ready(source.arg));
	assert_int_equal(source.next(source.arg, &line, &err), 1);
	assert_string_equal(line.text, "c");
	assert_false(source.is_ready(source.arg));
	close(fd);
	/* The end is there. */
	assert_true(source.is_ready(source.arg));
	assert_int_equal(source.next(source.arg, &line, &err), 1);
	assert_string_equal(line.text, "d");
	assert_true(source.is_ready(source.arg));
	assert_int_equal(source.next(source.arg, &line, &err), 0);
	source.close(source.arg);
	/* And an error is, that next tells. */
	fd = open(path, O_RDWR);
	assert_int_equal(source_open(&source, path, &err), 0);
	assert_int_equal(write(fd, "\xff\xfe{\0\n\0", 6), 6);
	assert_true(source.is_ready(source.arg));
	assert_int_equal(source.next(source.arg, &line, &err), -1);
	unit_assert_has(err.text, "is UTF-16");
	source.close(source.arg);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_of_files),
		TEST(nul_in_a_line),
		cmocka_unit_test(lines_of_a_pipe),
		TEST(long_lines),
		TEST(no_lines),
		TEST(too_long_a_line),
		TEST(no_file),
		cmocka_unit_test(interrupted),
		TEST(without_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
