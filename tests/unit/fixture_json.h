/*
 * fixture_json: parses a JSON text; the test fails if that fails.
 */
#ifndef FIXTURE_JSON_H
#define FIXTURE_JSON_H

#include "text/json.h"
#include "unit.h"

#define DEPTH	8

static inline struct json *
parse(const char *text)
{
	struct json *json = json_parse(text, strlen(text), DEPTH, true, NULL,
	    NULL);

	if (json == NULL)
		fail_msg("%s was not taken", text);
	return json;
}

#endif
