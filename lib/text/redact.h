/*
 * redact: what visitors must not read in somebody else's words.
 *
 * A refusal's words help: they stay.  But they, and libcurl's, name hosts of
 * an inner network, addresses, and the operator's account ("organization
 * `org-01J...`").  In their place stands "***":
 *
 *	URLs and mail addresses		https://gpu-3.lan:8000/v1, a@b.example
 *	addresses			10.0.0.7:8000, [fd00::7]:443
 *	names of hosts			llm.internal, gpu-3:8080, "host: gpu3"
 *	ids				org-..., proj_..., req_..., UUIDs, long
 *					words of letters and digits, and the
 *					word after "request id", "account"
 *
 * It is a guess by form: a name of one word in the middle of a sentence
 * cannot be told from any other word, and the name of a model ("llama3.2:3b",
 * "openai/gpt-4.1") stays.  Names that are known go for sure: pass them.
 *
 *	redact(&out, "no route to gpu-3.lan:8000", 26, NULL);
 *	-> "no route to ***"
 */
#ifndef REDACT_H
#define REDACT_H

#include <stddef.h>

struct buf;

/*
 * Appends the n bytes at text, redacted.  `known` (may be NULL) is a host's
 * name that is hidden wherever it stands.  It knows no key: see fault_quote.
 */
void	redact(struct buf *out, const char *text, size_t n,
	    const char *known);

#endif
