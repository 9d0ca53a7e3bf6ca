/*
 * fault: what a service says when it refuses or breaks off.
 *
 * No two hosts have the same shape for it: {"error": {"message"}}, a bare
 * string, {"object": "error"}, {"detail": [{"msg"}]}, and more.
 */
#ifndef FAULT_H
#define FAULT_H

struct buf;
struct json;

/* Bytes of somebody else's words that a message repeats at most. */
#define FAULT_QUOTE_MAX	200

/* Words of an error, borrowed from json; NULL where it is none. */
const char *fault_text(const struct json *json);

/*
 * Appends text as one line, FAULT_QUOTE_MAX bytes at most, and "***" for the
 * key (may be NULL), which some hosts echo, as it is or as JSON, a URL or a
 * page escapes it.
 */
void	fault_quote(const char *text, const char *key, struct buf *out);

#endif
