/*
 * test_io: the clock and bare descriptors.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/io.h"
#include "unit.h"

static void
clock_goes_forward(void **state)
{
	int64_t last = io_now_ms(), now;
	int i;

	(void)state;
	assert_true(last > 0);
	for (i = 0; i < 1000; i++) {
		now = io_now_ms();
		assert_true(now >= last);
		last = now;
	}
	now = io_now_ms();
	usleep(20000);
	assert_in_range(io_now_ms() - now, 19, 5000);
}

/* More than a pipe takes at once, while another process reads slowly. */
static void
writes_all_of_it(void **state)
{
	static char data[300000], got[4096];
	size_t i, total = 0, wrong = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7 % 251);
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		close(fds[1]);
		while ((n = read(fds[0], got, sizeof(got))) > 0)
			for (i = 0; i < (size_t)n; i++, total++)
				wrong += got[i] != (char)(total * 7 % 251);
		_exit(wrong > 0 || total != sizeof(data));
	}
	assert_true(pid > 0);
	close(fds[0]);
	assert_int_equal(io_write_all(fds[1], data, sizeof(data)), 0);
	assert_int_equal(io_write_all(fds[1], data, 0), 0);
	close(fds[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
write_to_nobody(void **state)
{
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(io_write_all(fds[1], "a", 1), -1);
	assert_int_equal(errno, EPIPE);
	close(fds[1]);
	signal(SIGPIPE, SIG_DFL);
}

/* In a child of `keep_only`: which step failed, 0 where none did. */
static int
look_around(const int keep[2])
{
	int fd;
	char c;

	if (keep[0] != 3 || keep[1] != 4)
		return 2;
	if (read(STDIN_FILENO, &c, 1) != 0)
		return 3;
	if (write(STDOUT_FILENO, "lost", 4) != 4)
		return 4;
	if (fcntl(STDERR_FILENO, F_GETFD) == -1)
		return 5;
	for (fd = 5; fd < 200; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			return 6;
	if (read(keep[0], &c, 1) != 1 || c != 'k')
		return 7;
	return write(keep[1], "w", 1) == 1 ? 0 : 8;
}

/*
 * A child keeps the reading end of one pipe and the writing end of another,
 * at these places (-1: wherever they are).
 */
static void
keep_only(int down_at, int up_at)
{
	int down[2], up[2], keep[2], status;
	pid_t pid;
	char c;

	assert_int_equal(pipe(down), 0);
	assert_int_equal(pipe(up), 0);
	assert_int_equal(write(down[1], "k", 1), 1);
	if ((pid = fork()) == 0) {
		keep[0] = down_at == -1 ? down[0] : dup2(down[0], down_at);
		keep[1] = up_at == -1 ? up[1] : dup2(up[1], up_at);
		_exit(io_keep_only(keep, 2) == -1 ? 1 : look_around(keep));
	}
	assert_true(pid > 0);
	close(up[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(read(up[0], &c, 1), 1);
	assert_int_equal(c, 'w');
	close(up[0]);
	close(down[0]);
	close(down[1]);
}

static void
keeps_only_what_it_is_told(void **state)
{
	(void)state;
	keep_only(-1, -1);
}

static void
keeps_what_is_in_the_way(void **state)
{
	(void)state;
	keep_only(4, 3);
	keep_only(3, 4);
	keep_only(100, 3);
	keep_only(17, 16);
}

/* After a close of fd 0 or 1 the next pipe is there. */
static void
keeps_what_stands_at_0_and_1(void **state)
{
	(void)state;
	keep_only(0, -1);
	keep_only(-1, 1);
	keep_only(0, 1);
	keep_only(1, 0);
}

/* Two ends of one TCP connection; returns the port of the first. */
static int
connect_pair(int family, int fds[2])
{
	struct sockaddr_storage at = { .ss_family = (sa_family_t)family };
	struct sockaddr_in *in = (struct sockaddr_in *)&at;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&at;
	struct sockaddr *to = (struct sockaddr *)&at;
	socklen_t n = sizeof(at);
	int s = socket(family, SOCK_STREAM, 0);

	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (family == AF_INET6)
		in6->sin6_addr = in6addr_loopback;
	if (bind(s, to, n) == -1) {
		close(s);
		return -1;
	}
	assert_int_equal(listen(s, 1), 0);
	assert_int_equal(getsockname(s, to, &n), 0);
	fds[0] = socket(family, SOCK_STREAM, 0);
	assert_int_equal(connect(fds[0], to, n), 0);
	fds[1] = accept(s, NULL, NULL);
	assert_true(fds[1] != -1);
	assert_int_equal(getsockname(fds[0], to, &n), 0);
	close(s);
	return ntohs(family == AF_INET6 ? in6->sin6_port : in->sin_port);
}

/* Also with bytes that nobody has read yet. */
static void
sees_the_other_side_close(void **state)
{
	static const int families[] = { AF_INET, AF_INET6 };
	int fds[2], port;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(families); i++) {
		if ((port = connect_pair(families[i], fds)) == -1) {
			print_message("no IPv6 here\n");
			continue;
		}
		assert_int_equal(io_find_socket(port), fds[0]);
		assert_false(io_hung_up(fds[0]));
		assert_int_equal(write(fds[1], "HTTP/1.1 408", 12), 12);
		assert_false(io_hung_up(fds[0]));
		close(fds[1]);
		while (!io_hung_up(fds[0]))
			usleep(1000);
		close(fds[0]);
		assert_int_equal(io_find_socket(port), -1);
	}
	assert_false(io_hung_up(-1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock_goes_forward),
		cmocka_unit_test(writes_all_of_it),
		cmocka_unit_test(write_to_nobody),
		cmocka_unit_test(keeps_only_what_it_is_told),
		cmocka_unit_test(keeps_what_is_in_the_way),
		cmocka_unit_test(keeps_what_stands_at_0_and_1),
		cmocka_unit_test(sees_the_other_side_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
