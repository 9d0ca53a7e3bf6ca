/*
 * speed_command.c: the command line.  Decides who is asked and in which order;
 * neither asks nor computes.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "cli/gauge.h"
#include "cli/speed_command.h"
#include "cli/speed_print.h"
#include "cli/trials.h"
#include "run/purse.h"
#include "setup/service.h"
#include "site/laps.h"

/* As TheFastest.ai measured: answers of twenty tokens. */
#define TOKENS		20
#define RUNS		5
#define RUNS_MOST	1000
#define TOKENS_MOST	100000

static const char prompt_words[] = "Write a plain text of several paragraphs "
    "about what can be cooked with onions. Do not use headings or lists.";

struct speed {
	struct gauge	 gauge;
	struct trials	*list;
	size_t		 n;
	int64_t		 runs, tokens;
	const char	*prompt_file;
	char		*prompt;
	bool		 all_models, json, terminal;
	struct purse	 purse;		/* of all of it */
	struct ticket	 ticket;	/* of the request under way */
};

/* --- words --------------------------------------------------------------- */

static int
read_number(const char *option, const char *word, int64_t most, int64_t *to,
    struct err *err)
{
	char *end;

	*to = word == NULL ? 0 : strtoll(word, &end, 10);
	if (word == NULL || *end != '\0' || *to < 1 || *to > most)
		return err_set(err, 400, "usage", "%s takes a number from 1 "
		    "to %" PRId64, option, most);
	return 0;
}

/* Reads an option at word[*i].  Returns 1, 0 if it is none, or -1 with err. */
static int
read_option(struct speed *s, char **word, int n, int *i, struct err *err)
{
	const char *option = word[*i];
	const char *value = *i + 1 < n ? word[*i + 1] : NULL;

	if (strcmp(option, "--models") == 0) {
		s->all_models = true;
		return 1;
	}
	if (strcmp(option, "--json") == 0) {
		s->json = true;
		return 1;
	}
	if (option[0] != '-')
		return 0;
	(*i)++;
	if (strcmp(option, "--runs") == 0)
		return read_number(option, value, RUNS_MOST, &s->runs, err) ==
		    -1 ? -1 : 1;
	if (strcmp(option, "--tokens") == 0)
		return read_number(option, value, TOKENS_MOST, &s->tokens,
		    err) == -1 ? -1 : 1;
	if (strcmp(option, "--prompt") != 0 || value == NULL)
		return err_set(err, 400, "usage", "\"%.60s\" is none of --runs "
		    "N, --tokens N, --prompt FILE, --models and --json",
		    option);
	s->prompt_file = value;
	return 1;
}

static void
add_trials(struct speed *s, const struct service *service, const char *model)
{
	struct trials *list;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->list[i].service == service && s->list[i].model == model)
			return;
	list = realloc(s->list, (s->n + 1) * sizeof(*list));
	if (list == NULL)
		fatal("speed");
	s->list = list;
	list[s->n++] = (struct trials){ .service = service, .model = model };
}

static void
add_models(struct speed *s, const struct service *service)
{
	size_t i;

	for (i = 0; i < (s->all_models ? service->nmodels : 1); i++)
		add_trials(s, service, service->models[i]);
}

static int
complain_service(const struct speed *s, const char *id, struct err *err)
{
	const struct services *all = &s->gauge.house.config.services;
	struct buf known = BUF_INIT(2000);
	size_t i;

	for (i = 0; i + 1 < all->n; i++)
		buf_printf(&known, "%s%s", i == 0 ? "" : ", ", all->list[i].id);
	err_set(err, 400, "usage", "there is no service \"%.60s\"; known are "
	    "%s", id, known.data);
	buf_free(&known);
	return -1;
}

