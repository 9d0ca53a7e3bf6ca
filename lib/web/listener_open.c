/*
 * listener_open.c: runs before the listener, in a program that was told where
 * to listen.  Opens the socket that a web server or a spawner would otherwise
 * have put on fd 0.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "web/listener.h"

/*
 * How many connections may wait in the socket while all workers are busy.  The
 * kernel lowers it to net.core.somaxconn, which is 4096 by default.
 */
#define BACKLOG		4096

/*
 * Removes a socket at `path` on which nobody listens, as bind would fail.
 * Another listener, or a file that is no socket, is fatal.  lstat comes first,
 * as connect(2) fails with ECONNREFUSED for a file of any kind.
 */
static void
clear_way(const char *path, const struct sockaddr_un *addr)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) == -1)
		return;
	if (!S_ISSOCK(st.st_mode))
		fatalx("%s: there is a file that is no socket; name another "
		    "path, or remove it", path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		fatal("socket");
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0)
		fatalx("%s: another program listens there already", path);
	if (errno == ECONNREFUSED)
		unlink(path);
	close(fd);
}

/* Returns a socket that is bound to `path`, or does not return. */
static int
open_unix(const char *path, struct listener_file *file)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t mask;
	int fd;

	if ((size_t)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s",
	    path) >= sizeof(addr.sun_path))
		fatalx("%s: a socket's path has at most %zu bytes", path,
		    sizeof(addr.sun_path) - 1);
	clear_way(path, &addr);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		fatal("socket");
	mask = umask(0117);	/* the socket gets mode 0660 */
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1)
		fatal("%s", path);
	umask(mask);
	if (lstat(path, &st) == 0)
		*file = (struct listener_file){ path, st.st_dev, st.st_ino };
	return fd;
}

union address {
	struct sockaddr		any;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

/* Fills *to.  Returns the length of the address, or 0 if `host` is none. */
static socklen_t
read_address(union address *to, const char *host, in_port_t port)
{
	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, host, &to->in.sin_addr) == 1) {
		to->in.sin_family = AF_INET;
		to->in.sin_port = htons(port);
		return sizeof(to->in);
	}
	if (inet_pton(AF_INET6, host, &to->in6.sin6_addr) == 1) {
		to->in6.sin6_family = AF_INET6;
		to->in6.sin6_port = htons(port);
		return sizeof(to->in6);
	}
	return 0;
}

/*
 * Cuts HOST:PORT or [HOST]:PORT in two: `host` gets the first, without
 * brackets, and the port is returned.  Anything else is fatal.
 */
static in_port_t
split_host_port(const char *where, char *host, size_t size)
{
	const char *colon = strrchr(where, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - where);
	char *end = NULL;
	long port = 0;

	if (colon != NULL && colon[1] >= '0' && colon[1] <= '9')
		port = strtol(colon + 1, &end, 10);
	if (end == NULL || *end != '\0' || port > 65535 || n >= size)
		fatalx("--listen takes unix:PATH or HOST:PORT, not %s", where);
	if (n >= 2 && where[0] == '[' && where[n - 1] == ']') {
		where++;
		n -= 2;
	}
	memcpy(host, where, n);
	host[n] = '\0';
	return (in_port_t)port;
}

/*
 * HOST must be an address, or "localhost", because no name is looked up:
 * glibc would load the host's NSS modules for that, and in a static program on
 * a host with another glibc they crash it.
 */
static int
open_tcp(const char *where)
{
	char host[INET6_ADDRSTRLEN];
	in_port_t port = split_host_port(where, host, sizeof(host));
	union address address;
	socklen_t n;
	int fd, on = 1;

	if (host[0] == '\0' || strcmp(host, "localhost") == 0)
		snprintf(host, sizeof(host), "127.0.0.1");
	if ((n = read_address(&address, host, port)) == 0)
		fatalx("--listen %s: HOST is an address, or localhost", where);
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		fatal("--listen %s", where);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &address.any, n) == -1)
		fatal("--listen %s", where);
	return fd;
}

int
listener_open(const char *where, struct listener_file *file)
{
	int fd = strncmp(where, "unix:", 5) == 0 ?
	    open_unix(where + 5, file) : open_tcp(where);

	if (listen(fd, BACKLOG) == -1)
		fatal("%s", where);
	return fd;
}

void
listener_remove(const struct listener_file *file)
{
	struct stat st;

	if (file->path != NULL && lstat(file->path, &st) == 0 &&
	    S_ISSOCK(st.st_mode) && st.st_dev == file->dev &&
	    st.st_ino == file->ino)
		unlink(file->path);
}
