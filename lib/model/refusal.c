/*
 * refusal.c: stage.  Finds the meaning of an error; decides nothing by it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/refusal.h"
#include "setup/graph.h"
#include "setup/profile.h"
#include "text/json.h"

/* A code or a type this long is a sentence, which cannot be compared. */
#define CODE_MAX	64

/*
 * A message that names this many of our parameters only repeats our request.
 */
#define ECHO_PARAMS	3

/* --- codes and types --------------------------------------------------- */

/*
 * Parts of codes and types, which are compared in lower case and without "_",
 * "-", "." and blanks.  The first row that fits counts.  They were seen at the
 * hosts that docs/failures.md names and at hosts like them.
 */
static const struct { const char *word; enum means means; } codes[] = {
	{ "contentfilter", MEANS_CONTENT }, { "contentpolicy", MEANS_CONTENT },
	{ "contentmoderation", MEANS_CONTENT },
	{ "moderation", MEANS_CONTENT }, { "datainspection", MEANS_CONTENT },
	{ "sensitive", MEANS_CONTENT }, { "promptblocked", MEANS_CONTENT },
	{ "safety", MEANS_CONTENT }, { "responsibleai", MEANS_CONTENT },
	{ "riskcontrol", MEANS_CONTENT },
	{ "prohibitedcontent", MEANS_CONTENT },
	{ "insufficientquota", MEANS_CREDIT },
	{ "insufficientcredit", MEANS_CREDIT },
	{ "insufficientbalance", MEANS_CREDIT },
	{ "insufficientfunds", MEANS_CREDIT },
	{ "exceededcurrentquota", MEANS_CREDIT },
	{ "billingnotactive", MEANS_CREDIT },
	{ "billinghardlimit", MEANS_CREDIT },
	{ "paymentrequired", MEANS_CREDIT }, { "arrearage", MEANS_CREDIT },
	{ "accountoverdue", MEANS_CREDIT },
	{ "creditsexhausted", MEANS_CREDIT },
	{ "ratelimit", MEANS_LIMIT }, { "toomanyrequests", MEANS_LIMIT },
	{ "resourceexhausted", MEANS_LIMIT }, { "throttl", MEANS_LIMIT },
	{ "concurrencylimit", MEANS_LIMIT },
	{ "contextlength", MEANS_SIZE }, { "contextwindow", MEANS_SIZE },
	{ "stringabovemax", MEANS_SIZE }, { "requesttoolarge", MEANS_SIZE },
	{ "tokenslimitreached", MEANS_SIZE }, { "prompttoolong", MEANS_SIZE },
	{ "inputtoolong", MEANS_SIZE },
	{ "modelnotfound", MEANS_MODEL }, { "modelnotexist", MEANS_MODEL },
	{ "modelnotavailable", MEANS_MODEL }, { "modelnotsupported",
	  MEANS_MODEL }, { "modelnotopen", MEANS_MODEL },
	{ "modelnotactive", MEANS_MODEL }, { "modeldecommissioned",
	  MEANS_MODEL }, { "modeldeprecated", MEANS_MODEL },
	{ "modelterminated", MEANS_MODEL }, { "modelunavailable", MEANS_MODEL },
	{ "invalidmodel", MEANS_MODEL }, { "unknownmodel", MEANS_MODEL },
	{ "unsupportedmodel", MEANS_MODEL }, { "nosuchmodel", MEANS_MODEL },
	{ "deploymentnotfound", MEANS_MODEL },
	{ "apikey", MEANS_KEY }, { "authentication", MEANS_KEY },
	{ "unauthenticated", MEANS_KEY }, { "unauthorized", MEANS_KEY },
	{ "invalidkey", MEANS_KEY }, { "invalidtoken", MEANS_KEY },
	{ "expiredkey", MEANS_KEY }, { "accountdeactivated", MEANS_KEY },
	{ "overloaded", MEANS_SERVER }, { "servererror", MEANS_SERVER },
	{ "internalerror", MEANS_SERVER }, { "serviceunavailable",
	  MEANS_SERVER }, { "upstreamerror", MEANS_SERVER },
	{ "modelloading", MEANS_SERVER }, { "capacityexceeded", MEANS_SERVER },
};

