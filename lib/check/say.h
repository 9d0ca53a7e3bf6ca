/*
 * say: what a check prints, for a person to read.
 *
 * Lines go to stdout, in two columns, broken at 80.  Whatever a site said is
 * cleaned: no control character, and nothing that turns the direction of text,
 * reaches the terminal.  Colour only there, and not with NO_COLOR.
 */
#ifndef SAY_H
#define SAY_H

enum say_tone { SAY_GOOD, SAY_BAD, SAY_UNSURE };

/* A label and what there is to say of it. */
void	say(const char *label, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* The same, to be noticed. */
void	say_warning(const char *label, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * Several lines of advice: those that begin with a tab are to be copied as
 * they are, the others are prose.
 */
void	say_advice(const char *text);

/* The one word that counts, and why, behind a blank line. */
void	say_verdict(enum say_tone tone, const char *word, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

#endif
