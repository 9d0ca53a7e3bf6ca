/*
 * profile.c: listener, before any fork; a worker reads refusals with it.  Knows
 * what each host accepts; knows nothing of how it is asked.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/log.h"
#include "setup/doc.h"
#include "setup/extra.h"
#include "setup/profile.h"
#include "text/json.h"

/*
 * What is sent if it is set by a stage, since nearly every server accepts it.
 * The counts of items are no member of their own, but a part of the schema, if
 * one is sent.
 */
#define OF_STAGES (PARAM_TEMPERATURE | PARAM_TOP_P | PARAM_STOP | \
    PARAM_SEED | PARAM_PRESENCE_PENALTY | PARAM_FREQUENCY_PENALTY | \
    PARAM_SYSTEM_ROLE | PARAM_ITEM_COUNTS)

#define MINIMUM	(PARAM_MAX_TOKENS | OF_STAGES)

static const char *const names[PARAMS_N] = { "max_tokens",
    "max_completion_tokens", "temperature", "top_p", "stream_options",
    "response_format", "reasoning_effort", "minItems", "stop", "seed",
    "presence_penalty", "frequency_penalty", "system_role" };

/* Other words for these parameters in refusals. */
static const struct {
	const char *word;
	enum param param;
} aliases[] = {
	{ "maxItems", PARAM_ITEM_COUNTS },
	{ "json_schema", PARAM_RESPONSE_FORMAT },
	{ "json_object", PARAM_RESPONSE_FORMAT },
	{ "JSON schema", PARAM_RESPONSE_FORMAT },
	{ "JSON Schema", PARAM_RESPONSE_FORMAT },
	{ "response format", PARAM_RESPONSE_FORMAT },
	{ "guided_json", PARAM_RESPONSE_FORMAT },
	{ "grammar", PARAM_RESPONSE_FORMAT },
	{ "presencePenalty", PARAM_PRESENCE_PENALTY },
	{ "frequencyPenalty", PARAM_FREQUENCY_PENALTY },
	{ "stop_sequences", PARAM_STOP },
	/* The templates of models say this each in its own way. */
	{ "System role", PARAM_SYSTEM_ROLE },
	{ "system role", PARAM_SYSTEM_ROLE },
	{ "System message", PARAM_SYSTEM_ROLE },
	{ "system message", PARAM_SYSTEM_ROLE },
	{ "Developer instruction", PARAM_SYSTEM_ROLE },
	{ "messages[0].role", PARAM_SYSTEM_ROLE },
	{ "messages.0.role", PARAM_SYSTEM_ROLE },
	{ "roles must alternate", PARAM_SYSTEM_ROLE },
	{ "user and assistant roles", PARAM_SYSTEM_ROLE },
};

/*
 * Parts of a base URL, and what the host accepted in autumn 2026.  These hosts
 * now serve mostly models that reason.  So a low effort is asked for, if the
 * host accepts that, and tokens for thoughts are added to a part's max_tokens.
 */
static const struct {
	const char *host;
	unsigned params;
	enum format format;
	const char *effort;
	int64_t headroom;
} hosts[] = {
	/* Its documentation says that it does not accept the counts. */
	{ "api.fireworks.ai", (MINIMUM & ~PARAM_ITEM_COUNTS) |
	  PARAM_RESPONSE_FORMAT | PARAM_REASONING_EFFORT, FORMAT_SCHEMA,
	  "low", 512 },
	{ "api.groq.com", MINIMUM | PARAM_STREAM_OPTIONS |
	  PARAM_REASONING_EFFORT, FORMAT_NONE, "low", 512 },
	{ "api.together.xyz", MINIMUM | PARAM_STREAM_OPTIONS, FORMAT_NONE,
	  NULL, 0 },
	{ "api.openai.com", PARAM_MAX_COMPLETION_TOKENS | OF_STAGES |
	  PARAM_STREAM_OPTIONS | PARAM_RESPONSE_FORMAT, FORMAT_SCHEMA, NULL,
	  512 },
	{ "openrouter.ai", MINIMUM | PARAM_STREAM_OPTIONS, FORMAT_NONE, NULL,
	  512 },
	{ "api.cerebras.ai", MINIMUM | PARAM_STREAM_OPTIONS, FORMAT_NONE,
	  NULL, 512 },
	{ "api.deepseek.com", MINIMUM | PARAM_STREAM_OPTIONS, FORMAT_NONE,
	  NULL, 0 },
	{ "api.mistral.ai", MINIMUM, FORMAT_NONE, NULL, 0 },
	{ "api.anthropic.com", MINIMUM, FORMAT_NONE, NULL, 0 },
};


void
profile_init(struct profile *p)
{
	memset(p, 0, sizeof(*p));
	p->params = MINIMUM;
}

void
profile_free(struct profile *p)
{
	free(p->effort);
	free(p->key_header);
	doc_free_strings(p->headers);
	json_free(p->extra);
	profile_init(p);
}

