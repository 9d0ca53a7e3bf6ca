/*
 * gate.c: listener and worker.  One byte in a pipe; knows neither stages nor
 * connections.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "web/gate.h"

void
gate_init(struct gate *gate)
{
	int fds[2];

	*gate = (struct gate){ -1, -1, true };
	if (pipe2(fds, O_CLOEXEC) == -1)
		return;
	if (write(fds[1], "", 1) != 1) {
		close(fds[0]);
		close(fds[1]);
		return;
	}
	gate->out = fds[0];
	gate->in = fds[1];
}

void
gate_set(struct gate *gate, bool open)
{
	char byte = 0;
	ssize_t n;

	if (open == gate->open || gate->in == -1)
		return;
	/* Neither can block: there is one byte in the pipe, or none. */
	n = open ? write(gate->in, &byte, 1) : read(gate->out, &byte, 1);
	if (n == 1)
		gate->open = open;
}

void
gate_free(struct gate *gate)
{
	if (gate->in == -1)
		return;
	close(gate->in);
	close(gate->out);
	gate->in = gate->out = -1;
}

int
gate_enter(struct gate *gate)
{
	if (gate->in != -1)
		close(gate->in);
	gate->in = -1;
	return gate->out;
}

bool
gate_is_open(int fd)
{
	return fd == -1 || io_wait_readable(fd, io_now_ms()) == 0;
}
