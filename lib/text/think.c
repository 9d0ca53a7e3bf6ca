/*
 * think.c: stage.  Finds tags in a text that comes in pieces; knows models only
 * by their names.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "text/think.h"

/* What is special about a pair of tags. */
enum {
	LONE = 1,	/* some models send only the closing one */
	FIRST = 2,	/* the opening one counts only before all text */
	ENDS_ALL = 4,	/* the closing one ends a thought of any pair */
	AFTER = 8,	/* the closing one counts only after a thought */
};

/*
 * If a pair has no opening tag, the closing one is a word of a template that is
 * dropped from the text.  No tag is the beginning of another one.
 */
struct think_tags {
	const char	*open, *close;
	int		 how;
};

static const struct think_tags tags[] = {
	{ "<think>", "</think>", LONE },
	{ "<thinking>", "</thinking>", LONE },
	{ "<thought>", "</thought>", LONE },
	{ "<thoughts>", "</thoughts>", LONE },
	{ "<reasoning>", "</reasoning>", LONE },
	{ "<reflection>", "</reflection>", LONE },
	{ "<scratchpad>", "</scratchpad>", LONE },
	{ "<analysis>", "</analysis>", LONE },
	{ "<character_analysis>", "</character_analysis>", LONE },
	{ "<ant_thinking>", "</ant_thinking>", LONE },
	{ "<antThinking>", "</antThinking>", LONE },
	{ "<seed:think>", "</seed:think>", LONE },
	{ "<mm:think>", "</mm:think>", LONE },
	{ "<longcat_think>", "</longcat_think>", LONE },
	{ "<|think|>", "<|/think|>", LONE },
	/* Magistral */
	{ "[THINK]", "[/THINK]", LONE },
	/* Kimi */
	{ "\xe2\x97\x81think\xe2\x96\xb7", "\xe2\x97\x81/think\xe2\x96\xb7",
	  LONE },
	/* OpenThinker, Cohere, Apertus */
	{ "<|begin_of_thought|>", "<|end_of_thought|>", LONE },
	{ "<|START_THINKING|>", "<|END_THINKING|>", LONE },
	{ "<|inner_prefix|>", "<|inner_suffix|>", LONE },
	/* Gemma 4 */
	{ "<|channel>thought", "<channel|>", LONE },
	/* gpt-oss: only what is in the channel "final" is for the reader. */
	{ "<|channel|>analysis", "<|end|>", 0 },
	{ "<|channel|>commentary", "<|end|>", 0 },
	{ NULL, "<|channel|>final", LONE | ENDS_ALL },
	{ NULL, "<|start|>assistant", 0 },
	{ NULL, "<|constrain|>json", 0 },
	{ NULL, "<|message|>", 0 },
	{ NULL, "<|return|>", 0 },
	/* Granite */
	{ "Here is my thought process:", "Here is my response:", FIRST },
	{ "Here's my thought process:", "Here's my response:", FIRST },
	/* What some models put around the answer that follows a thought. */
	{ NULL, "<|begin_of_solution|>", AFTER },
	{ NULL, "<|end_of_solution|>", AFTER },
	{ NULL, "<|START_RESPONSE|>", AFTER },
	{ NULL, "<|END_RESPONSE|>", AFTER },
	{ NULL, "<answer>", AFTER },
	{ NULL, "</answer>", AFTER },
	{ NULL, "<response>", AFTER },
	{ NULL, "</response>", AFTER },
	{ NULL, "<output>", AFTER },
	{ NULL, "</output>", AFTER },
};

#define TAGS	(sizeof(tags) / sizeof(tags[0]))

bool
think_is_known(const char *model)
{
	static const char *const names[] = { "qwq", "-thinking",
	    "deepseek-r1" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasestr(model, names[i]) != NULL)
			return true;
	return false;
}

void
think_init(struct think *t, bool expected)
{
	memset(t, 0, sizeof(*t));
	buf_init(&t->held, 2 * THINK_MAX);
	buf_init(&t->kept, THINK_MAX);
	t->expected = expected;
}

void
think_free(struct think *t)
{
	buf_free(&t->held);
	buf_free(&t->kept);
}

/* --- tags in the text that is held --------------------------------------- */

/* MATCH_PART: all that is there matches, but the tag is longer. */
enum match { MATCH_NO, MATCH_PART, MATCH_WHOLE };

/* A tag that was found, or the beginning of one. */
struct hit {
	const struct think_tags	*tags;
	bool			 opens;		/* it is the opening one */
	enum match		 match;
	size_t			 at;		/* its index in what is held */
	size_t			 len;		/* of a whole tag, else 0 */
};

