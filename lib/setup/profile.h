/*
 * profile: how one "OpenAI-compatible" service differs from the others.
 *
 * Built in for hosts that are known by their base URL; recipe.json changes
 * single members under "profile".  What a host then refuses by name is
 * learned (state.h), and is not sent to that model again.
 *
 * Nobody knows what another host takes.  One over https, which is paid for,
 * gets the minimum that every server takes.  One over http is a server at
 * home, llama-server, Ollama, vLLM and their like, which nearly all turn a
 * schema into a grammar: it is offered response_format for lists, too, since
 * a list is then sound whatever the model, and a refusal costs one answer of
 * status 400, once, and no tokens.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doc;
struct err;
struct json;

/* Parameters that some servers want, some ignore and some refuse. */
enum param {
	PARAM_MAX_TOKENS		= 1 << 0,
	PARAM_MAX_COMPLETION_TOKENS	= 1 << 1,
	PARAM_TEMPERATURE		= 1 << 2,
	PARAM_TOP_P			= 1 << 3,
	PARAM_STREAM_OPTIONS		= 1 << 4,
	PARAM_RESPONSE_FORMAT		= 1 << 5,
	PARAM_REASONING_EFFORT		= 1 << 6,
	/* minItems and maxItems, in the schema of a list. */
	PARAM_ITEM_COUNTS		= 1 << 7,
};

#define PARAMS_N	8

enum format {
	FORMAT_NONE,		/* plain text and the tolerant reader */
	FORMAT_OBJECT,		/* json_object: an object around the array */
	FORMAT_SCHEMA,		/* json_schema, likewise */
};

struct profile {
	unsigned	 params;	/* those that may be sent */
	enum format	 format;	/* for list stages */
	char		*effort;	/* reasoning_effort, NULL: none */
	int64_t		 headroom;	/* tokens for thoughts */
	bool		 unfinished;	/* no finish_reason is good too */
	char		*key_header;	/* "api-key"; NULL: a bearer token */
	char		**headers;	/* "Name: value", NULL at the end */
	size_t		 nheaders;
	struct json	*extra;		/* members added to the body, or NULL */
};

/* The minimum: max_tokens, temperature and top_p. */
void	profile_init(struct profile *profile);
void	profile_free(struct profile *profile);

/* What fits the host of a base URL. */
void	profile_for_url(struct profile *profile, const char *base_url);

/* Changes what "services".ID."profile" names.  0, or -1 with err. */
int	profile_read(struct profile *profile, const struct doc *doc,
	    const char *id, struct err *err);

/* The parameter's name on the wire, for a single bit. */
const char *param_name(enum param param);

/*
 * The parameter that a refusal names first, of those that were sent (bits);
 * 0 if it names none of them.  Of a schema and what is in it, the part is
 * what is refused.
 */
unsigned param_in_text(const char *text, unsigned sent);

#endif
