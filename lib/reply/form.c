/*
 * form.c: worker.  What all forms share; knows nothing of how they look.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "reply/form.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "wire/outbox.h"

/* Bytes of an answer beside the parts' texts: its head and all other events. */
#define SPARE_BYTES	(1024 * 1024)

/*
 * The bytes of one part that are held back at most.  The words of errors and
 * remarks come on top of its text.
 */
static size_t
held_most(const struct form *form)
{
	return form->ops->growth * ((size_t)form->plan->config->
	    limits.stage_bytes + OUTBOX_HIGH);
}

/* Fills the table with the parts of the plan.  -1: there is no memory. */
static int
add_plan_parts(struct form *form)
{
	const struct plan *plan = form->plan;
	struct form_part *part;
	size_t i;

	form->parts = calloc(plan->n, sizeof(*form->parts));
	if (form->parts == NULL)
		return -1;
	form->n = plan->n;
	for (i = 0; i < form->n; i++) {
		part = &form->parts[i];
		part->spec = plan->parts[i].spec;
		part->name = part->spec->part;
		part->absent = plan->parts[i].absent;
		buf_init(&part->text, held_most(form));
	}
	return 0;
}

struct form *
form_new(const struct form_ops *ops, struct outbox *outbox,
    const struct plan *plan)
{
	struct form *form = calloc(1, ops->size);

	if (form == NULL)
		return NULL;
	form->ops = ops;
	form->outbox = outbox;
	form->out = &outbox->out;
	form->plan = plan;
	if (add_plan_parts(form) == 0)
		return form;
	free(form);
	return NULL;
}

void
form_free(struct form *form)
{
	size_t i;

	if (form == NULL)
		return;
	for (i = 0; i < form->n; i++) {
		free(form->parts[i].own_name);
		buf_free(&form->parts[i].text);
		json_free(form->parts[i].state);
	}
	free(form->parts);
	if (form->ops->free != NULL)
		form->ops->free(form);
	free(form);
}

static void
on_beat(void *arg)
{
	struct form *form = arg;

	form->ops->beat(form);
}

static void
on_pad(void *arg, size_t n)
{
	struct form *form = arg;

	form->ops->pad(form, n);
}

/* A byte of text becomes six at most: an entity of HTML, an escape of JSON. */
static size_t
written_most(const struct form *form)
{
	return 6 * (size_t)form->plan->config->limits.stage_bytes;
}

void
form_begin(struct form *form)
{
	const struct filler filler = { on_beat,
	    form->ops->pad == NULL ? NULL : on_pad, form };

	/* A run that is read again tells its parts later: take the graph. */
	outbox_begin(form->outbox, &filler, written_most(form) * (form->n > 0 ?
	    form->n : form->plan->graph->n) + SPARE_BYTES);
	form->ops->begin(form);
	outbox_grew(form->outbox);
}

/* After the last event no heartbeat may come: the document has ended. */
void
form_wait(struct form *form, int ahead)
{
	if (form->ops->wait != NULL)
		form->ops->wait(form, ahead);
	else
		form->ops->beat(form);
}

void
form_tell(void *arg, const struct event *event)
{
	struct form *form = arg;

	form->ops->tell(form, event);
	if (event->kind == EVENT_DONE)
		outbox_end(form->outbox);
	outbox_grew(form->outbox);
}

/*
 * Adds a part that came into being during the run.  Its name is copied, since
 * that of an event is borrowed, and the answer may become longer by its text.
 */
static struct form_part *
add_part(struct form *form, const char *name)
{
	struct form_part *grown = realloc(form->parts,
	    (form->n + 1) * sizeof(*grown)), *part;
	char *own = strdup(name);

	if (grown != NULL)
		form->parts = grown;
	if (grown == NULL || own == NULL) {
		free(own);
		form->out->failed = true;
		return NULL;
	}
	part = &form->parts[form->n++];
	*part = (struct form_part){ .name = own, .own_name = own };
	buf_init(&part->text, held_most(form));
	form->out->max += written_most(form);
	return part;
}

void
form_check_held(struct form *form, const struct form_part *part)
{
	if (part->text.failed)
		form->out->failed = true;
}

struct form_part *
form_part(struct form *form, const char *name)
{
	size_t i;

	/* The plan's names are told as the same pointers, which is quick. */
	for (i = 0; i < form->n; i++)
		if (form->parts[i].name == name ||
		    strcmp(form->parts[i].name, name) == 0)
			return &form->parts[i];
	return add_part(form, name);
}
