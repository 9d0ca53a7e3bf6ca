/*
 * test_wipe: what is given up is overwritten.
 *
 * Looks into freed memory on purpose, so it must be built without optimisation,
 * and there is nothing to see in a build without wipe.c's free(3).  The first
 * 16 bytes of a freed block are the allocator's own.
 */
#include <json-c/json.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wipe.h"
#include "unit.h"

#define OWN 16

/* The condition of lib/base/wipe.c for a free(3) and realloc(3) of its own. */
#if !defined(NO_WIPE) && defined(__GLIBC__)
#define WIPES 1
#else
#define WIPES 0
#endif

/* Bytes of `mark` in [p, p + n), which may be freed memory. */
static size_t
left(uintptr_t p, size_t n, char mark)
{
	const volatile char *at = (const volatile char *)p;
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += at[i] == mark;
	return count;
}

static const size_t sizes[] = { 24, 32, 64, 100, 1000, 1032, 5000, 100000 };

static void
free_overwrites(void **state)
{
	uintptr_t at;
	size_t i;
	char *p;

	(void)state;
	for (i = 0; i < COUNT(sizes); i++) {
		p = malloc(sizes[i]);
		assert_non_null(p);
		memset(p, 'S', sizes[i]);
		at = (uintptr_t)p;
		assert_int_equal(left(at, sizes[i], 'S'), sizes[i]);
		free(p);
		assert_int_equal(left(at + OWN, sizes[i] - OWN, 'S'), 0);
	}
	free(NULL);
}

static void
growing_overwrites_and_keeps_the_text(void **state)
{
	uintptr_t at;
	char *p, *q;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sizes); i++) {
		p = malloc(sizes[i]);
		assert_non_null(p);
		memset(p, 'S', sizes[i]);
		at = (uintptr_t)p;
		q = realloc(p, 3 * sizes[i]);
		assert_non_null(q);
		assert_int_equal(left((uintptr_t)q, sizes[i], 'S'), sizes[i]);
		if ((uintptr_t)q != at)
			assert_int_equal(left(at + OWN, sizes[i] - OWN, 'S'),
			    0);
		free(q);
	}
}

/* A little smaller, the block stays; much smaller, it is another. */
static void
shrinking_overwrites_the_tail(void **state)
{
	static const size_t kept[] = { 900, 600, 100 };
	uintptr_t at;
	char *p, *q;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(kept); i++) {
		p = malloc(1000);
		assert_non_null(p);
		memset(p, 'S', 1000);
		at = (uintptr_t)p;
		q = realloc(p, kept[i]);
		assert_non_null(q);
		assert_int_equal(left((uintptr_t)q, kept[i], 'S'), kept[i]);
		if ((uintptr_t)q == at)
			assert_int_equal(left(at + kept[i], 1000 - kept[i],
			    'S'), 0);
		else
			assert_int_equal(left(at + OWN, 1000 - OWN, 'S'), 0);
		free(q);
	}
}

static void
realloc_as_malloc_and_as_free(void **state)
{
	uintptr_t at;
	char *p;

	(void)state;
	p = realloc(NULL, 100);
	assert_non_null(p);
	memset(p, 'S', 100);
	at = (uintptr_t)p;
	assert_null(realloc(p, 0));
	assert_int_equal(left(at + OWN, 100 - OWN, 'S'), 0);
}

/* What libc and the libraries give up goes the same way. */
static void
libraries_too(void **state)
{
	struct json_object *json;
	uintptr_t at;
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	char text[200];

	(void)state;
	memset(text, 'S', sizeof(text));
	json = json_object_new_string_len(text, sizeof(text));
	at = (uintptr_t)json_object_get_string(json);
	assert_int_equal(left(at, sizeof(text), 'S'), sizeof(text));
	json_object_put(json);
	assert_int_equal(left(at + OWN, sizeof(text) - OWN, 'S'), 0);

	file = open_memstream(&line, &size);
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, sizeof(text), file), sizeof(text));
	assert_int_equal(fclose(file), 0);
	at = (uintptr_t)line;
	free(line);
	assert_int_equal(left(at + OWN, sizeof(text) - OWN, 'S'), 0);
}

