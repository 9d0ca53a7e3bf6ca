/*
 * terminal: standard output as the sink of an answer, be it a terminal, a pipe
 * or a file.
 *
 *	struct terminal terminal;
 *
 *	terminal_init(&terminal);
 *	outbox_init(&outbox, &terminal.sink, limits, most);
 *	...
 *	if (outbox.gone)
 *		terminal_leave(&terminal);
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "base/io.h"

/* Its memory must not move. */
struct terminal {
	struct sink	 sink;
	int		 error;		/* errno of a write, or 0 */
};

void	terminal_init(struct terminal *terminal);

/*
 * Ends the program, because standard output takes no more: by SIGPIPE and
 * without a word if its reader has gone, as `| head` does, or else with status
 * 1 and the reason.
 */
void	terminal_leave(const struct terminal *terminal)
	    __attribute__((noreturn));

#endif
