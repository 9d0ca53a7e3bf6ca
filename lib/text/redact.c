/*
 * redact.c: worker.  Replaces words that look like hosts, addresses or ids;
 * knows neither who wrote them nor why.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "text/mask.h"
#include "text/redact.h"

/* Bytes of a word that are looked at together; a longer one is cut. */
#define WORD_MAX	512

/* A word without the punctuation around it, and what stands before it. */
struct word {
	char	text[WORD_MAX + 1];
	size_t	n;
	bool	quoted;			/* a quote stands just before it */
	bool	after_colon;		/* as NAME in "host: NAME" */
	char	before[2][24];		/* [0] is the word before, [1] the one
					   before that; "" if it is long */
};

/* Whether s is among the words, in upper or lower case. */
static bool
is_one_of(const char *s, const char *const words[])
{
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return false;
}

static bool
has_digit(const char *s)
{
	return strpbrk(s, "0123456789") != NULL;
}

/* Cuts ":PORT" off s, if that has `least` to 5 digits; returns whether so. */
static bool
cut_port(char *s, size_t least)
{
	char *colon = strrchr(s, ':');
	size_t n = colon == NULL ? 0 : strspn(colon + 1, "0123456789");

	if (n < least || n > 5 || colon[1 + n] != '\0')
		return false;
	*colon = '\0';
	return true;
}

/* --- addresses ----------------------------------------------------------- */

/*
 * Whether a word is an IP address: 10.0.0.7, fd00::7 or [fd00::7], alone or
 * with a port, a prefix length, a zone or a path after it.
 */
static bool
is_address(const char *word)
{
	char s[WORD_MAX + 1], *end;
	struct in6_addr any;

	snprintf(s, sizeof(s), "%s", word);
	if ((end = strpbrk(s, "/%")) != NULL)
		*end = '\0';
	if (s[0] == '[' && (end = strchr(s, ']')) != NULL) {
		*end = '\0';
		return inet_pton(AF_INET6, s + 1, &any) == 1;
	}
	/* "::" is an address, but is more likely punctuation. */
	if (strlen(s) > 2 && inet_pton(AF_INET6, s, &any) == 1)
		return true;
	cut_port(s, 1);
	return inet_pton(AF_INET, s, &any) == 1;
}

/* --- names of hosts ------------------------------------------------------ */

/* Whether the n bytes at s can stand between the dots of a host's name. */
static bool
is_label(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-' &&
		    s[i] != '_')
			return false;
	return n > 0 && n < 64;
}

/*
 * Whether a name of `labels` labels whose last one is `last` is the name of a
 * host.  It may also be a file's name, or two sentences without a space after
 * the full stop.
 */
static bool
is_domain(const char *last, size_t labels)
{
	static const char *const top[] = { "com", "net", "org", "io", "ai",
	    "dev", "app", "cloud", "info", "biz", "edu", "gov", "xyz", "tech",
	    "arpa", "local", "localdomain", "localhost", "internal",
	    "intranet", "lan", "home", "corp", "private", "svc", "cluster",
	    "consul", "test", "example", "invalid", "onion", NULL };
	static const char *const countries[] = { "de", "uk", "fr", "eu", "us",
	    "kr", "jp", "cn", "nl", "ch", "ru", "pl", "ca", "au", "br", "se",
	    "sg", "tw", NULL };
	size_t n = strlen(last);

	if (is_one_of(last, top))
		return true;
	/*
	 * Nearly every two letters are a country's domain, but "limit.in" ends
	 * in a word.  So with one dot only the countries above count.
	 */
	return n == 2 && islower((unsigned char)last[0]) &&
	    islower((unsigned char)last[1]) &&
	    (labels > 2 || is_one_of(last, countries));
}

/*
 * Whether a word is a host's name: one with dots that ends as only hosts do,
 * or any name before a port.  Without a dot a port has at least four digits,
 * as "step:12" is none.
 */
