/*
 * wipe: memory that is given up is overwritten first.
 *
 * A worker and a stage outlive a request, and what they free would lie in the
 * heap for the next visitor's run to be found in: libcurl, OpenSSL, libfcgi
 * and json-c all free a visitor's text as it is.  Linking wipe.c replaces
 * free(3) and realloc(3) for the whole program by ones that overwrite first
 * (about 20 ns a block).  glibc's M_PERTURB does not do: it passes over the
 * small blocks of the per-thread cache.
 *
 * Not in a build under AddressSanitizer or valgrind, which have their own
 * allocators (compile with -DNO_WIPE there).
 */
#ifndef WIPE_H
#define WIPE_H

#include <stdbool.h>

/* Whether this build overwrites what it frees. */
bool	wipe_is_on(void);

/*
 * At the end of a request.  Empties the stack below the caller's frame (the
 * process's own stack, not a thread's) and the registers that a called
 * function may use: a vector register still holds what was copied last, and
 * the next signal would put it on the stack (seen).
 */
void	wipe_traces(void);

/*
 * Gives the heap's free pages back to the kernel: 50 KiB of a stage, for some
 * 20 page faults in its next request.  With another allocator than glibc's
 * nothing happens.
 */
void	wipe_release(void);

#endif
