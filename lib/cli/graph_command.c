/*
 * graph_command.c: the command line.  Loads a graph and writes its picture;
 * asks no service and needs no configuration.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "cli/draw.h"
#include "cli/graph_command.h"
#include "setup/graph.h"

/* 32 stages that need 8 others each, as SVG. */
#define PICTURE_MAX	(4 * 1024 * 1024)

static int
read_words(int n, char **word, bool *svg, struct err *err)
{
	int i;

	for (i = 0; i < n; i++)
		if (strcmp(word[i], "--svg") == 0)
			*svg = true;
		else if (strcmp(word[i], "--prompts") != 0 || i + 1 == n)
			return err_set(err, 400, "usage", i + 1 == n &&
			    strcmp(word[i], "--prompts") == 0 ? "%s needs a "
			    "word after it" : "\"%.60s\" is neither --svg nor"
			    " --prompts DIR", word[i]);
		else if (setenv("RECIPE_PROMPTS", word[++i], 1) == -1)
			return err_set(err, 503, "no_memory", "out of memory");
	return 0;
}

static int
print(const struct buf *picture)
{
	if (!picture->failed &&
	    fwrite(picture->data, 1, picture->len, stdout) == picture->len &&
	    fflush(stdout) == 0)
		return 0;
	log_warn("standard output");
	return 1;
}

int
graph_command(int n, char **word)
{
	struct buf picture = BUF_INIT(PICTURE_MAX);
	struct graph graph = GRAPH_INIT;
	struct err err = ERR_INIT;
	bool svg = false;
	int rc = 2;

	if (read_words(n, word, &svg, &err) == -1 ||
	    graph_load(&graph, &err) == -1) {
		log_warnx("%s", err.text);
	} else {
		if (svg)
			draw_svg(&graph, &picture);
		else
			draw_text(&graph, &picture);
		rc = print(&picture);
	}
	buf_free(&picture);
	graph_free(&graph);
	return rc;
}
