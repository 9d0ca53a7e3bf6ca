/*
 * test_visitor: who has sent a request, whatever headers it has.
 */
#include "base/io.h"
#include "plan/visitor.h"
#include "setup/guard.h"
#include "text/address.h"
#include "unit.h"

struct said {
	const char	*remote, *list, *forwarded;
};

static const char *
param(void *arg, const char *name)
{
	const struct said *said = arg;

	if (strcmp(name, "REMOTE_ADDR") == 0)
		return said->remote;
	if (strcmp(name, "HTTP_X_FORWARDED_FOR") == 0)
		return said->list;
	return strcmp(name, "HTTP_FORWARDED") == 0 ? said->forwarded : NULL;
}

static struct guard
trusting(struct network list[4], const char *const names[])
{
	struct guard guard = { .on = true, .proxies = list };

	while (names[guard.nproxies] != NULL) {
		assert_int_equal(network_parse(&list[guard.nproxies],
		    names[guard.nproxies]), 0);
		guard.nproxies++;
	}
	return guard;
}

/* The name; "" for one without a limit. */
static void
assert_name(const struct guard *guard, struct said said, const char *name)
{
	const struct source source = { param, NULL, &said };
	char found[VISITOR_BYTES];

	if (!visitor_name(guard, &source, found))
		found[0] = '\0';
	assert_string_equal(found, name);
}

static void
assert_hidden(const struct guard *guard, struct said said, bool hidden,
    const char *proxy)
{
	const struct source source = { param, NULL, &said };
	char found[VISITOR_BYTES];

	assert_int_equal(visitor_is_hidden(guard, &source, found), hidden);
	assert_string_equal(found, proxy);
}

static void
without_proxies(void **state)
{
	static const struct { struct said said; const char *name; } cases[] = {
		{ { "192.0.2.7", NULL, NULL }, "4 192.0.2.7" },
		{ { "::ffff:192.0.2.7", NULL, NULL }, "4 192.0.2.7" },
		{ { "2001:db8:1:2:3:4:5:6", NULL, NULL },
		    "6 2001:0db8:0001:0002" },
		{ { "2001:db8:1:2::9", NULL, NULL },
		    "6 2001:0db8:0001:0002" },
		{ { "2001:db8:1:3::9", NULL, NULL },
		    "6 2001:0db8:0001:0003" },
		{ { "fe80::1%eth0", NULL, NULL }, "6 fe80:0000:0000:0000" },
		{ { "64:ff9b::192.0.2.7", NULL, NULL }, "4 192.0.2.7" },
		{ { "unix:", "192.0.2.7", NULL }, "unknown" },
		{ { "127.0.0.1", NULL, NULL }, "" },
		{ { "127.9.9.9", NULL, NULL }, "" },
		{ { "::1", NULL, NULL }, "" },
		{ { "::ffff:127.0.0.1", NULL, NULL }, "" },
		{ { NULL, NULL, NULL }, "unknown" },
		{ { "", NULL, NULL }, "unknown" },
		{ { "unix:", NULL, NULL }, "unknown" },
		{ { "192.0.2.7.example", NULL, NULL }, "unknown" },
		/* What a client merely says. */
		{ { "192.0.2.7", "198.51.100.1", NULL }, "4 192.0.2.7" },
		{ { "192.0.2.7", "127.0.0.1", "for=127.0.0.1" },
		    "4 192.0.2.7" },
		{ { "192.0.2.7", NULL, "for=198.51.100.1" },
		    "4 192.0.2.7" },
		/* A proxy on this machine, of whatever sort. */
		{ { "127.0.0.1", "198.51.100.1", NULL }, "proxy" },
		{ { "::1", NULL, "for=198.51.100.1" }, "proxy" },
		{ { "127.0.0.1", "127.0.0.1", NULL }, "proxy" },
	};
	struct guard guard = GUARD_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_name(&guard, cases[i].said, cases[i].name);
}

