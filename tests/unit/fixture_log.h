/*
 * fixture_log: what the program writes to its log, which is stderr.
 */
#ifndef FIXTURE_LOG_H
#define FIXTURE_LOG_H

#include "unit.h"

/* From here on stderr goes to DIR/log; give what it returns to log_read. */
static inline int
log_take(const char *dir)
{
	char path[256];
	int saved = dup(STDERR_FILENO), fd;

	unit_write(dir, "log", "", 0600, path);
	fd = open(path, O_WRONLY | O_APPEND);
	assert_true(saved != -1 && fd != -1);
	assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	close(fd);
	return saved;
}

/* All that was written since; stderr is what it was before. */
static inline void
log_read(const char *dir, int saved, struct buf *out)
{
	char path[256];

	dup2(saved, STDERR_FILENO);
	close(saved);
	snprintf(path, sizeof(path), "%s/log", dir);
	unit_read(path, out);
}

#endif
