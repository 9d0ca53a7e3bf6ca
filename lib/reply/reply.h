/*
 * reply: what goes back to the visitor, in the form that was asked for.
 *
 * Everything is queued and leaves by reply_flush when the connection takes
 * it; only the worker's poll loop knows when that is.  The forms of a run:
 *
 *	stream	each event as it comes, `id` counted from 1
 *	json	one document at the end; white space before it is its heartbeat
 *	text	parts in the order of the graph, one live, the others held
 *	html	the template of page.h, filled from above, the rest held
 *
 * Some hosts hold an answer back until a buffer of theirs is full, and cannot
 * be told not to.  With limits.pad what is queued waits until REPLY_PAD_MS
 * after the last time, and is then followed by as many bytes that mean
 * nothing; so it is the padding that stays in that buffer.  text/plain and
 * text/html have nothing of that kind, and are not padded.
 *
 * A reply borrows sink and config, and until reply_end the plan; it owns its
 * queue and what a form holds back, and whoever called reply_init calls
 * reply_free.  Once `gone`, nothing of the queue is sent any more.
 *
 * Memory: the queue passes REPLY_HIGH by what one poll round brings; forms
 * that hold text back hold at most stage_bytes a part (text/plain three times
 * that, since a control character is shown in three bytes).
 */
#ifndef REPLY_H
#define REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "plan/request.h"

struct config;
struct err;
struct json;
struct plan;
struct sink;

/* Over this many bytes the worker stops reading its stages. */
#define REPLY_HIGH	(64 * 1024)

/* Padding costs its bytes each time: five times a second is live enough. */
#define REPLY_PAD_MS	200

/* The last line of text/plain; an answer without it broke off. */
#define REPLY_TEXT_END	"(end)"

/* What a form remembers of a part. */
struct reply_part {
	struct buf	 text;		/* all but stream: held back */
	bool		 after_cr;	/* stream, text: a CR was the last */
	bool		 ended;		/* text, html: no more will come */
	struct json	*state;		/* json: its last _part */
};

struct reply {
	const struct sink	*sink;
	const struct form_ops	*ops;
	const struct plan	*plan;
	struct buf		 out;
	size_t			 sent;		/* of `out` */
	size_t			 ready;		/* of `out`, may be sent */
	size_t			 pad;		/* bytes; 0: none */
	int64_t			 padded_ms;	/* when last; 0: never */
	bool			 gone;		/* the visitor has left */
	bool			 begun;		/* the head of a run is out */
	int64_t			 queued_ms;	/* when the queue last grew */
	int64_t			 waits_ms;	/* nothing has left since */
	uint64_t		 id;
	struct reply_part	*parts;
	size_t			 nparts;
	size_t			 live;		/* text: whose turn it is;
						   html: which piece's */
	bool			 midline;	/* text: no newline last */
	struct vars		 vars;		/* html: what is known */
	struct json		*doc;		/* json: all but the parts */
};

void	reply_init(struct reply *reply, const struct sink *sink);
void	reply_free(struct reply *reply);

/* A whole answer: an error before a run, /services, a preflight. */
void	reply_error(struct reply *reply, const struct request *request,
	    const struct err *err);
void	reply_services(struct reply *reply, const struct request *request,
	    const struct config *config, bool demo);
void	reply_preflight(struct reply *reply, const struct request *request);

/*
 * 204: there is nothing more to say.  It ends a client that sends a finished
 * request again (Last-Event-ID), which any other answer would not.
 */
void	reply_nothing(struct reply *reply, const struct request *request);

/* The head of a run's answer and its first bytes.  0, or -1 with err. */
int	reply_begin(struct reply *reply, const struct request *request,
	    const struct plan *plan, struct err *err);

/*
 * A control part; takes json.  `part` is the index it is about, or plan->n.
 */
void	reply_event(struct reply *reply, const char *name, size_t part,
	    struct json *json);
void	reply_text(struct reply *reply, size_t part, const char *text,
	    size_t n);
void	reply_heartbeat(struct reply *reply);
void	reply_end(struct reply *reply);

/* Bytes that can be handed over now, and those held until they are padded. */
size_t	reply_pending(const struct reply *reply);
size_t	reply_held(const struct reply *reply);

/*
 * Pads what is held, if it is time.  Returns the milliseconds until it is; -1
 * where nothing is held.
 */
int64_t	reply_settle(struct reply *reply, int64_t now_ms);

/*
 * Once the sink polls writable: hands over one chunk.  0, or -1 and `gone`
 * where nobody is there any more.
 */
int	reply_flush(struct reply *reply);

/* How a form does it: the reply_*.c of that name. */
struct form_ops {
	const char	*type;		/* Content-Type */
	void	(*begin)(struct reply *reply);
	void	(*event)(struct reply *reply, const char *name, size_t part,
		    struct json *json);
	void	(*text)(struct reply *reply, size_t part, const char *text,
		    size_t n);
	void	(*heartbeat)(struct reply *reply);
	void	(*end)(struct reply *reply);
	/* n bytes, or a few more, that mean nothing; NULL: there are none. */
	void	(*pad)(struct reply *reply, size_t n);
};

extern const struct form_ops reply_stream_ops, reply_json_ops, reply_text_ops,
    reply_html_ops;

#endif
