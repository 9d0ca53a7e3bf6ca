/*
 * profile: how one "OpenAI-compatible" service differs from the others.
 *
 * Profiles are built in for hosts that are known by their base URL, and
 * recipe.json changes single members under "profile".  If a host refuses a
 * parameter by its name, that is remembered (state.h), and the parameter is not
 * sent to that model again.
 *
 * Nobody knows what an unknown host accepts.  One over https costs money, so it
 * gets only the parameters that every server accepts.  One over http is a
 * server at home: llama-server, Ollama, vLLM and the like.  Nearly all of these
 * turn a schema into a grammar, with which a list is valid whatever the model.
 * So response_format is sent to them as well; if one refuses it, that costs one
 * answer of status 400, only once, and no tokens.
 *
 * To add the quirks of a host: its row in profile.c.  To add a kind of quirk: a
 * member of struct profile, which profile_read reads and model/ask.c heeds, and
 * its place in recipe.fcgi(8).  How hosts word their refusals, their ends and
 * their limits is no quirk of one host: model/refusal.c, model/finish.c and
 * http/throttle.c have tables for all of them.
 *
 *	profile_init(&p);
 *	profile_for_url(&p, "https://api.groq.com/openai/v1");
 *	if (profile_read(&p, doc, "groq-70b", err) == -1)
 *		...
 *	profile_free(&p);
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doc;
struct err;
struct json;

/*
 * The members of a request's body that some servers need, some ignore and some
 * refuse, as bits.
 */
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
	PARAM_STOP			= 1 << 8,
	PARAM_SEED			= 1 << 9,
	PARAM_PRESENCE_PENALTY		= 1 << 10,
	PARAM_FREQUENCY_PENALTY		= 1 << 11,
	/* A system message; without it, its text begins the user's. */
	PARAM_SYSTEM_ROLE		= 1 << 12,
};

#define PARAMS_N	13

/*
 * The members of a stage's "extra" (graph.h) have bits above these, in their
 * order.  Such a bit means something only together with that stage.
 */
#define PARAM_EXTRA(i)	(1u << (16 + (i)))
#define PARAM_EXTRAS	0xffff0000u
#define PARAM_EXTRAS_N	16

/* What response_format asks for, so that a list comes as JSON. */
enum format {
	FORMAT_NONE,		/* nothing; lenient.h reads what comes */
	FORMAT_OBJECT,		/* json_object: an object around the array */
	FORMAT_SCHEMA,		/* json_schema: the same, by a schema */
};

struct profile {
	unsigned	 params;	/* bits: those that may be sent */
	enum format	 format;	/* for stages with "list" */
	char		*effort;	/* reasoning_effort; NULL: not sent */
	int64_t		 headroom;	/* tokens for thoughts, in addition */
	bool		 unfinished;	/* an answer without a finish_reason is
					   complete, too */
	char		*key_header;	/* the header of the key; NULL: it is
					   "Authorization: Bearer KEY" */
	char		**headers;	/* "Name: value", then a NULL */
	size_t		 nheaders;
	struct json	*extra;		/* members added to the body, or NULL */
};

/*
 * Sets what is sent to a server of which nothing is known: max_tokens, system
 * messages, and what a stage itself sets.
 */
void	profile_init(struct profile *profile);

/* Frees what it owns and sets the same again. */
void	profile_free(struct profile *profile);

/* Sets what is known of the host in a base URL.  *profile was initialized. */
void	profile_for_url(struct profile *profile, const char *base_url);

/*
 * Changes the members that "services".ID."profile" of a document names.
 * Returns 0, or -1 with err.
 */
int	profile_read(struct profile *profile, const struct doc *doc,
	    const char *id, struct err *err);

/* The parameter's name in a request's body, for a single bit; else "?". */
const char *param_name(enum param param);

/*
 * The bit of the parameter that the text of a refusal names first, among those
 * that were sent; 0 if it names none of them.  `extra` is the "extra" of the
 * stage, or NULL.  If the text names the schema and something in it, that part
 * of the schema is what is refused.
 */
unsigned param_in_text(const char *text, unsigned sent,
	    const struct json *extra);

#endif
