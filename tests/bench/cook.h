/*
 * cook: what the simulated model says: chunks of an OpenAI-compatible stream.
 *
 * A token's text is " SEQ@NS;": its number and its time of sending, both in
 * hex.  The part `init` wraps its tokens into a JSON array of three objects
 * {name, intro}, a third of the tokens each.
 *
 * What is to be seen on a page has words of the length that a model's have,
 * " SEQ;", and begins a line "1. SEQ;" every so many of them.
 */
#ifndef COOK_H
#define COOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tokens of one event; its length, and what surrounds those of an answer. */
#define COOK_TOKENS_MAX	8
#define COOK_CHUNK_MAX	640
#define COOK_EXTRA_MAX	1200
/* An element of init's array needs two tokens. */
#define COOK_INIT_MIN	6

struct script {
	bool	is_list, is_seen;
	long	line;		/* 0: one line is all */
	long	tokens;		/* in all */
	long	thoughts;	/* of them: the first are no text */
	long	next;		/* to be sent */
};

/*
 * The event of n tokens from number i on, COOK_TOKENS_MAX at most; of a list
 * one.  Returns its length, at most COOK_CHUNK_MAX.
 */
size_t	cook_tokens(char *to, const struct script *script, long i, long n,
	    int64_t ns);

/* The event before the first token, and those after the last. */
size_t	cook_begin(char *to);
size_t	cook_end(char *to, const struct script *script);

#endif
