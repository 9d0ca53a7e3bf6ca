/*
 * fixture_results: files of results in a directory of a test.
 */
#ifndef FIXTURE_RESULTS_H
#define FIXTURE_RESULTS_H

#include <errno.h>

#include "base/err.h"
#include "bulk/ids.h"
#include "bulk/results.h"
#include "unit.h"

#define GOOD(id) "{\"custom_id\":\"" id "\",\"response\":{\"parts\":{}}," \
	"\"error\":null}"
#define BAD(id) "{\"custom_id\":\"" id "\",\"word\":\"a\",\"response\":null," \
	"\"error\":{\"code\":\"c\",\"message\":\"m\"}}"
#define INPUT_LINE "{\"custom_id\":\"a\",\"word\":\"a\"}"

struct files {
	char		out[256], errors[256];
	struct ids	ids;
	struct results	results;
	struct err	err;
};

static inline void
put_file(const char *path, const char *text, size_t n)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

/* By a descriptor that is closed again, so never while a lock is held. */
static inline void
assert_file(const char *path, const char *text, size_t n)
{
	struct buf got = BUF_INIT(1 << 20);

	unit_read(path, &got);
	if (got.len != n || memcmp(got.data, text, n) != 0)
		fail_msg("%s has \"%s\", not \"%s\"", path, got.data, text);
	buf_free(&got);
}

static inline bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* The names, and nothing is open. */
static inline void
files_init(struct files *f, const char *dir)
{
	*f = (struct files){ .ids = IDS_INIT, .results = RESULTS_INIT,
	    .err = ERR_INIT };
	snprintf(f->out, sizeof(f->out), "%s/out.jsonl", dir);
	snprintf(f->errors, sizeof(f->errors), "%s/out.jsonl.errors.jsonl",
	    dir);
}

static inline int
files_open(struct files *f, bool retry)
{
	f->results = (struct results)RESULTS_INIT;
	return results_open(&f->results, f->out, &f->ids, retry, &f->err);
}

static inline void
files_open_well(struct files *f, bool retry)
{
	if (files_open(f, retry) == -1)
		fail_msg("%s", f->err.text);
}

static inline void
files_close(struct files *f)
{
	results_close(&f->results);
	ids_free(&f->ids);
}

static inline void
files_put(struct files *f, bool is_bad, const char *line)
{
	results_put(&f->results, is_bad, line, strlen(line));
}

static inline void
files_flush_well(struct files *f)
{
	if (results_flush(&f->results, &f->err) == -1)
		fail_msg("%s", f->err.text);
}

static inline unsigned
files_id(const struct files *f, const char *id)
{
	return ids_get(&f->ids, id, strlen(id));
}

#endif