/* Whether the n bytes at s begin with a tag, or are a beginning of it. */
static enum match
match_word(const char *word, const char *s, size_t n)
{
	size_t len = strlen(word), k = n < len ? n : len;
	bool same = word[0] == '<' ? strncasecmp(word, s, k) == 0 :
	    memcmp(word, s, k) == 0;

	return !same ? MATCH_NO : k < len ? MATCH_PART : MATCH_WHOLE;
}

/* Whether the opening tag of a pair is at s; inside a thought none counts. */
static enum match
match_open(const struct think *t, const struct think_tags *tag,
    const char *s, size_t n)
{
	return tag->open == NULL || t->inside != NULL ||
	    ((tag->how & FIRST) != 0 && (t->begun || t->tagged)) ?
	    MATCH_NO : match_word(tag->open, s, n);
}

/*
 * Whether the closing tag of a pair is at s.  Inside a thought only its own
 * counts, or one that ends all; outside all count, but for those of FIRST, and
 * those of AFTER before any thought.
 */
static enum match
match_close(const struct think *t, const struct think_tags *tag,
    const char *s, size_t n)
{
	if (t->inside != NULL ? tag != t->inside && (tag->how & ENDS_ALL) == 0
	    : (tag->how & FIRST) != 0 || ((tag->how & AFTER) != 0 &&
	    !t->tagged))
		return MATCH_NO;
	return match_word(tag->close, s, n);
}

/* The tag, or the beginning of one, at that index in what is held. */
static struct hit
match_at(const struct think *t, size_t at)
{
	const char *s = t->held.data + at;
	struct hit hit = { .at = at };
	size_t i, n = t->held.len - at;

	for (i = 0; i < TAGS && hit.match == MATCH_NO; i++) {
		hit.tags = &tags[i];
		hit.match = match_open(t, &tags[i], s, n);
		hit.opens = hit.match != MATCH_NO;
		if (!hit.opens)
			hit.match = match_close(t, &tags[i], s, n);
	}
	if (hit.match == MATCH_WHOLE)
		hit.len = strlen(hit.opens ? hit.tags->open :
		    hit.tags->close);
	return hit;
}

/*
 * Whether a tag may begin with that byte, to save most comparisons.  `first`
 * says that no text was before it: only there may Granite's "Here" be a tag.
 */
static bool
may_begin(const struct think *t, char c, bool first)
{
	if (c == '<' || c == '[' || c == '\xe2')
		return true;
	return t->inside != NULL ? c == t->inside->close[0] :
	    first && c == 'H';
}

/*
 * The next tag in what is held and is not done, or the beginning of one at its
 * end.  Otherwise MATCH_NO, with `at` the end.
 */
static struct hit
find_tag(const struct think *t)
{
	bool first = !t->begun;
	struct hit hit;
	size_t i;

	for (i = t->pos; i < t->held.len; i++) {
		if (may_begin(t, t->held.data[i], first)) {
			hit = match_at(t, i);
			if (hit.match != MATCH_NO)
				return hit;
		}
		first = first && isspace((unsigned char)t->held.data[i]);
	}
	return (struct hit){ .at = t->held.len };
}

/* --- text ---------------------------------------------------------------- */

/* Passes on the text that might have been a thought, but is none. */
static void
show_kept(struct think *t, struct buf *out)
{
	t->shown = t->shown || t->begun;
	buf_add(out, t->kept.data, t->kept.len);
	buf_reset(&t->kept);
}

/*
 * Text has come after a closing tag without an opening one, so all before that
 * tag was a thought.  It is in `kept` if it was expected; otherwise it has been
 * passed on, partly in this call.
 */
static void
void_before_it(struct think *t, struct buf *out)
{
	if (t->expected)
		buf_reset(&t->kept);
	else
		buf_reset(out);
	t->pending = t->expected = false;
	t->unopened = t->voided = true;
}

/*
 * Passes on what is held, from pos to the index `end`, which is no tag and
 * outside of a thought: to `kept`, if it may still be a thought, else to out.
 */
static void
pass_text(struct think *t, size_t end, struct buf *out)
{
	const char *s = t->held.data;
	size_t i = t->pos, k;

	/* The `[` has been passed on before, and was none. */
	if (t->early && i < end) {
		t->early = false;
		i++;
	}
	t->pos = end;
	/* White space after a thought belongs to it. */
	while (t->trailing && i < end && isspace((unsigned char)s[i]))
		i++;
	t->trailing = t->trailing && i == end;
	t->passed = t->passed || i < end;
	for (k = i; k < end && isspace((unsigned char)s[k]);)
		k++;
	if (t->pending && k < end)
		void_before_it(t, out);
	t->begun = t->begun || k < end;
	/* If `kept` is full, the text is passed on after all. */
	if (t->expected && buf_add(&t->kept, s + i, end - i) == 0)
		return;
	t->expected = false;
	show_kept(t, out);
	buf_add(out, s + i, end - i);
}

