/*
 * completion: a streamed chat completion, put together again as one document.
 *
 * A client that has asked for no stream gets an object "chat.completion", whose
 * choices have a "message".  A stream says the same in chunks, whose choices
 * have a "delta".  This is what makes the first out of the second:
 *
 *	- text of a delta is appended: content, refusal, reasoning_content, and
 *	  whatever other strings a host sends there;
 *	- a role, an id, a type and a name are set, since hosts may repeat them;
 *	- elements with an "index" (choices, tool_calls) are put together with
 *	  those of the same index; other elements (logprobs) are appended;
 *	- of everything else the last value that is not null holds;
 *	- "obfuscation", with which OpenAI pads events, is dropped.
 *
 *	struct completion whole = COMPLETION_INIT;
 *
 *	completion_add(&whole, event.data, event.len);	each event
 *	if (completion_is_whole(&whole, 2))
 *		completion_write(&whole, &out);
 *	completion_free(&whole);
 *
 * Numbers stay as they were written, and members that nobody knows are kept.
 */
#ifndef COMPLETION_H
#define COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/surrogate.h"

struct buf;
struct json;
struct node;

struct completion {
	struct node	*root;		/* NULL: no chunk has come */
	struct node	*content;	/* of the choice with index 0 */
	char		 half[SURROGATE_HALF];	/* of a pair */
	bool		 deltas;	/* a choice came as a delta */
};

/* The most bytes of a document. */
#define COMPLETION_MAX	(8 * 1024 * 1024)

#define COMPLETION_INIT { .root = NULL }

void	completion_free(struct completion *whole);

/* Takes the data of an event.  What is no chunk changes nothing. */
void	completion_add(struct completion *whole, const char *data, size_t n);

/*
 * The same for one that was read already.  `alone` says that it came after half
 * of a surrogate pair and does not begin with the other half.
 */
void	completion_join(struct completion *whole, const struct json *chunk,
	    bool alone);

/*
 * The same for an event of which chunk.h has found that it has nothing but this
 * text.  Returns false if it has to be read whole all the same, as the first.
 */
bool	completion_text(struct completion *whole, const char *text, size_t n);

/*
 * Whether each of n choices has come and has said why it ended.
 */
bool	completion_is_whole(const struct completion *whole, int64_t n);

/* Appends the document.  Returns 0, or -1 if it is longer than out may be. */
int	completion_write(const struct completion *whole, struct buf *out);

#endif
