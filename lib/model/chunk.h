/*
 * chunk: the chunk of a completion that nearly all chunks are, read in one
 * pass over its bytes.
 *
 * json-c makes a tree of every chunk, which costs ten times what relaying its
 * text does.  This reader takes one kind of chunk only: one choice, index 0,
 * a delta with a role and a content or neither, and beside it nothing but
 * names, ids and numbers that nobody reads, and nulls.  All else, and all that
 * is not strictly JSON, is left to json-c: for what is taken here both say
 * the same (tests/fuzz/fuzz_chunk.c).
 */
#ifndef CHUNK_H
#define CHUNK_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Whether the n bytes at s are such a chunk.  Its text, perhaps none, is
 * appended to out, which is as it was where they are not.
 */
bool	chunk_read(const char *s, size_t n, struct buf *out);

#endif
