/*
 * runname: the name that a client gives to its run.
 *
 * The client draws a key, 128 random bits, and sends it in the header
 * Idempotency-Key or in the member "run" of the body, as a UUID or as 32
 * hexadecimal digits.  The key is its secret: who has it can stop the run.  The
 * id, which is made of the key, may be told to others: who has it can read.
 *
 *	struct runname name = RUNNAME_INIT;
 *
 *	if (runname_read(&name, "0b7c2f1e-8d0a-4a52-9c3b-6f1d2e3a4b5c",
 *	    &err) == -1)
 *		return -1;		400, bad_key
 *	if (runname_is_given(&name))
 *		...			name.id, name.key
 */
#ifndef RUNNAME_H
#define RUNNAME_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Hexadecimal digits of a key, and of an id. */
#define RUNNAME_DIGITS	32

struct runname {
	char	key[RUNNAME_DIGITS + 1];	/* "": none is given */
	char	id[RUNNAME_DIGITS + 1];
};

#define RUNNAME_INIT { "", "" }

bool	runname_is_given(const struct runname *name);

/*
 * Reads a key, which may stand in quotes.  Returns 0, or -1 with err.
 */
int	runname_read(struct runname *name, const char *text, struct err *err);

/* Whether the n bytes at text are an id. */
bool	runname_is_id(const char *text, size_t n);

#endif