/* SERVICE, or SERVICE/MODEL, whose name may have slashes. */
static int
add_named(struct speed *s, char *word, struct err *err)
{
	const struct services *all = &s->gauge.house.config.services;
	char *slash = strchr(word, '/');
	const struct service *service;
	size_t i;

	if (slash != NULL)
		*slash = '\0';
	service = services_find(all, word);
	if (service == NULL || service_is_demo(service))
		return complain_service(s, word, err);
	if (service->why_not != NULL)
		return err_set(err, 400, "usage", "%s cannot be asked: %s%s%s",
		    word, service->why_not, service->key_from == NULL ? "" :
		    "; set ", service->key_from == NULL ? "" :
		    strchr(service->key_from, ':') + 1);
	if (slash == NULL) {
		add_models(s, service);
		return 0;
	}
	for (i = 0; i < service->nmodels; i++)
		if (strcmp(service->models[i], slash + 1) == 0) {
			add_trials(s, service, service->models[i]);
			return 0;
		}
	return err_set(err, 400, "usage", "%s has no model \"%.80s\"; add it "
	    "to its \"model\" in recipe.json", word, slash + 1);
}

static int
add_usable(struct speed *s, struct err *err)
{
	const struct services *all = &s->gauge.house.config.services;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->list[i].why_not == NULL &&
		    !service_is_demo(&all->list[i]))
			add_models(s, &all->list[i]);
	if (s->n == 0)
		return err_set(err, 400, "usage", "no service can be asked: "
		    "none has a key; \"recipe.fcgi check\" says what to set");
	return 0;
}

static int
read_speed_words(struct speed *s, int n, char **word, struct err *err)
{
	bool named = false;
	int i, rc;

	/* --models may come after what it is about. */
	for (i = 0; i < n; i++)
		if (read_option(s, word, n, &i, err) == -1)
			return -1;
	for (i = 0; i < n; i++) {
		rc = read_option(s, word, n, &i, err);
		named = named || rc == 0;
		if (rc == 0 && add_named(s, word[i], err) == -1)
			return -1;
	}
	return named ? 0 : add_usable(s, err);
}

/* --- the prompt ---------------------------------------------------------- */

static int
read_prompt(struct speed *s, struct err *err)
{
	size_t most = (size_t)s->gauge.house.config.limits.prompt_bytes;
	struct buf text = BUF_INIT(most);
	char piece[4096];
	FILE *file;
	size_t n;

	if (s->prompt_file == NULL) {
		buf_puts(&text, prompt_words);
	} else {
		if ((file = fopen(s->prompt_file, "r")) == NULL)
			return err_set(err, 400, "usage", "%s: %s",
			    s->prompt_file, strerror(errno));
		while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
			buf_add(&text, piece, n);
		fclose(file);
	}
	if (text.failed || text.len == 0) {
		err_set(err, 400, "usage", "%s is empty, or longer than "
		    "limits.prompt_bytes, %zu", s->prompt_file, most);
		buf_free(&text);
		return -1;
	}
	s->prompt = strdup(text.data);
	buf_free(&text);
	return s->prompt == NULL ? err_set(err, 503, "no_memory",
	    "out of memory") : 0;
}

/* The prompt of one request, which begins as no other does. */
static char *
make_prompt(const struct speed *s)
{
	uint64_t draw = 0;
	char *text;

	if (getrandom(&draw, sizeof(draw), 0) != sizeof(draw) ||
	    asprintf(&text, "Measurement %016" PRIx64 ", a number that means "
	    "nothing.\n\n%s", draw, s->prompt) == -1)
		fatal("speed");
	return text;
}

/* --- asking -------------------------------------------------------------- */

/* What it will cost, before anything is asked. */
static void
announce(const struct speed *s)
{
	int64_t asks = (int64_t)s->n * s->runs;
	int64_t in = (int64_t)(strlen(s->prompt) / TOKEN_BYTES) + 20;

	fprintf(stderr, "recipe.fcgi: %zu model%s, %" PRId64 " time%s each: %"
	    PRId64 " request%s of about %" PRId64 " tokens, for answers of at"
	    " most %" PRId64 "\n", s->n, s->n == 1 ? "" : "s", s->runs,
	    s->runs == 1 ? "" : "s", asks, asks == 1 ? "" : "s", in,
	    s->tokens);
}

static void
show_progress(const struct speed *s, const struct trials *t, int64_t run)
{
	if (s->terminal)
		fprintf(stderr, "\r\033[K%" PRId64 " of %" PRId64 ": %s %s",
		    run, (int64_t)s->n * s->runs, t->service->id, t->model);
}