/*
 * Whole codes and types, which are too short to be looked for as parts: Groq's
 * types say which limit it was, Google's say what kind of trouble.
 */
static const struct { const char *word; enum means means; } whole[] = {
	{ "tokens", MEANS_LIMIT }, { "requests", MEANS_LIMIT },
	{ "unavailable", MEANS_SERVER }, { "internal", MEANS_SERVER },
	{ "deadlineexceeded", MEANS_SERVER }, { "apierror", MEANS_SERVER },
	{ "timeout", MEANS_SERVER },
	/* Zhipu has numbers. */
	{ "1113", MEANS_CREDIT }, { "1211", MEANS_MODEL },
	{ "1261", MEANS_SIZE }, { "1301", MEANS_CONTENT },
	{ "1302", MEANS_LIMIT }, { "1303", MEANS_LIMIT },
	{ "1305", MEANS_LIMIT },
};

/* What a code or type means; MEANS_UNSAID if it is NULL or not known. */
static enum means
means_of_code(const char *code)
{
	char plain[CODE_MAX];
	size_t i, n = 0;

	if (code == NULL || strlen(code) >= sizeof(plain))
		return MEANS_UNSAID;
	for (; *code != '\0'; code++)
		if (isalnum((unsigned char)*code))
			plain[n++] = (char)tolower((unsigned char)*code);
	plain[n] = '\0';
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (strcmp(plain, whole[i].word) == 0)
			return whole[i].means;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strstr(plain, codes[i].word) != NULL)
			return codes[i].means;
	return MEANS_UNSAID;
}

/* The value as a string; a number is written into `number`.  Else NULL. */
static const char *
word_of(const struct json *json, char number[24])
{
	const char *text = json_string(json, NULL);

	if (text == NULL && json_kind(json) == JSON_INT) {
		snprintf(number, 24, "%lld", (long long)json_int(json, 0));
		text = number;
	}
	return text;
}

/*
 * What MiniMax's base_resp means.  MiniMax answers everything with status 200,
 * and the numbers in here are its own.
 */
static enum means
means_of_base_resp(const struct json *json)
{
	switch (json_int(json_get(json, "status_code"), 0)) {
	case 0:
		return MEANS_UNSAID;
	case 1002:
	case 1039:
		return MEANS_LIMIT;
	case 1004:
	case 2049:
		return MEANS_KEY;
	case 1008:
		return MEANS_CREDIT;
	case 1026:
	case 1027:
		return MEANS_CONTENT;
	default:
		return MEANS_SERVER;
	}
}

/*
 * What the codes in an error's object mean.  Of the members that may hold one
 * the most exact is looked at first; `details` holds further objects of this
 * kind.
 */
static enum means
means_of_members(const struct json *error)
{
	static const char *const keys[] = { "code", "reason", "type",
	    "status", "error_type", "error_code", "status_code", "err_code" };
	enum means means = MEANS_UNSAID;
	char number[24];
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]) &&
	    means == MEANS_UNSAID; i++)
		means = means_of_code(word_of(json_get(error, keys[i]),
		    number));
	for (i = 0; i < json_count(json_get(error, "details")) && i < 8 &&
	    means == MEANS_UNSAID; i++)
		means = means_of_members(json_at(json_get(error, "details"),
		    i));
	if (means == MEANS_UNSAID && json_get(json_get(error, "metadata"),
	    "flagged_input") != NULL)
		means = MEANS_CONTENT;
	return means;
}

/* What the codes in the objects mean in which hosts put an error. */
static enum means
means_of_codes(const struct json *json)
{
	static const char *const keys[] = { "error", "detail", "errors" };
	enum means means = means_of_base_resp(json_get(json, "base_resp"));
	const struct json *inner;
	size_t i;

	if (json_kind(json) == JSON_ARRAY)
		return means_of_codes(json_at(json, 0));
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]) &&
	    means == MEANS_UNSAID; i++) {
		inner = json_get(json, keys[i]);
		if (json_kind(inner) == JSON_ARRAY)
			inner = json_at(inner, 0);
		means = means_of_members(inner);
	}
	return means == MEANS_UNSAID ? means_of_members(json) : means;
}

