/*
 * state.c: worker.  Keeps in a file what outlives a run; decides nothing by it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/io.h"
#include "base/log.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "site/fact.h"
#include "site/folder.h"
#include "site/state.h"
#include "text/json.h"

/*
 * Bytes of the file, and how deep its JSON may be nested.  What this program
 * writes is far below both; anything beyond them is read as empty.
 */
#define FILE_MAX	(256 * 1024)
#define DEPTH		6

/* How long to wait before a lock that another process holds is tried again. */
#define LOOK_MS		5

/*
 * Hexadecimal digits of the hash of a key that goes into a service's name.
 * They are few, so that the key cannot be guessed from them.
 */
#define KEY_DIGITS	4

void
state_open(struct state *state, const char *dir, const char *site)
{
	char path[PATH_MAX];

	if (folder_make(path, sizeof(path), dir, site) == -1)
		return;
	state->dir = strdup(path);
	state->pending = calloc(STATE_PENDING, sizeof(*state->pending));
	if (state->dir == NULL || state->pending == NULL)
		fatal("state");
}

void
state_look(struct state *state, const char *dir, const char *site)
{
	char path[PATH_MAX];

	if (folder_look(path, sizeof(path), dir, site) == 0 &&
	    (state->dir = strdup(path)) == NULL)
		fatal("state");
	state_read(state);
}

void
state_free(struct state *state)
{
	free(state->dir);
	free(state->pending);
	json_free(state->json);
	*state = (struct state)STATE_INIT;
}

/* Opens a file of the folder; returns its descriptor, or -1 and errno. */
static int
open_file(const struct state *state, const char *name, int flags)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", state->dir, name) >=
	    sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* --- what it holds -------------------------------------------------------- */

/*
 * Writes the name that a service has in the document, and returns it.  The id
 * alone is not enough, because it may have got another host or key since.  Host
 * and key are not enough either, because two services of one host may ask for
 * two models, whose limits the host counts apart.
 */
static const char *
name_service(const struct service *service, char name[FACT_SERVICE + 1])
{
	struct buf text = BUF_INIT(8192);
	char key[KEY_DIGITS + 1] = "";

	if (service->key != NULL)
		digest_hex(service->key, strlen(service->key), key,
		    KEY_DIGITS);
	if (service->base_url != NULL)
		buf_puts(&text, service->base_url);
	buf_printf(&text, "\n%s\n%s", key, service->id);
	digest_hex(text.data, text.len, name, FACT_SERVICE);
	buf_free(&text);
	return name;
}

/* Returns what the file holds, or an empty object if that is no object. */
static struct json *
parse_state(int fd)
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

/* --- reading and writing -------------------------------------------------- */

/* What is pending is known to this process, though the file lacks it. */
static void
apply_pending(struct state *state)
{
	size_t i;

	if (state->npending > 0 && state->json == NULL)
		state->json = json_new_object();
	for (i = 0; i < state->npending; i++)
		fact_apply(state->json, &state->pending[i]);
}

void
state_read(struct state *state)
{
	struct stat st;
	int fd;

	if (state->dir == NULL)
		return;
	state->read_ms = io_now_ms();
	/* The operator may have removed the file, to have all forgotten. */
	if ((fd = open_file(state, "state.json", O_RDONLY)) == -1) {
		json_free(state->json);
		state->json = NULL;
		memset(&state->seen, 0, sizeof(state->seen));
		apply_pending(state);
		return;
	}
	/* A rename brings a new inode, so nothing that changed is missed. */
	if (fstat(fd, &st) == 0 && (st.st_ino != state->seen.st_ino ||
	    st.st_dev != state->seen.st_dev ||
	    st.st_size != state->seen.st_size ||
	    st.st_mtim.tv_sec != state->seen.st_mtim.tv_sec ||
	    st.st_mtim.tv_nsec != state->seen.st_mtim.tv_nsec)) {
		json_free(state->json);
		state->json = parse_state(fd);
		state->seen = st;
		apply_pending(state);
	}
	close(fd);
}

/*
 * Replaces the file; the caller holds the lock.  A reader sees the old file or
 * the new one, never a part of it.  Returns 0, or -1 and the old file stays.
 */
