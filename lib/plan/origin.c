/*
 * origin.c: worker.  Compares where a request comes from with where it went;
 * knows nothing of what is asked.
 */
#include <string.h>
#include <strings.h>

#include "base/io.h"
#include "plan/origin.h"

/* The two halves of "host:port", borrowed.  Without a port, nport is 0. */
struct authority {
	const char	*host, *port;
	size_t		 n, nport;
};

/*
 * Splits at the last colon that only digits follow, so that the colons of an
 * IPv6 address in brackets are left alone.
 */
static struct authority
split(const char *s, size_t n)
{
	size_t at = n;

	while (at > 0 && s[at - 1] >= '0' && s[at - 1] <= '9')
		at--;
	if (at == 0 || s[at - 1] != ':')
		return (struct authority){ s, NULL, n, 0 };
	return (struct authority){ s, s + at, at - 1, n - at };
}

static bool
is_port(const struct authority *place, const char *port)
{
	return place->nport == strlen(port) &&
	    memcmp(place->port, port, place->nport) == 0;
}

/*
 * Returns whether `theirs` is the place that the visitor has asked, which Host
 * names.  `port` is the port that the scheme of `theirs` has if none is named.
 *
 * A Host without a port means that port, or has lost another one on its way:
 * Debian's nginx takes the port off in its fastcgi_params.  Then SERVER_PORT,
 * on which the web server was asked, is right as well.
 */
static bool
is_asked(const struct source *source, struct authority theirs, const char *port)
{
	const char *host = source_param(source, "HTTP_HOST");
	struct authority ours = split(host, strlen(host));

	if (theirs.n == 0 || theirs.n != ours.n ||
	    strncasecmp(theirs.host, ours.host, ours.n) != 0)
		return false;
	if (theirs.nport == 0) {
		theirs.port = port;
		theirs.nport = strlen(port);
	}
	if (ours.nport == 0)
		return is_port(&theirs, port) ||
		    is_port(&theirs, source_param(source, "SERVER_PORT"));
	return theirs.nport == ours.nport &&
	    memcmp(theirs.port, ours.port, ours.nport) == 0;
}

/* Returns whether a URL, or an Origin, is of the site that was asked. */
static bool
is_own(const struct source *source, const char *url)
{
	const char *https = source_param(source, "HTTPS");
	bool is_http = *https == '\0' || strcasecmp(https, "off") == 0;

	if (strncasecmp(url, "https://", 8) == 0)
		return is_asked(source, split(url + 8,
		    strcspn(url + 8, "/?#")), "443");
	if (is_http && strncasecmp(url, "http://", 7) == 0)
		return is_asked(source, split(url + 7,
		    strcspn(url + 7, "/?#")), "80");
	return false;
}

bool
origin_is_foreign(const struct source *source)
{
	const char *site = source_param(source, "HTTP_SEC_FETCH_SITE");
	const char *from = source_param(source, "HTTP_ORIGIN");

	if (*site != '\0')
		return strcmp(site, "same-origin") != 0 &&
		    strcmp(site, "none") != 0;
	if (*from == '\0')
		from = source_param(source, "HTTP_REFERER");
	return *from != '\0' && !is_own(source, from);
}
