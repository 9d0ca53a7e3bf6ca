/*
 * wipe.c: every process.  Overwrites memory before it is given up; knows
 * nothing of what was in it.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#include <unistd.h>

#include "base/wipe.h"

#if !defined(NO_WIPE) && defined(__GLIBC__)

/* glibc's own, by the names it exports for replacements. */
extern void __libc_free(void *);

void
free(void *p)
{
	if (p == NULL)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
}

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

bool
wipe_is_on(void)
{
	return true;
}

#else

bool
wipe_is_on(void)
{
	return false;
}

#endif

/* Where there is no code for a machine, its registers keep their last bytes. */
#ifdef __x86_64__

#define EMPTY(n) "vpxord %%zmm" #n ", %%zmm" #n ", %%zmm" #n "\n\t"

static void
empty_registers(void)
{
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx"))
		__asm__ volatile ("vzeroall" : : : "xmm0", "xmm1", "xmm2",
		    "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
		    "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
	/* vzeroall knows nothing of the upper sixteen, glibc's memcpy does. */
	if (__builtin_cpu_supports("avx512f"))
		__asm__ volatile (EMPTY(16) EMPTY(17) EMPTY(18) EMPTY(19)
		    EMPTY(20) EMPTY(21) EMPTY(22) EMPTY(23) EMPTY(24)
		    EMPTY(25) EMPTY(26) EMPTY(27) EMPTY(28) EMPTY(29)
		    EMPTY(30) EMPTY(31) : : : "memory");
}

#else

static void
empty_registers(void)
{
}

#endif

static void __attribute__((noinline))
overwrite_below(size_t n)
{
	char below[n];

	explicit_bzero(below, n);
}

#ifdef __linux__

/* Deeper than we or our libraries go; under it nothing is ever mapped. */
#define STACK_DEEP	(1024 * 1024)

/*
 * What the stack does not use now goes back to the kernel with all that lies
 * in it, and costs no memory until it is used again.  The pages that we stand
 * on are overwritten.  ENOMEM says that some of it is no stack yet: the rest
 * is done.
 */
static void __attribute__((noinline))
empty_stack(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *end = __builtin_frame_address(0);

	overwrite_below(3 * page);
	end -= page + (uintptr_t)end % page;
	madvise(end - STACK_DEEP, STACK_DEEP, MADV_DONTNEED);
}

#else

static void __attribute__((noinline))
empty_stack(void)
{
	overwrite_below(65536);
}

#endif

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
