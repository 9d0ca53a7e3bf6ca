/*
 * given: the files of --given, as the member "given" of a request
 * (plan/partial.h).
 */
#ifndef GIVEN_H
#define GIVEN_H

#include <stddef.h>

struct err;
struct graph;
struct json;

/*
 * Reads the files that the object names, PART: FILE.  Of a list, PART is the
 * name of its pick, and the file is a JSON object of the pick's fields; all
 * others are texts.  No file may have more than `most` bytes.  Returns an
 * object that the caller frees, or NULL with err.
 */
struct json *given_read(const struct graph *graph, const struct json *files,
	    size_t most, struct err *err);

#endif
