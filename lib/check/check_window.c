/*
 * check_window.c: runs on the command line.  Estimates how long a prompt and
 * its answer may become; asks nobody.
 */
#include <string.h>

#include "check/check_window.h"
#include "check/say.h"
#include "model/job.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/pickname.h"
#include "text/prompt.h"

/* Tokens that a stage may need, by what they are needed for. */
struct room {
	int64_t	 words;		/* of the templates */
	int64_t	 inputs;
	int64_t	 parts;		/* what other stages have written */
};

/* Adds an input of that name.  Returns whether there is one. */
static bool
add_input(struct room *room, const struct graph *graph, const char *name)
{
	const struct input *input;
	size_t i;

	for (i = 0; i < graph->ninputs; i++) {
		input = &graph->inputs[i];
		if (strcmp(input->name, name) != 0)
			continue;
		/* A number has few digits. */
		room->inputs += input->is_integer ? 3 :
		    (input->max + TOKEN_BYTES - 1) / TOKEN_BYTES;
		return true;
	}
	return false;
}

/* Adds the text of a part, or one field of the element that was picked. */
static void
add_written(struct room *room, const struct stage_spec *from, const char *name)
{
	if (from->is_each || from->run != NULL)
		return;
	if (strcmp(from->part, name) == 0)
		room->parts += from->max_tokens;
	else if (from->is_list && pickname_field(name, from->list.pick) != NULL)
		room->parts += from->max_tokens /
		    (from->list.items * (int64_t)from->list.nfields);
}

/* Adds what a template of the stage may become. */
static void
add_template(struct room *room, const struct graph *graph,
    const struct prompt *prompt)
{
	const struct prompt_piece *piece;
	size_t i, k, bytes = 0;

	for (i = 0; i < prompt->n; i++) {
		piece = &prompt->pieces[i];
		if (piece->kind == PROMPT_TEXT)
			bytes += piece->len;
		if (piece->kind != PROMPT_VALUE ||
		    add_input(room, graph, piece->text))
			continue;
		for (k = 0; k < graph->n; k++)
			add_written(room, &graph->stages[k], piece->text);
	}
	room->words += (int64_t)(bytes + TOKEN_BYTES - 1) / TOKEN_BYTES;
}

bool
check_window(const struct graph *graph, const struct stage_spec *stage,
    const struct service *service, int64_t window)
{
	struct room room = { 0, 0, 0 };
	int64_t all;

	add_template(&room, graph, &stage->system);
	add_template(&room, graph, &stage->prompt);
	all = room.words + room.inputs + room.parts + stage->max_tokens;
	if (window <= 0 || all <= window)
		return false;
	say_warning("warning", "stage \"%s\" may need about %lld tokens: %lld "
	    "for its templates, %lld for inputs at their longest, %lld for "
	    "parts that it needs, and max_tokens %lld; the window of \"%s\" "
	    "has %lld: shorten the template, or lower \"max\" of an input or "
	    "\"max_tokens\" of a stage in stages.json", stage->part,
	    (long long)all, (long long)room.words, (long long)room.inputs,
	    (long long)room.parts, (long long)stage->max_tokens, service->id,
	    (long long)window);
	return true;
}