static int
replace(const struct state *state, const struct json *json)
{
	struct buf text = BUF_INIT(FILE_MAX);
	char from[PATH_MAX], to[PATH_MAX];
	int fd, rc = -1;

	json_write(json, &text);
	fd = open_file(state, "state.new", O_WRONLY | O_CREAT | O_TRUNC);
	snprintf(from, sizeof(from), "%s/state.new", state->dir);
	snprintf(to, sizeof(to), "%s/state.json", state->dir);
	if (fd != -1) {
		rc = text.failed ? -1 : io_write_all(fd, text.data, text.len);
		close(fd);
		if (rc == -1 || (rc = rename(from, to)) == -1)
			unlink(from);
	}
	buf_free(&text);
	return rc;
}

/*
 * Adds what is pending to what the file holds by now, and writes that.  The
 * file is read again first, because another process may have written it since.
 */
static void
write_pending(struct state *state)
{
	int fd = open_file(state, "state.json", O_RDONLY);

	json_free(state->json);
	state->json = fd == -1 ? json_new_object() : parse_state(fd);
	if (fd != -1)
		close(fd);
	apply_pending(state);
	fact_prune(state->json, io_wall_ms());
	/* If it cannot be written, at least this process knows. */
	if (replace(state, state->json) == 0 && (fd = open_file(state,
	    "state.json", O_RDONLY)) != -1) {
		fstat(fd, &state->seen);
		close(fd);
	}
	state->npending = 0;
}

/*
 * If the lock file cannot even be opened, the facts are applied without a lock:
 * then the file cannot be written either, and they must not stay pending.
 */
bool
state_settle(struct state *state)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	bool busy;
	int fd;

	if (state->npending == 0)
		return true;
	fd = open_file(state, "state.lock", O_RDWR | O_CREAT);
	busy = fd != -1 && fcntl(fd, F_SETLK, &lock) == -1 &&
	    (errno == EAGAIN || errno == EACCES);
	if (!busy)
		write_pending(state);
	if (fd != -1)
		close(fd);
	return !busy;
}

void
state_finish(struct state *state)
{
	int64_t until = io_now_ms() + STATE_FINISH_MS;
	struct timespec nap = { 0, LOOK_MS * 1000000L };

	while (!state_settle(state) && io_now_ms() < until)
		nanosleep(&nap, NULL);
	state->npending = 0;
}

/*
 * Adds a fact.  This process knows of it at once, the others when it has been
 * written.  If too much is pending, or nothing can be written, it is dropped.
 */
static void
add_fact(struct state *state, struct fact fact)
{
	if (state->dir == NULL && fact.kind != FACT_PROVEN)
		return;
	if (state->npending == STATE_PENDING && !state_settle(state))
		return;
	fact.at_ms = io_wall_ms();
	if (state->json == NULL)
		state->json = json_new_object();
	fact_apply(state->json, &fact);
	if (state->dir == NULL)
		return;
	state->pending[state->npending++] = fact;
	state_settle(state);
}

/* Adds a fact of a service, or of a model of it. */
static void
tell(struct state *state, const struct service *service, const char *model,
    struct fact fact)
{
	name_service(service, fact.service);
	snprintf(fact.model, sizeof(fact.model), "%s",
	    model == NULL ? "" : model);
	add_fact(state, fact);
}

/* --- what is asked and told ----------------------------------------------- */

int64_t
state_aside_ms(const struct state *state, const struct service *service)
{
	char name[FACT_SERVICE + 1];

	if (json_count(json_get(state->json, "services")) == 0)
		return 0;
	return fact_aside_ms(state->json, name_service(service, name),
	    io_wall_ms());
}

