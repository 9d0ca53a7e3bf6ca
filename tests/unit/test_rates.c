/*
 * test_rates: requests and tokens a minute, among the processes of a site.
 */
#include <sys/wait.h>
#include <signal.h>

#include "setup/service.h"
#include "site/rates.h"
#include "unit.h"

static char name_a[] = "a", name_b[] = "b", name_c[] = "c", name_d[] = "d";
static char url[] = "https://host.example/v1";

/* a: 60 requests a minute; b: 6000 tokens; c: no limit; d: many tokens. */
static struct service list[] = {
	{ .id = name_a, .base_url = url, .rpm = 60 },
	{ .id = name_b, .base_url = url, .tpm = 6000 },
	{ .id = name_c, .base_url = url },
	{ .id = name_d, .base_url = url, .tpm = 60000000 },
};
static const struct services services = { list, COUNT(list) };
static const struct service *const a = &list[0], *const b = &list[1],
    *const c = &list[2], *const d = &list[3];

/* How many requests have room, of 1000 that come at once. */
static int
count_taken(struct rates *rates, const struct service *service,
    int64_t tokens, bool is_patient)
{
	struct toll toll;
	int n = 0;

	while (n < 1000 &&
	    rates_take(rates, &toll, service, tokens, is_patient) == 0) {
		rates_ask(rates, &toll, 0);
		n++;
	}
	return n;
}

static void
visitors_have_a_minute_at_once(void **state)
{
	struct rates rates;
	struct toll toll;
	int64_t wait;

	(void)state;
	rates_open(&rates, NULL, &services);
	assert_in_range(count_taken(&rates, a, 0, false), 60, 61);
	wait = rates_wait_ms(&rates, a, 0, false);
	assert_in_range(wait, 1, 1000);
	assert_in_range(rates_take(&rates, &toll, a, 0, false), 1, 1000);
	assert_in_range(count_taken(&rates, b, 1000, false), 6, 7);
	assert_in_range(rates_wait_ms(&rates, b, 1000, false), 1, 10000);
	assert_int_equal(count_taken(&rates, c, 1000, false), 1000);
	rates_close(&rates);
}

static void
the_patient_leave_it_to_visitors(void **state)
{
	struct rates rates;

	(void)state;
	rates_open(&rates, NULL, &services);
	assert_in_range(count_taken(&rates, a, 0, true), 1, 2);
	assert_in_range(rates_wait_ms(&rates, a, 0, true), 1, 1000);
	assert_in_range(count_taken(&rates, b, 1000, true), 1, 2);
	/* What a visitor may take at once is nearly all of it. */
	assert_in_range(count_taken(&rates, a, 0, false), 58, 60);
	assert_in_range(rates_wait_ms(&rates, a, 0, true), 58000, 60000);
	rates_close(&rates);
}

static void
what_was_not_used_comes_back(void **state)
{
	struct rates rates;
	struct toll toll;

	(void)state;
	rates_open(&rates, NULL, &services);
	assert_int_equal(rates_take(&rates, &toll, b, 6000, false), 0);
	rates_ask(&rates, &toll, 60);
	assert_in_range(rates_wait_ms(&rates, b, 3000, false), 30000, 31000);
	rates_settle(&rates, &toll, 1000);
	assert_int_equal(rates_wait_ms(&rates, b, 4900, false), 0);
	assert_in_range(rates_wait_ms(&rates, b, 5500, false), 4000, 5000);
	rates_settle(&rates, &toll, 0);
	assert_in_range(rates_wait_ms(&rates, b, 5500, false), 4000, 5000);

	/* One that was never sent counts as no request. */
	assert_int_equal(count_taken(&rates, a, 0, false) / 60, 1);
	rates_close(&rates);
	rates_open(&rates, NULL, &services);
	assert_int_equal(rates_take(&rates, &toll, a, 0, true), 0);
	assert_true(rates_wait_ms(&rates, a, 0, true) > 0);
	rates_settle(&rates, &toll, 0);
	assert_int_equal(rates_wait_ms(&rates, a, 0, true), 0);
	rates_close(&rates);
}

