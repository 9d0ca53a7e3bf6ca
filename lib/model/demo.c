/*
 * demo.c: stage.  Writes as if it were a model; knows nothing of pipes, nor
 * what the text is about: its words are in prompts/demo/.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "model/demo.h"
#include "model/job.h"
#include "setup/graph.h"
#include "text/json.h"

#define TEXT_MAX	(256 * 1024)
#define ITEMS_MAX	8
#define ITEM_POINTS	40

/* What a text is made from, and where it goes. */
struct writer {
	struct json	*vars;
	bool		 json_values;	/* escape values for a JSON string */
	struct buf	*out;
	const char	*item;		/* {{.}}, inside a loop */
	size_t		 item_len;
};

/* A random number below n. */
static uint32_t
draw(uint32_t n)
{
	uint32_t x = 0;

	/* If the kernel has none, the first is taken: that does no harm. */
	if (n < 2 || getrandom(&x, sizeof(x), 0) != sizeof(x))
		return 0;
	return x % n;
}

/*
 * Whether a byte of a value is written as it is although it is a control
 * character: the lines of a text stay lines, but a string of JSON has one.
 */
static bool
is_kept(const struct writer *w, char c)
{
	return !w->json_values && (c == '\n' || c == '\t');
}

/*
 * Writes a value without control characters, but with its lines, and escaped if
 * it is for JSON.
 */
static void
write_value(struct writer *w, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '\r' && i + 1 < n && s[i + 1] == '\n')
			continue;
		if ((unsigned char)s[i] < ' ' && !is_kept(w, s[i]))
			buf_putc(w->out, ' ');
		else if (w->json_values && (s[i] == '"' || s[i] == '\\'))
			buf_printf(w->out, "\\%c", s[i]);
		else
			buf_putc(w->out, s[i]);
	}
}

/*
 * Sets *item to the i-th item of a text; returns its length, 0 if there is
 * none.
 */
static size_t
item_at(const char *text, size_t i, const char **item)
{
	const char *s = text;
	size_t n, points;

	for (;;) {
		s += strspn(s, ",;\n\r\t .");
		if (*s == '\0')
			return 0;
		n = strcspn(s, ",;\n\r");
		if (i-- == 0)
			break;
		s += n;
	}
	*item = s;
	while (n > 0 && strchr(" \t.", s[n - 1]) != NULL)
		n--;
	while ((points = utf8_count(s, n)) > ITEM_POINTS)
		n = utf8_cut(s, n, n - (points - ITEM_POINTS));
	return n;
}

/* How many items a text has, at most ITEMS_MAX. */
static size_t
count_items(const char *text)
{
	const char *item;
	size_t n = 0;

	while (n < ITEMS_MAX && item_at(text, n, &item) > 0)
		n++;
	return n;
}

/* The variable of that name; "" if there is none. */
static const char *
value_of(const struct writer *w, const char *name, size_t n)
{
	char key[80];

	if (n >= sizeof(key))
		return "";
	memcpy(key, name, n);
	key[n] = '\0';
	name = json_string(json_get(w->vars, key), NULL);
	return name == NULL ? "" : name;
}

static void	write_words(struct writer *w, const char *s, const char *end);

/* The first `mark` in [s, end); end if there is none. */
static const char *
find_mark(const char *s, const char *end, const char *mark)
{
	size_t n = strlen(mark);

	while ((size_t)(end - s) >= n && memcmp(s, mark, n) != 0)
		s++;
	return (size_t)(end - s) >= n ? s : end;
}

/* Writes one of [[a|b|c]].  s is after "[["; returns what is after "]]". */
static const char *
write_choice(struct writer *w, const char *s, const char *end)
{
	const char *close = find_mark(s, end, "]]"), *p;
	uint32_t n = 1, which;

	for (p = s; p < close; p++)
		n += *p == '|';
	for (which = draw(n); which > 0; which--)
		s = find_mark(s, close, "|") + 1;
	write_words(w, s, find_mark(s, close, "|"));
	return close < end ? close + 2 : end;
}

/*
 * Writes {{#name}}...{{/name}}, or {{^name}}...{{/name}} (unless).  s is at the
 * name; returns what is after "{{/name}}".
 */
static const char *
write_loop(struct writer *w, const char *s, const char *end, bool unless)
{
	const char *name = s, *body = find_mark(s, end, "}}"), *close, *text;
	size_t n = (size_t)(body - name), i, items;

	body = body < end ? body + 2 : end;
	close = find_mark(body, end, "{{/");
	text = value_of(w, name, n);
	items = count_items(text);
	if (unless && items == 0)
		write_words(w, body, close);
	for (i = 0; i < items && !unless; i++) {
		w->item_len = item_at(text, i, &w->item);
		write_words(w, body, close);
	}
	w->item = NULL;
	close = find_mark(close, end, "}}");
	return close < end ? close + 2 : end;
}

