/*
 * arrival: from when things came, whether a stream is live.  Pure.
 *
 * An event with `ms` says how long the server had been at it.  When it arrives
 * minus that is the same for all events of a live stream, whatever the way and
 * a queue before it cost.  The least of these differences is the yardstick
 * (nothing can hold the last event), and what an event has above it is how
 * late it is.  So neither a slow network nor a loaded machine looks like a
 * buffer, and no two clocks need to agree.
 */
#ifndef ARRIVAL_H
#define ARRIVAL_H

#include <stddef.h>
#include <stdint.h>

/* Three events of four come sooner than this, or the stream is not live. */
#define ARRIVAL_LATE_MS		200

/* A run over sooner than this looks the same live and held. */
#define ARRIVAL_SPAN_MS		300

/*
 * Where one event is late, and pieces of this come after silences, it is a
 * buffer, however many others are on time: no model writes so much at once.
 */
#define ARRIVAL_PIECE		2048

/* What comes after a silence of this is another piece. */
#define ARRIVAL_GAP_MS		50

/* An event that says its ms; both times in milliseconds. */
struct mark {
	int64_t	at_ms;		/* when it came, by our clock */
	int64_t	server_ms;	/* what it says */
};

/* Bytes that came together. */
struct piece {
	int64_t	first_ms, last_ms;
	size_t	bytes;
};

enum arrival {
	ARRIVAL_UNSURE,		/* too little, or too short */
	ARRIVAL_LIVE,
	ARRIVAL_SLOW,		/* late, but without the silence of a buffer */
	ARRIVAL_PIECES,		/* a buffer that fills now and then */
	ARRIVAL_HELD,		/* all at the end */
};

struct verdict {
	enum arrival	arrival;
	int64_t		span_ms;	/* from the first mark to the last */
	int64_t		median_ms;	/* how late events are */
	int64_t		worst_ms;
	size_t		npieces;
	size_t		piece;		/* bytes of a typical one; 0: one */
	size_t		buffer;		/* the usual size near it, or 0 */
};

/*
 * Pieces in the order they came; neither list is changed.  What the server
 * itself lets go only every beat_ms (0: at once) may be so much later.
 */
struct verdict	arrival_judge(const struct mark *marks, size_t nmarks,
		    const struct piece *pieces, size_t npieces,
		    int64_t beat_ms);

/* n bytes came at now: a part of the last piece, or the next.  0, or -1. */
int	arrival_add(struct piece **pieces, size_t *npieces, int64_t now_ms,
	    size_t n);

#endif
