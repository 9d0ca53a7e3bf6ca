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

/* The most bytes of a chunk before its text, and after it, that are kept. */
#define CHUNK_BEFORE	512
#define CHUNK_AFTER	128

/*
 * What was before the text of the last chunk that was read, and what was after
 * it.  Most services send the same in all chunks of an answer, and then nothing
 * but the text is read.  All zero at the beginning of an answer.
 */
struct chunk_shape {
	char	before[CHUNK_BEFORE], after[CHUNK_AFTER];
	size_t	nbefore, nafter;	/* 0 and 0: none is known */
};

/*
 * Whether the n bytes at s are such a chunk.  If so, its text, which may be
 * empty, is appended to out; if not, out is as it was before.
 */
bool	chunk_read(struct chunk_shape *shape, const char *s, size_t n,
	    struct buf *out);

#endif
