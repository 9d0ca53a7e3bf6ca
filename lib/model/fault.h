/*
 * fault: the words in which a service reports an error.
 *
 * No two hosts have the same shape for them: {"error": {"message"}}, a bare
 * string, {"object": "error"}, {"detail": [{"msg"}]}, and more.  What an error
 * means is refusal.h's to tell.
 */
#ifndef FAULT_H
#define FAULT_H

struct buf;
struct json;

/* The most bytes of a service's words that a message of ours repeats. */
#define FAULT_QUOTE_MAX	200

/*
 * The words of an error, borrowed from json; NULL if the document is not an
 * error.
 */
const char *fault_text(const struct json *json);

/*
 * Writes text into out, which is empty, as one line of at most FAULT_QUOTE_MAX
 * bytes.  Some hosts repeat the key in their words: mask_text hides it before
 * the line is cut, so that no half of it stays.  key may be NULL.
 */
void	fault_quote(const char *text, const char *key, struct buf *out);

#endif
