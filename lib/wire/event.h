/*
 * event: the words of the public wire, and this is its manual.
 *
 * A run speaks in events.  It numbers them from 1 and tells each of them to
 * everybody who has subscribed, so all hear the same events with the same
 * ids: the visitor, in whichever form he has asked for; a test; later a file.
 *
 *	kind		name	carries, as the members of one JSON object
 *	EVENT_RUN	_run	id, heartbeat_ms, parts, given, demo, hint
 *	EVENT_PART	_part	part, state, service, model, attempt, ms,
 *				tokens {in, out, estimated}, why
 *	EVENT_TEXT	(part)	no object, but text to append to that part
 *	EVENT_PICK	_pick	index, and the fields of the picked element
 *	EVENT_ALTERNATES _alternates	items: the elements not picked
 *	EVENT_ERROR	_error	part, code, message, retryable
 *	EVENT_DONE	_done	ms, first_ms, tokens
 *
 * EVENT_RUN comes first and EVENT_DONE last, each exactly once, unless the run
 * is abandoned, which ends it without a word.  All `ms` count from the arrival
 * of the request.  A part that ends without all of its text is told twice, by
 * its EVENT_PART and by one EVENT_ERROR right after it.
 *
 *	state		when				the part has ended
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
 * Text is UTF-8 in whole code points; its newlines are LF, whatever the model
 * wrote.  An event names its part; a part that nobody has heard of before may
 * come into being during a run.
 *
 * To listen:
 *
 *	struct subscriber me = { .tell = on_event, .arg = my_memory };
 *
 *	run_subscribe(&run, &me);
 *	...	on_event(my_memory, &event) for each event
 *	run_unsubscribe(&run, &me);
 *
 * To add an event: a row here, its word in event.c, and whoever tells it.
 * The stream and the JSON document pass it on without knowing it.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

enum event_kind {
	EVENT_RUN, EVENT_PART, EVENT_TEXT, EVENT_PICK, EVENT_ALTERNATES,
	EVENT_ERROR, EVENT_DONE,
};

/* What an EVENT_PART tells of its part. */
enum told {
	TOLD_NOTHING,		/* the event is of another kind */
	TOLD_START, TOLD_FIRST, TOLD_RESET, TOLD_DONE, TOLD_CUT,
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

/* "_part", and for EVENT_TEXT the name of the part. */
const char *event_name(const struct event *event);

/* "done". */
const char *event_word(enum told told);

/* Whether the part has ended by this; whether an EVENT_ERROR follows. */
bool	event_is_end(enum told told);
bool	event_is_bad_end(enum told told);

/* A text member of the event's document; "" if it has none. */
const char *event_string(const struct event *event, const char *key);

/*
 * Somebody who listens.  The memory is the listener's own, and must not move
 * while it is subscribed.
 */
struct subscriber {
	void			(*tell)(void *arg, const struct event *event);
	void			*arg;
	bool			 is_visitor;	/* a run goes on for him */
	struct subscriber	*next;		/* audience's own */
};

/* All who listen to one run; a struct of zeros has nobody. */
struct audience {
	struct subscriber	*first;
	uint64_t		 last_id;
};

/*
 * Joining twice and leaving without having joined do nothing.  Neither may be
 * called while an event is being told.
 */
void	audience_join(struct audience *audience, struct subscriber *s);
void	audience_leave(struct audience *audience, struct subscriber *s);

/* Whether a visitor is among them. */
bool	audience_has_visitor(const struct audience *audience);

/* Numbers the event and tells it to everybody, in the order of joining. */
void	audience_tell(struct audience *audience, struct event *event);

#endif
