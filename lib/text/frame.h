/*
 * frame: the messages in the two pipes between a worker and a stage.
 *
 *	u8 type | u8 version (1) | u16 reserved (0) | u32 length | payload
 *
 * Numbers are big-endian, and a payload has at most FRAME_MAX bytes.  A header
 * with a larger length, another version or an unknown type is refused as soon
 * as it is read.  No message names its stage: each stage has pipes of its own,
 * so the descriptor tells which stage it is.
 *
 * Down, worker to stage:   JOB  [SYSTEM*  PROMPT*  GO]
 * Up, stage to worker:     [CONNECTED*]  [START]  (THINKING | DELTA | VOID)*
 *                          [REFUSAL*]  DONE or FAIL
 *
 * If the pipe up ends before DONE or FAIL, the stage has crashed or was killed.
 *
 * A job may FAIL before its prompt is read, or even before the worker sends
 * it.  A stage that finds SYSTEM, PROMPT and GO without a JOB before them skips
 * them: they belong to a job that has failed.
 *
 *	JOB	  JSON: one attempt at one service (job.h)
 *	SYSTEM	  bytes of the system message, in order, if there is one
 *	PROMPT	  bytes of the prompt, in order
 *	GO	  empty: both are complete
 *	CONNECTED empty: a connection to the service is open, new or kept.  It
 *		  comes again if the service closed that connection before the
 *		  prompt was sent, and another one is open
 *	START	  JSON: the service has accepted the request; what remains of
 *		  its rate limit (job.h)
 *	THINKING  empty: a token came that is not for the visitor
 *	DELTA	  UTF-8 text for the visitor; no code point is cut in two
 *	VOID	  empty: all DELTA so far turned out not to be for the visitor
 *	REFUSAL	  bytes of the answer that refuses a call (model/batch_call.h)
 *	DONE	  JSON: the outcome of a good attempt (job.h)
 *	FAIL	  JSON: the outcome of a failed attempt (job.h)
 *
 * Writing collects frames in a buffer, which the caller then writes:
 *
 *	frame_put(&out, FRAME_JOB, json, n);
 *	frame_put_text(&out, FRAME_PROMPT, prompt, len);
 *	frame_put(&out, FRAME_GO, "", 0);
 *
 * Reading fills a buffer and takes out all that is complete:
 *
 *	frame_fill(&in, fd);
 *	while ((rc = frame_next(&in, &pos, &frame)) == 1)
 *		handle(&frame);
 *	buf_drop(&in, pos);
 *	pos = 0;
 */
#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <sys/types.h>

struct buf;

#define FRAME_VERSION	1
#define FRAME_HEADER	8	/* bytes */
#define FRAME_MAX	16384	/* bytes of a payload */

enum frame_type {
	FRAME_CONNECTED = 1,
	FRAME_START,
	FRAME_THINKING,
	FRAME_DELTA,
	FRAME_VOID,
	FRAME_REFUSAL,
	FRAME_DONE,
	FRAME_FAIL,
	FRAME_JOB,
	FRAME_SYSTEM,
	FRAME_PROMPT,
	FRAME_GO,
};

#define FRAME_LAST FRAME_GO

/* The payload is borrowed from the buffer that frame_next was given. */
struct frame {
	enum frame_type	 type;
	const char	*data;
	size_t		 len;
};

/*
 * Appends one frame with n bytes of payload, n at most FRAME_MAX.  Returns 0,
 * or -1 with out->failed.
 */
int	frame_put(struct buf *out, enum frame_type type,
	    const void *data, size_t n);

/*
 * Appends valid UTF-8 of any length as one or more DELTA, REFUSAL, SYSTEM or
 * PROMPT frames, cut between code points.  Returns 0, or -1 with out->failed.
 */
int	frame_put_text(struct buf *out, enum frame_type type,
	    const char *text, size_t n);

/*
 * Appends to `in` what one read(2) of fd gives.  The max of `in` must be at
 * least FRAME_HEADER + FRAME_MAX.  Returns the bytes read, 0 at the end of the
 * pipe, or -1 and errno.
 */
ssize_t	frame_fill(struct buf *in, int fd);

/*
 * Finds the frame that begins at *pos in `in`, and moves *pos to its end.
 * Returns 1 if *frame was filled, 0 if the frame is not complete yet, or -1 if
 * the bytes are no frame.  After a 0, drop the first *pos bytes of `in` and set
 * *pos to 0, before `in` is filled again.
 */
int	frame_next(const struct buf *in, size_t *pos, struct frame *frame);

#endif
