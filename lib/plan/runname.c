/*
 * runname.c: worker.  Reads keys and makes ids of them; does not know what runs
 * there are.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/err.h"
#include "plan/runname.h"

/* So that the hash of a key is no other hash that somebody may have of it. */
#define PURPOSE	"recipe.fcgi run "

/* Bytes of a UUID, and where its dashes are. */
#define UUID_BYTES	36
static const size_t dashes[] = { 8, 13, 18, 23 };

bool
runname_is_given(const struct runname *name)
{
	return name->key[0] != '\0';
}

static bool
is_dash_of_uuid(size_t at, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++)
		if (n == UUID_BYTES && dashes[i] == at)
			return true;
	return false;
}

/* Copies the digits of the n bytes at text.  Returns whether it is a key. */
static bool
copy_digits(char key[RUNNAME_DIGITS + 1], const char *text, size_t n)
{
	size_t i, k = 0;

	if (n != UUID_BYTES && n != RUNNAME_DIGITS)
		return false;
	for (i = 0; i < n; i++) {
		if (is_dash_of_uuid(i, n)) {
			if (text[i] != '-')
				return false;
		} else if (isxdigit((unsigned char)text[i])) {
			key[k++] = (char)tolower((unsigned char)text[i]);
		} else {
			return false;
		}
	}
	key[k] = '\0';
	return k == RUNNAME_DIGITS;
}

int
runname_read(struct runname *name, const char *text, struct err *err)
{
	char whole[sizeof(PURPOSE) + RUNNAME_DIGITS];
	size_t n = strlen(text);

	*name = (struct runname)RUNNAME_INIT;
	if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
		text++;
		n -= 2;
	}
	if (!copy_digits(name->key, text, n)) {
		name->key[0] = '\0';
		return err_set(err, 400, "bad_key", "the key of a run is a "
		    "UUID, or 32 hexadecimal digits, drawn anew for each run");
	}
	snprintf(whole, sizeof(whole), PURPOSE "%s", name->key);
	digest_hex(whole, strlen(whole), name->id, RUNNAME_DIGITS);
	return 0;
}

bool
runname_is_id(const char *text, size_t n)
{
	size_t i;

	if (n != RUNNAME_DIGITS)
		return false;
	for (i = 0; i < n; i++)
		if (strchr("0123456789abcdef", text[i]) == NULL ||
		    text[i] == '\0')
			return false;
	return true;
}
