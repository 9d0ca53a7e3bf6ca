/*
 * chunk: a fast reader for the usual chunk of a streamed completion.
 *
 * json-c makes a tree of every chunk, which costs ten times what relaying its
 * text does.  Nearly all chunks look the same, so this reader takes the text
 * out of such a chunk in one pass over its bytes.  It accepts:
 *
 *	{"id": "x", "object": "chat.completion.chunk", "created": 1,
 *	 "model": "m", "choices": [{"index": 0, "delta": {"content": "Hi"}}]}
 *
 * that is, one choice with index 0 and a delta that may have a role and a
 * content, in any order, with members that nobody reads (chunk.c lists them),
 * and null in place of any value.  It rejects everything else, and everything
 * that is not strictly JSON; the caller then gives the chunk to json-c.  For
 * what it accepts, json-c gives the same text (tests/fuzz/fuzz_chunk.c).
 */
#ifndef CHUNK_H
#define CHUNK_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Whether the n bytes at s are such a chunk.  If so, its text, which may be
 * empty, is appended to out; if not, out is as it was before.
 */
bool	chunk_read(const char *s, size_t n, struct buf *out);

#endif
