/*
 * frame: messages in a pipe between a worker and one of its stages.
 *
 *	u8 type | u8 version (1) | u16 reserved (0) | u32 length | payload
 *
 * All big-endian, the payload at most FRAME_MAX bytes; a header that says
 * more, another version or an unknown type is refused before its payload is
 * waited for.  There are no ids: one pipe per stage, so the descriptor is the
 * identity.
 *
 * Down, worker to stage:   JOB  [PROMPT*  GO]
 * Up, stage to worker:     [CONNECTED]  [START]  (THINKING | DELTA | VOID)*
 *                          then DONE or FAIL; EOF instead is a lost stage.
 *
 * A job may FAIL before its prompt is read, or even sent.  PROMPT and GO that
 * come without a JOB are what is left of one that did: the stage passes over
 * them.
 *
 *	JOB	  JSON, one attempt at one service (job.h)
 *	PROMPT	  bytes of the prompt, in order
 *	GO	  empty: the prompt is whole
 *	CONNECTED empty: a connection to the service is there, new or kept;
 *		  again if it had closed before the prompt was sent
 *	START	  JSON, what the service would still take (job.h): it has
 *		  accepted the request
 *	THINKING  empty: a token that is not for the reader came
 *	DELTA	  UTF-8 text, no code point cut
 *	VOID	  empty: all text so far was no text for the reader
 *	DONE	  JSON, the outcome (job.h)
 *	FAIL	  JSON, the outcome (job.h)
 */
#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <sys/types.h>

struct buf;

#define FRAME_VERSION	1
#define FRAME_HEADER	8
#define FRAME_MAX	16384

enum frame_type {
	FRAME_CONNECTED = 1,
	FRAME_START,
	FRAME_THINKING,
	FRAME_DELTA,
	FRAME_VOID,
	FRAME_DONE,
	FRAME_FAIL,
	FRAME_JOB,
	FRAME_PROMPT,
	FRAME_GO,
};

#define FRAME_LAST FRAME_GO

/* data is borrowed from the buf that frame_next was given. */
struct frame {
	enum frame_type	 type;
	const char	*data;
	size_t		 len;
};

/* "DELTA" and so on, for messages; "?" for what is no type. */
const char	*frame_name(enum frame_type type);

/*
 * Appends one frame, n at most FRAME_MAX; or text as as many DELTA or PROMPT
 * frames as it takes, cut between code points.  0, or -1 with out->failed.
 */
int	frame_put(struct buf *out, enum frame_type type,
	    const void *data, size_t n);
int	frame_put_text(struct buf *out, enum frame_type type,
	    const char *text, size_t n);

/*
 * One read(2) behind what `in` holds (its max must be at least FRAME_HEADER
 * + FRAME_MAX).  Returns the bytes read, 0 at EOF, -1 and errno.
 */
ssize_t	frame_fill(struct buf *in, int fd);

/*
 * The next whole frame of `in` at *pos, which is moved behind it.  Returns 1,
 * 0 where more bytes are needed, -1 for bytes that are no frame.  When it
 * returns 0, drop the first *pos bytes of `in` and set *pos to 0.
 */
int	frame_next(const struct buf *in, size_t *pos, struct frame *frame);

#endif