static bool
is_host(const char *word)
{
	char s[WORD_MAX + 1], *label, *dot;
	size_t labels = 1;
	bool port;

	snprintf(s, sizeof(s), "%s", word);
	s[strcspn(s, "/?#")] = '\0';
	port = cut_port(s, strchr(s, '.') == NULL ? 4 : 2);
	for (label = s; (dot = strchr(label, '.')) != NULL; label = dot + 1) {
		if (!is_label(label, (size_t)(dot - label)))
			return false;
		labels++;
	}
	/* No host's last label is a number, so "qwen2.5:72" is a model. */
	if (!is_label(label, strlen(label)) ||
	    strspn(label, "0123456789") == strlen(label))
		return false;
	if (port)
		return true;
	return strcasecmp(s, "localhost") == 0 ||
	    (labels > 1 && is_domain(label, labels));
}

/* --- ids ----------------------------------------------------------------- */

/*
 * Whether a word is an id of an account, a request or the like: one of the
 * marks below, '-' or '_', and then something that is no word.
 */
static bool
is_account(const char *word)
{
	static const char *const marks[] = { "org", "proj", "project", "req",
	    "request", "user", "usr", "acct", "account", "team", "tenant",
	    "ws", "wrkspc", "workspace", "cus", "customer", "sub", "key",
	    "apikey", "sk", "pk", "chatcmpl", "cmpl", "msg", "run", "thread",
	    "asst", "sess", "session", "trace", "dep", "deployment", "cluster",
	    "billing", NULL };
	char mark[24];
	size_t n = strcspn(word, "-_"), i, most = 0;
	const char *rest = word + n + (word[n] != '\0');
	bool odd = false;

	if (n == 0 || n >= sizeof(mark) || word[n] == '\0')
		return false;
	memcpy(mark, word, n);
	mark[n] = '\0';
	for (i = 0; rest[i] != '\0'; i++) {
		odd = odd || isdigit((unsigned char)rest[i]) ||
		    isupper((unsigned char)rest[i]);
		most = most > strcspn(rest + i, "-_") ? most :
		    strcspn(rest + i, "-_");
	}
	/*
	 * "user-provided", "key-value" and "org-wide" are words.  So what
	 * follows the mark must hold a digit or a capital and be of at least
	 * 4 bytes, or hold 12 bytes without a dash.
	 */
	return is_one_of(mark, marks) && (odd ? i >= 4 : most >= 12);
}

/*
 * Whether a part of the word is a UUID, or has at least 16 bytes, among them
 * letters and digits.  A part ends at a byte that is neither.
 */
static bool
is_id(const char *word)
{
	const char *s = word, *end;
	size_t n;
	bool digit, letter;

	for (; *s != '\0'; s = end + (*end != '\0')) {
		for (end = s, digit = letter = false;
		    isalnum((unsigned char)*end); end++) {
			digit = digit || isdigit((unsigned char)*end);
			letter = letter || isalpha((unsigned char)*end);
		}
		n = (size_t)(end - s);
		if (n >= 16 && digit && letter)
			return true;
		/* A UUID's groups have 8, 4, 4, 4 and 12 digits. */
		if (n == 8 && strlen(end) >= 28 && end[0] == '-' &&
		    end[5] == '-' && end[10] == '-' && end[15] == '-')
			return true;
	}
	return false;
}

/* --- a word among others ------------------------------------------------- */

/*
 * Whether the words before this one announce a host or an id: "host NAME",
 * "connect to NAME", "server name NAME", "request id NAME".  After a word for a
 * host it must also look like a name, since "the server is busy" names none.
 */
static bool
is_announced(const struct word *w)
{
	static const char *const hosts[] = { "host", "hostname", "server",
	    "proxy", "upstream", "backend", "node", "peer", "connect", NULL };
	static const char *const ids[] = { "id", "ids", "account",
	    "organization", "organisation", "org", "project", "tenant", "team",
	    "customer", "user", "ray", NULL };
	const char *last = w->before[0];
	bool digit = has_digit(w->text);

	/* libcurl says "Failed to connect to gpu7 port 8000". */
	if (strcasecmp(last, "port") == 0)
		return digit;
	if (strcasecmp(last, "to") == 0 || strcasecmp(last, "name") == 0)
		last = w->before[1];
	if (is_one_of(last, hosts))
		return w->quoted || w->after_colon || digit ||
		    strpbrk(w->text, "-.") != NULL;
	return is_one_of(w->before[0], ids) && digit && w->n >= 5;
}

