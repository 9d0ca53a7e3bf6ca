/*
 * gate: lets the listener catch up before its workers fork stages.
 *
 * A run forks a process for each of its stages.  If many visitors come at
 * once, those forks take the processors for seconds, and who has not been
 * accepted yet would wait for stages of all who came before.  So the listener
 * closes the gate while others knock, and a worker sends the head of its
 * answer, but forks no stage until the gate opens or GATE_MS have passed.  (500
 * visitors at once, 2 cores: docs/performance.md.)
 *
 * The gate is a pipe: it is open while a byte is in it.  Only the listener
 * writes and reads that byte; a worker polls the pipe for it, and so is woken.
 * If the listener dies, the pipe comes to its end, which is an open gate too.
 *
 *	listener	struct gate gate;
 *
 *			gate_init(&gate);
 *			gate_set(&gate, !others_knock);
 *			gate_free(&gate);
 *
 *	worker		int fd = gate_enter(&gate);
 *
 *			gate_is_open(fd)
 *			merge_wait_for(outbox, fd, GATE_MS)
 */
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>

/*
 * How long a worker waits at most.  Where more people come all the time than
 * the listener can accept, they would otherwise get no text at all.
 */
#define GATE_MS	2000

struct gate {
	int	out;	/* workers poll it; -1: there is none, it is open */
	int	in;	/* the listener's */
	bool	open;
};

/*
 * An open gate.  Without a descriptor for it there is none, and then workers do
 * not wait.
 */
void	gate_init(struct gate *gate);

/* Listener: opens or closes it.  Costs a system call only if that changes. */
void	gate_set(struct gate *gate, bool open);

void	gate_free(struct gate *gate);

/*
 * A new worker: closes what is the listener's.  Returns the descriptor to poll,
 * which the worker owns; -1 if there is none.
 */
int	gate_enter(struct gate *gate);

/* Worker, before a run begins: whether it may fork stages; fd -1: always. */
bool	gate_is_open(int fd);

#endif
