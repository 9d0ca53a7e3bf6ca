/*
 * profile: how one "OpenAI-compatible" service differs from the others.
 *
 * Built in for the hosts that are named in service.c, for any other the
 * minimum that every server takes; recipe.json changes single members under
 * "profile".  What a host then refuses by name is learned (learn.h).
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
};

#define PARAMS_N	7

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

/* The minimum: max_tokens and temperature. */
void	profile_init(struct profile *profile);
void	profile_free(struct profile *profile);

/* What fits the host of a base URL; the minimum where nobody knows it. */
void	profile_for_url(struct profile *profile, const char *base_url);

/* Changes what "services".ID."profile" names.  0, or -1 with err. */
int	profile_read(struct profile *profile, const struct doc *doc,
	    const char *id, struct err *err);

/* The parameter's name on the wire, for a single bit. */
const char *param_name(enum param param);

/*
 * The parameter that a refusal names first, of those that were sent (bits);
 * 0 where it names none of them.
 */
unsigned param_in_text(const char *text, unsigned sent);

#endif