static void
leave_row(struct speed *s, const struct trials *t, const struct outcome *o)
{
	struct lap lap = LAP_INIT;

	lap.at_ms = io_wall_ms();
	lap.key = laps_key(t->service, t->model);
	lap.end = o->finish != FINISH_NONE ? LAP_DONE : LAP_FAILED;
	lap.of = LAP_OF_SPEED;
	lap.estimated = o->tokens.estimated;
	pace_put(&o->pace, o->tokens.out, &lap);
	laps_write(&s->gauge.house.laps, &lap, 1);
}

/* What "guard" of recipe.json lets this command spend (gauge_till). */
static int
may_ask(void *arg, const struct job *job, size_t bytes,
    struct outcome *outcome)
{
	struct speed *s = arg;

	return purse_ask(&s->purse, 0, job, bytes, &s->ticket, outcome);
}

static void
was_asked(void *arg, const struct outcome *outcome)
{
	struct speed *s = arg;

	purse_settle(&s->ticket, outcome);
	purse_flush(&s->purse);
}

/* Asks all models in turns.  Returns 0, or -1 if a signal came. */
static int
ask_all(struct speed *s)
{
	struct outcome outcome;
	int64_t run;
	size_t i;
	char *prompt;
	int rc = 0;

	for (run = 0; run < s->runs && rc == 0; run++)
		for (i = 0; i < s->n && rc == 0; i++) {
			struct trials *t = &s->list[i];

			show_progress(s, t, run * (int64_t)s->n +
			    (int64_t)i + 1);
			prompt = make_prompt(s);
			rc = gauge_ask(&s->gauge, t->service, t->model, prompt,
			    &outcome);
			free(prompt);
			if (rc == -1)
				break;
			trials_add(t, &outcome);
			leave_row(s, t, &outcome);
		}
	if (s->terminal)
		fputs("\r\033[K", stderr);
	return rc;
}

/* Whether what the site may spend lets this command begin. */
static bool
may_spend(struct speed *s)
{
	struct house *house = &s->gauge.house;
	struct err err = ERR_INIT;

	if (!guard_holds_owner(&house->config.guard))
		return true;
	s->gauge.till = (struct gauge_till){ may_ask, was_asked, s };
	if (purse_begin(&s->purse, &house->ledger, &err) == 0)
		return true;
	log_warnx("%s", err.text);
	return false;
}

static int
print_all(struct speed *s, bool stopped)
{
	bool failed = false;
	size_t i;

	trials_sort(s->list, s->n);
	for (i = 0; i < s->n; i++)
		failed = failed || s->list[i].n < s->list[i].asked;
	if (s->json)
		speed_print_json(s->list, s->n, s->runs, s->tokens);
	else
		speed_print(s->list, s->n, isatty(STDOUT_FILENO) == 1);
	if (fflush(stdout) == EOF)
		log_warn("standard output");
	if (stopped)
		log_warnx("stopped; above is what was measured until then");
	return stopped ? SPEED_STOPPED : failed ? SPEED_FAILED : SPEED_DONE;
}

/* --- both ---------------------------------------------------------------- */

static void
warn_line(const char *line)
{
	log_warnx("%s", line);
}

static int
prepare_speed(struct speed *s, int n, char **word, struct err *err)
{
	if (config_load(&s->gauge.house.config, warn_line, err) == -1 ||
	    read_speed_words(s, n, word, err) == -1 ||
	    read_prompt(s, err) == -1)
		return -1;
	if (gauge_open(&s->gauge, s->tokens, s->n) == -1)
		return err_set(err, 503, "no_memory", "out of memory");
	return 0;
}

int
speed_command(int n, char **word)
{
	struct speed s = { .gauge = GAUGE_INIT, .runs = RUNS,
	    .tokens = TOKENS, .purse = PURSE_INIT };
	struct err err = ERR_INIT;
	int rc = SPEED_USAGE;
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	s.terminal = isatty(STDERR_FILENO) == 1;
	if (prepare_speed(&s, n, word, &err) == -1) {
		log_warnx("%s", err.text);
	} else if (!may_spend(&s)) {
		rc = SPEED_FAILED;
	} else {
		announce(&s);
		rc = print_all(&s, ask_all(&s) == -1);
		purse_close(&s.purse);
	}
	for (i = 0; i < s.n; i++)
		trials_free(&s.list[i]);
	free(s.list);
	free(s.prompt);
	gauge_close(&s.gauge);
	return rc;
}
