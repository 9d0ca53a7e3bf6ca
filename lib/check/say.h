/*
 * say: prints what a check has found, for a person to read.
 *
 *	say_fact("page", "200, %s", type);
 *	say_warning("caching", "Cache-Control is %s", value);
 *	say_advice("Add to the server block:\n\tgzip off;");
 *	say_verdict(SAY_BAD, "HELD", "The whole answer came at once.");
 *
 * Lines go to stdout in two columns and are broken at 80.  All of it is
 * cleaned, as a site's words may be among it: a terminal gets no control
 * character, and nothing that turns the direction of text.  Colours are for a
 * terminal, unless NO_COLOR is set.  A text is cut at 4 KiB.
 */
#ifndef SAY_H
#define SAY_H

enum say_tone { SAY_GOOD, SAY_BAD, SAY_UNSURE };

/* A label, and what there is to say about it. */
void	say_fact(const char *label, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* The same, in a colour that is noticed. */
void	say_warning(const char *label, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * Several lines: one that begins with a tab is printed as it is, to be copied;
 * the others are prose and are wrapped.
 */
void	say_advice(const char *text);

/* After an empty line: the one word that counts, and why. */
void	say_verdict(enum say_tone tone, const char *word, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

#endif
