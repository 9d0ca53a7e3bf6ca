/*
 * fixture_line: a line of the input, read with a graph of given inputs.
 */
#ifndef FIXTURE_LINE_H
#define FIXTURE_LINE_H

#include "bulk/line.h"
#include "bulk/source.h"
#include "setup/graph.h"
#include "text/json.h"
#include "unit.h"

/* Reads line 7 of a file.  Returns as line_read. */
static inline int
read_line(struct line *line, const char *text, size_t n,
    const struct graph *graph, struct line_fault *fault)
{
	/* Just as long as the text, for AddressSanitizer. */
	char *exact = malloc(n + 1);
	struct raw_line raw = { exact, n, 7, 0 };
	int rc;

	assert_non_null(exact);
	memcpy(exact, text, n);
	exact[n] = '\0';
	*line = (struct line)LINE_INIT;
	rc = line_read(line, &raw, graph, fault);
	free(exact);
	return rc;
}

static inline void
read_well(struct line *line, const char *text, const struct graph *graph)
{
	struct line_fault fault;

	if (read_line(line, text, strlen(text), graph, &fault) == -1)
		fail_msg("%s: %s, %s", text, fault.code, fault.message);
}

#define CALL	"\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
#define BODY	"\"body\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\"," \
	"\"content\":\"hi\"}]}"

#endif