static void
calloc_and_aligned_blocks(void **state)
{
	void *p;
	char *q;

	(void)state;
	assert_int_equal(posix_memalign(&p, 4096, 100), 0);
	memset(p, 'S', 100);
	free(p);
	q = calloc(1000, 3);
	assert_non_null(q);
	assert_int_equal(left((uintptr_t)q, 3000, 0), 3000);
	free(q);
}

/* Leaves a secret in 32 KiB of stack and says where. */
static __attribute__((noinline)) uintptr_t
leave_on_the_stack(void)
{
	volatile char secret[32768];
	size_t i;

	for (i = 0; i < sizeof(secret); i++)
		secret[i] = 'S';
	return (uintptr_t)secret;
}

static void
stack_below_is_overwritten(void **state)
{
	uintptr_t at;

	(void)state;
	at = leave_on_the_stack();
	assert_true(left(at, 16384, 'S') > 8192);
	at = leave_on_the_stack();
	wipe_traces();
	assert_int_equal(left(at, 16384, 'S'), 0);
}

#ifdef __GLIBC__

/* Whether the page is in memory; one that is not even mapped is not. */
static bool
is_resident(uintptr_t page)
{
	unsigned char in;

	return mincore((void *)page, 1, &in) == 0 && (in & 1);
}

static void
released_pages_are_given_back(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = 16 * page;
	char *p = malloc(n);
	uintptr_t inner;

	(void)state;
	assert_non_null(p);
	memset(p, 'S', n);
	inner = (uintptr_t)p + 8 * page;
	inner -= inner % page;
	free(p);
	wipe_traces();
	assert_true(is_resident(inner));
	wipe_release();
	assert_false(is_resident(inner));
}

#endif

#ifdef __x86_64__

/* Vector registers hold what memcpy moved last, for the next signal to save. */
static void
registers_are_emptied(void **state)
{
	static const char secret[16] = "SSSSSSSSSSSSSSS", none[16] = { 0 };
	char got[16];

	(void)state;
	__builtin_cpu_init();
	if (!__builtin_cpu_supports("avx"))
		return;
	__asm__ volatile ("movdqu %0, %%xmm7" : : "m" (secret) : "xmm7");
	wipe_traces();
	__asm__ volatile ("movdqu %%xmm7, %0" : "=m" (got));
	assert_memory_equal(got, none, sizeof(got));
	if (!__builtin_cpu_supports("avx512vl"))
		return;
	__asm__ volatile ("vmovdqu64 %0, %%xmm20" : : "m" (secret));
	wipe_traces();
	__asm__ volatile ("vmovdqu64 %%xmm20, %0" : "=m" (got));
	assert_memory_equal(got, none, sizeof(got));
}

#endif

/* In a child, since there is no way back. */
static void
the_last_request_overwrites_nothing(void **state)
{
	int status = -1;
	uintptr_t at;
	pid_t pid;
	char *p;

	(void)state;
	if ((pid = fork()) == 0) {
		p = malloc(100000);
		memset(p, 'S', 100000);
		at = (uintptr_t)p;
		wipe_last();
		free(p);
		_exit(left(at + OWN, 100000 - OWN, 'S') > 90000 ? 0 : 1);
	}
	assert_int_not_equal(pid, -1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_overwrites),
		cmocka_unit_test(growing_overwrites_and_keeps_the_text),
		cmocka_unit_test(shrinking_overwrites_the_tail),
		cmocka_unit_test(realloc_as_malloc_and_as_free),
		cmocka_unit_test(libraries_too),
		cmocka_unit_test(calloc_and_aligned_blocks),
		cmocka_unit_test(stack_below_is_overwritten),
		cmocka_unit_test(the_last_request_overwrites_nothing),
#ifdef __GLIBC__
		cmocka_unit_test(released_pages_are_given_back),
#endif
#ifdef __x86_64__
		cmocka_unit_test(registers_are_emptied),
#endif
	};

	/* cmocka 1.1.5 would say "not ok" of a test that it skips. */
	if (!WIPES) {
		puts("1..1\nok 1 # SKIP NO_WIPE: the allocator is not ours");
		return 0;
	}
	/* What is freed must stay mapped for us to look at. */
	mallopt(M_TRIM_THRESHOLD, 1 << 28);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
