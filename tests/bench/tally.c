/*
 * tally.c: see tally.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tally.h"

static void *
grow(void *list, size_t n, size_t *size, size_t each)
{
	if (n < *size)
		return list;
	*size = *size == 0 ? 64 : 2 * *size;
	if ((list = realloc(list, *size * each)) == NULL)
		die("memory");
	return list;
}

void
tally_run(struct tally *t, const struct run_seen *run)
{
	t->runs = grow(t->runs, t->nruns, &t->runs_size, sizeof(*run));
	t->runs[t->nruns++] = *run;
}

void
tally_relay(struct tally *t, int64_t ns)
{
	t->relays = grow(t->relays, t->nrelays, &t->relays_size, sizeof(ns));
	t->relays[t->nrelays++] = ns;
}

void
tally_error(struct tally *t, const char *fmt, ...)
{
	const long most = sizeof(t->first_errors) / sizeof(*t->first_errors);
	va_list ap;

	va_start(ap, fmt);
	if (t->errors < most)
		vsnprintf(t->first_errors[t->errors],
		    sizeof(*t->first_errors), fmt, ap);
	va_end(ap);
	t->errors++;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static double
relay_ms(const struct tally *t, double share)
{
	if (t->nrelays == 0)
		return 0;
	return (double)t->relays[(size_t)(share *
	    (double)(t->nrelays - 1))] / 1e6;
}

/* Milliseconds since the run was asked for; null if it never happened. */
static void
put_ms(FILE *out, const char *name, const struct run_seen *run, int64_t ns)
{
	if (ns == 0)
		fprintf(out, ",\"%s\":null", name);
	else
		fprintf(out, ",\"%s\":%.3f", name,
		    (double)(ns - run->post_ns) / 1e6);
}

static void
put_run(FILE *out, const struct run_seen *run)
{
	const struct part_seen *part;
	size_t i;

	fprintf(out, "{\"pick\":%d,\"post_ns\":%" PRId64 ",\"left_ns\":%"
	    PRId64, run->pick, run->post_ns, run->left_ns);
	put_ms(out, "head", run, run->head_ns);
	put_ms(out, "first", run, run->first_ns);
	put_ms(out, "done", run, run->done_ns);
	fputs(",\"parts\":{", out);
	for (i = 0; i < run->nparts; i++) {
		part = &run->parts[i];
		fprintf(out, "%s\"%s\":{\"tokens\":%ld", i > 0 ? "," : "",
		    part->name, part->tokens);
		put_ms(out, "start", run, part->start_ns);
		put_ms(out, "first", run, part->first_ns);
		put_ms(out, "end", run, part->end_ns);
		fputc('}', out);
	}
	fputs("}}", out);
}

static void
put_string(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s != '\0'; s++)
		if (*s == '"' || *s == '\\' || (unsigned char)*s < ' ')
			fprintf(out, "\\u%04x", (unsigned char)*s);
		else
			fputc(*s, out);
	fputc('"', out);
}

/* From the first request to the last end. */
static double
span_s(const struct tally *t)
{
	int64_t from = INT64_MAX, to = 0;
	size_t i;

	for (i = 0; i < t->nruns; i++) {
		if (t->runs[i].post_ns < from)
			from = t->runs[i].post_ns;
		if (t->runs[i].done_ns > to)
			to = t->runs[i].done_ns;
	}
	return to == 0 ? 0 : (double)(to - from) / 1e9;
}

static long
shown_errors(const struct tally *t)
{
	const long most = sizeof(t->first_errors) / sizeof(*t->first_errors);

	return t->errors < most ? t->errors : most;
}

void
tally_json(struct tally *t, FILE *out)
{
	size_t i;
	long e;

	qsort(t->relays, t->nrelays, sizeof(*t->relays), compare);
	fprintf(out, "{\"tokens\":%zu,\"span_s\":%.4f,\"relay\":{\"p50\":%.4f,"
	    "\"p90\":%.4f,\"p99\":%.4f,\"max\":%.4f},\"errors\":%ld,"
	    "\"first_errors\":[", t->nrelays, span_s(t), relay_ms(t, .5),
	    relay_ms(t, .9), relay_ms(t, .99), relay_ms(t, 1), t->errors);
	for (e = 0; e < shown_errors(t); e++) {
		fputs(e > 0 ? "," : "", out);
		put_string(out, t->first_errors[e]);
	}
	fputs("],\"runs\":[", out);
	for (i = 0; i < t->nruns; i++) {
		fputs(i > 0 ? ",\n" : "\n", out);
		put_run(out, &t->runs[i]);
	}
	fputs("]}\n", out);
}

void
tally_table(struct tally *t, FILE *out)
{
	const struct run_seen *r;
	size_t i;
	long e;

	qsort(t->relays, t->nrelays, sizeof(*t->relays), compare);
	fprintf(out, "%zu runs, %zu tokens in %.3f s, %ld errors\n"
	    "relay ms: p50 %.3f  p90 %.3f  p99 %.3f  max %.3f\n", t->nruns,
	    t->nrelays, span_s(t), t->errors, relay_ms(t, .5),
	    relay_ms(t, .9), relay_ms(t, .99), relay_ms(t, 1));
	for (e = 0; e < shown_errors(t); e++)
		fprintf(out, "error: %s\n", t->first_errors[e]);
	for (i = 0; i < t->nruns && i < 10; i++) {
		r = &t->runs[i];
		fprintf(out, "run %zu, ms: head %.1f  first %.1f  end %.1f\n",
		    i + 1, (double)(r->head_ns - r->post_ns) / 1e6,
		    (double)(r->first_ns - r->post_ns) / 1e6,
		    (double)((r->left_ns ? r->left_ns : r->done_ns) -
		    r->post_ns) / 1e6);
	}
}
