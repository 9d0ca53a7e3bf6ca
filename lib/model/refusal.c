/*
 * refusal.c: stage.  The meaning of an error; decides nothing by it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/refusal.h"
#include "setup/profile.h"
#include "text/json.h"

/* A code or a type longer than that is prose. */
#define CODE_MAX	64

/* A message that names as many of our parameters repeats the request. */
#define ECHO_PARAMS	3

/* --- codes and types --------------------------------------------------- */

/*
 * What codes and types contain, once they are in lower case and without "_",
 * "-", "." and blanks; the first row that fits counts.  Seen at the hosts that
 * are named in docs/failures.md and their like.
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

/* Groq's types say which limit; Google's are whole words of their own. */
static const struct { const char *word; enum means means; } whole[] = {
	{ "tokens", MEANS_LIMIT }, { "requests", MEANS_LIMIT },
	{ "unavailable", MEANS_SERVER }, { "internal", MEANS_SERVER },
	{ "deadlineexceeded", MEANS_SERVER }, { "apierror", MEANS_SERVER },
	{ "timeout", MEANS_SERVER },
	/* Zhipu's numbers. */
	{ "1113", MEANS_CREDIT }, { "1211", MEANS_MODEL },
	{ "1261", MEANS_SIZE }, { "1301", MEANS_CONTENT },
	{ "1302", MEANS_LIMIT }, { "1303", MEANS_LIMIT },
	{ "1305", MEANS_LIMIT },
};

static enum means
of_code(const char *code)
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

/* A string, or a number as one. */
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

/* MiniMax answers everything at status 200 and says in here what it means. */
static enum means
of_base_resp(const struct json *json)
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

/* The members that hold codes, most exact first, of an error's object. */
static enum means
of_members(const struct json *error)
{
	static const char *const keys[] = { "code", "reason", "type",
	    "status", "error_type", "error_code", "status_code", "err_code" };
	enum means means = MEANS_UNSAID;
	char number[24];
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]) &&
	    means == MEANS_UNSAID; i++)
		means = of_code(word_of(json_get(error, keys[i]), number));
	for (i = 0; i < json_count(json_get(error, "details")) && i < 8 &&
	    means == MEANS_UNSAID; i++)
		means = of_members(json_at(json_get(error, "details"), i));
	if (means == MEANS_UNSAID && json_get(json_get(error, "metadata"),
	    "flagged_input") != NULL)
		means = MEANS_CONTENT;
	return means;
}

/* The objects in which hosts put what they have to say. */
static enum means
of_codes(const struct json *json)
{
	static const char *const keys[] = { "error", "detail", "errors" };
	enum means means = of_base_resp(json_get(json, "base_resp"));
	const struct json *inner;
	size_t i;

	if (json_kind(json) == JSON_ARRAY)
		return of_codes(json_at(json, 0));
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]) &&
	    means == MEANS_UNSAID; i++) {
		inner = json_get(json, keys[i]);
		if (json_kind(inner) == JSON_ARRAY)
			inner = json_at(inner, 0);
		means = of_members(inner);
	}
	return means == MEANS_UNSAID ? of_members(json) : means;
}

/* --- words ------------------------------------------------------------- */

static bool
says(const char *text, const char *const words[])
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
static const char *const gone_words[] = { "not found", "does not exist",
    "doesn't exist", "not available", "unable to access", "decommissioned",
    "not supported", "not a valid model", "unknown model", "no longer",
    "deprecated", "has been retired", "not exist", "no such model", NULL };

/* A name of ours that stands as a JSON key is in a request that is repeated. */
static unsigned
params_named(const char *text, unsigned sent)
{
	unsigned named = 0, one;
	size_t n = 0;

	while ((one = param_in_text(text, sent & ~named)) != 0) {
		named |= one;
		n++;
	}
	return n >= ECHO_PARAMS || strstr(text, "\"messages\"") != NULL ? 0 :
	    param_in_text(text, sent);
}

