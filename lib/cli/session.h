/*
 * session: what the runs of one command share: the house, the terminal, and
 * the texts that were written.
 *
 *	struct session session = SESSION_INIT;
 *
 *	if (session_open(&session, &words, &err) == 0)
 *		status = session_run(&session, body, &err);
 *	session_close(&session);
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>

#include "cli/kept.h"
#include "cli/terminal.h"
#include "web/house.h"

struct err;
struct json;
struct words;

struct session {
	struct house		 house;
	struct terminal		 terminal;
	struct kept		 kept;
	const struct words	*words;
	int			 ahead;		/* said last; -2: nothing */
};

#define SESSION_INIT { .house = HOUSE_INIT, .kept = KEPT_INIT, .ahead = -2 }

/*
 * Loads what a start of the program would load, but no page, and makes room for
 * stages.  *words is borrowed until session_close.  Returns 0, or -1 with err;
 * in both cases close *session, whose memory must not move.
 */
int	session_open(struct session *session, const struct words *words,
	    struct err *err);
void	session_close(struct session *session);

/*
 * Loads the graph anew.  Returns 0, or -1 with err, and then the old one stays.
 */
int	session_reload(struct session *session, struct err *err);

/*
 * Runs the body of a request and writes its answer to standard output.  Returns
 * 0 if all parts ended well, 1 if one did not, or -1 with err if the request is
 * not taken.  If nobody reads standard output any more, it ends the program.
 */
int	session_run(struct session *session, const struct json *body,
	    struct err *err);

/*
 * Waits for some milliseconds.  If the reader of standard output leaves
 * meanwhile, it ends the program.
 */
void	session_nap(struct session *session, int ms);

#endif
