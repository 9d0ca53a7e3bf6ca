/*
 * bulk_command.c: the command line.  Opens what is needed in its order, and
 * says how it ended; asks nothing itself.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "bulk/crew.h"
#include "bulk/ids.h"
#include "bulk/progress.h"
#include "bulk/results.h"
#include "bulk/score.h"
#include "bulk/source.h"
#include "bulk/stop.h"
#include "bulk/survey.h"
#include "bulk/task.h"
#include "bulk/underway.h"
#include "cli/bulk_command.h"
#include "cli/bulk_words.h"
#include "http/trust.h"
#include "plan/plan.h"
#include "setup/config.h"
#include "spend/entry.h"
#include "text/json.h"
#include "web/house.h"

struct bulk {
	struct bulk_words	 words;
	struct house		 house;
	struct err		 no_graph;	/* status 0: there is one */
	struct score		 score;
	struct task_shared	 shared;
	struct ids		 ids;
	struct survey		 survey;
	struct results		 results;
	struct underway		 underway;
	struct source_lines	 source;
	bool			 streams;	/* it cannot be read twice */
	struct progress		 progress;
	size_t			 before;	/* lines that have a result */
};

static void
warn_of_file(const char *line)
{
	log_warnx("%s", line);
}

/* A file of calls needs no prompts, so it is no fault if there are none. */
static int
load_house(struct bulk *b, struct err *err)
{
	struct house *house = &b->house;

	if (b->words.prompts != NULL &&
	    setenv("RECIPE_PROMPTS", b->words.prompts, 1) == -1)
		return err_set(err, 503, "no_memory", "out of memory");
	if (config_load(&house->config, warn_of_file, err) == -1)
		return -1;
	if (graph_load(&house->graph, &b->no_graph) == -1) {
		graph_free(&house->graph);
		house->graph = (struct graph)GRAPH_INIT;
	}
	b->shared = (struct task_shared){ .house = house,
	    .aims = &b->words.aims, .score = &b->score,
	    .no_graph = &b->no_graph,
	    .is_paid = guard_holds_owner(&house->config.guard) };
	return 0;
}

