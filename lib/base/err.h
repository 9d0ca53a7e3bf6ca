/*
 * err: what went wrong with one request, as a value.
 *
 * A function that can fail inside a request takes `struct err *` last, fills
 * it and returns -1.  It never exits and never logs: whoever can act on the
 * error decides.  `code` is a stable word for programs (it points at a string
 * literal, never at heap), `text` a sentence for people that says what to do,
 * lower-case, without a full stop.  `status` is the HTTP status to answer
 * with while no head has been sent.
 */
#ifndef ERR_H
#define ERR_H

struct err {
	int		 status;
	const char	*code;
	char		 text[320];
};

#define ERR_INIT { 0, "", "" }

/* Fills *err; text longer than the array is cut.  Always returns -1. */
int	err_set(struct err *err, int status, const char *code,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