/* --- words ------------------------------------------------------------- */

/* Whether the text has one of the words, in upper or lower case. */
static bool
has_any(const char *text, const char *const words[])
{
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

static const char *const credit_words[] = { "insufficient quota",
    "insufficient credit", "insufficient balance", "insufficient funds",
    "exceeded your current quota", "credit balance is too low",
    "out of credits", "no credits left", "not enough credits",
    "payment required", NULL };
static const char *const key_words[] = { "api key", "api-key", "apikey",
    "credential", "authenticat", "access token", "bearer token", NULL };
static const char *const account_words[] = { "key", "token", "account",
    "permission", "project", "organization", "subscription", "region", NULL };
static const char *const content_words[] = { "content management policy",
    "content policy", "content filter", "content exists risk", "flagged",
    "moderation", "usage guidelines", "usage policies", "usage policy",
    "safety system", "safety filter", "inappropriate content",
    "sensitive content", "harmful", "violat", "prohibited content", NULL };
static const char *const size_words[] = { "too large", "too long",
    "maximum context", "context length", "context window", "at most",
    "exceeds the limit", "less than or equal", NULL };
static const char *const value_words[] = { "must be", "should be", "has to be",
    "between", "greater than", "less than", "at most", "at least", "range",
    "exceeds", "too ", NULL };
static const char *const gone_words[] = { "not found", "does not exist",
    "doesn't exist", "not available", "unable to access", "decommissioned",
    "not supported", "not a valid model", "unknown model", "no longer",
    "deprecated", "has been retired", "not exist", "no such model", NULL };

/* The first of the job's parameters in a text, but for those in `without`. */
static unsigned
param_in(const char *text, const struct job *job, unsigned without)
{
	return param_in_text(text, job->params & ~without, job->spec->extra);
}

/*
 * The first of our parameters that a message names; 0 if it names none, or so
 * many that it repeats our request, as it also does if it has "messages" as a
 * key.
 */
static unsigned
params_named(const char *text, const struct job *job)
{
	unsigned named = 0, one;
	size_t n = 0;

	while ((one = param_in(text, job, named)) != 0) {
		named |= one;
		n++;
	}
	return n >= ECHO_PARAMS || strstr(text, "\"messages\"") != NULL ? 0 :
	    param_in(text, job, 0);
}

/*
 * The list in which FastAPI says what is wrong with a request; NULL if there is
 * none.  Mistral puts it into its message.
 */
static const struct json *
find_details(const struct json *json)
{
	static const char *const places[] = { "message", "error", NULL };
	const struct json *list = json_get(json, "detail");
	size_t i;

	for (i = 0; places[i] != NULL && json_kind(list) != JSON_ARRAY; i++)
		list = json_get(json_get(json, places[i]), "detail");
	return json_get(json_at(list, 0), "loc") == NULL ? NULL : list;
}

/*
 * The first of our parameters at which that list points.  Each place (`loc`)
 * is a path into the request, and its last word is the most exact.
 */
static unsigned
params_located(const struct json *details, const struct job *job)
{
	const struct json *loc;
	const char *word;
	unsigned param = 0;
	size_t i, k;

	for (i = 0; i < json_count(details) && i < 8 && param == 0; i++) {
		loc = json_get(json_at(details, i), "loc");
		for (k = json_count(loc); k > 0 && param == 0; k--) {
			word = json_string(json_at(loc, k - 1), NULL);
			param = word == NULL ? 0 : param_in(word, job, 0);
		}
	}
	return param;
}

/*
 * Parameters without which a request is taken even if it was the value that was
 * too large.
 */
#define BOUNDED	(PARAM_TEMPERATURE | PARAM_TOP_P | PARAM_STOP | PARAM_SEED | \
    PARAM_PRESENCE_PENALTY | PARAM_FREQUENCY_PENALTY | PARAM_EXTRAS)

/*
 * The parameter of ours that is refused; 0 if none is.  A limit of tokens that
 * is too large is none: without it the request would still be too large.
 */