void
profile_for_url(struct profile *p, const char *base_url)
{
	size_t i;

	profile_free(p);
	if (strncasecmp(base_url, "http://", 7) == 0) {
		p->params |= PARAM_RESPONSE_FORMAT;
		p->format = FORMAT_SCHEMA;
	}
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		if (strstr(base_url, hosts[i].host) == NULL)
			continue;
		p->params = hosts[i].params;
		p->format = hosts[i].format;
		p->effort = doc_copy(hosts[i].effort);
		p->headroom = hosts[i].headroom;
	}
	/* Azure expects the key in a header of another name. */
	if (strstr(base_url, ".azure.com/openai/") != NULL)
		p->key_header = doc_copy("api-key");
}

const char *
param_name(enum param param)
{
	size_t i;

	for (i = 0; i < PARAMS_N; i++)
		if ((unsigned)param == 1u << i)
			return names[i];
	return "?";
}

/* The place of a member of one service's profile. */
#define HERE(id, name)	AT("services", id, "profile", name)

/* Reads a boolean member that says whether a parameter is sent. */
static int
read_switch(struct profile *p, const struct doc *doc, const char *id,
    enum param param, struct err *err)
{
	bool on = (p->params & (unsigned)param) != 0;

	if (doc_bool(doc, err, HERE(id, param_name(param)), &on) == -1)
		return -1;
	if (on)
		p->params |= (unsigned)param;
	else
		p->params &= ~(unsigned)param;
	return 0;
}

static int
read_switches(struct profile *p, const struct doc *doc, const char *id,
    struct err *err)
{
	static const enum param all[] = { PARAM_TEMPERATURE, PARAM_TOP_P,
	    PARAM_STOP, PARAM_SEED, PARAM_PRESENCE_PENALTY,
	    PARAM_FREQUENCY_PENALTY, PARAM_SYSTEM_ROLE, PARAM_STREAM_OPTIONS };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (read_switch(p, doc, id, all[i], err) == -1)
			return -1;
	return 0;
}

/* Reads which response_format is sent, if any. */
static int
read_format(struct profile *p, const struct doc *doc, const char *id,
    struct err *err)
{
	static const char *const formats[] = { "none", "json_object",
	    "json_schema" };
	const char *name = NULL;
	int i;

	if (doc_string(doc, err, HERE(id, "response_format"), &name) == -1)
		return -1;
	if (name == NULL)
		return 0;
	for (i = 0; i < 3; i++)
		if (strcmp(name, formats[i]) == 0)
			break;
	if (i == 3)
		return doc_complain(doc, err, HERE(id, "response_format"),
		    "\"response_format\" must be \"none\", \"json_object\" or "
		    "\"json_schema\"");
	p->format = (enum format)i;
	if (i == 0)
		p->params &= ~(unsigned)PARAM_RESPONSE_FORMAT;
	else
		p->params |= PARAM_RESPONSE_FORMAT;
	return 0;
}

/* Reads which reasoning_effort is sent. */
static int
read_effort(struct profile *p, const struct doc *doc, const char *id,
    struct err *err)
{
	const char *effort = NULL;

	if (doc_string(doc, err, HERE(id, "reasoning_effort"), &effort) == -1)
		return -1;
	if (effort == NULL)
		return 0;
	free(p->effort);
	p->effort = doc_copy(effort);
	p->params |= PARAM_REASONING_EFFORT;
	return 0;
}

/*
 * Reads the headers to add, and the name of the header of the key.  A newline
 * in one would end the headers, and what follows would be another request.
 */
static int
read_headers(struct profile *p, const struct doc *doc, const char *id,
    struct err *err)
{
	const char *key_header = NULL;
	size_t i;

	if (doc_string(doc, err, HERE(id, "key_header"), &key_header) == -1 ||
	    doc_strings(doc, err, HERE(id, "headers"), &p->headers,
	    &p->nheaders) == -1)
		return -1;
	for (i = 0; i < p->nheaders; i++)
		if (strcspn(p->headers[i], ": ") == 0 ||
		    strchr(p->headers[i], ':') == NULL ||
		    strpbrk(p->headers[i], "\r\n") != NULL)
			return doc_complain(doc, err, HERE(id, "headers"),
			    "a header must be \"Name: value\" on one line");
	if (key_header == NULL)
		return 0;
	if (strpbrk(key_header, ": \r\n") != NULL)
		return doc_complain(doc, err, HERE(id, "key_header"),
		    "\"key_header\" must be the name of a header");
	free(p->key_header);
	p->key_header = doc_copy(key_header);
	return 0;
}

/* Reads which of its two names the limit of tokens has. */
static int
read_limit_name(struct profile *p, const struct doc *doc, const char *id,
    struct err *err)
{
	const char *name = NULL;

