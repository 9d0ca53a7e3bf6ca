/*
 * advice.c: runs on the command line.  What to add for each web server, as
 * data; the lines come from the configurations that are shipped.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "check/advice.h"
#include "check/probe.h"
#include "check/say.h"

/* The shipped files send the same policy; tools/house compares them. */
#define CSP "default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src 'self'; connect-src 'self'; form-action 'self'; " \
	"base-uri 'none'; frame-ancestors 'none'"

const char advice_csp[] = CSP;

/* The program's paths; tools/house compares them with recipe.fcgi.c. */
#define PATHS "generate|services|graph|speed|runs|runs/.*"

/* Where the shipped units let the program listen, as Apache names it. */
#define PROXIED "unix:/run/recipe/recipe.sock|fcgi://localhost"

/*
 * A server, known by how its Server header begins.  Each text is for
 * say_advice: its lines that begin with a tab are to be copied.  A server that
 * has no text for a topic gets the one of the last entry.
 */
struct server {
	const char	*sign;
	const char	*text[ADVICE_COUNT];
};

/* NOLINTBEGIN(bugprone-suspicious-missing-comma): texts of several lines. */
static const struct server servers[] = {
	{ "Apache", {
		[ADVICE_HELD] =
"Apache collects an answer before it sends: mod_fcgid 64 KiB, mod_proxy_fcgi "
"4 KiB. Put into the virtual host the lines for the module that you use, those "
"of the second in place of the ProxyPass that is there:\n"
"\tFcgidOutputBufferSize 0\n"
"\tProxyPass /generate " PROXIED "/generate flushpackets=on\n"
"\tProxyPass /runs " PROXIED "/runs flushpackets=on\n"
"Where only .htaccess is yours, run the program as plain CGI, which streams:\n"
"\tOptions +ExecCGI\n"
"\tAddHandler cgi-script .fcgi\n"
"Where the host allows FastCGI alone, fill its buffer, in recipe.json:\n"
"\t\"limits\": { \"pad\": 65600 }",
		[ADVICE_GZIP] =
"Leave the stream uncompressed, in the virtual host or in .htaccess:\n"
"\tSetEnvIf Request_URI \"/(generate|runs/.*|recipe\\.fcgi)$\" "
"no-gzip no-brotli",
		[ADVICE_HTTP2] =
"Serve this virtual host by HTTP/1.1 until its HTTP/2 is mended:\n"
"\tProtocols http/1.1",
		[ADVICE_CUT] =
"Two clocks of mod_fcgid end a run; in the virtual host:\n"
"\tFcgidBusyTimeout 3600\n"
"\tFcgidIOTimeout 60\n"
"With mod_proxy_fcgi it is the first of these, with plain CGI the second:\n"
"\tProxyTimeout 300\n"
"\tCGIDScriptTimeout 60",
		[ADVICE_ROUTE] =
"Hand the program's paths to it, in .htaccess beside it:\n"
"\tOptions +ExecCGI\n"
"\tAddHandler cgi-script .fcgi\n"
"\tRewriteEngine On\n"
"\tRewriteRule ^(" PATHS ")$ recipe.fcgi [L]\n"
"apache/ in the source has the virtual host.",
		[ADVICE_HEADERS] =
"Add to the virtual host or to .htaccess (mod_headers):\n"
"\tHeader always set Content-Security-Policy \"" CSP "\"\n"
"\tHeader always set X-Content-Type-Options nosniff",
		[ADVICE_CACHING] =
"Let what the program says of caching stand, in the virtual host or in "
".htaccess (mod_headers):\n"
"\tHeader set Cache-Control \"no-cache, no-transform\" "
"\"expr=%{THE_REQUEST} =~ m#/(generate|runs/[^ ?]*)[ ?]#\"" } },
	{ "nginx", {
		[ADVICE_HELD] =
"nginx collects an answer in pages of 4 KiB, unless the program's "
"X-Accel-Buffering: no reaches it: look for fastcgi_ignore_headers or "
"proxy_ignore_headers. In the location of /generate, the first where nginx "
"asks the program, the second where it asks another web server; neither may "
"be there twice:\n"
"\tfastcgi_buffering off;\n"
"\tproxy_buffering off;\n"
"Where nginx is your host's, fill its buffer, in recipe.json; if Apache "
"stands behind it, take 65600:\n"
"\t\"limits\": { \"pad\": 4096 }",
		[ADVICE_GZIP] =
"Leave the stream uncompressed, in the location of /generate:\n"
"\tgzip off;",
		[ADVICE_HTTP2] =
"Take http2 out of the site's listen line until its HTTP/2 is mended:\n"
"\tlisten 443 ssl;",
		[ADVICE_CUT] =
"nginx gives up after a silence; in the location of /generate, in place of "
"the one that is there:\n"
"\tfastcgi_read_timeout 300s;",
		[ADVICE_ROUTE] =
"Hand the program's paths to it:\n"
"\tlocation ~ ^/(" PATHS ")$ {\n"
"\t    include fastcgi_params;\n"
"\t    fastcgi_pass unix:/run/recipe/recipe.sock;\n"
"\t}",
		[ADVICE_HEADERS] =
"Add to the server block:\n"
"\tadd_header Content-Security-Policy \"" CSP "\" always;\n"
"\tadd_header X-Content-Type-Options nosniff always;",
		[ADVICE_CACHING] =
"Let what the program says of caching stand, in the location of /generate:\n"
"\texpires off;" } },
	{ "lighttpd", {
		[ADVICE_HELD] =
"lighttpd collects the whole answer before it sends, and no padding helps. "
"Set, beside fastcgi.server:\n"
"\tserver.stream-response-body = 2",
		[ADVICE_HTTP2] =
"Serve by HTTP/1.1 until its HTTP/2 is mended:\n"
"\tserver.feature-flags += ( \"server.h2proto\" => \"disable\" )",
		[ADVICE_CUT] =
"lighttpd gives up after a silence. Set it where it is set now:\n"
"\tserver.max-write-idle = 360",
		[ADVICE_ROUTE] =
"Hand the program's paths to it, as hosts/lighttpd/lighttpd.conf has it:\n"
"\t$HTTP[\"url\"] =~ \"^/(" PATHS ")$\" {\n"
"\t    server.stream-response-body = 2\n"
"\t    fastcgi.server = ( \"/\" => (( \"bin-path\" => \"/path/recipe.fcgi\",\n"
"\t        \"socket\" => \"/run/recipe/recipe.sock\", \"max-procs\" => 1,\n"
"\t        \"check-local\" => \"disable\" )) )\n"
"\t}",
		[ADVICE_HEADERS] =
"Add, with mod_setenv:\n"
"\tsetenv.set-response-header += (\n"
"\t    \"Content-Security-Policy\" => \"" CSP "\",\n"
"\t    \"X-Content-Type-Options\" => \"nosniff\" )" } },
	{ "cloudflare", {
		[ADVICE_HELD] =
"Cloudflare passes event streams as they come; what stands behind it holds "
"this one. Ask the web server itself, by an address that is set to \"DNS "
"only\", and this check will say what to add there.",
		[ADVICE_GZIP] =
"Make a rule for the path /generate: cache \"bypass\", compression off.",
		[ADVICE_CACHING] =
"Set Browser Cache TTL to \"Respect Existing Headers\"." } },
	/* The last entry fits every server, and has all texts. */
	{ "", {
		[ADVICE_HELD] =
"Something between the program and here collects the answer. Turn off "
"buffering for /generate in the web server and in any proxy before it. Where "
"that is your host's, fill the buffer, in recipe.json, and check again; if "
"4096 is too little, 65600:\n"
"\t\"limits\": { \"pad\": 4096 }",
		[ADVICE_GZIP] =
"Turn off compression of text/event-stream, or of the path /generate, in the "
"web server and in any proxy before it.",
		[ADVICE_HTTP2] =
"Turn off HTTP/2 for this site until the server's is mended.",
		[ADVICE_CUT] =
"A clock of the web server or of a proxy before it ended the answer. Raise "
"its time-outs for /generate; against those that count silence, in "
"recipe.json:\n"
"\t\"limits\": { \"heartbeat_ms\": 2000 }",
		[ADVICE_ROUTE] =
"Hand the paths /generate, /services, /graph, /speed, /runs and all below "
"/runs/ to the program; README has a file to copy for each web server.",
		[ADVICE_HEADERS] =
"Let the web server add to every answer:\n"
"\tContent-Security-Policy: " CSP "\n"
"\tX-Content-Type-Options: nosniff",
		[ADVICE_CACHING] =
"Let the web server, and what is before it, pass on the Cache-Control of "
"/generate: no-cache keeps caches from storing the stream, no-transform keeps "
"proxies from compressing it." } },
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */

/*
 * The loop ends at the last entry, whose sign is empty, if no other entry has
 * both the server's sign and a text for the topic.
 */
void
advice_say(const struct probe *p, enum advice topic)
{
	const char *server = probe_header(p, "Server");
	const struct server *s;

	for (s = servers; *s->sign != '\0'; s++)
		if (server != NULL && s->text[topic] != NULL &&
		    strncasecmp(server, s->sign, strlen(s->sign)) == 0)
			break;
	say_advice(s->text[topic]);
}

const char *
advice_between(const struct probe *p)
{
	static const struct { const char *header, *name; } signs[] = {
		{ "CF-Ray", "Cloudflare" },
		{ "X-Amz-Cf-Id", "Amazon CloudFront" },
		{ "X-Akamai-Transformed", "Akamai" },
		{ "X-Fastly-Request-ID", "Fastly" },
		{ "X-Sucuri-ID", "Sucuri" },
		{ "X-Vercel-Id", "Vercel" },
		{ "X-Varnish", "Varnish" },
		{ "X-Cache", "a cache (X-Cache)" },
		{ "Age", "a cache (Age)" },
		{ "Via", "a proxy (Via)" },
	};
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (probe_header(p, signs[i].header) != NULL)
			return signs[i].name;
	return NULL;
}