static unsigned
find_refused_param(const struct json *json, const char *text,
    const struct job *job)
{
	struct json *error = json_get(json, "error");
	const struct json *details = find_details(json);
	const char *param = json_string(json_get(error, "param"), NULL);
	const char *code = json_string(json_get(error, "code"), NULL);
	struct job bounded = *job;
	unsigned found = 0;

	bounded.params &= BOUNDED;
	if (has_any(text, size_words))
		job = &bounded;
	if (code != NULL && strcmp(code, "json_validate_failed") == 0)
		return (unsigned)PARAM_RESPONSE_FORMAT & job->params;
	if (param != NULL)
		found = param_in(param, job, 0);
	if (found == 0 && details != NULL)
		return params_located(details, job);
	return found != 0 ? found : params_named(text, job);
}

/* What the message of an error means whose codes tell nothing. */
static enum means
means_of_words(const char *text)
{
	if (has_any(text, credit_words))
		return MEANS_CREDIT;
	if (has_any(text, key_words))
		return MEANS_KEY;
	if (has_any(text, content_words))
		return MEANS_CONTENT;
	if (strcasestr(text, "model") != NULL && has_any(text, gone_words))
		return MEANS_MODEL;
	return has_any(text, size_words) ? MEANS_SIZE : MEANS_REQUEST;
}

/*
 * What a 403 means: a bad key, a prompt that is not allowed, or, if the body
 * is no JSON, the page of a firewall in between.
 */
static enum means
means_of_forbidden(const struct json *json, const char *text)
{
	if (json == NULL)
		return MEANS_REQUEST;
	if (has_any(text, content_words) && !has_any(text, account_words))
		return MEANS_CONTENT;
	return has_any(text, account_words) ? MEANS_KEY : MEANS_FORBIDDEN;
}

/* --- status ------------------------------------------------------------ */

/* Whether the same request may succeed later. */
static bool
may_pass(int status)
{
	return status == 408 || status == 409 || status == 425 ||
	    status == 498 || status >= 500;
}

/*
 * What the HTTP status means; if that says little, what the words do.
 */
static enum means
means_of_status(int status, const struct json *json, const char *text)
{
	if (status == 401)
		return MEANS_KEY;
	if (status == 402)
		return MEANS_CREDIT;
	if (status == 403)
		return means_of_forbidden(json, text);
	if (status == 404)
		return strcasestr(text, "model") != NULL ? MEANS_MODEL :
		    MEANS_REQUEST;
	if (status == 413)
		return MEANS_SIZE;
	if (status == 429)
		return has_any(text, credit_words) ? MEANS_CREDIT : MEANS_LIMIT;
	if (may_pass(status))
		return MEANS_SERVER;
	return status >= 300 ? means_of_words(text) : MEANS_UNSAID;
}

/*
 * The HTTP status that an error names itself, as a number or in digits; or 0.
 */
static int
status_in(const struct json *json)
{
	static const char *const keys[] = { "code", "status", "status_code",
	    "http_status" };
	const struct json *places[] = { json_get(json, "error"), json };
	const char *word;
	char number[24];
	size_t i, k;
	long n;

	for (i = 0; i < 2; i++)
		for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			word = word_of(json_get(places[i], keys[k]), number);
			n = word == NULL || strlen(word) != 3 ? 0 :
			    strtol(word, NULL, 10);
			if (n >= 400 && n < 600)
				return (int)n;
		}
	return 0;
}

void
refusal_read(struct outcome *o, const struct json *json, const char *text,
    const struct job *job)
{
	int said = status_in(json);

	if (o->status < 400 && said != 0)
		o->status = said;
	/* 413 goes before codes: Groq's says rate_limit for a long request. */
	o->means = o->status == 413 ? MEANS_SIZE : means_of_codes(json);
	if (o->means != MEANS_UNSAID)
		return;
	/* Only with these does a host name a parameter that it refuses. */
	if (o->status == 400 || o->status == 422)
		o->refused_params = find_refused_param(json, text, job);
	o->refused_value = o->refused_params != 0 &&
	    has_any(text, value_words);
	o->means = o->refused_params != 0 ? MEANS_PARAM :
	    means_of_status(o->status, json, text);
}
