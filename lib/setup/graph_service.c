/*
 * graph_service.c: listener.  Reads which services a stage asks, and whether at
 * once; knows nothing of what services there are.
 */
#include <string.h>

#include "base/err.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "text/json.h"

#define HERE(at, ...)	AT("stages", at, __VA_ARGS__)

/* Reads {"fastest": ["ID", "ID"], "by": "first"}. */
static int
load_fastest(struct stage_spec *s, const struct doc *doc, const char *at,
    struct err *err)
{
	static const char *const known[] = { "fastest", "by", NULL };
	const char *by = "total";

	if (doc_only(doc, err, HERE(at, "service"), known) == -1 ||
	    doc_strings(doc, err, HERE(at, "service", "fastest"),
	    &s->services, &s->nservices) == -1 ||
	    doc_string(doc, err, HERE(at, "service", "by"), &by) == -1)
		return -1;
	if (s->nservices < 2)
		return doc_complain(doc, err, HERE(at, "service"),
		    "\"service\" needs at least two ids in \"fastest\": "
		    "{\"fastest\": [\"ID\", \"ID\"]}");
	s->fastest = strcmp(by, "first") == 0 ? FASTEST_FIRST :
	    FASTEST_TOTAL;
	return s->fastest == FASTEST_FIRST || strcmp(by, "total") == 0 ? 0 :
	    doc_complain(doc, err, HERE(at, "service", "by"),
	    "\"by\" must be \"total\", the time of the whole answer, or "
	    "\"first\", that of its first text");
}

static int
load_race(struct stage_spec *s, const struct doc *doc, const char *at,
    struct err *err)
{
	struct json *race = doc_get(doc, HERE(at, "race"));
	int64_t n = 1;
	size_t len;

	if (json_kind(race) == JSON_STRING) {
		s->is_late_race = true;
		return strcmp(json_string(race, &len), "late") == 0 ? 0 :
		    doc_complain(doc, err, HERE(at, "race"), "\"race\" must "
		    "be 2, or \"late\"");
	}
	if (doc_int(doc, err, HERE(at, "race"), 1, 2, &n) == -1)
		return -1;
	s->race = n == 2;
	return 0;
}

int
graph_load_service(struct stage_spec *s, const struct doc *doc, const char *at,
    struct err *err)
{
	struct json *service = doc_get(doc, HERE(at, "service"));

	if (load_race(s, doc, at, err) == -1)
		return -1;
	if (json_kind(service) == JSON_OBJECT)
		return load_fastest(s, doc, at, err);
	return doc_strings(doc, err, HERE(at, "service"), &s->services,
	    &s->nservices) == -1 ? -1 : 0;
}

const char *
graph_between(const struct stage_spec *stage, size_t i)
{
	if (i == 0)
		return stage->fastest != FASTEST_NOT ? "the fastest of " : "";
	if (i == 1 && stage->race)
		return " against ";
	if (i == 1 && stage->is_late_race)
		return ", if late ";
	return stage->fastest != FASTEST_NOT ? " or " : ", then ";
}