static bool
is_stream(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static int
refuse_same_file(const char *in, const char *out, struct err *err)
{
	struct stat from, to;

	if (stat(in, &from) == -1 || stat(out, &to) == -1 ||
	    from.st_dev != to.st_dev || from.st_ino != to.st_ino ||
	    !S_ISREG(from.st_mode))
		return 0;
	return err_set(err, 400, "usage", "%.100s and %.100s are the same "
	    "file: the results need files of their own", in, out);
}

/*
 * To write into the file that is read would destroy it, and --retry-failed
 * takes lines out of the errors file before they are read.
 */
static int
refuse_own_files(const struct bulk_words *words, struct err *err)
{
	struct buf errors = BUF_INIT(8192);
	int rc;

	if (is_stream(words->in) || words->out == NULL)
		return 0;
	buf_printf(&errors, "%s.errors.jsonl", words->out);
	rc = refuse_same_file(words->in, words->out, err);
	if (rc == 0)
		rc = refuse_same_file(words->in, errors.data, err);
	buf_free(&errors);
	return rc;
}

/*
 * Opens the input, and reads all of it once, if it can be read again after
 * that.  0, or -1 with err.
 */
static int
survey_file(struct bulk *b, struct err *err)
{
	struct source_lines *source = &b->source;

	if (source_open(source, b->words.in, err) == -1)
		return -1;
	b->streams = source->fd != -1;
	if (b->streams && b->words.retry && !b->words.check)
		return err_set(err, 400, "usage", "--retry-failed needs an "
		    "input that can be read twice: name a file, not a stream");
	if (b->streams && !b->words.check)
		return 0;
	if (survey_read(&b->survey, source, &b->shared, &b->ids,
	    b->words.check, err) == -1)
		return -1;
	source->close(source->arg);
	source->close = NULL;
	if (b->survey.faults > 0)
		return err_set(err, 400, "faults", "%zu lines of %s cannot be "
		    "asked; nothing was asked", b->survey.faults, b->words.in);
	if (b->survey.lines == 0)
		return err_set(err, 400, "empty_file", "%s has no lines",
		    b->words.in);
	return 0;
}

static int
print_check(const struct bulk *b)
{
	const struct survey *s = &b->survey;

	printf("%zu lines: %zu runs, %zu calls; at most %" PRId64 " tokens, "
	    "a cost of %.4f", s->lines, s->runs, s->calls, s->tokens,
	    (double)s->money / ENTRY_COIN);
	if (s->unbound > 0)
		printf("; %zu calls have no bound, and of these the prompts "
		    "alone are counted", s->unbound);
	putchar('\n');
	return fflush(stdout) == 0 ? BULK_DONE : BULK_USAGE;
}

/* --max-cost needs prices, or nothing would ever cost anything. */
static int
need_prices(const struct bulk *b, struct err *err)
{
	const struct services *services = &b->house.config.services;
	size_t i;

	for (i = 0; i < services->n; i++)
		if (b->words.money_most >= 0 &&
		    services->list[i].why_not == NULL &&
		    !service_is_demo(&services->list[i]) &&
		    !prices_of(&services->list[i].prices,
		    services->list[i].models[0])->is_set)
			return err_set(err, 400, "usage", "--max-cost needs "
			    "\"price\" of service \"%s\" in recipe.json",
			    services->list[i].id);
	return 0;
}

/* A file of what the demo writes would be taken for a file of answers. */
static int
refuse_demo(const struct bulk *b, struct err *err)
{
	if (b->words.demo || b->house.graph.n == 0 ||
	    (b->survey.runs == 0 && !b->streams) ||
	    !plan_is_demo(&b->house.graph, &b->house.config))
		return 0;
	return err_set(err, 400, "demo", "no service can be used for some "
	    "stage, so the demo would write: give a key (recipe.fcgi check "
	    "says which), or say --demo");
}

/* How many lines are under way at once, and processes for them. */
static size_t
choose_at_once(struct bulk *b, size_t *per_line)
{
	struct config *config = &b->house.config;
	size_t n = (size_t)b->words.at_once;
	bool runs = b->survey.runs > 0 || b->streams;

	*per_line = runs && b->house.graph.n > 0 ?
	    graph_stages(&b->house.graph) : 1;
	if (*per_line == 0)
		*per_line = 1;
	if (n > 0)
		return n;
	config_fit(config, *per_line);
	n = (size_t)config->limits.max_runs;
	return b->survey.lines > 0 && n > b->survey.lines ? b->survey.lines : n;
}

/*
 * A server that answers as many requests at once as there are processes has a
 * connection for each of them, which is then kept from line to line.
 */
static void
keep_connections(struct services *services, size_t processes)
{
	size_t i;

	for (i = 0; i < services->n; i++)
		if (services->list[i].parallel >= (int64_t)processes)
			services->list[i].preconnect = true;
}

/* Opens what asks.  0, or -1 with err. */
static int
open_house(struct bulk *b, size_t at_once, size_t per_line, struct err *err)
{
	struct house *house = &b->house;

	/* A process for a line is kept for the next. */
	house->config.limits.stage_requests = INT32_MAX;
	keep_connections(&house->config.services, at_once * per_line);
	house_open(house);
	trust_load(house->trust, &house->config.services);
	if (pool_init(&house->pool, at_once * per_line, 0,
	    &(struct stage_heritage){ &house->graph, &house->config,
	    house->trust, NULL }) == -1)
		return err_set(err, 503, "no_memory", "out of memory");
	return 0;
}

static void
tell_progress(void *arg, size_t busy, size_t waiting)
{
	progress_tick(arg, busy, waiting);
}

static void
summarize(const struct bulk *b, enum crew_end end)
{
	static const char *const hows[] = { [CREW_DONE] = "done",
	    [CREW_STOPPED] = "stopped", [CREW_LIMIT] = "stopped by a limit",
	    [CREW_BROKEN] = "stopped by a fault" };
	struct buf text = BUF_INIT(65536), errors = BUF_INIT(8192);
	struct summary summary = { hows[end],
	    ids_count(&b->ids, ID_GIVEN, ID_DONE | ID_FAILED),
	    is_stream(b->words.out) ? 0 :
	    ids_count(&b->ids, 0, ID_GIVEN), b->before, NULL };
	struct json *json;

	if (!is_stream(b->words.out) &&
	    ids_count(&b->ids, ID_GIVEN | ID_FAILED, ID_DONE) > 0) {
		buf_printf(&errors, "%s.errors.jsonl", b->words.out);
		summary.errors = errors.data;
	}
	progress_end(&b->progress, &summary);
	if (b->words.json) {
		json = progress_json(&b->progress, &summary);
		json_write(json, &text);
		fprintf(is_stream(b->words.out) ? stderr : stdout, "%s\n",
		    text.data);
		json_free(json);
	}
	buf_free(&text);
	buf_free(&errors);
}

static int
status_of(const struct bulk *b, enum crew_end end)
{
	if (end != CREW_DONE)
		return BULK_LEFT;
	return b->score.failed > 0 || b->score.partly > 0 ||
	    ids_count(&b->ids, ID_GIVEN | ID_FAILED, 0) > 0 ?
	    BULK_FAILED : BULK_DONE;
}

/* Asks what has no result yet.  Returns the exit status. */
static int
ask_lines(struct bulk *b, struct err *err)
{
	struct crew crew = { .shared = &b->shared, .source = &b->source,
	    .results = &b->results, .ids = &b->ids,
	    .underway = &b->underway,
	    .is_checked = !b->streams,
	    .tokens_most = b->words.tokens_most,
	    .money_most = b->words.money_most, .tick = tell_progress,
	    .arg = &b->progress };
	size_t per_line;
	enum crew_end end;

	crew.at_once = choose_at_once(b, &per_line);
	if ((!b->streams && source_open(&b->source, b->words.in, err) == -1) ||
	    open_house(b, crew.at_once, per_line, err) == -1)
		return BULK_USAGE;
	b->before = ids_count(&b->ids, ID_GIVEN | ID_DONE, 0);
	progress_begin(&b->progress, &b->score, &b->house.rates,
	    b->survey.lines == 0 ? 0 :
	    ids_count(&b->ids, ID_GIVEN, ID_DONE | ID_FAILED));
	b->shared.ratelimit.paces = true;
	stop_catch();
	end = crew_run(&crew, err);
	summarize(b, end);
	return status_of(b, end);
}

static int
do_words(struct bulk *b, int n, char **word, struct err *err)
{
	if (bulk_words_read(&b->words, n, word, err) == -1 ||
	    load_house(b, err) == -1 ||
	    refuse_own_files(&b->words, err) == -1 ||
	    need_prices(b, err) == -1 || survey_file(b, err) == -1)
		return BULK_USAGE;
	if (b->words.check)
		return print_check(b);
	if (refuse_demo(b, err) == -1)
		return BULK_USAGE;
	if (results_open(&b->results, b->words.out, &b->ids, b->words.retry,
	    err) == -1 || underway_open(&b->underway, b->words.out, &b->ids,
	    err) == -1)
		return BULK_USAGE;
	if (b->results.torn > 0)
		log_warnx("a torn last line was cut off: its answer was lost");
	if (b->underway.lost > 0)
		log_warnx("%zu lines were under way when an earlier process "
		    "ended, and are asked again, so they may be paid for "
		    "twice: %s", b->underway.lost, b->underway.names.data);
	return ask_lines(b, err);
}

int
bulk_command(int n, char **word)
{
	struct bulk b = { .words = BULK_WORDS_INIT, .house = HOUSE_INIT,
	    .no_graph = ERR_INIT, .score = SCORE_INIT, .ids = IDS_INIT,
	    .survey = SURVEY_INIT, .results = RESULTS_INIT,
	    .underway = UNDERWAY_INIT };
	struct err err = ERR_INIT;
	int rc;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	rc = do_words(&b, n, word, &err);
	if (err.status != 0)
		log_warnx("%s%s", err.text, rc == BULK_LEFT ?
		    "; the same command goes on" : "");
	if (b.source.close != NULL)
		b.source.close(b.source.arg);
	results_close(&b.results);
	underway_close(&b.underway, rc == BULK_DONE || rc == BULK_FAILED);
	ids_free(&b.ids);
	bulk_words_free(&b.words);
	house_free(&b.house);
	return rc;
}
