/*
 * record: whatever a socket takes of it, the records are whole, and their
 * content is what was sent.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "unit.h"
#include "web/record.h"

#define ID	0x1234
#define TEXT_BYTES	(1024 * 1024)

/* A web server at the other end of the connection. */
struct scene {
	int		ends[2];	/* ours, and the server's */
	struct buf	came;		/* not parsed yet */
	struct buf	content;
	size_t		records;
};

static void
begin(struct scene *s, int room)
{
	*s = (struct scene){ .came = BUF_INIT(2 * TEXT_BYTES),
	    .content = BUF_INIT(2 * TEXT_BYTES) };
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
	    s->ends), 0);
	setsockopt(s->ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
}

static void
end(struct scene *s)
{
	close(s->ends[0]);
	if (s->ends[1] != -1)
		close(s->ends[1]);
	buf_free(&s->came);
	buf_free(&s->content);
}

static void
parse(struct scene *s)
{
	const unsigned char *head;
	size_t n;

	for (; s->came.len >= RECORD_HEADER; s->records++) {
		head = (const unsigned char *)s->came.data;
		n = (size_t)head[4] << 8 | head[5];
		assert_int_equal(head[0], 1);
		assert_int_equal(head[1], 6);
		assert_int_equal(head[2] << 8 | head[3], ID);
		assert_int_equal(head[6], 0);
		assert_true(n > 0);
		if (s->came.len < RECORD_HEADER + n)
			return;
		buf_add(&s->content, s->came.data + RECORD_HEADER, n);
		buf_drop(&s->came, RECORD_HEADER + n);
	}
}

/* The web server reads at most so many bytes. */
static void
hear(struct scene *s, size_t most)
{
	char bytes[4096];
	ssize_t n = recv(s->ends[1], bytes, most < sizeof(bytes) ? most :
	    sizeof(bytes), MSG_DONTWAIT);

	if (n > 0)
		buf_add(&s->came, bytes, (size_t)n);
	parse(s);
}

/* Bytes that tell their place. */
static char *
make_text(void)
{
	char *text = malloc(TEXT_BYTES);
	size_t i;

	assert_non_null(text);
	for (i = 0; i < TEXT_BYTES; i++)
		text[i] = (char)(i * 2654435761u >> 13);
	return text;
}

/* A slow reader, and pieces of a size that grows, as an outbox does. */
static void
a_socket_that_takes_little(void **state)
{
	struct record record = RECORD_INIT;
	struct scene s;
	char *text = make_text();
	size_t sent = 0, has = 1, full = 0;
	ssize_t n;

	(void)state;
	begin(&s, 1);
	while (sent < TEXT_BYTES) {
		has = has < TEXT_BYTES - sent ? has : TEXT_BYTES - sent;
		n = record_send(&record, s.ends[0], ID, text + sent, has);
		assert_true(n >= 0 && (size_t)n <= has);
		full += n == 0;
		sent += (size_t)n;
		/* More has come by the next time, never less. */
		has = has - (size_t)n + 1 + sent % 9000;
		hear(&s, 1 + sent % 4000);
	}
	while (s.content.len < TEXT_BYTES)
		hear(&s, 4096);
	assert_true(full > 0);
	assert_true(s.records > 10);
	assert_memory_equal(s.content.data, text, TEXT_BYTES);
	assert_int_equal(s.came.len, 0);
	end(&s);
	free(text);
}

static void
more_than_a_record_has(void **state)
{
	struct record record = RECORD_INIT;
	struct scene s;
	char *text = make_text();

	(void)state;
	begin(&s, 8 * TEXT_BYTES);
	assert_int_equal(record_send(&record, s.ends[0], ID, text, TEXT_BYTES),
	    RECORD_MAX);
	assert_int_equal(record_send(&record, s.ends[0], ID, text, 0), 0);
	while (s.content.len < RECORD_MAX)
		hear(&s, 4096);
	assert_int_equal(s.records, 1);
	end(&s);
	free(text);
}

static void
a_server_that_has_gone(void **state)
{
	struct record record = RECORD_INIT;
	struct scene s;

	(void)state;
	begin(&s, 4096);
	close(s.ends[1]);
	s.ends[1] = -1;
	assert_int_equal(record_send(&record, s.ends[0], ID, "x", 1), -1);
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_that_takes_little),
		cmocka_unit_test(more_than_a_record_has),
		cmocka_unit_test(a_server_that_has_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
