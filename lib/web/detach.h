/*
 * detach: under plain CGI, the process that goes on with a run when the web
 * server has ended the one that it has started.
 *
 * Apache sends TERM and then KILL to a CGI program whose visitor has gone, and
 * to nothing that this has forked.  So a run that is to outlive its visitor is
 * made by a process in a session of its own, which holds none of the server's
 * descriptors.  The CGI program waits until the run has begun, or could not
 * begin, and then reads it as any other reader does (web/revisit.h).  What is
 * logged meanwhile comes to it by a pipe, as the server's error log is one of
 * the descriptors that make the server wait; what is logged after it has been
 * ended is lost.
 *
 *	switch (detach_fork(&detach, err)) {
 *	case 1:		the process that goes on
 *		...			begins the run
 *		detach_report(&detach, rc == 0 ? NULL : err);
 *		...			and makes it
 *	case 0:		it has begun
 *		...			read it
 *		detach_pass_log(&detach);
 *	case -1:	it has not: err
 *	}
 */
#ifndef DETACH_H
#define DETACH_H

struct err;

struct detach {
	int	fd;		/* of the process that goes on */
	int	log;		/* of the other: what that one logs */
};

/*
 * Forks.  Returns 1 in the new process, which must report; or in the old one,
 * after that has reported, 0, or -1 with its err.
 */
int	detach_fork(struct detach *detach, struct err *err);

/* In the old process, after the run: logs what the new one has logged. */
void	detach_pass_log(struct detach *detach);

/* Says that the run has begun, or, with err, that it has not. */
void	detach_report(struct detach *detach, const struct err *err);

#endif
