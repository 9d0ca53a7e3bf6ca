/*
 * say.c: runs on the command line.  Columns, line breaks, and clean text; knows
 * nothing of what it prints.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "check/say.h"

#define WIDTH	79
#define INDENT	14	/* of the second column, as check.c has it */
#define SAID_MAX	4096

/*
 * Whether a terminal may be given this character.  It must not get the controls
 * C0 and C1, marks and overrides of text direction, line and paragraph
 * separators, and the byte order mark.
 */
static bool
is_harmless(uint32_t cp)
{
	return cp >= 0x20 && (cp < 0x7f || cp > 0x9f) &&
	    (cp < 0x200e || cp > 0x200f) && (cp < 0x2028 || cp > 0x202e) &&
	    (cp < 0x2066 || cp > 0x2069) && cp != 0xfeff;
}

/* Appends s, with a "?" for each character that a terminal must not get. */
static void
add_clean(struct buf *out, const char *s, size_t n)
{
	uint32_t cp;
	size_t step;

	for (; n > 0; s += step, n -= step) {
		step = utf8_next(s, n, &cp);
		if (step > 0 && is_harmless(cp)) {
			buf_add(out, s, step);
			continue;
		}
		buf_putc(out, '?');
		step = step == 0 ? 1 : step;
	}
}

static void
vadd_clean(struct buf *out, const char *fmt, va_list args)
{
	char text[SAID_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	add_clean(out, text, strlen(text));
}

/*
 * Prints the words of s and a newline.  The first line begins at column `at`,
 * the others at column `indent`.
 */
static void
print_wrapped(const char *s, size_t at, size_t indent)
{
	size_t word, columns;
	bool first = true;

	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		word = strcspn(s, " ");
		columns = utf8_count(s, word);
		if (!first && at + 1 + columns > WIDTH) {
			printf("\n%*s", (int)indent, "");
			at = indent;
			first = true;
		}
		printf("%s%.*s", first ? "" : " ", (int)word, s);
		at += columns + !first;
		first = false;
		s += word;
	}
	printf("\n");
}

/* The escape sequence `code` if colours may be used, else "". */
static const char *
colour(const char *code)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !isatty(STDOUT_FILENO) || (no != NULL && *no != '\0') ||
	    term == NULL || strcmp(term, "dumb") == 0 ? "" : code;
}

static void
vsay(const char *label, const char *code, const char *fmt, va_list args)
{
	struct buf text = BUF_INIT(SAID_MAX);

	vadd_clean(&text, fmt, args);
	printf("  %s%-11s%s ", colour(code), label, colour("\033[0m"));
	print_wrapped(text.data, INDENT, INDENT);
	buf_free(&text);
	/* The next line may take seconds to come: this one is shown now. */
	fflush(stdout);
}

void
say_fact(const char *label, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(label, "", fmt, args);
	va_end(args);
}

void
say_warning(const char *label, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(label, "\033[1;33m", fmt, args);
	va_end(args);
}

void
say_advice(const char *text)
{
	struct buf line = BUF_INIT(SAID_MAX);
	size_t n;

	printf("\n");
	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		buf_reset(&line);
		add_clean(&line, text + (*text == '\t'), n - (*text == '\t'));
		if (*text == '\t') {
			printf("      %s\n", line.data);
		} else {
			printf("  ");
			print_wrapped(line.data, 2, 2);
		}
	}
	buf_free(&line);
}

void
say_verdict(enum say_tone tone, const char *word, const char *fmt, ...)
{
	static const char *const codes[] = {
		[SAY_GOOD] = "\033[1;32m", [SAY_BAD] = "\033[1;31m",
		[SAY_UNSURE] = "\033[1;33m",
	};
	struct buf text = BUF_INIT(SAID_MAX);
	va_list args;

	va_start(args, fmt);
	vadd_clean(&text, fmt, args);
	va_end(args);
	printf("\n%s%s%s  ", colour(codes[tone]), word, colour("\033[0m"));
	print_wrapped(text.data, strlen(word) + 2, strlen(word) + 2);
	buf_free(&text);
	fflush(stdout);
}
