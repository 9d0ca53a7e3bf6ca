/*
 * wipe: memory is overwritten before it is given up.
 *
 * A worker and a stage serve several requests, one after the other, and what
 * they free would stay readable in the heap during the next visitor's run:
 * libcurl, OpenSSL, libfcgi and json-c all free a visitor's text without
 * overwriting it.  Linking wipe.c therefore replaces free(3) and realloc(3) in
 * the whole program by functions that overwrite first, which costs about 20 ns
 * a block.  glibc's M_PERTURB is no substitute, since it passes over the small
 * blocks in the per-thread cache.
 *
 * A build under AddressSanitizer or valgrind needs their allocator instead;
 * it is compiled with -DNO_WIPE.  A C library other than glibc keeps its own
 * free(3), too.
 *
 *	at the end of every request	wipe_traces();
 *	and if many processes run	wipe_release();
 *	before the last request		wipe_last();
 */
#ifndef WIPE_H
#define WIPE_H

/*
 * Empties the part of the stack that no function uses now, and the registers
 * that a called function may change.  Only for the main thread of a process,
 * whose stack has nothing mapped close below it.  The registers matter because
 * a vector register still holds the last bytes that memcpy(3) moved, and the
 * next signal writes it to the stack (this was seen).
 */
void	wipe_traces(void);

/*
 * Gives the free pages of the heap back to the kernel.  For a stage these are
 * about 50 KiB, and cost some 20 page faults in its next request.  Does
 * nothing if the allocator is not glibc's.
 */
void	wipe_release(void);

/*
 * To be called by a process that will end after the present request: from then
 * on free(3) overwrites nothing.  The kernel clears the memory of a process
 * that has ended, and to overwrite a large block of which little was used costs
 * a page fault for each page of the rest.
 */
void	wipe_last(void);

#endif
