/*
 * source.c: the command line's process.  A file or standard input as a source
 * of lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "bulk/source.h"

struct file_lines {
	struct split	 split;
	char		*name;		/* for messages */
};

static int
next_of_file(void *arg, struct raw_line *line, struct err *err)
{
	struct file_lines *file = arg;

	return split_next(&file->split, line, err);
}

static bool
is_file_ready(void *arg)
{
	struct file_lines *file = arg;

	return split_is_ready(&file->split);
}

static void
close_input(void *arg)
{
	struct file_lines *file = arg;

	if (file->split.fd != STDIN_FILENO)
		close(file->split.fd);
	split_free(&file->split);
	free(file->name);
	free(file);
}

/* Returns a descriptor that can be read, or -1 with err. */
static int
open_input(const char *path, struct err *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1)
		return err_set(err, 400, "bad_input", errno == ENOENT ?
		    "%.150s: there is no such file" : "%.150s cannot be opened "
		    "for reading: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return fd;
	if (fd != STDIN_FILENO)
		close(fd);
	return err_set(err, 400, "bad_input", "%.150s is a directory; name a "
	    "file of lines, or - for standard input", path);
}

int
source_open(struct source_lines *source, const char *path, struct err *err)
{
	struct file_lines *file = malloc(sizeof(*file));
	char *name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	struct stat st;
	int fd = -1;

	*source = (struct source_lines){ .fd = -1 };
	if (file == NULL || name == NULL)
		err_set(err, 503, "no_memory", "out of memory");
	else
		fd = open_input(path, err);
	if (fd == -1) {
		free(file);
		free(name);
		return -1;
	}
	file->name = name;
	split_init(&file->split, fd, name, LINE_MAX_BYTES);
	*source = (struct source_lines){ next_of_file, close_input, file,
	    fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && fd != STDIN_FILENO ?
	    -1 : fd, is_file_ready };
	return 0;
}