/* One that needs more than a minute allows waits for all of it, and is sent. */
static void
more_than_a_minute_allows(void **state)
{
	struct rates rates;
	struct toll toll;

	(void)state;
	rates_open(&rates, NULL, &services);
	assert_int_equal(rates_take(&rates, &toll, b, 9000, false), 0);
	assert_in_range(rates_take(&rates, &toll, b, 9000, false), 59000,
	    60000);
	rates_close(&rates);
}

/* The patient take what the requests before have used, on average. */
static void
the_patient_learn(void **state)
{
	struct rates rates;
	struct toll toll;
	int i;

	(void)state;
	rates_open(&rates, NULL, &services);
	for (i = 0; i < RATES_KNOWN; i++) {
		assert_int_equal(rates_take(&rates, &toll, d, 1, true), 0);
		rates_ask(&rates, &toll, 0);
		rates_settle(&rates, &toll, 3);
	}
	assert_int_equal(rates_take(&rates, &toll, d, 6000, true), 0);
	assert_int_equal(toll.tokens, 3);
	assert_true(toll.is_mean);
	rates_settle(&rates, &toll, 0);
	assert_int_equal(rates_take(&rates, &toll, d, 5000, false), 0);
	assert_int_equal(toll.tokens, 5000);
	rates_close(&rates);
}

static void
shared_by_all_processes(void **state)
{
	const char *dir = *state;
	struct rates one, two;
	pid_t pid;
	int status;

	rates_open(&one, dir, &services);
	assert_in_range(count_taken(&one, a, 0, false), 60, 61);
	rates_open(&two, dir, &services);
	assert_true(rates_wait_ms(&two, a, 0, false) > 0);
	assert_int_equal(rates_wait_ms(&two, b, 6000, false), 0);
	/* One that is killed keeps nothing locked. */
	if ((pid = fork()) == 0) {
		count_taken(&two, b, 1000, false);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_in_range(rates_wait_ms(&one, b, 1000, false), 1, 10000);
	rates_close(&one);
	rates_close(&two);

	/* Without a folder, those share it that were forked. */
	rates_open(&one, "/nonexistent", &services);
	if ((pid = fork()) == 0)
		_exit(count_taken(&one, a, 0, false) >= 60 ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(rates_wait_ms(&one, a, 0, false) > 0);
	rates_close(&one);
}

/* What a clock has left that was set back costs a minute at most. */
static void
numbers_of_another_time(void **state)
{
	const char *dir = *state;
	char path[100];
	struct rates rates;
	int64_t far = INT64_MAX / 2, key;
	off_t at;
	int fd;

	rates_open(&rates, dir, &services);
	count_taken(&rates, a, 0, true);
	snprintf(path, sizeof(path), "%s/rates", dir);
	assert_true((fd = open(path, O_RDWR)) != -1);
	for (at = 0; pread(fd, &key, 8, at) == 8 && key == 0; at += 32)
		;
	assert_int_equal(pwrite(fd, &far, 8, at + 8), 8);
	assert_in_range(rates_wait_ms(&rates, a, 0, true), 59000, 61000);
	far = INT64_MIN;
	assert_int_equal(pwrite(fd, &far, 8, at + 8), 8);
	assert_in_range(count_taken(&rates, a, 0, false), 60, 61);
	close(fd);
	rates_close(&rates);
}

static void
share_of_the_limit(void **state)
{
	const struct service *service = NULL;
	struct rates rates;

	(void)state;
	rates_open(&rates, NULL, &services);
	assert_true(rates_share(&rates, 1000, &service) < 0);
	count_taken(&rates, a, 0, false);
	assert_true(rates_share(&rates, 120000, &service) >= 0.5);
	assert_true(rates_share(&rates, 120000, &service) < 0.6);
	assert_ptr_equal(service, a);
	rates_close(&rates);

	/* A site without limits makes no file. */
	rates_open(&rates, NULL, &(struct services){ &list[2], 1 });
	assert_null(rates.rows);
	assert_int_equal(count_taken(&rates, c, 9, true), 1000);
	rates_close(&rates);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(visitors_have_a_minute_at_once),
		cmocka_unit_test(the_patient_leave_it_to_visitors),
		cmocka_unit_test(what_was_not_used_comes_back),
		cmocka_unit_test(more_than_a_minute_allows),
		cmocka_unit_test(the_patient_learn),
		TEST(shared_by_all_processes),
		TEST(numbers_of_another_time),
		cmocka_unit_test(share_of_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
