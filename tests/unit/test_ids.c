/*
 * test_ids: what is known of ids, beside a table that is kept in another way;
 * and what half a million of them need.
 */
#include <malloc.h>

#include "bulk/ids.h"
#include "unit.h"

static unsigned
get(const struct ids *ids, const char *id)
{
	return ids_get(ids, id, strlen(id));
}

static void
add(struct ids *ids, const char *id, unsigned bits)
{
	ids_add(ids, id, strlen(id), bits);
}

static void
bits(void **state)
{
	struct ids ids = IDS_INIT;

	(void)state;
	assert_int_equal(get(&ids, "a"), 0);
	assert_int_equal(ids_count(&ids, 0, 0), 0);
	add(&ids, "a", ID_GIVEN);
	add(&ids, "a", ID_FAILED);
	add(&ids, "b", ID_GIVEN | ID_DONE);
	assert_int_equal(get(&ids, "a"), ID_GIVEN | ID_FAILED);
	assert_int_equal(get(&ids, "b"), ID_GIVEN | ID_DONE);
	assert_int_equal(get(&ids, "c"), 0);
	assert_int_equal(ids_count(&ids, 0, 0), 2);
	assert_int_equal(ids_count(&ids, ID_GIVEN, 0), 2);
	assert_int_equal(ids_count(&ids, ID_GIVEN, ID_DONE), 1);
	assert_int_equal(ids_count(&ids, ID_DONE | ID_FAILED, 0), 0);
	add(&ids, "a", ID_DONE);
	assert_int_equal(get(&ids, "a"), ID_GIVEN | ID_FAILED | ID_DONE);
	assert_int_equal(ids.n, 2);
	ids_free(&ids);
	assert_int_equal(get(&ids, "b"), 0);
	ids_free(&ids);
}

/* Byte for byte: no number, no case, no end at a NUL, any length. */
static void
exact(void **state)
{
	static const struct { const char *id; size_t n; } list[] = {
		{ BYTES("1") }, { BYTES("01") }, { BYTES("1 ") },
		{ BYTES("1\0") }, { BYTES("1\0a") }, { BYTES("1\0b") },
		{ BYTES("a") }, { BYTES("A") }, { BYTES("\xc3\xa9") },
		{ BYTES("e\xcc\x81") }, { BYTES("") },
	};
	struct ids ids = IDS_INIT;
	char longer[5000];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(list); i++) {
		for (j = 0; j < COUNT(list); j++)
			assert_int_equal(ids_get(&ids, list[j].id, list[j].n),
			    j < i ? ID_GIVEN : 0);
		ids_add(&ids, list[i].id, list[i].n, ID_GIVEN);
	}
	memset(longer, 'x', sizeof(longer));
	ids_add(&ids, longer, sizeof(longer), ID_DONE);
	assert_int_equal(ids_get(&ids, longer, sizeof(longer) - 1), 0);
	longer[2500] = 'y';
	assert_int_equal(ids_get(&ids, longer, sizeof(longer)), 0);
	ids_free(&ids);
}

#define MANY	500000

/* The bits that a test gives to an id. */
static unsigned
bits_of(unsigned i)
{
	return i % 7 + 1;
}

static void
many(void **state)
{
	size_t most = 0, with_done = 0, bytes, before = 0;
	struct ids ids = IDS_INIT;
	char id[32];
	unsigned i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		snprintf(id, sizeof(id), "request-%u", i);
		assert_int_equal(get(&ids, id), 0);
		add(&ids, id, bits_of(i));
		with_done += (bits_of(i) & ID_DONE) != 0;
		/* While it grows, both tables are there. */
		bytes = ids.room * 16 + (ids.room > before ? before * 16 : 0);
		most = bytes > most ? bytes : most;
		before = ids.room;
		assert_true(ids.n <= ids.room / 4 * 3);
	}
	for (i = 0; i < MANY; i++) {
		snprintf(id, sizeof(id), "request-%u", i);
		if (get(&ids, id) != bits_of(i))
			fail_msg("%s has %u", id, get(&ids, id));
	}
	assert_int_equal(ids.n, MANY);
	assert_int_equal(ids_count(&ids, ID_DONE, 0), with_done);
	assert_int_equal(ids_count(&ids, 0, ID_DONE), MANY - with_done);
	assert_true(most <= 24 << 20);
	/* And the block is of that size. */
	assert_in_range(malloc_usable_size(ids.slots), ids.room * 16,
	    ids.room * 16 + 65536);
	ids_free(&ids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits),
		cmocka_unit_test(exact),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
