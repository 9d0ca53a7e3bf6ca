/*
 * run_command.c: the command line.  Makes a request of what was typed, and runs
 * it, once or whenever a file was saved.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "cli/again.h"
#include "cli/ask.h"
#include "cli/given.h"
#include "cli/marks.h"
#include "cli/run_command.h"
#include "cli/session.h"
#include "cli/words.h"
#include "plan/partial.h"
#include "setup/saved.h"
#include "text/json.h"

/* Nothing may have been saved for so long, because an editor writes twice. */
#define LOOK_MS		200

/* What --watch knows from one run to the next. */
struct vigil {
	struct session	*session;
	struct words	*words;
	struct json	*given;		/* the files of --given */
	struct json	*left_out;	/* PART: true; what did not run first */
	struct marks	 marks;		/* at the last run */
	struct saved	 saved;
	struct err	 broken;	/* status 0: the files can be used */
};

/* A document of the inputs, and of the other two members if they are there. */
static struct json *
make_body(const struct words *words, struct json *want, struct json *given)
{
	struct json *body = json_new_object();
	const char *name;
	size_t i;

	for (i = 0; i < json_count(words->inputs); i++) {
		struct json *value = json_member(words->inputs, i, &name);

		json_set(body, name, json_share(value));
	}
	if (want != NULL)
		json_set(body, "want", json_share(want));
	if (json_count(given) > 0)
		json_set(body, "given", json_share(given));
	return body;
}

static int
run_once(struct session *session, const struct words *words,
    struct json *want, struct json *given)
{
	struct json *body = make_body(words, want, given);
	struct err err = ERR_INIT;
	int rc = session_run(session, body, &err);

	json_free(body);
	if (rc == -1)
		log_warnx("%s", err.text);
	return rc == -1 ? RUN_USAGE : rc;
}

/* --- --watch -------------------------------------------------------------- */

/* What the first run leaves out is left out later as well. */
static void
note_left_out(struct vigil *v)
{
	const struct graph *graph = &v->session->house.graph;
	struct partial partial = PARTIAL_INIT;
	struct err err = ERR_INIT;
	size_t i;

	v->left_out = json_new_object();
	if (partial_read(&partial, graph, v->words->want,
	    json_count(v->given) > 0 ? v->given : NULL, SIZE_MAX, &err) == 0)
		for (i = 0; i < graph->n; i++)
			if (partial.absent[i])
				json_set_bool(v->left_out,
				    graph->stages[i].part, true);
	partial_free(&partial);
}

/*
 * Loads the graph and marks what its files hold.  The marks must be the same
 * before and after a load, or something was saved meanwhile, and the graph may
 * be another one than the marks.  Returns 0, or -1 with err.
 */
static int
load_marked(struct vigil *v, struct marks *marks, struct err *err)
{
	const struct graph *graph = &v->session->house.graph;
	struct marks before = MARKS_INIT;

	if (session_reload(v->session, err) == -1)
		return -1;
	marks_read(marks, graph);
	do {
		before = *marks;
		if (session_reload(v->session, err) == -1)
			return -1;
		marks_read(marks, graph);
	} while (marks_differ(&before, marks, NULL));
	return 0;
}

/*
 * Returns true when something was saved, and then nothing for LOOK_MS; or false
 * after HOUSE_LOOK_MS if files cannot be used, because not all that mends them
 * is saved where it is seen.
 */
static bool
wait_for_save(struct vigil *v)
{
	bool any = false;
	int ms;

	for (ms = LOOK_MS;; ms += LOOK_MS) {
		session_nap(v->session, LOOK_MS);
		if (saved_look(&v->saved))
			any = true;
		else if (any)
			return true;
		else if (v->broken.status != 0 && ms >= HOUSE_LOOK_MS)
			return false;
	}
}

/*
 * Marks in runs[] what must run, now that the files hold `now`, and what
 * depends on it.  Returns how many stages that are.
 */
static size_t
find_changed(const struct vigil *v, const struct marks *now, bool runs[])
{
	const struct graph *graph = &v->session->house.graph;
	bool left_out[GRAPH_STAGES_MAX] = { false };
	size_t i;

	for (i = 0; i < graph->n; i++) {
		left_out[i] = json_get(v->left_out, graph->stages[i].part) !=
		    NULL;
		runs[i] = marks_differ(&v->marks, now,
		    graph->stages[i].part);
	}
	return again_spread(graph, left_out, runs);
}

