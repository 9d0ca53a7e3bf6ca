/*
 * leave: the end of a process that was forked and never exec'd.
 *
 * _exit, so that nothing which the parent has buffered is written twice and
 * no atexit handler runs.  A build under AddressSanitizer asks LeakSanitizer
 * first, which otherwise never looks at such a process, and leaves with
 * LEAVE_LEAKED where memory was lost.
 */
#ifndef LEAVE_H
#define LEAVE_H

#define LEAVE_LEAKED	66

/* Whether a process that may leave by itself should be let: it has a check. */
#ifdef __SANITIZE_ADDRESS__
#define LEAVE_CHECKS	1
#else
#define LEAVE_CHECKS	0
#endif

void	leave(int status) __attribute__((noreturn));

#endif
