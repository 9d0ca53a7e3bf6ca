/*
 * state.c: worker.  Knowledge that outlives a run; decides nothing by it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "doc.h"
#include "io.h"
#include "json.h"
#include "log.h"
#include "service.h"
#include "state.h"
#include "think.h"

#define FILE_MAX	(256 * 1024)
#define DEPTH		6

/* Of the wall clock: other workers, and other boots, read it. */
static int64_t
wall_ms(void)
{
	return (int64_t)time(NULL) * 1000;
}

/* A directory that is ours alone.  0, or -1. */
static int
own(const char *dir)
{
	struct stat st;

	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return -1;
	if (lstat(dir, &st) == -1 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & 022) != 0)
		return -1;
	return access(dir, W_OK);
}

void
state_open(struct state *state, const char *dir)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_STATE_HOME");
	const char *tmp = getenv("TMPDIR");
	char path[PATH_MAX];

	if (dir != NULL)
		snprintf(path, sizeof(path), "%s", dir);
	else if (xdg != NULL && *xdg == '/')
		snprintf(path, sizeof(path), "%s/recipe", xdg);
	else if (home != NULL && *home == '/')
		snprintf(path, sizeof(path), "%s/.local/state/recipe", home);
	else
		path[0] = '\0';
	if (path[0] == '\0' || own(path) == -1) {
		if (dir != NULL)
			log_warn("state directory %s", dir);
		snprintf(path, sizeof(path), "%s/recipe-%ld",
		    tmp == NULL || *tmp != '/' ? "/tmp" : tmp,
		    (long)geteuid());
		if (own(path) == -1)
			return;
	}
	if (strlen(path) + sizeof("/state.json") > sizeof(path))
		return;
	strncat(path, "/state.json", sizeof(path) - strlen(path) - 1);
	state->path = strdup(path);
}

void
state_free(struct state *state)
{
	free(state->path);
	json_free(state->json);
	*state = (struct state)STATE_INIT;
}

/* What the file holds, an empty object where it holds nothing useful. */
static struct json *
parse(int fd)
{
	struct buf text = BUF_INIT(FILE_MAX);
	struct json *json;
	ssize_t n;
	char *room;

	while ((room = buf_room(&text, 4096)) != NULL &&
	    (n = read(fd, room, 4096)) > 0)
		text.len += (size_t)n;
	json = json_parse(text.data, text.len, DEPTH, true, NULL, NULL);
	if (json_kind(json) != JSON_OBJECT) {
		json_free(json);
		json = json_new_object();
	}
	buf_free(&text);
	return json;
}

