/*
 * finish: what a host's word for the end of an answer means.
 *
 * finish_reason is free text: each host, proxy and engine has words of its
 * own for a good end, a cut, a withheld rest and a failure.  finish.c has the
 * one table of them, which is decided here and nowhere else.
 */
#ifndef FINISH_H
#define FINISH_H

enum end {
	END_NOT,	/* not said: the answer goes on */
	END_STOP,	/* the model was done */
	END_CUT,	/* it ran into a limit of length */
	END_WITHHELD,	/* the provider withheld the rest */
	END_FAILED,	/* the host broke off */
};

/* NULL and "" are END_NOT. */
enum end finish_means(const char *word);

#endif