/*
 * An opening tag was read.  So the text before it is no thought, unless a
 * closing tag was before it and text may still follow.
 */
static void
open_thought(struct think *t, const struct think_tags *tag, struct buf *out)
{
	t->inside = tag;
	t->tagged = true;
	if (t->pending)
		return;
	t->expected = false;
	show_kept(t, out);
}

/*
 * A closing tag was read.  If no tag opened a thought, it matters only if it
 * is the first tag; then text that follows it decides (pass_text).  If no text
 * was before it, it only marks that the answer begins.
 */
static void
close_thought(struct think *t, const struct think_tags *tag)
{
	if (t->inside != NULL) {
		t->inside = NULL;
		t->trailing = true;
	} else if ((tag->how & LONE) != 0 && !t->tagged) {
		t->tagged = t->trailing = t->lone = true;
		t->pending = t->begun;
		t->expected = t->expected && t->begun;
	}
}

/*
 * If all that is held is a `[` that begins the answer, passes it on, since it
 * is hardly ever the beginning of a tag.  It stays held as well, for the case
 * that it is.  White space before it would be taken back with it, though it
 * was no thought; so then it has to wait for what follows.
 */
static void
show_early(struct think *t, struct buf *out)
{
	if (t->begun || t->passed || t->expected || t->held.len - t->pos != 1 ||
	    t->held.data[t->pos] != '[')
		return;
	buf_putc(out, '[');
	t->early = t->begun = t->shown = true;
	t->trailing = false;
}

/*
 * The `[` that was passed on was the beginning of a tag: takes it back.  If a
 * tag was before it, only white space was between them, and after this tag
 * comes more of it.
 */
static void
take_back(struct think *t, struct buf *out)
{
	buf_reset(out);
	t->early = t->begun = t->shown = false;
	t->trailing = t->tagged;
	t->voided = true;
}

/*
 * Handles the text before the next tag, and that tag.  Returns whether there
 * was a whole one, after which another may come.
 */
static bool
take_tag(struct think *t, struct buf *out)
{
	struct hit hit = find_tag(t);

	/* Inside a thought, the text before the tag is dropped. */
	if (t->inside == NULL)
		pass_text(t, hit.at, out);
	t->pos = hit.at + hit.len;
	if (hit.match != MATCH_WHOLE) {
		if (t->inside == NULL)
			show_early(t, out);
		return false;
	}
	if (t->early)
		take_back(t, out);
	if (hit.opens)
		open_thought(t, hit.tags, out);
	else
		close_thought(t, hit.tags);
	return true;
}

/*
 * Whether a text can be passed on as it is: nothing is held or undecided, and
 * no byte may begin a tag.  That is so for nearly every piece.
 */
static bool
is_plain(const struct think *t, const char *text, size_t n)
{
	size_t i;

	if (!t->begun || t->inside != NULL || t->expected || t->pending ||
	    t->trailing || t->held.len > 0 || t->kept.len > 0)
		return false;
	for (i = 0; i < n; i++)
		if (may_begin(t, text[i], false))
			return false;
	return true;
}

bool
think_feed(struct think *t, const char *text, size_t n, struct buf *out,
    bool *void_before)
{
	bool thought = t->inside != NULL, shown = t->shown;

	*void_before = t->voided = false;
	if (is_plain(t, text, n)) {
		buf_add(out, text, n);
		return false;
	}
	/* Without room for more, what is held is text, and so is the rest. */
	if (buf_add(&t->held, text, n) == -1) {
		think_end(t, false, out);
		buf_add(out, text, n);
		return false;
	}
	while (take_tag(t, out))
		thought = true;
	buf_drop(&t->held, t->pos);
	t->pos = 0;
	*void_before = shown && t->voided;
	return thought || t->expected || t->pending;
}

void
think_apart(struct think *t)
{
	if (!t->pending)
		t->expected = false;
}

void
think_end(struct think *t, bool cut, struct buf *out)
{
	/*
	 * What is still held is the beginning of a tag.  It is text, unless it
	 * is in what counts as a thought, or follows a lone closing tag: it is
	 * no reason to take the text before that tag for a thought.
	 */
	if (t->inside == NULL && !t->pending && !(cut && t->expected))
		pass_text(t, t->held.len, out);
	if (!(cut && t->expected))
		show_kept(t, out);
	buf_reset(&t->held);
	buf_reset(&t->kept);
	t->expected = t->pending = false;
}

enum thinks
think_shows(const struct think *t, bool whole)
{
	if (t->unopened)
		return THINKS_INSIDE;
	/* After a lone closing tag it may have begun inside a thought. */
	return whole && t->shown && !t->lone ? THINKS_NOT : THINKS_UNKNOWN;
}
