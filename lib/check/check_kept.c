/*
 * check_kept.c: runs on the command line.  Reads a run that it has left.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/io.h"
#include "check/check_kept.h"
#include "check/probe.h"
#include "check/say.h"
#include "check/visit.h"
#include "text/json.h"

/* When the run is left: the program has begun it, and it is not over. */
#define LEAVE_MS	1500

/* The most that one long poll takes, and a little more. */
#define POLL_MS		25000

/* The most of one answer that is read. */
#define ANSWER_MAX	(256 * 1024)

/* What polls have told of a run. */
struct told {
	char	offset[32];	/* where the next poll begins */
	size_t	messages, polls;
	char	how[16];	/* how the run has ended; "": it has not yet */
	int	status;		/* of the last answer */
};

void
check_kept_name(char key[RUNNAME_DIGITS + 1])
{
	unsigned char random[RUNNAME_DIGITS / 2];
	size_t i;

	key[0] = '\0';
	if (getrandom(random, sizeof(random), 0) == sizeof(random))
		for (i = 0; i < sizeof(random); i++)
			snprintf(key + 2 * i, 3, "%02x", random[i]);
}

/* Reads the messages of an answer.  Returns whether it can be understood. */
static bool
take_messages(struct told *told, const struct probe *p)
{
	struct json *all = json_parse(p->body.data, p->body.len, 16, false,
	    NULL, NULL);
	const struct json *one;
	const char *offset = probe_header(p, "Stream-Next-Offset");
	const char *name, *how;
	size_t i, n = json_count(all);

	for (i = 0; i < n; i++) {
		one = json_at(all, i);
		name = json_string(json_get(one, "event"), NULL);
		how = json_string(json_get(json_get(one, "data"), "how"), NULL);
		if (name != NULL && strcmp(name, "_done") == 0)
			snprintf(told->how, sizeof(told->how), "%s",
			    how == NULL ? "done" : how);
	}
	told->messages += n;
	json_free(all);
	if (offset != NULL)
		snprintf(told->offset, sizeof(told->offset), "%s", offset);
	return offset != NULL;
}

/* One long poll.  Returns whether another one makes sense. */
static bool
poll_run(struct told *told, const struct visit *v, struct http *http,
    const struct probe_way *way)
{
	char path[96], url[1100];
	struct probe p;
	bool understood = false;

	snprintf(path, sizeof(path), "runs/mine?live=long-poll&offset=%s",
	    told->offset);
	visit_url(v, path, url, sizeof(url));
	probe_get(&p, http, url, "application/json", ANSWER_MAX, way);
	told->status = p.result.status;
	told->polls++;
	if (told->status == 200)
		understood = take_messages(told, &p);
	else if (told->status == 204 && told->messages > 0)
		understood = probe_header(&p, "Stream-Closed") == NULL;
	probe_free(&p);
	return understood && told->how[0] == '\0';
}

static void
say_how(const struct told *told)
{
	if (strcmp(told->how, "done") == 0)
		say_fact("kept", "a run goes on after its visitor has left, "
		    "and was read to its end by %zu polls, %zu events",
		    told->polls, told->messages);
	else if (strcmp(told->how, "broken") == 0)
		say_warning("kept", "the process of a run was ended when its "
		    "visitor had left, so nobody can come back to it; the web "
		    "server, or its service manager, kills what it has "
		    "started");
	else if (told->how[0] != '\0')
		say_warning("kept", "a run ended (%s) though it was read; see "
		    "limits.linger_ms", told->how);
	else if (told->status == 404 || told->messages == 0)
		say_warning("kept", "a run cannot be read again: GET runs/mine "
		    "is answered with %d, so the web server does not pass it "
		    "on, or the run was not kept", told->status);
	else
		say_warning("kept", "a run could not be read to its end by "
		    "polls: the last answer had status %d", told->status);
}

bool
check_kept_say(const struct visit *v, struct http *http, const char *json,
    long wait_ms)
{
	char key[RUNNAME_DIGITS + 1], url[1100];
	struct probe_way way = { .wait_ms = LEAVE_MS, .key = key };
	struct told told = { .offset = "-1" };
	int64_t end = io_now_ms() + wait_ms;
	struct probe p;

	check_kept_name(key);
	visit_url(v, "generate", url, sizeof(url));
	probe_post(&p, http, url, json, &way);
	probe_free(&p);
	way.wait_ms = POLL_MS;
	while (poll_run(&told, v, http, &way) && io_now_ms() < end)
		;
	say_how(&told);
	return strcmp(told.how, "done") == 0;
}
