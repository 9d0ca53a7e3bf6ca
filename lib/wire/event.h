/*
 * event: the events that a run tells, and the words in which visitors get
 * them.  This header is the manual of the public wire.
 *
 * Whatever happens in a run becomes an event.  A run numbers its events from 1
 * and tells each of them to all of its subscribers, so all hear the same events
 * with the same ids, in whichever form they write them down.
 *
 *	kind		name	carries, as the members of one JSON object
 *	EVENT_RUN	_run	id, heartbeat_ms, parts, given, demo, hint,
 *				over, untrusted_proxy
 *	EVENT_PART	_part	part, state, service, model, attempt, ms,
 *				tokens {in, out, estimated}, why, ahead
 *	EVENT_TEXT	(part)	no object, but text to append to that part
 *	EVENT_PICK	_pick	index, and the fields of the picked element
 *	EVENT_ALTERNATES _alternates	items: the elements not picked
 *	EVENT_ERROR	_error	part, code, message, retryable
 *	EVENT_KEPT	_kept	kept (false), why
 *	EVENT_DONE	_done	ms, first_ms, tokens, how
 *
 * The EVENT_PART of a part that a program writes, or nobody ("each"), has
 * neither service nor model nor tokens.
 *
 * Of a run that its client has named (plan/runname.h), EVENT_RUN says in `kept`
 * whether it can be read again, EVENT_KEPT says that it no longer can, and
 * EVENT_DONE says how it ended: done, run_ms, stopped, left, or broken.
 *
 * EVENT_RUN comes first and EVENT_DONE last, each exactly once.  Only a run
 * that is abandoned (run.h) has no EVENT_DONE; it just ends.  All `ms` count
 * from the arrival of the request.  If a part ends without all of its text, two
 * events say so: its EVENT_PART and right after it one EVENT_ERROR.
 *
 *	state		when				the part has ended
 *	waiting		its server has no place yet	no
 *	start		an attempt has its prompt	no
 *	first		before the first visible text	no
 *	reset		all text so far is void		no
 *	done		finished well			yes
 *	cut		the model ran into its length limit	yes
 *	filtered	the provider withheld the rest	yes, with an error
 *	failed		no attempt is left		yes, with an error
 *	skipped		a part that it needs has failed	yes, with an error
 *	stopped		run_ms is over			yes, with an error
 *
 * Text is UTF-8 in whole code points, at least one, and its newlines are LF,
 * whatever the model wrote.  An event names its part.  A part may come into
 * being during a run: then its first event has a name that EVENT_RUN did not
 * list.
 *
 * To listen:
 *
 *	struct subscriber me = { .tell = on_event, .arg = my_memory };
 *
 *	run_subscribe(&run, &me);
 *	...	on_event(my_memory, &event) for each event
 *	run_unsubscribe(&run, &me);
 *
 * To add an event: a row here, its word in event.c, and the function that tells
 * it.  The stream and the JSON document pass on an event that they do not know.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

enum event_kind {
	EVENT_RUN, EVENT_PART, EVENT_TEXT, EVENT_PICK, EVENT_ALTERNATES,
	EVENT_ERROR, EVENT_KEPT, EVENT_DONE,
};

/* What an EVENT_PART tells of its part. */
enum told {
	TOLD_NOTHING,		/* the event is no EVENT_PART */
	TOLD_WAITING, TOLD_START, TOLD_FIRST, TOLD_RESET, TOLD_DONE, TOLD_CUT,
	TOLD_FILTERED, TOLD_FAILED, TOLD_SKIPPED, TOLD_STOPPED,
};

/*
 * All pointers are borrowed for the time of the call.  A subscriber that keeps
 * the document takes a second ownership of it by json_share.
 */
struct event {
	enum event_kind	 kind;
	uint64_t	 id;		/* of the run, from 1 */
	const char	*part;		/* its name; NULL: of the whole run */
	enum told	 told;		/* EVENT_PART: the state */
	const char	*text;		/* EVENT_TEXT */
	size_t		 len;		/* bytes of text */
	struct json	*json;		/* all kinds but EVENT_TEXT */
};

/* The event's name, "_part"; that of an EVENT_TEXT is its part's. */
const char *event_name(const struct event *event);

/* The kind of the event with that name, which is a part's if it is no other. */
enum event_kind event_kind_of(const char *name);

/* The word of a state, "done"; "" for TOLD_NOTHING. */
const char *event_word(enum told told);

/*
 * event_is_end returns whether a part has ended when it is told in this state;
 * event_is_bad_end whether an EVENT_ERROR follows as well.
 */
bool	event_is_end(enum told told);
bool	event_is_bad_end(enum told told);

/* A string member of the event's document, borrowed; "" if it has none. */
const char *event_string(const struct event *event, const char *key);

/*
 * One that hears a run.  The caller owns it, and must neither move nor free it
 * while it is subscribed.
 */
struct subscriber {
	void			(*tell)(void *arg, const struct event *event);
	void			*arg;
	bool			 is_visitor;	/* see run_unsubscribe */
	struct subscriber	*next;		/* in the audience's list */
};

/* All subscribers of one run, borrowed.  A struct of zeros has none. */
struct audience {
	struct subscriber	*first;
	uint64_t		 last_id;
};

/*
 * Add a subscriber and take one away.  To add one twice, or to take one away
 * that is not there, does nothing.  Neither may be called while an event is
 * being told, since the list is being walked then.
 */
void	audience_join(struct audience *audience, struct subscriber *s);
void	audience_leave(struct audience *audience, struct subscriber *s);

/* Whether a visitor is among them. */
bool	audience_has_visitor(const struct audience *audience);

/* Numbers the event and tells it to all, in the order in which they joined. */
void	audience_tell(struct audience *audience, struct event *event);

#endif
