/*
 * sniff.c: stage.  Looks at the first bytes of an answer; reads none of it.
 */
#include <string.h>

#include "model/sniff.h"

/*
 * Whether the answer is a stream of events.  Its type tells, or, since some
 * servers send a wrong one, its first bytes.
 */
static bool
looks_like_stream(int status, const char *type, const char *data, size_t n)
{
	static const char *const begins[] = { "data:", "event:", ":", "id:" };
	static const char none[] = { '{', '[', '<', '\x1f' };
	size_t i, len;

	/* No event begins as JSON, HTML or gzip do, whatever the type says. */
	if (status != 200 || memchr(none, data[0], sizeof(none)) != NULL)
		return false;
	if (strcmp(type, "text/event-stream") == 0)
		return true;
	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		len = strlen(begins[i]);
		if (memcmp(data, begins[i], n < len ? n : len) == 0)
			return true;
	}
	return false;
}

/*
 * Looks among the first bytes for one that no text has.  Compressed data has
 * one very soon.
 */
static void
look_for_binary(struct sniff *sniff, const char *data, size_t n)
{
	static const char blank[] = { '\t', '\n', '\f', '\r' };
	size_t i;

	for (i = 0; i < n && sniff->looked < SNIFF_MAX; i++, sniff->looked++)
		if ((unsigned char)data[i] < ' ' &&
		    memchr(blank, data[i], sizeof(blank)) == NULL)
			sniff->binary = true;
}

void
sniff_feed(struct sniff *sniff, int status, const char *type,
    const char *data, size_t n)
{
	look_for_binary(sniff, data, n);
	if (sniff->begun)
		return;
	sniff->begun = true;
	sniff->is_stream = looks_like_stream(status, type, data, n);
}
