/*
 * wipe.c: every process.  Overwrites memory before it is given up; knows
 * nothing of what the memory held.
 */
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#include <unistd.h>

#include "base/wipe.h"

/* Nobody is served by this process after the present one. */
static bool is_last;

void
wipe_last(void)
{
	is_last = true;
}

#if !defined(NO_WIPE) && defined(__GLIBC__)

/* glibc's own free(3), which it exports under this name for replacements. */
extern void __libc_free(void *);

void
free(void *p)
{
	if (p == NULL)
		return;
	if (!is_last)
		explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
}

/*
 * glibc's realloc(3) would free the old block inside the library, where our
 * free(3) is not called.  A block that shrinks to no less than half of its
 * size stays where it is, and only its tail is overwritten.
 */
void *
realloc(void *p, size_t n)
{
	size_t old;
	void *q;

	if (p == NULL)
		return malloc(n);
	if (n == 0) {
		free(p);
		return NULL;
	}
	old = malloc_usable_size(p);
	if (n <= old && n >= old / 2) {
		explicit_bzero((char *)p + n, old - n);
		return p;
	}
	if ((q = malloc(n)) == NULL)
		return NULL;
	memcpy(q, p, n < old ? n : old);
	free(p);
	return q;
}

#endif

/*
 * Clears the vector registers.  On a machine for which there is no code here
 * they keep their last bytes.  Each kind is asked for at run time, because the
 * program may run on an older processor than it was built on.
 */
static void
empty_registers(void)
{
#ifdef __x86_64__
#define EMPTY(n) "vpxord %%zmm" #n ", %%zmm" #n ", %%zmm" #n "\n\t"
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx"))
		__asm__ volatile ("vzeroall" : : : "xmm0", "xmm1", "xmm2",
		    "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
		    "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
	/* vzeroall leaves the upper sixteen, which glibc's memcpy uses. */
	if (__builtin_cpu_supports("avx512f"))
		__asm__ volatile (EMPTY(16) EMPTY(17) EMPTY(18) EMPTY(19)
		    EMPTY(20) EMPTY(21) EMPTY(22) EMPTY(23) EMPTY(24)
		    EMPTY(25) EMPTY(26) EMPTY(27) EMPTY(28) EMPTY(29)
		    EMPTY(30) EMPTY(31) : : : "memory");
#undef EMPTY
#endif
}

/*
 * Overwrites the n bytes of stack below its caller's frame, by having them as
 * a frame of its own; inlined, its frame would be the caller's.
 */
static void __attribute__((noinline))
overwrite_below(size_t n)
{
	char below[n];

	explicit_bzero(below, n);
}

/* More stack than this program and its libraries use, in bytes. */
#define STACK_DEEP	(1024 * 1024)

/*
 * Pages of the stack that a request uses below the frames that are there
 * between two requests.  They stay, since the next request would have to pay
 * for them by page faults.
 */
#define STACK_USED	4

/*
 * Overwrites the pages of the stack that are near the present frame.  On Linux
 * it gives all that lie deeper back to the kernel: whatever they held is gone,
 * and they cost no memory until they are used again.  madvise fails with
 * ENOMEM if the stack has not grown so deep yet, but does the rest.
 */
static void __attribute__((noinline))
empty_stack(void)
{
#ifdef __linux__
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *end = __builtin_frame_address(0);

	/* One more, so that what is overwritten reaches what is given back. */
	overwrite_below((STACK_USED + 1) * page);
	end -= STACK_USED * page + (uintptr_t)end % page;
	madvise(end - STACK_DEEP, STACK_DEEP, MADV_DONTNEED);
#else
	overwrite_below(65536);
#endif
}

void
wipe_release(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

void
wipe_traces(void)
{
	empty_stack();
	empty_registers();
}
