/*
 * underway.c: the command line.  Keeps a file of ids; asks nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "bulk/ids.h"
#include "bulk/underway.h"
#include "text/json.h"

static int
fail_write(const struct underway *u, struct err *err)
{
	return err_set(err, 500, "io", "%s cannot be written: %s", u->path,
	    strerror(errno));
}

/* Takes a line of the file, which may be torn. */
static void
take_id(struct underway *u, const struct ids *ids, const char *text, size_t len)
{
	struct json *json = json_parse(text, len, 1, true, NULL, NULL);
	size_t n;
	const char *id = json_string(json, &n);

	if (id != NULL && (ids_get(ids, id, n) & (ID_DONE | ID_FAILED)) == 0) {
		u->lost++;
		if (u->names.len + n + 4 < u->names.max)
			buf_printf(&u->names, "%s%s", u->names.len == 0 ? "" :
			    ", ", text);
	}
	json_free(json);
}

static void
read_ids(struct underway *u, const struct ids *ids)
{
	int fd = open(u->path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd == -1 ? NULL : fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (file != NULL && (n = getline(&line, &room, file)) > 0) {
		if (line[n - 1] == '\n')
			line[--n] = '\0';
		take_id(u, ids, line, (size_t)n);
	}
	free(line);
	if (file != NULL)
		fclose(file);
}

int
underway_open(struct underway *u, const char *out, const struct ids *ids,
    struct err *err)
{
	if (strcmp(out, "-") == 0)
		return 0;
	if (asprintf(&u->path, "%s.underway", out) == -1) {
		u->path = NULL;
		return err_set(err, 503, "no_memory", "out of memory");
	}
	read_ids(u, ids);
	u->fd = open(u->path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND |
	    O_CLOEXEC, 0666);
	return u->fd == -1 ? fail_write(u, err) : 0;
}

void
underway_put(struct underway *u, const char *id, size_t n)
{
	struct json *json;

	if (u->fd == -1)
		return;
	json = json_new_string(id, n);
	json_write(json, &u->out);
	buf_putc(&u->out, '\n');
	json_free(json);
}

int
underway_flush(struct underway *u, struct err *err)
{
	if (u->out.len == 0)
		return 0;
	if (u->out.failed || io_write_all(u->fd, u->out.data, u->out.len) == -1)
		return fail_write(u, err);
	buf_reset(&u->out);
	return 0;
}

void
underway_close(struct underway *u, bool ended)
{
	if (u->fd != -1) {
		close(u->fd);
		if (ended)
			unlink(u->path);
	}
	free(u->path);
	buf_free(&u->names);
	buf_free(&u->out);
	u->path = NULL;
	u->fd = -1;
}
