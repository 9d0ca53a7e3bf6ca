/*
 * progress.c: the command line.  Writes figures for people and machines;
 * computes what follows from them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "bulk/progress.h"
#include "bulk/score.h"
#include "setup/service.h"
#include "site/rates.h"
#include "spend/entry.h"
#include "text/json.h"

void
progress_begin(struct progress *progress, const struct score *score,
    const struct rates *rates, size_t total)
{
	*progress = (struct progress){ .score = score, .rates = rates,
	    .total = total,
	    .terminal = isatty(STDERR_FILENO) == 1,
	    .start_ms = io_now_ms() };
}

static size_t
ended(const struct score *score)
{
	return score->done + score->partly + score->failed;
}

static double
seconds_of(const struct progress *progress)
{
	return (double)(io_now_ms() - progress->start_ms) / 1000;
}

/* Writes how long the rest will take, if that is known. */
static void
put_left(const struct progress *progress, char *text, size_t n)
{
	size_t done = ended(progress->score);
	double left;

	text[0] = '\0';
	if (progress->total <= done || done == 0)
		return;
	left = seconds_of(progress) / (double)done *
	    (double)(progress->total - done);
	if (left < 90)
		snprintf(text, n, ", %.0f s left", left);
	else if (left < 5400)
		snprintf(text, n, ", %.0f min left", left / 60);
	else
		snprintf(text, n, ", %.1f h left", left / 3600);
}

/* Writes how much of a limit is used, if there is one. */
static void
put_share(const struct progress *progress, char *text, size_t n)
{
	const struct service *service;
	double share = rates_share(progress->rates, io_now_ms() -
	    progress->start_ms, &service);

	text[0] = '\0';
	if (share >= 0)
		snprintf(text, n, ", %s at %.0f %%", service->id, share * 100);
}

static void
put_progress(const struct progress *progress, size_t busy, size_t waiting,
    char *text, size_t n)
{
	const struct score *score = progress->score;
	double seconds = seconds_of(progress);
	char total[32] = "", at_work[64], share[100], left[64];

	if (progress->total > 0)
		snprintf(total, sizeof(total), " of %zu", progress->total);
	if (waiting > 0)
		snprintf(at_work, sizeof(at_work), "%zu of %zu wait", waiting,
		    busy);
	else
		snprintf(at_work, sizeof(at_work), "%zu under way", busy);
	put_share(progress, share, sizeof(share));
	put_left(progress, left, sizeof(left));
	snprintf(text, n, "%zu%s done, %zu failed%s, %.0f tokens/s%s, %s",
	    score->done + score->partly, total, score->failed, left,
	    seconds > 0 ? (double)score->out / seconds : 0, share, at_work);
}

/* The columns of the terminal.  A line that is longer would not be one line. */
static int
columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col > 1 ? size.ws_col : 80;
}

void
progress_tick(struct progress *progress, size_t busy, size_t waiting)
{
	int64_t now = io_now_ms();
	char line[300];

	put_progress(progress, busy, waiting, line, sizeof(line));
	if (progress->terminal) {
		fprintf(stderr, "\r\033[K%.*s", columns() - 1, line);
		fflush(stderr);
		return;
	}
	if (progress->told_ms == 0)
		progress->told_ms = now;
	if (now - progress->told_ms < PROGRESS_EVERY_MS)
		return;
	progress->told_ms = now;
	log_info("%s", line);
}

static void
print_sums(const struct score_service *s)
{
	fprintf(stderr, "    %-20s %8zu calls %8zu failed %12" PRId64
	    " tokens in %12" PRId64 " out", s->id, s->parts, s->failed, s->in,
	    s->out);
	if (s->money > 0)
		fprintf(stderr, " %10.4f", (double)s->money / ENTRY_COIN);
	fputc('\n', stderr);
}

void
progress_end(const struct progress *progress, const struct summary *summary)
{
	const struct score *score = progress->score;
	double seconds = seconds_of(progress);
	size_t i;

	if (progress->terminal)
		fputs("\r\033[K", stderr);
	fprintf(stderr, "recipe.fcgi: %s: %zu lines done", summary->how,
	    score->done + score->partly);
	if (score->partly > 0)
		fprintf(stderr, " (%zu of them with a part that failed)",
		    score->partly);
	fprintf(stderr, ", %zu failed", score->failed);
	if (summary->before > 0)
		fprintf(stderr, ", %zu done before", summary->before);
	if (summary->missing > 0)
		fprintf(stderr, ", %zu left", summary->missing);
	if (summary->unexpected > 0)
		fprintf(stderr, ", %zu results of lines that are not in the "
		    "file", summary->unexpected);
	fprintf(stderr, "; %.1f s, %" PRId64 " tokens in, %" PRId64 " out%s, "
	    "%.1f tokens/s", seconds, score->in, score->out,
	    score->estimated ? " (some estimated)" : "",
	    seconds > 0 ? (double)score->out / seconds : 0);
	if (score->cut > 0)
		fprintf(stderr, "; %zu answers were cut at their limit",
		    score->cut);
	fputc('\n', stderr);
	for (i = 0; i < score->n; i++)
		print_sums(&score->services[i]);
	if (summary->errors != NULL)
		fprintf(stderr, "recipe.fcgi: what failed is in %s; "
		    "--retry-failed asks it again\n", summary->errors);
}

static struct json *
service_json(const struct score_service *s)
{
	struct json *json = json_new_object();

	json_set_string(json, "id", s->id);
	json_set_int(json, "calls", (int64_t)s->parts);
	json_set_int(json, "failed", (int64_t)s->failed);
	json_set_int(json, "tokens_in", s->in);
	json_set_int(json, "tokens_out", s->out);
	json_set_double(json, "cost", (double)s->money / ENTRY_COIN);
	return json;
}

struct json *
progress_json(const struct progress *progress, const struct summary *summary)
{
	const struct score *score = progress->score;
	struct json *json = json_new_object(), *services = json_new_array();
	size_t i;

	json_set_string(json, "how", summary->how);
	json_set_int(json, "done", (int64_t)(score->done + score->partly));
	json_set_int(json, "partly", (int64_t)score->partly);
	json_set_int(json, "failed", (int64_t)score->failed);
	json_set_int(json, "before", (int64_t)summary->before);
	json_set_int(json, "missing", (int64_t)summary->missing);
	json_set_int(json, "unexpected", (int64_t)summary->unexpected);
	json_set_int(json, "cut", (int64_t)score->cut);
	json_set_double(json, "seconds", seconds_of(progress));
	json_set_int(json, "tokens_in", score->in);
	json_set_int(json, "tokens_out", score->out);
	json_set_bool(json, "estimated", score->estimated);
	json_set_double(json, "cost", (double)score->money / ENTRY_COIN);
	for (i = 0; i < score->n; i++)
		json_push(services, service_json(&score->services[i]));
	json_set(json, "services", services);
	return json;
}