/* Names what runs again, and runs it with all else given. */
static void
run_again(struct vigil *v, const bool runs[])
{
	const struct graph *graph = &v->session->house.graph;
	struct json *want = json_new_array(), *given = json_new_object(), *one;
	const char *name;
	size_t i;

	fputs("recipe.fcgi: saved; running again:", stderr);
	for (i = 0; i < graph->n; i++)
		if (runs[i]) {
			name = graph->stages[i].part;
			fprintf(stderr, " %s", name);
			json_push(want, json_new_string(name, strlen(name)));
		}
	fputc('\n', stderr);
	for (i = 0; i < json_count(v->given); i++) {
		one = json_member(v->given, i, &name);
		json_set(given, name, json_share(one));
	}
	kept_give(&v->session->kept, graph, runs, given);
	run_once(v->session, v->words, want, given);
	json_free(want);
	json_free(given);
}

static void
say_watching(const struct vigil *v)
{
	log_info("watching %s; Ctrl-C ends", v->session->house.graph.dir);
}

/* The files cannot be used; says why, but not what it has said already. */
static void
say_broken(struct vigil *v, const struct err *err, bool saved)
{
	bool again = strcmp(err->text, v->broken.text) == 0;

	v->broken = *err;
	if (again && !saved)
		return;
	log_warnx("%s", err->text);
	say_watching(v);
}

/*
 * Something was saved, or may have been mended.  Says what comes of it, and
 * runs it; of a file that holds the same words as before, or that belongs to no
 * stage, it says nothing.
 */
static void
see_to_save(struct vigil *v, bool saved)
{
	bool was_broken = v->broken.status != 0, runs[GRAPH_STAGES_MAX];
	struct marks now = MARKS_INIT;
	struct err err = ERR_INIT;

	if (load_marked(v, &now, &err) == -1) {
		say_broken(v, &err, saved);
		return;
	}
	v->broken = err;
	saved_renew(&v->saved);
	if (find_changed(v, &now, runs) > 0)
		run_again(v, runs);
	else if (marks_differ(&v->marks, &now, NULL))
		log_warnx("saved; no part that runs here has changed");
	else if (was_broken)
		log_warnx("%s; all is as it was at the last run",
		    saved ? "saved" : "mended");
	else
		return;
	v->marks = now;
	say_watching(v);
}

/* Never returns: the end is a signal, or that nobody reads what is written. */
static void __attribute__((noreturn))
keep_watch(struct vigil *v)
{
	say_watching(v);
	for (;;)
		see_to_save(v, wait_for_save(v));
}

/* --- both ----------------------------------------------------------------- */

/* Takes what was typed, and asks for what is missing.  0, or -1 with err. */
static int
take_words(struct session *session, struct words *words, int n, char **word,
    struct json **given, struct err *err)
{
	if (words_read(words, n, word, err) == -1)
		return -1;
	if (words->prompts != NULL &&
	    setenv("RECIPE_PROMPTS", words->prompts, 1) == -1)
		return err_set(err, 503, "no_memory", "out of memory");
	if (session_open(session, words, err) == -1 ||
	    ask_inputs(&session->house.graph, words->inputs, err) == -1)
		return -1;
	*given = given_read(&session->house.graph, words->files,
	    (size_t)session->house.config.limits.stage_bytes, err);
	return *given == NULL ? -1 : 0;
}

static int
run_words(struct session *session, struct words *words, struct json *given)
{
	struct vigil v = { session, words, given, NULL, MARKS_INIT,
	    SAVED_INIT, ERR_INIT };
	struct err err = ERR_INIT;
	int rc;

	if (!words->watch)
		return run_once(session, words, words->want, given);
	note_left_out(&v);
	saved_open(&v.saved, session->house.graph.dir, NULL, NULL);
	if (load_marked(&v, &v.marks, &err) == -1) {
		log_warnx("%s", err.text);
		return RUN_USAGE;
	}
	rc = run_once(session, words, words->want, given);
	if (rc == RUN_USAGE)
		return rc;	/* the process ends, and with it the watch */
	keep_watch(&v);
}

/*
 * A descriptor that was closed would be that of the next file that is opened,
 * and the answer would be written into it.
 */
static bool
has_descriptors(void)
{
	return fcntl(STDIN_FILENO, F_GETFD) != -1 &&
	    fcntl(STDOUT_FILENO, F_GETFD) != -1 &&
	    fcntl(STDERR_FILENO, F_GETFD) != -1;
}

int
run_command(int n, char **word)
{
	struct session session = SESSION_INIT;
	struct words words = WORDS_INIT;
	struct json *given = NULL;
	struct err err = ERR_INIT;
	int rc = RUN_USAGE;

	if (!has_descriptors()) {
		log_warnx("standard input, output or error is closed; open "
		    "it, as by >/dev/null");
		return RUN_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	if (take_words(&session, &words, n, word, &given, &err) == -1)
		log_warnx("%s", err.text);
	else
		rc = run_words(&session, &words, given);
	json_free(given);
	words_free(&words);
	session_close(&session);
	return rc;
}
