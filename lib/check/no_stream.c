/*
 * no_stream.c: runs on the command line.  Words for the answers of web servers
 * that do not reach the program, and for the program's own errors.
 */
#include <stdbool.h>
#include <string.h>

#include "check/no_stream.h"
#include "check/probe.h"
#include "check/say.h"
#include "check/visit.h"
#include "text/json.h"

/*
 * Says what the program's own error document says.  Returns whether the answer
 * was one.  bad_input means that this site has other inputs than recipes have.
 */
static bool
say_own_error(const struct probe *p)
{
	struct json *json = json_parse(p->body.data, p->body.len, 8, false,
	    NULL, NULL);
	const struct json *error = json_get(json, "error");
	const char *message = json_string(json_get(error, "message"), NULL);
	const char *code = json_string(json_get(error, "code"), NULL);

	if (message != NULL && code != NULL && strcmp(code, "bad_input") == 0)
		say_verdict(SAY_UNSURE, "UNSURE", "The site wants other "
		    "inputs: %.300s. Give them: --body '{\"name\": \"value\"}'",
		    message);
	else if (message != NULL && code != NULL)
		say_verdict(SAY_BAD, "BROKEN", "recipe.fcgi answers %d: %.400s",
		    p->result.status, message);
	json_free(json);
	return message != NULL && code != NULL;
}

static void
say_redirect(const struct visit *v, const struct probe *p)
{
	say_verdict(SAY_BAD, "BROKEN", "POST %sgenerate is sent on (%d) to "
	    "%s. A browser then asks there with GET, and no run begins: give "
	    "your visitors the address that it leads to, or take the redirect "
	    "off this path.", v->base, p->result.status, *p->result.redirect
	    == '\0' ? "nowhere" : p->result.redirect);
}

/* The web server's own error: says what it most often means. */
static void
say_server_status(const struct visit *v, const struct probe *p)
{
	int status = p->result.status;

	if (status == 401)
		say_verdict(SAY_BAD, "BROKEN", "The site asks for a password "
		    "(401): give it as https://user:password@...");
	else if (status == 403)
		say_verdict(SAY_BAD, "BROKEN", "Forbidden (403): the web "
		    "server may not run the program (ExecCGI, file mode 755), "
		    "or a firewall for web applications refuses the request.");
	else if (status == 404 || status == 405 || status == 501)
		say_verdict(SAY_BAD, "BROKEN", "%sgenerate does not lead to "
		    "the program (%d): the route is missing.", v->base,
		    status);
	else if (status == 500)
		say_verdict(SAY_BAD, "BROKEN", "The program does not start "
		    "(500). The web server's error log says why; on the "
		    "server, \"./recipe.fcgi check\" should run.");
	else if (status == 502 || status == 503 || status == 504)
		say_verdict(SAY_BAD, "BROKEN", "The web server does not reach "
		    "the program (%d): is it running, does its socket have the "
		    "path and the owner that the web server expects, and are "
		    "there processes left?", status);
	else
		say_verdict(SAY_BAD, "BROKEN", "%sgenerate answers %d, %s: "
		    "that is not recipe.fcgi.", v->base, status,
		    *p->result.type == '\0' ? "no type" : p->result.type);
}

/*
 * A body that begins as an ELF file is the program itself, whatever the status.
 * An error that the program itself has sent says more than its status, so it
 * is searched for before the status is explained.
 */
void
no_stream_say(const struct visit *v, const struct probe *p)
{
	int status = p->result.status;

	if (status == 0)
		visit_unreachable(v, p);
	else if (strncmp(p->body.data, "\x7f" "ELF", 4) == 0)
		say_verdict(SAY_BAD, "BROKEN", "The web server hands the "
		    "program out as a file instead of running it.");
	else if (status >= 300 && status < 400)
		say_redirect(v, p);
	else if (status == 200)
		say_verdict(SAY_BAD, "BROKEN", "%sgenerate answers with %s, "
		    "not with a stream of events: that is not recipe.fcgi, or "
		    "something replaces its answer.", v->base,
		    *p->result.type == '\0' ? "no type" : p->result.type);
	else if (!say_own_error(p))
		say_server_status(v, p);
}

bool
no_stream_lacks_route(const struct probe *p)
{
	int status = p->result.status;

	return status == 404 || status == 405 || status == 501 ||
	    (status == 200 && strncmp(p->body.data, "\x7f" "ELF", 4) == 0);
}
