/*
 * wipe.c: every process.  Overwrites memory before it is given up; knows
 * nothing of what was in it.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "wipe.h"

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
empty_stack(void)
{
	char below[65536];

	explicit_bzero(below, sizeof(below));
}

void
wipe_traces(void)
{
	empty_stack();
	empty_registers();
}