/* FastAPI's list of what is wrong, which Mistral puts into its message. */
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

/* The places in the request that it means, each by its last word. */
static unsigned
params_located(const struct json *details, unsigned sent)
{
	const struct json *loc;
	const char *word;
	unsigned param = 0;
	size_t i, k;

	for (i = 0; i < json_count(details) && i < 8 && param == 0; i++) {
		loc = json_get(json_at(details, i), "loc");
		for (k = json_count(loc); k > 0 && param == 0; k--) {
			word = json_string(json_at(loc, k - 1), NULL);
			param = word == NULL ? 0 : param_in_text(word, sent);
		}
	}
	return param;
}

/* The parameter of ours that is refused, 0 if it is none. */
static unsigned
find_refused_param(const struct json *json, const char *text, unsigned sent)
{
	struct json *error = json_get(json, "error");
	const struct json *details = find_details(json);
	const char *param = json_string(json_get(error, "param"), NULL);
	const char *code = json_string(json_get(error, "code"), NULL);
	unsigned found = 0;

	/* Too much of a parameter is no reason to leave it out. */
	if (says(text, size_words))
		return 0;
	if (code != NULL && strcmp(code, "json_validate_failed") == 0)
		return (unsigned)PARAM_RESPONSE_FORMAT & sent;
	if (param != NULL)
		found = param_in_text(param, sent);
	if (found == 0 && details != NULL)
		return params_located(details, sent);
	return found != 0 ? found : params_named(text, sent);
}

/* What a message without a telling code is about. */
static enum means
of_words(const char *text)
{
	if (says(text, credit_words))
		return MEANS_CREDIT;
	if (says(text, key_words))
		return MEANS_KEY;
	if (says(text, content_words))
		return MEANS_CONTENT;
	if (strcasestr(text, "model") != NULL && says(text, gone_words))
		return MEANS_MODEL;
	return says(text, size_words) ? MEANS_SIZE : MEANS_REQUEST;
}

/* 403 is anybody's: a key, a visitor's words, or a firewall's page. */
static enum means
of_forbidden(const struct json *json, const char *text)
{
	if (json == NULL)
		return MEANS_REQUEST;
	if (says(text, content_words) && !says(text, account_words))
		return MEANS_CONTENT;
	return says(text, account_words) ? MEANS_KEY : MEANS_FORBIDDEN;
}

/* --- status ------------------------------------------------------------ */

/* Those that may pass; what else is below 500 will not. */
static bool
may_pass(int status)
{
	return status == 408 || status == 409 || status == 425 ||
	    status == 498 || status >= 500;
}

static enum means
of_status(int status, const struct json *json, const char *text)
{
	if (status == 401)
		return MEANS_KEY;
	if (status == 402)
		return MEANS_CREDIT;
	if (status == 403)
		return of_forbidden(json, text);
	if (status == 404)
		return strcasestr(text, "model") != NULL ? MEANS_MODEL :
		    MEANS_REQUEST;
	if (status == 413)
		return MEANS_SIZE;
	if (status == 429)
		return says(text, credit_words) ? MEANS_CREDIT : MEANS_LIMIT;
	if (may_pass(status))
		return MEANS_SERVER;
	return status >= 300 ? of_words(text) : MEANS_UNSAID;
}

/* The status that an error names itself, as a number or as digits. */
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
    unsigned sent)
{
	int said = status_in(json);

	if (o->status < 400 && said != 0)
		o->status = said;
	/* Groq calls a request that is too large a limit. */
	o->means = o->status == 413 ? MEANS_SIZE : of_codes(json);
	if (o->means != MEANS_UNSAID)
		return;
	/* Only these name a parameter that can be left out. */
	if (o->status == 400 || o->status == 422)
		o->refused_params = find_refused_param(json, text, sent);
	o->means = o->refused_params != 0 ? MEANS_PARAM :
	    of_status(o->status, json, text);
}
