/*
 * leave: ends a process that was forked and did not exec.
 *
 * It uses _exit, so that what the parent has in its stdio buffers is not
 * written a second time and no atexit handler of the parent runs.  In such a
 * handler LeakSanitizer would look for lost memory; so a build under
 * AddressSanitizer asks it first, and exits with LEAVE_LEAKED if it found any.
 */
#ifndef LEAVE_H
#define LEAVE_H

#define LEAVE_LEAKED	66	/* exit status */

/*
 * Whether leave() looks for lost memory.  If so, a process that would end by
 * itself must not be killed instead, or nobody looks.
 */
#ifdef __SANITIZE_ADDRESS__
#define LEAVE_CHECKS	1
#else
#define LEAVE_CHECKS	0
#endif

/* Ends this process with that exit status. */
void	leave(int status) __attribute__((noreturn));

#endif
