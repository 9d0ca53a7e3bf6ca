/*
 * arrival: judges from times whether a stream is live.  Pure functions.
 *
 * Some events carry `ms`: how long the run had lasted when the server wrote
 * them.  The time at which such an event arrives, minus its ms, is the same for
 * all events of a live stream, however long the way is and however long the
 * request had to queue.  The least of these differences is the measure, as
 * nothing can hold the last event back; what another event has above it is how
 * late that event is.  So neither a slow network nor a loaded machine looks
 * like a buffer, and the clocks of server and visitor need not agree.
 *
 *	arrival_add(&pieces, &npieces, now_ms, n);	for each read
 *	v = arrival_judge(marks, nmarks, pieces, npieces, 0);
 *	free(pieces);
 */
#ifndef ARRIVAL_H
#define ARRIVAL_H

#include <stddef.h>
#include <stdint.h>

/* A stream is live if three events of four are less late than this. */
#define ARRIVAL_LATE_MS		200

/* A run that is shorter than this looks the same live and held. */
#define ARRIVAL_SPAN_MS		300

/*
 * If one event is late, and pieces of at least this many bytes come after
 * silences, then there is a buffer, even if most other events are on time: no
 * model writes that much at once.
 */
#define ARRIVAL_PIECE		2048

/* What comes after a silence of this length is a new piece. */
#define ARRIVAL_GAP_MS		50

/* One event that carries its ms. */
struct mark {
	int64_t	at_ms;		/* when it arrived, by our clock */
	int64_t	server_ms;	/* what it carries */
};

/* Bytes that came without a silence between them. */
struct piece {
	int64_t	first_ms, last_ms;
	size_t	bytes;
};

enum arrival {
	ARRIVAL_UNSURE,		/* too few marks, or too short a run */
	ARRIVAL_LIVE,
	ARRIVAL_SLOW,		/* late, but without the silences of a buffer */
	ARRIVAL_PIECES,		/* a buffer that is sent when it is full */
	ARRIVAL_HELD,		/* all of it came at the end */
};

struct verdict {
	enum arrival	arrival;
	int64_t		span_ms;	/* from the first mark to the last */
	int64_t		median_ms;	/* how late events are */
	int64_t		worst_ms;	/* how late the latest is */
	size_t		npieces;
	size_t		piece;		/* bytes of a typical one; 0: unknown */
	size_t		buffer;		/* ARRIVAL_PIECES: the usual size of a
					 * buffer that fits, or 0 */
};

/*
 * Judges a stream.  Pieces are in the order in which they came, marks in any;
 * neither list is changed.  beat_ms: the server itself lets events go only so
 * often, so that they may be so much later (0: it sends them at once).
 */
struct verdict	arrival_judge(const struct mark *marks, size_t nmarks,
		    const struct piece *pieces, size_t npieces,
		    int64_t beat_ms);

/*
 * Notes that n bytes came at now_ms: as a part of the last piece, or as a new
 * one.  The list begins as NULL and 0, and belongs to the caller, who frees it.
 * Returns 0, or -1 if there is no memory.
 */
int	arrival_add(struct piece **pieces, size_t *npieces, int64_t now_ms,
	    size_t n);

#endif
