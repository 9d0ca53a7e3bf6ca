/*
 * form: writes down a run for one visitor, in the form that he has asked for.
 *
 * A form is a subscriber of the run and writes into an outbox.  FORMS, below,
 * lists them, and each is in the file reply_NAME.c:
 *
 *	stream	each event as it comes
 *	json	one document at the end
 *	text	parts in the order of the graph, one live, the others held
 *	html	the template of page.h, filled from above, the rest held
 *
 * To add a form: its file with a `const struct form_ops reply_NAME_ops`, and
 * its name in FORMS.
 *
 * A form that has members of its own puts them into a struct whose first member
 * is a struct form; form_new allocates ops->size bytes of zeros for it.  What a
 * form holds back of a part is in the table of parts.  It has the plan's parts
 * in the order of the graph, and after them those that come into being during
 * the run.
 *
 *	form = form_new(&reply_text_ops, &outbox, &plan);
 *	form_begin(form);
 *	run_subscribe(&run, ...)	form_tell(form, event) for each event
 *	form_free(form);
 *
 * A form borrows outbox and plan.  Of each part it holds back at most as much
 * as stage_bytes bytes can become in this form (ops->growth).
 */
#ifndef FORM_H
#define FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "wire/event.h"

struct json;
struct outbox;
struct plan;
struct stage_spec;

/* The first is what is sent if a request names none. */
#define FORMS(form)	form(stream) form(json) form(text) form(html)

/* What a form remembers of a part. */
struct form_part {
	const char		*name;
	char			*own_name;	/* if it is not the plan's */
	const struct stage_spec	*spec;		/* NULL: not in the plan */
	bool			 absent;	/* it does not run */
	struct buf		 text;		/* what is held back */
	bool			 ended;		/* no more will come */
	struct json		*state;		/* json: its last EVENT_PART */
};

struct form {
	const struct form_ops	*ops;
	struct outbox		*outbox;
	struct buf		*out;		/* the outbox's */
	const struct plan	*plan;
	struct form_part	*parts;
	size_t			 n;
	bool			 is_reread;	/* stream: GET of a run that
						   was begun before */
	bool			 has_told;	/* stream: an event */
};

struct form_ops {
	const char	*accept;	/* what a request names in Accept */
	const char	*type;		/* Content-Type */
	size_t		 size;		/* of the form's own struct */
	size_t		 growth;	/* bytes that a held byte can become */
	bool		 needs_page;	/* the graph's template */
	void	(*begin)(struct form *form);
	void	(*tell)(struct form *form, const struct event *event);
	/* So many are before this visitor; NULL: as beat. */
	void	(*wait)(struct form *form, int ahead);
	void	(*beat)(struct form *form);	/* bytes that mean nothing */
	/* n of them, or a few more; NULL: there are none. */
	void	(*pad)(struct form *form, size_t n);
	void	(*free)(struct form *form);	/* its own memory; or NULL */
};

#define FORM_DECLARE(name)	extern const struct form_ops reply_##name##_ops;
FORMS(FORM_DECLARE)
#undef FORM_DECLARE

/* Returns a new form, which has written nothing yet; NULL without memory. */
struct form *form_new(const struct form_ops *ops, struct outbox *outbox,
	    const struct plan *plan);
void	form_free(struct form *form);

/* Writes the first bytes; from then on the outbox has heartbeats. */
void	form_begin(struct form *form);

/*
 * Tells the visitor that his run has not begun, and how many runs are before
 * it; -1: not known.  Only forms that are streams say so.
 */
void	form_wait(struct form *form, int ahead);

/* The `tell` of a subscriber whose arg is a form. */
void	form_tell(void *form, const struct event *event);

/*
 * Returns the part of that name, which is added if it is new; it is valid until
 * the next call.  Returns NULL without memory: then the answer breaks off,
 * because some of it would be missing.
 */
struct form_part *form_part(struct form *form, const char *name);

/*
 * After something was appended to what is held of a part: if it could not be,
 * the answer breaks off, for the same reason.
 */
void	form_check_held(struct form *form, const struct form_part *part);

#endif
