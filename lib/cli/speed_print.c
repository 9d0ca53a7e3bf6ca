/*
 * speed_print.c: the command line.  Prints what was measured; measures nothing.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "cli/speed_print.h"
#include "cli/trials.h"
#include "setup/service.h"
#include "text/json.h"

/* The longest bar, and the width of a figure with its least and most. */
#define BAR		24
#define FIGURE		22
#define DOCUMENT_MAX	(1024 * 1024)

/* --- the table ----------------------------------------------------------- */

static int
name_width(const struct trials *list, size_t n)
{
	size_t i, width, most = 0;

	for (i = 0; i < n; i++) {
		width = strlen(list[i].service->id) + 1 +
		    strlen(list[i].model);
		if (width > most)
			most = width;
	}
	return (int)most;
}

static void
print_name(const struct trials *t, int width)
{
	printf("%s %-*s", t->service->id, width - 1 -
	    (int)strlen(t->service->id), t->model);
}

static void
print_figure(struct figure f, int digits)
{
	char text[80] = "-";

	if (f.n == 1)
		snprintf(text, sizeof(text), "%.*f", digits, f.median);
	else if (f.n > 1)
		snprintf(text, sizeof(text), "%.*f (%.*f to %.*f)", digits,
		    f.median, digits, f.least, digits, f.most);
	printf("  %-*s", FIGURE, text);
}

static void
print_bar(double part)
{
	int i, n = (int)(part * BAR + 0.5);

	for (i = 0; i < (n < 1 ? 1 : n); i++)
		putchar('#');
}

static void
print_row(const struct trials *t, int width, double slowest, bool bars)
{
	struct figure total = trials_figure(t, TRIAL_TOTAL);

	print_name(t, width);
	if (total.n == 0) {
		printf("  %s\n", t->failure.message);
		return;
	}
	print_figure(total, 0);
	print_figure(trials_figure(t, TRIAL_FIRST), 0);
	print_figure(trials_figure(t, TRIAL_THOUGHT), 0);
	print_figure(trials_figure(t, TRIAL_RATE), 1);
	printf("  %-6.1f", trials_figure(t, TRIAL_CHUNK).median);
	if (bars && slowest > 0)
		print_bar(total.median / slowest);
	if (trials_are_estimated(t))
		printf("  tokens are estimated");
	if (t->n < t->asked)
		printf("  %zu of %zu failed: %s", t->asked - t->n, t->asked,
		    t->failure.message);
	putchar('\n');
}

static void
print_connection(const struct trials *t, int width)
{
	struct figure cold = trials_figure(t, TRIAL_COLD);

	if (t->n == 0)
		return;
	print_name(t, width);
	if (cold.n > 0)
		printf("  %.1f ms (DNS %.1f, TCP %.1f, TLS %.1f)",
		    cold.median, trials_figure(t, TRIAL_DNS).median,
		    trials_figure(t, TRIAL_TCP).median,
		    trials_figure(t, TRIAL_TLS).median);
	printf("  kept for %zu of %zu answers\n", trials_kept(t), t->n);
}

void
speed_print(const struct trials *list, size_t n, bool bars)
{
	int width = name_width(list, n);
	double slowest = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (trials_figure(&list[i], TRIAL_TOTAL).median > slowest)
			slowest = trials_figure(&list[i], TRIAL_TOTAL).median;
	printf("%-*s  %-*s  %-*s  %-*s  %-*s  %s\n", width, "", FIGURE,
	    "total ms", FIGURE, "first token ms", FIGURE, "first thought ms",
	    FIGURE, "tokens/s", "a chunk");
	for (i = 0; i < n; i++)
		print_row(&list[i], width, slowest, bars);
	printf("\n%-*s  a new connection\n", width, "");
	for (i = 0; i < n; i++)
		print_connection(&list[i], width);
}

/* --- the document -------------------------------------------------------- */

static void
set_figure(struct json *row, const char *key, struct figure f)
{
	struct json *json = json_new_object();

	if (f.n > 0) {
		json_set_double(json, "median", f.median);
		json_set_double(json, "least", f.least);
		json_set_double(json, "most", f.most);
	}
	json_set_int(json, "of", (int64_t)f.n);
	json_set(row, key, json);
}

static struct json *
row_json(const struct trials *t)
{
	struct json *row = json_new_object(), *error;

	json_set_string(row, "service", t->service->id);
	json_set_string(row, "model", t->model);
	json_set_int(row, "asked", (int64_t)t->asked);
	json_set_int(row, "answered", (int64_t)t->n);
	set_figure(row, "total_ms", trials_figure(t, TRIAL_TOTAL));
	set_figure(row, "first_token_ms", trials_figure(t, TRIAL_FIRST));
	set_figure(row, "first_thought_ms", trials_figure(t, TRIAL_THOUGHT));
	set_figure(row, "tokens_s", trials_figure(t, TRIAL_RATE));
	set_figure(row, "tokens_chunk", trials_figure(t, TRIAL_CHUNK));
	json_set_bool(row, "estimated", trials_are_estimated(t));
	set_figure(row, "connect_ms", trials_figure(t, TRIAL_COLD));
	set_figure(row, "dns_ms", trials_figure(t, TRIAL_DNS));
	set_figure(row, "tcp_ms", trials_figure(t, TRIAL_TCP));
	set_figure(row, "tls_ms", trials_figure(t, TRIAL_TLS));
	json_set_int(row, "kept", (int64_t)trials_kept(t));
	if (t->n < t->asked) {
		error = json_new_object();
		json_set_string(error, "code", code_word(t->failure.code));
		json_set_string(error, "message", t->failure.message);
		json_set(row, "error", error);
	}
	return row;
}

void
speed_print_json(const struct trials *list, size_t n, int64_t runs,
    int64_t tokens)
{
	struct json *json = json_new_object(), *rows = json_new_array();
	struct buf text = BUF_INIT(DOCUMENT_MAX);
	size_t i;

	json_set_int(json, "version", 1);
	json_set_int(json, "runs", runs);
	json_set_int(json, "tokens", tokens);
	for (i = 0; i < n; i++)
		json_push(rows, row_json(&list[i]));
	json_set(json, "rows", rows);
	json_write_lines(json, &text);
	if (text.failed)
		fatalx("out of memory");
	fwrite(text.data, 1, text.len, stdout);
	buf_free(&text);
	json_free(json);
}