/*
 * Writes what stands for {{...}}.  s is after "{{"; returns what is after
 * "}}".
 */
static const char *
write_tag(struct writer *w, const char *s, const char *end)
{
	const char *close = find_mark(s, end, "}}"), *text, *item;
	size_t n = (size_t)(close - s);

	if (n > 0 && (*s == '#' || *s == '^'))
		return write_loop(w, s + 1, end, *s == '^');
	if (n == 1 && *s == '.' && w->item != NULL) {
		write_value(w, w->item, w->item_len);
	} else if (n > 0 && *s == '?') {
		text = value_of(w, s + 1, n - 1);
		n = item_at(text, draw((uint32_t)count_items(text)), &item);
		if (n > 0)
			write_value(w, item, n);
	} else {
		text = value_of(w, s, n);
		write_value(w, text, strlen(text));
	}
	return close < end ? close + 2 : end;
}

/* Writes the text in [s, end) with what stands for its marks. */
static void
write_words(struct writer *w, const char *s, const char *end)
{
	while (s < end) {
		if (end - s >= 2 && s[0] == '[' && s[1] == '[')
			s = write_choice(w, s + 2, end);
		else if (end - s >= 2 && s[0] == '{' && s[1] == '{')
			s = write_tag(w, s + 2, end);
		else
			buf_putc(w->out, *s++);
	}
}

/* Says that there are no words for this part, in the form that it must have. */
static void
write_placeholder(const struct stage_spec *spec, struct buf *out)
{
	int64_t i;
	size_t f;

	if (!spec->is_list) {
		buf_printf(out, "The demo has no words for \"%s\".\n"
		    "A model would write it here.", spec->part);
		return;
	}
	buf_puts(out, "[");
	for (i = 0; i < spec->list.items; i++) {
		buf_puts(out, i == 0 ? "{" : ",\n {");
		for (f = 0; f < spec->list.nfields; f++)
			buf_printf(out, "%s\"%s\": \"%s %d\"",
			    f == 0 ? "" : ", ", spec->list.fields[f],
			    spec->list.fields[f], (int)i + 1);
		buf_puts(out, "}");
	}
	buf_puts(out, "]");
}

void
demo_write(const struct stage_spec *spec, const char *vars, size_t n,
    struct buf *out)
{
	struct writer w = { .json_values = spec->is_list, .out = out };
	size_t len;

	if (spec->demo == NULL) {
		write_placeholder(spec, out);
		return;
	}
	len = strlen(spec->demo);
	while (len > 0 && spec->demo[len - 1] == '\n')
		len--;
	w.vars = json_parse(vars, n, 4, true, NULL, NULL);
	write_words(&w, spec->demo, spec->demo + len);
	json_free(w.vars);
}

/* Adds ms to *t and sleeps until then, so that delays do not add up. */
static void
sleep_until(struct timespec *t, long ms)
{
	t->tv_nsec += ms % 1000 * 1000000;
	t->tv_sec += ms / 1000 + t->tv_nsec / 1000000000;
	t->tv_nsec %= 1000000000;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, t, NULL) != 0)
		;
}

/*
 * The length of the token at s: a word with the space before it, or a part of
 * one, as models have them.  A code point is not cut.
 */
static size_t
token_at(const char *s, size_t n)
{
	size_t len = 1;

	while (len < n && s[len] != ' ' && s[len] != '\n' && len < 8)
		len++;
	while (len < n && ((unsigned char)s[len] & 0xc0) == 0x80)
		len++;
	return len;
}

int
demo_run(const struct job *job, const struct job_io *io,
    struct outcome *outcome)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct timespec when;
	struct messages messages;
	size_t at, len = 0;
	int rc = -1;

	if (io->emit(io->arg, FRAME_CONNECTED, "", 0) == -1 ||
	    io->flush(io->arg) == -1 ||
	    io->prompt(io->arg, &messages) == -1)
		goto out;
	clock_gettime(CLOCK_MONOTONIC, &when);
	demo_write(job->spec, messages.user, messages.user_len, &text);
	outcome->tokens = (struct tokens){ (int64_t)messages.user_len / 4, 0,
	    true };
	outcome->finish = FINISH_STOP;
	sleep_until(&when, DEMO_FIRST_MS);
	if (io->emit(io->arg, FRAME_START, "{}", 2) == -1)
		goto out;
	for (at = 0; at < text.len; at += len) {
		if (outcome->tokens.out == job->spec->max_tokens) {
			outcome->finish = FINISH_LENGTH;
			break;
		}
		len = token_at(text.data + at, text.len - at);
		if (io->emit(io->arg, FRAME_DELTA, text.data + at, len) == -1
		    || io->flush(io->arg) == -1)
			goto out;
		outcome->tokens.out++;
		sleep_until(&when, DEMO_TOKEN_MS);
	}
	rc = 0;
out:
	buf_free(&text);
	return rc;
}
