/*
 * tool.c: see tool.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool.h"

static void __attribute__((format(printf, 2, 0)))
complain(int error, const char *fmt, va_list ap)
{
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "%s%s\n", error != 0 ? ": " : "",
	    error != 0 ? strerror(error) : "");
}

void
die(const char *fmt, ...)
{
	int error = errno;
	va_list ap;

	va_start(ap, fmt);
	complain(error, fmt, ap);
	va_end(ap);
	exit(1);
}

void
diex(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(0, fmt, ap);
	va_end(ap);
	exit(1);
}

int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

double
number(const char *option, const char *text, double least, double most)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !(value >= least && value <= most))
		diex("--%s %s: must be a number from %g to %g", option, text,
		    least, most);
	return value;
}

void
parts_read(struct parts *parts, const char *text)
{
	const char *equals;
	char *end = NULL;
	size_t n;

	for (; *text != '\0'; text = *end == ',' ? end + 1 : end) {
		equals = strchr(text, '=');
		n = equals == NULL ? 0 : (size_t)(equals - text);
		if (n == 0 || n >= NAME_SIZE || parts->n == PARTS_MAX)
			diex("parts must look like init=30,add=150: %s", text);
		memcpy(parts->list[parts->n].name, text, n);
		parts->list[parts->n].name[n] = '\0';
		parts->list[parts->n].tokens = strtol(equals + 1, &end, 10);
		if (end == equals + 1 || (*end != ',' && *end != '\0') ||
		    parts->list[parts->n].tokens < 0)
			diex("not a number of tokens: %s", text);
		parts->n++;
	}
}

long
parts_tokens(const struct parts *parts, const char *name, size_t n,
    long otherwise)
{
	size_t i;

	for (i = 0; i < parts->n; i++)
		if (strlen(parts->list[i].name) == n &&
		    memcmp(parts->list[i].name, name, n) == 0)
			return parts->list[i].tokens;
	return otherwise;
}