unsigned
state_refused(const struct state *state, const struct service *service,
    const char *model, const struct stage_spec *spec)
{
	char id[FACT_SERVICE + 1], named[FACT_NAMED];
	const struct json *json = state->json, *value;
	int64_t now = io_wall_ms();
	const char *name;
	unsigned all, bit;

	if (json_count(json_get(json, "models")) == 0)
		return 0;
	name_service(service, id);
	all = fact_refused(json, id, model, now) & ~PARAM_EXTRAS;
	for (bit = 1; spec != NULL && bit != 0; bit <<= 1)
		if ((value = graph_param(spec, bit, &name)) != NULL &&
		    (fact_refused_named(json, id, model,
		    fact_named(name, value, named), now) ||
		    ((bit & PARAM_EXTRAS) != 0 && fact_refused_named(json, id,
		    model, fact_named(name, NULL, named), now))))
			all |= bit;
	return all;
}

bool
state_thinks(const struct state *state, const struct service *service,
    const char *model)
{
	char name[FACT_SERVICE + 1];

	return fact_thinks(state->json, name_service(service, name), model,
	    io_wall_ms());
}

void
state_set_aside(struct state *state, const struct service *service,
    int64_t ms, const char *why)
{
	/* It may be set aside already, and was asked for want of another. */
	if (state_aside_ms(state, service) == 0)
		log_info("service=%s set aside for %lld s, why=%s",
		    service->id, (long long)(ms / 1000), why);
	tell(state, service, NULL, (struct fact){ .kind = FACT_ASIDE,
	    .ms = ms, .why = why });
}

void
state_failed(struct state *state, const struct service *service)
{
	tell(state, service, NULL, (struct fact){ .kind = FACT_FAILED });
}

void
state_worked(struct state *state, const struct service *service)
{
	char name[FACT_SERVICE + 1];

	if (io_now_ms() - state->read_ms >= STATE_WORKED_MS)
		state_read(state);
	if (fact_has_failed(state->json, name_service(service, name)))
		tell(state, service, NULL,
		    (struct fact){ .kind = FACT_WORKED });
}

void
state_learn_refused(struct state *state, const struct service *service,
    const char *model, unsigned params, unsigned values,
    const struct stage_spec *spec)
{
	unsigned news = params & ~state_refused(state, service, model, spec);
	struct fact fact = { .kind = FACT_REFUSES_NAMED };
	const struct json *value;
	const char *name;
	unsigned bit;

	for (bit = 1; spec != NULL && bit != 0; bit <<= 1) {
		if ((news & bit & (values | PARAM_EXTRAS)) == 0 ||
		    (value = graph_param(spec, bit, &name)) == NULL)
			continue;
		fact_named(name, (values & bit) != 0 ? value : NULL,
		    fact.named);
		tell(state, service, model, fact);
		news &= ~bit;
	}
	if ((news & ~PARAM_EXTRAS) != 0)
		tell(state, service, model, (struct fact){
		    .kind = FACT_REFUSES, .param = news & ~PARAM_EXTRAS });
}

void
state_learn_thinks(struct state *state, const struct service *service,
    const char *model, bool thinks)
{
	char name[FACT_SERVICE + 1];

	/* Nearly all answers tell nothing new of their model. */
	if (fact_is_news(state->json, name_service(service, name), model,
	    thinks, io_wall_ms()))
		tell(state, service, model, (struct fact){
		    .kind = FACT_THINKS, .thinks = thinks });
}

static void
name_number(uint64_t number, char name[FACT_SERVICE + 1])
{
	snprintf(name, FACT_SERVICE + 1, "%016" PRIx64, number);
}

size_t
state_proven(const struct state *state, uint64_t ground)
{
	char name[FACT_SERVICE + 1];

	name_number(ground, name);
	return (size_t)fact_proven(state->json, name, io_wall_ms());
}

void
state_learn_proven(struct state *state, uint64_t ground, size_t n)
{
	struct fact fact = { .kind = FACT_PROVEN, .count = (int64_t)n };

	name_number(ground, fact.service);
	add_fact(state, fact);
}

bool
state_leads(const struct state *state, uint64_t list, const char *id)
{
	char name[FACT_SERVICE + 1];

	name_number(list, name);
	return fact_leads(state->json, name, id, io_wall_ms());
}

void
state_learn_leader(struct state *state, uint64_t list, const char *id)
{
	struct fact fact = { .kind = FACT_LEADS };

	name_number(list, fact.service);
	snprintf(fact.model, sizeof(fact.model), "%s", id);
	add_fact(state, fact);
}
