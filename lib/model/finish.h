/*
 * finish: what a host's word for the end of an answer means.
 *
 * finish_reason is free text: each host, proxy and engine has words of its own
 * for a good end, a cut, a withheld rest and a failure.  The table in finish.c
 * is the only place where these words are told apart.
 */
#ifndef FINISH_H
#define FINISH_H

enum end {
	END_NOT,	/* no end: the answer goes on */
	END_STOP,	/* the model has written all it wanted */
	END_CUT,	/* it reached a limit of length */
	END_WITHHELD,	/* the provider withheld the rest */
	END_FAILED,	/* the host broke off by an error */
};

/*
 * The meaning of a word; END_NOT for NULL and "", END_STOP for unknown words.
 */
enum end finish_means(const char *word);

#endif