static void
with_proxies(void **state)
{
	static const struct { struct said said; const char *name; } cases[] = {
		{ { "127.0.0.1", "192.0.2.7", NULL }, "4 192.0.2.7" },
		{ { "127.0.0.1", "203.0.113.9, 192.0.2.7", NULL },
		    "4 192.0.2.7" },
		{ { "127.0.0.1", "192.0.2.7,10.1.1.1 ,10.2.3.4", NULL },
		    "4 192.0.2.7" },
		{ { "10.2.3.4", "6.6.6.6, 192.0.2.7, 10.9.9.9", NULL },
		    "4 192.0.2.7" },
		{ { "fd00::7", "[2001:db8:1:2::9]:443", NULL },
		    "6 2001:0db8:0001:0002" },
		{ { "10.2.3.4", "192.0.2.7:8080", NULL }, "4 192.0.2.7" },
		{ { "10.2.3.4", NULL, "for=192.0.2.7;proto=https" },
		    "4 192.0.2.7" },
		{ { "10.2.3.4", NULL, "for=6.6.6.6, proto=http;FOR="
		    "\"[2001:db8:1:2::9]:4711\";by=10.0.0.1" },
		    "6 2001:0db8:0001:0002" },
		/* One that is not trusted may have made up all before it. */
		{ { "192.0.2.1", "203.0.113.9", NULL }, "4 192.0.2.1" },
		/* Nobody, or what cannot be read: whoever is known last. */
		{ { "10.2.3.4", "unknown", NULL }, "4 10.2.3.4" },
		{ { "10.2.3.4", "", NULL }, "4 10.2.3.4" },
		{ { "10.2.3.4", "192.0.2.7, _hidden, 10.1.1.1", NULL },
		    "4 10.1.1.1" },
		{ { "10.2.3.4", "192.0.2.7,,", NULL }, "4 10.2.3.4" },
		{ { "10.2.3.4", NULL, "proto=https" }, "4 10.2.3.4" },
		{ { "10.2.3.4", NULL, "for" }, "4 10.2.3.4" },
		{ { "10.2.3.4", NULL, "for=\"" }, "4 10.2.3.4" },
		/* All of them are trusted: the one furthest away. */
		{ { "10.2.3.4", "10.7.7.7, 10.1.1.1", NULL },
		    "4 10.7.7.7" },
		{ { "127.0.0.1", "127.0.0.1", NULL }, "proxy" },
		{ { "127.0.0.1", NULL, NULL }, "" },
		/* Two headers that agree, and two of which one is made up. */
		{ { "10.2.3.4", "192.0.2.7", "for=192.0.2.7" },
		    "4 192.0.2.7" },
		{ { "10.2.3.4", "192.0.2.7", "for=6.6.6.6" },
		    "4 10.2.3.4" },
		{ { "127.0.0.1", "192.0.2.7", "for=6.6.6.6" }, "proxy" },
		{ { "127.0.0.1", "unknown", NULL }, "proxy" },
		{ { "127.0.0.1", "unix:", NULL }, "proxy" },
		{ { "10.2.3.4", "127.0.0.1, 10.9.9.9", NULL }, "proxy" },
	};
	static const char *const names[] = { "127.0.0.1", "10.0.0.0/8",
		"fd00::/8", NULL };
	struct network list[4];
	struct guard guard;
	size_t i;

	(void)state;
	guard = trusting(list, names);
	for (i = 0; i < COUNT(cases); i++)
		assert_name(&guard, cases[i].said, cases[i].name);
}

/* A web server that listens on a unix socket, before which a proxy stands. */
static void
by_unix_socket(void **state)
{
	struct guard guard = { .on = true, .trusts_unix = true };

	(void)state;
	assert_name(&guard, (struct said){ "unix:", "6.6.6.6, 192.0.2.7",
	    NULL }, "4 192.0.2.7");
	assert_name(&guard, (struct said){ "", NULL, "for=192.0.2.7" },
	    "4 192.0.2.7");
	assert_name(&guard, (struct said){ "unix:", "unknown", NULL },
	    "unknown");
	assert_name(&guard, (struct said){ "unix:", NULL, NULL }, "unknown");
	/* What comes by TCP is another matter. */
	assert_name(&guard, (struct said){ "127.0.0.1", "192.0.2.7", NULL },
	    "proxy");
	assert_hidden(&guard, (struct said){ "unix:", "1.2.3.4", NULL },
	    false, "");
}

/* A long header is walked to its end, and no further. */
static void
a_long_list(void **state)
{
	static const char *const names[] = { "10.0.0.0/8", NULL };
	struct network list[4];
	struct guard guard;
	char text[60000];
	size_t n = 0;

	(void)state;
	guard = trusting(list, names);
	n += (size_t)snprintf(text, sizeof(text), "192.0.2.7");
	while (n < sizeof(text) - 20)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    ", 10.1.1.1");
	assert_name(&guard, (struct said){ "10.2.3.4", text, NULL },
	    "4 192.0.2.7");
	memset(text, ',', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_name(&guard, (struct said){ "10.2.3.4", text, NULL },
	    "4 10.2.3.4");
}

static void
hidden(void **state)
{
	static const char *const names[] = { "10.0.0.0/8", NULL };
	struct network list[4];
	struct guard guard;

	(void)state;
	guard = trusting(list, names);
	assert_hidden(&guard, (struct said){ "127.0.0.1", "1.2.3.4", NULL },
	    true, "127.0.0.1");
	assert_hidden(&guard, (struct said){ "172.17.0.1", NULL,
	    "for=1.2.3.4" }, true, "");
	assert_hidden(&guard, (struct said){ "unix:", "1.2.3.4", NULL }, true,
	    "unix");
	assert_hidden(&guard, (struct said){ "10.0.0.1", "1.2.3.4", NULL },
	    false, "");
	assert_hidden(&guard, (struct said){ "127.0.0.1", NULL, NULL },
	    false, "");
}

static void
networks(void **state)
{
	static const struct { const char *network, *address; bool has; }
	    cases[] = {
		{ "10.0.0.0/8", "10.255.0.1", true },
		{ "10.0.0.0/8", "11.0.0.1", false },
		{ "10.0.0.0/9", "10.128.0.1", false },
		{ "10.0.0.0/9", "10.127.0.1", true },
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.6", false },
		{ "192.0.2.6/31", "192.0.2.7", true },
		{ "0.0.0.0/0", "192.0.2.7", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "192.0.2.7", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "2001:db8::/33", "2001:db8:7000::1", true },
		{ "::1", "::1", true }, { "::1", "127.0.0.1", false },
	};
	static const char *const bad[] = { "", "10.0.0.0/33", "10.0.0/8",
		"10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::/129",
		"localhost", "10.0.0.1:80", "[::1]" };
	struct network network;
	struct address address;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(network_parse(&network, cases[i].network),
		    0);
		assert_int_equal(address_parse(&address, cases[i].address,
		    strlen(cases[i].address)), 0);
		assert_int_equal(network_has(&network, &address),
		    cases[i].has);
	}
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(network_parse(&network, bad[i]), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_proxies),
		cmocka_unit_test(with_proxies),
		cmocka_unit_test(by_unix_socket),
		cmocka_unit_test(a_long_list),
		cmocka_unit_test(hidden),
		cmocka_unit_test(networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
