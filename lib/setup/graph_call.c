/*
 * graph_call.c: the stage of all calls of a file (model/batch_call.h), which no
 * stages.json has.
 */
#include "setup/graph.h"

static char part[] = "_call", body[] = "body";

static struct prompt_piece pieces[] = {
	{ PROMPT_VALUE, body, sizeof(body) - 1, 0, 1 },
};

const struct stage_spec graph_call = { .part = part, .title = part,
    .form = "prose", .is_call = true, .prompt = { pieces, 1 } };
