/*
 * tool: what the provider simulator and the load client share.
 *
 * Both read the same monotonic clock, so on one machine a time that the
 * provider wrote into a token can be subtracted from the client's own.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stddef.h>
#include <stdint.h>

#define PARTS_MAX	16
#define NAME_SIZE	32

/* How many tokens each part has: "init=30,add=150". */
struct parts {
	size_t	n;
	struct {
		char	name[NAME_SIZE];
		long	tokens;
	} list[PARTS_MAX];
};

/* Ends the tool with a message; errno's words with die, none with diex. */
void	die(const char *fmt, ...)
	    __attribute__((noreturn, format(printf, 1, 2)));
void	diex(const char *fmt, ...)
	    __attribute__((noreturn, format(printf, 1, 2)));

/* Nanoseconds of CLOCK_MONOTONIC. */
int64_t	now_ns(void);

/* A number on the command line between least and most, or diex. */
double	number(const char *option, const char *text, double least,
	    double most);

/* Appends to *parts, or diex. */
void	parts_read(struct parts *parts, const char *text);

/* Tokens of the part called name[0..n), otherwise where it is not listed. */
long	parts_tokens(const struct parts *parts, const char *name, size_t n,
	    long otherwise);

#endif