	if (doc_string(doc, err, HERE(id, "max_tokens_name"), &name) == -1)
		return -1;
	if (name == NULL)
		return 0;
	p->params &= ~(unsigned)(PARAM_MAX_TOKENS |
	    PARAM_MAX_COMPLETION_TOKENS);
	if (strcmp(name, "max_completion_tokens") == 0)
		p->params |= PARAM_MAX_COMPLETION_TOKENS;
	else if (strcmp(name, "max_tokens") == 0)
		p->params |= PARAM_MAX_TOKENS;
	else
		return doc_complain(doc, err, HERE(id, "max_tokens_name"),
		    "\"max_tokens_name\" must be \"max_tokens\" or "
		    "\"max_completion_tokens\"");
	return 0;
}

static int
read_extra(struct profile *p, const struct doc *doc, const char *id,
    struct err *err)
{
	struct json *extra = doc_get(doc, HERE(id, "extra"));
	const char *name;
	size_t i;

	if (extra != NULL && json_kind(extra) != JSON_OBJECT)
		return doc_complain(doc, err, HERE(id, "extra"),
		    "\"extra\" must be an object of members to add");
	for (i = 0; i < json_count(extra); i++) {
		json_member(extra, i, &name);
		if (extra_check(doc, err, AT("services", id, "profile",
		    "extra", name), name) == -1)
			return -1;
	}
	json_free(p->extra);
	p->extra = extra == NULL ? NULL : json_share(extra);
	return 0;
}

int
profile_read(struct profile *p, const struct doc *doc, const char *id,
    struct err *err)
{
	static const char *const known[] = { "max_tokens_name", "temperature",
	    "top_p", "stop", "seed", "presence_penalty", "frequency_penalty",
	    "system_role", "stream_options", "response_format",
	    "reasoning_effort", "headroom", "unfinished", "key_header",
	    "headers", "extra", NULL };

	if (doc_only(doc, err, AT("services", id, "profile"), known) == -1 ||
	    read_limit_name(p, doc, id, err) == -1 ||
	    read_switches(p, doc, id, err) == -1 ||
	    read_format(p, doc, id, err) == -1 ||
	    read_effort(p, doc, id, err) == -1 ||
	    doc_int(doc, err, HERE(id, "headroom"), 0, 1000000,
	    &p->headroom) == -1 ||
	    doc_bool(doc, err, HERE(id, "unfinished"),
	    &p->unfinished) == -1 ||
	    read_headers(p, doc, id, err) == -1)
		return -1;
	return read_extra(p, doc, id, err);
}

/*
 * Where the text has `word` as a whole word, or NULL: "top_p" is not found in
 * "top_penalty".
 */
static const char *
find_word(const char *text, const char *word)
{
	size_t n = strlen(word);
	const char *hit;

	for (hit = text; (hit = strstr(hit, word)) != NULL; hit += n) {
		if (hit > text && (isalnum((unsigned char)hit[-1]) ||
		    hit[-1] == '_'))
			continue;
		if (!isalnum((unsigned char)hit[n]) && hit[n] != '_')
			return hit;
	}
	return NULL;
}

/* The first place at which a text names a parameter; NULL if it does not. */
static const char *
find_param(const char *text, enum param param)
{
	const char *first = find_word(text, param_name(param)), *at;
	size_t i;

	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (aliases[i].param == param &&
		    (at = find_word(text, aliases[i].word)) != NULL &&
		    (first == NULL || at < first))
			first = at;
	return first;
}

/* The same for the parameter of one bit, which may be of `extra`. */
static const char *
find_bit(const char *text, unsigned bit, const struct json *extra)
{
	const char *name = NULL;
	size_t i;

	if ((bit & PARAM_EXTRAS) == 0)
		return find_param(text, (enum param)bit);
	for (i = 0; i < PARAM_EXTRAS_N; i++)
		if (bit == PARAM_EXTRA(i) &&
		    json_member(extra, i, &name) != NULL)
			return find_word(text, name);
	return NULL;
}

/*
 * A refusal may name parameters that were not sent, as in "Use
 * 'max_completion_tokens' instead of 'max_tokens'".  They are not looked for.
 */
unsigned
param_in_text(const char *text, unsigned sent, const struct json *extra)
{
	const char *at, *first = NULL;
	unsigned param = 0, bit;

	/*
	 * "Invalid schema for response_format: 'minItems' is not permitted."
	 * Without the counts the schema is accepted.
	 */
	if ((sent & PARAM_ITEM_COUNTS) != 0 &&
	    find_param(text, PARAM_ITEM_COUNTS) != NULL)
		return PARAM_ITEM_COUNTS;
	/* The highest bit, shifted once more, is 0. */
	for (bit = 1; bit != 0; bit <<= 1) {
		if ((sent & bit) == 0 ||
		    (at = find_bit(text, bit, extra)) == NULL)
			continue;
		if (first == NULL || at < first) {
			first = at;
			param = bit;
		}
	}
	return param;
}
