/*
 * redact: takes out of a message what visitors must not read.
 *
 * The words in which a service refuses a request help a visitor, so they are
 * shown.  But these words, and those of libcurl's errors, name hosts and
 * addresses of an internal network, and the operator's account ("organization
 * `org-01J...`").  "***" stands in place of
 *
 *	URLs and mail addresses		https://gpu-3.lan:8000/v1, a@b.example
 *	addresses			10.0.0.7:8000, [fd00::7]:443
 *	names of hosts			llm.internal, gpu-3:8080, "host: gpu3"
 *	ids				org-..., proj_..., req_..., UUIDs, long
 *					words of letters and digits, and the
 *					word after "request id", "account"
 *
 * This is a guess from the form of a word.  A host's name of one word, in the
 * middle of a sentence, looks like any other word and stays; so does the name
 * of a model ("llama3.2:3b", "openai/gpt-4.1").  A name that the caller knows
 * is always found: pass it as `known`.
 *
 *	redact(&out, "no route to gpu-3.lan:8000", 26, NULL);
 *	-> "no route to ***"
 */
#ifndef REDACT_H
#define REDACT_H

#include <stddef.h>

struct buf;

/*
 * Appends the n bytes at text to out, redacted.  `known`, which may be NULL, is
 * the name of a host that is replaced wherever it stands.  Keys are not looked
 * for: mask.h has taken them out before.
 */
void	redact(struct buf *out, const char *text, size_t n,
	    const char *known);

#endif