/*
 * Whether the word holds the host's name that the caller knows.  A name without
 * a dot could be part of an ordinary word; so the word must begin with it, and
 * end there or go on with a port or a path.
 */
static bool
is_known_host(const struct word *w, const char *known)
{
	size_t n = known == NULL ? 0 : strlen(known);

	if (n == 0)
		return false;
	if (strpbrk(known, ".:") != NULL)
		return strcasestr(w->text, known) != NULL;
	return strncasecmp(w->text, known, n) == 0 &&
	    strchr(":/", w->text[n]) != NULL;
}

/* Whether the word must not be shown. */
static bool
is_hidden(const struct word *w, const char *known)
{
	const char *at = strchr(w->text, '@');

	if (is_known_host(w, known) || strstr(w->text, "://") != NULL ||
	    is_address(w->text) || is_host(w->text) || is_account(w->text) ||
	    is_id(w->text))
		return true;
	return (at != NULL && at > w->text && is_host(at + 1)) ||
	    is_announced(w);
}

/*
 * Whether a byte stands between words.  A colon does not: it may stand before a
 * port, and take_word strips it from the end of a word.
 */
static bool
is_between(char c)
{
	return c != '\0' && strchr(" \t\r\n\"'`<>(){}|,;=", c) != NULL;
}

/*
 * How many bytes the word has that begins at s, n at most.  A URL goes on over
 * commas, brackets and the like, which end other words.
 */
static size_t
word_length(const char *s, size_t n)
{
	size_t end = 0;

	while (end < n && !is_between(s[end]) && end < WORD_MAX)
		end++;
	if (memmem(s, end, "://", 3) != NULL)
		while (end < n && end < WORD_MAX && (s[end] == '\0' ||
		    strchr(" \t\r\n\"'`<>", s[end]) == NULL))
			end++;
	return end;
}

/* Makes this word the one before the next. */
static void
remember_word(struct word *w)
{
	memcpy(w->before[1], w->before[0], sizeof(w->before[0]));
	memset(w->before[0], 0, sizeof(w->before[0]));
	if (w->n < sizeof(w->before[0]))
		memcpy(w->before[0], w->text, w->n);
}

/* Copies the word of n bytes at s, without the *tail punctuation at its end. */
static void
take_word(struct word *w, const char *s, size_t n, size_t *tail)
{
	*tail = 0;
	while (*tail < n && s[n - 1 - *tail] != '\0' &&
	    strchr(".:!?,;)", s[n - 1 - *tail]) != NULL)
		++*tail;
	w->n = n - *tail;
	memcpy(w->text, s, w->n);
	w->text[w->n] = '\0';
}

void
redact(struct buf *out, const char *text, size_t n, const char *known)
{
	struct word w = { .n = 0 };
	size_t i = 0, end, tail;

	while (i < n) {
		/* What is between words, then a word, then its punctuation. */
		for (end = i; end < n && is_between(text[end]); end++)
			w.quoted = strchr("\"'`<", text[end]) != NULL;
		buf_add(out, text + i, end - i);
		i = end;
		end += word_length(text + i, n - i);
		take_word(&w, text + i, end - i, &tail);
		if (w.n > 0 && is_hidden(&w, known))
			buf_puts(out, MASK_HIDDEN);
		else
			buf_add(out, w.text, w.n);
		buf_add(out, text + end - tail, tail);
		if (w.n > 0)
			remember_word(&w);
		w.after_colon = tail > 0 && text[end - 1] == ':';
		w.quoted = false;
		i = end;
	}
}
