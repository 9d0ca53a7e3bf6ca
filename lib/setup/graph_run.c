/*
 * graph_run.c: listener, before any fork.  Reads what program a stage runs and
 * finds it; starts nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "setup/place.h"
#include "setup/script.h"
#include "text/json.h"

/* The most strings of "run". */
#define RUN_MAX		64

/* Bytes of a path. */
#define PATH_BYTES	4096

/* Whether a file can be executed; if not, errno says why. */
static bool
is_program(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return false;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EACCES;
		return false;
	}
	return access(path, X_OK) == 0;
}

/* What to do about a program that cannot be executed, for a message. */
static const char *
remedy_for(int error)
{
	if (error == EACCES)
		return "; make it executable: chmod +x";
	if (error == ENOENT)
		return "; a path is relative to the directory of this file";
	return "";
}

/*
 * Looks in $PATH for a program whose name has no slash.  It does not look in
 * relative directories of $PATH: they would be other directories when the
 * program is started, because its process changes to graph->dir before that.
 * Returns a new string, or NULL.
 */
static char *
find_by_path(const char *name)
{
	const char *dirs = getenv("PATH");
	struct buf path = BUF_INIT(PATH_BYTES);
	char *found = NULL;
	size_t n;

	if (dirs == NULL || *dirs == '\0')
		dirs = GRAPH_PATH;
	for (; found == NULL; dirs += n + 1) {
		n = strcspn(dirs, ":");
		buf_reset(&path);
		buf_printf(&path, "%.*s/%s", (int)n, dirs, name);
		if (*dirs == '/' && !path.failed && is_program(path.data))
			found = doc_copy(path.data);
		if (dirs[n] == '\0')
			break;
	}
	buf_free(&path);
	return found;
}

/*
 * Complains if the interpreter that the first line of a program names cannot be
 * executed.  Linux then says of the program itself that there is no such file.
 * Returns 0, or -1 with err.
 */
static int
check_interpreter(const char *path, const struct doc *doc, const char *at,
    struct err *err)
{
	const char *const place[] = { "stages", at, "run", "#0", NULL };
	struct script script;
	char *found;

	if (script_read(&script, path) != SCRIPT_LINE)
		return 0;
	if (script.has_cr)
		return doc_complain(doc, err, place, "the first line of the "
		    "program %s ends in CR LF, so its interpreter is not "
		    "found; save it with LF alone, as an editor or "
		    "\"dos2unix\" does", path);
	if (!is_program(script.interpreter))
		return doc_complain(doc, err, place, "the program %s cannot be"
		    " executed: its first line names the interpreter \"%s\": "
		    "%s; install that, or name another", path,
		    script.interpreter, strerror(errno));
	if (script.command[0] == '\0' || strchr(script.command, '/') != NULL)
		return 0;
	if ((found = find_by_path(script.command)) == NULL)
		return doc_complain(doc, err, place, "the first line of the "
		    "program %s names \"%s\", which is not in $PATH; install "
		    "it, or write its path", path, script.command);
	free(found);
	return 0;
}

/* A program and its arguments in one string is what a shell would read. */
static const char *
hint_at_spaces(const char *name)
{
	return strpbrk(name, " \t") == NULL ? "" : "; each argument is a "
	    "string of its own: [\"./lookup\", \"--top\", \"5\"]";
}

/* Finds the program of a stage.  Returns 0, or -1 with err. */
static int
find_program(const struct graph *graph, struct stage_spec *s,
    const struct doc *doc, const char *at, struct err *err)
{
	const char *name = s->run[0], *hint = hint_at_spaces(name);
	char *path;
	int rc;

	if (strchr(name, '/') == NULL) {
		if ((s->program = find_by_path(name)) != NULL)
			return check_interpreter(s->program, doc, at, err);
		if (*hint != '\0')
			return doc_complain(doc, err, AT("stages", at, "run",
			    "#0"), "no program \"%s\" is in $PATH%s", name,
			    hint);
		return doc_complain(doc, err, AT("stages", at, "run", "#0"),
		    "no program \"%s\" is in $PATH; write \"./%s\" for one in "
		    "the directory of this file", name, name);
	}
	path = *name == '/' ? doc_copy(name) :
	    place_join(graph->dir, name, "");
	if (!is_program(path))
		rc = doc_complain(doc, err, AT("stages", at, "run", "#0"),
		    "the program %s cannot be executed: %s%s", path,
		    strerror(errno), *hint == '\0' ? remedy_for(errno) :
		    hint);
	else
		rc = check_interpreter(path, doc, at, err);
	free(path);
	s->program = doc_copy(name);
	return rc;
}

/*
 * Reads the array itself.  An argument may be empty, but not the program.
 * Returns 0, or -1 with err.
 */
static int
read_strings(struct stage_spec *s, const struct doc *doc, const char *at,
    struct err *err)
{
	const struct json *run = doc_get(doc, AT("stages", at, "run"));
	size_t i, len, n = json_count(run);
	const char *text = NULL;
	char place[24];

	if (json_kind(run) != JSON_ARRAY || n == 0 || n > RUN_MAX)
		return doc_complain(doc, err, AT("stages", at, "run"),
		    "\"run\" must be an array of 1 to %d strings, a program "
		    "and its arguments: [\"./lookup\", \"--top\", \"5\"]",
		    RUN_MAX);
	if ((s->run = calloc(n + 1, sizeof(*s->run))) == NULL)
		return err_set(err, 503, "config", "out of memory");
	for (i = 0; i < n; i++) {
		text = json_string(json_at(run, i), &len);
		if (text == NULL || strlen(text) != len ||
		    (i == 0 && len == 0)) {
			snprintf(place, sizeof(place), "#%zu", i);
			return doc_complain(doc, err,
			    AT("stages", at, "run", place), "\"run\" has "
			    "only strings without a NUL, and the first is not "
			    "empty");
		}
		s->run[i] = doc_copy(text);
	}
	return 0;
}

/*
 * A program has one input, so a file with a system message would be read by
 * nobody.  Returns 0, or -1 with err.
 */
static int
refuse_system(const struct graph *graph, const struct stage_spec *s,
    const struct doc *doc, const char *at, struct err *err)
{
	char *path = place_join(graph->dir, s->part, ".system.txt");
	int rc = 0;

	if (access(path, F_OK) == 0)
		rc = doc_complain(doc, err, AT("stages", at, "run"), "a stage "
		    "with \"run\" asks no model, so it has no system message; "
		    "remove %s or \"run\"", path);
	free(path);
	return rc;
}

int
graph_load_run(const struct graph *graph, struct stage_spec *s,
    const struct doc *doc, const char *at, struct err *err)
{
	/* What says how a model is asked, or that nobody is. */
	static const char *const others[] = { "service", "race", "max_tokens",
	    "temperature", "top_p", "stop", "seed", "presence_penalty",
	    "frequency_penalty", "extra", "each" };
	size_t i;

	if (doc_get(doc, AT("stages", at, "run")) == NULL)
		return 0;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (doc_get(doc, AT("stages", at, others[i])) != NULL)
			return doc_complain(doc, err,
			    AT("stages", at, others[i]), "a stage with \"run\""
			    " asks no model, so it takes no \"%s\"; remove "
			    "one of them", others[i]);
	if (read_strings(s, doc, at, err) == -1 ||
	    refuse_system(graph, s, doc, at, err) == -1)
		return -1;
	return find_program(graph, s, doc, at, err);
}