void
state_read(struct state *state)
{
	int fd;

	json_free(state->json);
	state->json = NULL;
	if (state->path == NULL)
		return;
	if ((fd = open(state->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return;
	if (flock(fd, LOCK_SH) == 0)
		state->json = parse(fd);
	close(fd);
}

/* A member that is an object, made where it is not there. */
static struct json *
child(struct json *json, const char *key)
{
	struct json *member = json_get(json, key);

	if (json_kind(member) == JSON_OBJECT)
		return member;
	json_set(json, key, json_new_object());
	return json_get(json, key);
}

static const char *
model_key(const struct service *service, const char *model, char key[256])
{
	snprintf(key, 256, "%s %s", service->id, model);
	return key;
}

/* One change, made to what the file holds now. */
typedef void change_fn(struct json *json, const void *arg);

static void
change(struct state *state, change_fn *fn, const void *arg)
{
	struct buf text = BUF_INIT(FILE_MAX);
	struct json *json;
	int fd;

	if (state->path == NULL)
		return;
	fd = open(state->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd == -1)
		return;
	if (flock(fd, LOCK_EX) == 0) {
		json = parse(fd);
		fn(json, arg);
		json_write(json, &text);
		if (!text.failed && lseek(fd, 0, SEEK_SET) == 0 &&
		    ftruncate(fd, 0) == 0)
			io_write_all(fd, text.data, text.len);
		json_free(json);
	}
	close(fd);
	buf_free(&text);
	state_read(state);
}

int64_t
state_aside_ms(const struct state *state, const struct service *service)
{
	struct json *one = json_get(json_get(state->json, "services"),
	    service->id);
	int64_t until = json_int(json_get(one, "until"), 0);
	int64_t left = until <= 0 ? 0 : until - wall_ms();

	/* A clock that was set back, or somebody's hand in the file. */
	if (left > STATE_MOST_MS)
		left = STATE_MOST_MS;
	return left > 0 ? left : 0;
}

unsigned
state_refused(const struct state *state, const struct service *service,
    const char *model)
{
	char key[256];
	struct json *one = json_get(json_get(state->json, "models"),
	    model_key(service, model, key));

	return (unsigned)json_int(json_get(one, "refused"), 0);
}

bool
state_thinks(const struct state *state, const struct service *service,
    const char *model)
{
	char key[256];
	struct json *one = json_get(json_get(state->json, "models"),
	    model_key(service, model, key));

	return json_boolean(json_get(one, "thinks"), think_is_known(model));
}

struct fact {
	const struct service	*service;
	const char		*model;
	const char		*why;
	int64_t			 ms;
	unsigned		 param;
	bool			 thinks;
};

/* Not less long than it is already, unless that is absurd. */
static void
put_aside(struct json *one, int64_t ms, const char *why)
{
	int64_t now = wall_ms(), until = now + ms;
	int64_t had = json_int(json_get(one, "until"), 0);

	if (had >= until && had <= now + STATE_MOST_MS)
		return;
	json_set_int(one, "until", until);
	json_set_string(one, "why", why);
}

static void
set_aside(struct json *json, const void *arg)
{
	const struct fact *fact = arg;
	struct json *one = child(child(json, "services"), fact->service->id);

	put_aside(one, fact->ms, fact->why);
}

void
state_set_aside(struct state *state, const struct service *service,
    int64_t ms, const char *why)
{
	const struct fact fact = { .service = service, .ms = ms, .why = why };

	log_info("service=%s set aside for %lld s, why=%s", service->id,
	    (long long)(ms / 1000), why);
	change(state, set_aside, &fact);
}

static void
count_failure(struct json *json, const void *arg)
{
	const struct fact *fact = arg;
	struct json *one = child(child(json, "services"), fact->service->id);
	int64_t fails = json_int(json_get(one, "fails"), 0);

	/* Whatever the file says: it is a count of a few. */
	fails = fails < 0 || fails >= STATE_FAILS ? STATE_FAILS : fails + 1;
	json_set_int(one, "fails", fails);
	if (fails < STATE_FAILS)
		return;
	json_set_int(one, "fails", 0);
	put_aside(one, STATE_FAIL_MS, "failures");
}

void
state_failed(struct state *state, const struct service *service)
{
	const struct fact fact = { .service = service };

	change(state, count_failure, &fact);
}

static void
forget_failures(struct json *json, const void *arg)
{
	const struct fact *fact = arg;

	json_set_int(child(child(json, "services"), fact->service->id),
	    "fails", 0);
}

void
state_worked(struct state *state, const struct service *service)
{
	const struct fact fact = { .service = service };
	struct json *one;

	/* What others have counted since this run was planned counts too. */
	state_read(state);
	one = json_get(json_get(state->json, "services"), service->id);
	if (json_int(json_get(one, "fails"), 0) > 0)
		change(state, forget_failures, &fact);
}

static void
add_refused(struct json *json, const void *arg)
{
	const struct fact *fact = arg;
	char key[256];
	struct json *one = child(child(json, "models"),
	    model_key(fact->service, fact->model, key));

	json_set_int(one, "refused",
	    json_int(json_get(one, "refused"), 0) | (int64_t)fact->param);
}

void
state_learn_refused(struct state *state, const struct service *service,
    const char *model, unsigned param)
{
	const struct fact fact = { .service = service, .model = model,
	    .param = param };

	change(state, add_refused, &fact);
}

/* What is known of a model; NULL: nothing. */
static struct json *
known(const struct json *json, const struct fact *fact)
{
	char key[256];

	return json_get(json_get(json, "models"),
	    model_key(fact->service, fact->model, key));
}

/* Answers without a thought since it was learned that there are some. */
static int64_t
count_clean(const struct json *one)
{
	int64_t clean = json_int(json_get(one, "clean"), 0);

	return clean < 0 || clean > STATE_CLEAN ? 0 : clean;
}

static void
add_thinks(struct json *json, const void *arg)
{
	const struct fact *fact = arg;
	char key[256];
	struct json *one = child(child(json, "models"),
	    model_key(fact->service, fact->model, key));
	bool learned = json_boolean(json_get(one, "thinks"), false);
	int64_t clean = learned && !fact->thinks ? count_clean(one) + 1 : 0;

	json_set_bool(one, "thinks", fact->thinks ||
	    (learned && clean < STATE_CLEAN));
	json_set_int(one, "clean", clean);
}

/* Whether an answer tells nothing new of its model, as nearly all. */
static bool
knows_thinks(const struct state *state, const struct fact *fact)
{
	return state_thinks(state, fact->service, fact->model) ==
	    fact->thinks && count_clean(known(state->json, fact)) == 0;
}

void
state_learn_thinks(struct state *state, const struct service *service,
    const char *model, bool thinks)
{
	const struct fact fact = { .service = service, .model = model,
	    .thinks = thinks };

	if (!knows_thinks(state, &fact))
		change(state, add_thinks, &fact);
}
