/*
 * demo.c: stage.  Writes like a model without being one; knows nothing of
 * pipes or recipes, whose words are in prompts/demo/.
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

/* What the words are made from. */
struct cook {
	struct json	*vars;
	bool		 json_values;	/* escape them for a JSON string */
	struct buf	*out;
	const char	*item;		/* {{.}}, inside a loop */
	size_t		 item_len;
};

static uint32_t
draw(uint32_t n)
{
	uint32_t x = 0;

	/* Without random numbers it is always the first: no harm done. */
	if (n < 2 || getrandom(&x, sizeof(x), 0) != sizeof(x))
		return 0;
	return x % n;
}

/* A value: without line breaks, and safe inside JSON where that is asked. */
static void
put_value(struct cook *c, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if ((unsigned char)s[i] < ' ')
			buf_putc(c->out, ' ');
		else if (c->json_values && (s[i] == '"' || s[i] == '\\'))
			buf_printf(c->out, "\\%c", s[i]);
		else
			buf_putc(c->out, s[i]);
	}
}

/* The i-th item of text in *item; its length, 0 where there are no more. */
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

static size_t
count_items(const char *text)
{
	const char *item;
	size_t n = 0;

	while (n < ITEMS_MAX && item_at(text, n, &item) > 0)
		n++;
	return n;
}

static const char *
value_of(const struct cook *c, const char *name, size_t n)
{
	char key[80];

	if (n >= sizeof(key))
		return "";
	memcpy(key, name, n);
	key[n] = '\0';
	name = json_string(json_get(c->vars, key), NULL);
	return name == NULL ? "" : name;
}

static void	cook(struct cook *c, const char *s, const char *end);

/* The first `mark` in [s, end), end where there is none. */
static const char *
find(const char *s, const char *end, const char *mark)
{
	size_t n = strlen(mark);

	while ((size_t)(end - s) >= n && memcmp(s, mark, n) != 0)
		s++;
	return (size_t)(end - s) >= n ? s : end;
}

/* s is behind "[["; returns what follows "]]". */
static const char *
choose(struct cook *c, const char *s, const char *end)
{
	const char *close = find(s, end, "]]"), *p;
	uint32_t n = 1, which;

	for (p = s; p < close; p++)
		n += *p == '|';
	for (which = draw(n); which > 0; which--)
		s = find(s, close, "|") + 1;
	cook(c, s, find(s, close, "|"));
	return close < end ? close + 2 : end;
}

/* s is at the name behind "{{#" or "{{^"; returns what follows "{{/name}}". */
static const char *
loop(struct cook *c, const char *s, const char *end, bool unless)
{
	const char *name = s, *body = find(s, end, "}}"), *close, *text;
	size_t n = (size_t)(body - name), i, items;

	body = body < end ? body + 2 : end;
	close = find(body, end, "{{/");
	text = value_of(c, name, n);
	items = count_items(text);
	if (unless && items == 0)
		cook(c, body, close);
	for (i = 0; i < items && !unless; i++) {
		c->item_len = item_at(text, i, &c->item);
		cook(c, body, close);
	}
	c->item = NULL;
	close = find(close, end, "}}");
	return close < end ? close + 2 : end;
}

/* s is behind "{{"; returns what follows "}}". */
static const char *
fill(struct cook *c, const char *s, const char *end)
{
	const char *close = find(s, end, "}}"), *text, *item;
	size_t n = (size_t)(close - s);

	if (n > 0 && (*s == '#' || *s == '^'))
		return loop(c, s + 1, end, *s == '^');
	if (n == 1 && *s == '.' && c->item != NULL) {
		put_value(c, c->item, c->item_len);
	} else if (n > 0 && *s == '?') {
		text = value_of(c, s + 1, n - 1);
		n = item_at(text, draw((uint32_t)count_items(text)), &item);
		if (n > 0)
			put_value(c, item, n);
	} else {
		text = value_of(c, s, n);
		put_value(c, text, strlen(text));
	}
	return close < end ? close + 2 : end;
}

static void
cook(struct cook *c, const char *s, const char *end)
{
	while (s < end) {
		if (end - s >= 2 && s[0] == '[' && s[1] == '[')
			s = choose(c, s + 2, end);
		else if (end - s >= 2 && s[0] == '{' && s[1] == '{')
			s = fill(c, s + 2, end);
		else
			buf_putc(c->out, *s++);
	}
}

/* For a graph without demo words: as honest and as short as can be. */
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
	struct cook c = { .json_values = spec->is_list, .out = out };
	size_t len;

	if (spec->demo == NULL) {
		write_placeholder(spec, out);
		return;
	}
	len = strlen(spec->demo);
	while (len > 0 && spec->demo[len - 1] == '\n')
		len--;
	c.vars = json_parse(vars, n, 4, true, NULL, NULL);
	cook(&c, spec->demo, spec->demo + len);
	json_free(c.vars);
}

static void
sleep_until(struct timespec *t, long ms)
{
	t->tv_nsec += ms % 1000 * 1000000;
	t->tv_sec += ms / 1000 + t->tv_nsec / 1000000000;
	t->tv_nsec %= 1000000000;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, t, NULL) != 0)
		;
}

/* A token as models have them: a word with the space before it, or a part. */
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
	const char *vars;
	size_t n, at, len = 0;
	int rc = -1;

	if (io->emit(io->arg, FRAME_CONNECTED, "", 0) == -1 ||
	    io->flush(io->arg) == -1 ||
	    io->prompt(io->arg, &vars, &n) == -1)
		goto out;
	clock_gettime(CLOCK_MONOTONIC, &when);
	demo_write(job->spec, vars, n, &text);
	outcome->tokens = (struct tokens){ (int64_t)n / 4, 0, true };
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
