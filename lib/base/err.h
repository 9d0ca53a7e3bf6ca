/*
 * err: what went wrong with one request, as a value.
 *
 * A function that can fail while a request is served takes a `struct err *`
 * as its last argument, fills it and returns -1.  It neither exits nor logs:
 * the caller decides what the error means.
 *
 *	if (n > most)
 *		return err_set(err, 413, "too_large",
 *		    "the request may be %zu bytes at most", most);
 */
#ifndef ERR_H
#define ERR_H

struct err {
	/* The HTTP status of the answer, if its head is not sent yet. */
	int		 status;
	/* A stable word for programs.  A string literal, never freed. */
	const char	*code;
	/*
	 * A sentence for people that says what to do, in lower case and
	 * without a full stop.
	 */
	char		 text[320];
	/* The seconds after which a client should try again; 0: not said. */
	int		 retry_s;
	/*
	 * The input of the request that is wrong, as the graph names it; NULL:
	 * it is none of them.  Borrowed from the graph.
	 */
	const char	*field;
};

#define ERR_INIT { 0, "", "", 0, NULL }

/*
 * Fills *err.  A text that is longer than the array is cut.  Always returns
 * -1, so that a caller can return its result.
 */
int	err_set(struct err *err, int status, const char *code,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
