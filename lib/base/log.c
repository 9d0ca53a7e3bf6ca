/*
 * log.c: any process.  Writes lines to stderr; knows nothing of their meaning.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

/*
 * Replaces control characters by spaces.  A message may quote what a server
 * sent, and a newline in it would forge a line of the log; an escape sequence
 * could change the terminal on which somebody reads it.  The control characters
 * of C1 are two bytes in UTF-8: 0xc2 and then 0x80 to 0x9f.
 */
static void
hide_controls(char *text, size_t n)
{
	unsigned char *p = (unsigned char *)text, *end = p + n;

	for (; p < end; p++)
		if (*p < ' ' || *p == 0x7f)
			*p = ' ';
		else if (*p == 0xc2 && p + 1 < end && p[1] < 0xa0)
			p[0] = p[1] = ' ';
}

/* Writes one line, which ends in what errnum means unless that is 0. */
static void
write_line(const char *fmt, va_list ap, int errnum)
{
	char text[1024];
	size_t n;
	int r;

	/* snprintf returns the length uncut, so n may pass the array. */
	n = (size_t)snprintf(text, sizeof(text), "recipe.fcgi: ");
	r = vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	n = r < 0 ? n : n + (size_t)r;
	if (errnum != 0 && n < sizeof(text)) {
		r = snprintf(text + n, sizeof(text) - n, ": %s",
		    strerror(errnum));
		n = r < 0 ? n : n + (size_t)r;
	}
	if (n > sizeof(text) - 1)
		n = sizeof(text) - 1;
	hide_controls(text, n);
	text[n++] = '\n';
	/* If the log cannot be written, the program goes on without it. */
	if (write(STDERR_FILENO, text, n) == -1)
		return;
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_line(fmt, ap, 0);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	write_line(fmt, ap, saved);
	va_end(ap);
	errno = saved;
}

void
log_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_line(fmt, ap, 0);
	va_end(ap);
}

/* Whether a line may be written; if not, it is counted. */
static bool
may_be_said(struct log_pace *pace, int64_t now_ms)
{
	if (now_ms >= pace->next_ms)
		return true;
	pace->held++;
	return false;
}

/* Adds how many lines were held back, and begins a new time. */
static void
add_held(struct log_pace *pace, int64_t now_ms, char *text, size_t size)
{
	size_t n = strlen(text);

	if (pace->held > 0)
		snprintf(text + n, size - n,
		    " (%lu more times since this was last said)", pace->held);
	*pace = (struct log_pace){ now_ms + LOG_PACE_MS, 0 };
}

/* If `error` is not 0, what it means stands at the end of the line. */
static void __attribute__((format(printf, 3, 0)))
say_paced(struct log_pace *pace, int64_t now_ms, const char *fmt, va_list ap,
    int error)
{
	char text[512];

	if (!may_be_said(pace, now_ms))
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	add_held(pace, now_ms, text, sizeof(text));
	errno = error;
	if (error != 0)
		log_warn("%s", text);
	else
		log_warnx("%s", text);
}

void
log_warn_paced(struct log_pace *pace, int64_t now_ms, const char *fmt, ...)
{
	int error = errno;
	va_list ap;

	va_start(ap, fmt);
	say_paced(pace, now_ms, fmt, ap, error);
	va_end(ap);
}

void
log_warnx_paced(struct log_pace *pace, int64_t now_ms, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_paced(pace, now_ms, fmt, ap, 0);
	va_end(ap);
}

void
fatal(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	write_line(fmt, ap, saved);
	va_end(ap);
	exit(1);
}

void
fatalx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_line(fmt, ap, 0);
	va_end(ap);
	exit(1);
}
