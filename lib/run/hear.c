/*
 * hear.c: worker.  Turns the frames of a stage into the text and the end of its
 * part; knows no service's words.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>

#include "base/io.h"
#include "base/watch.h"
#include "model/batch_call.h"
#include "run/decide.h"
#include "run/hear.h"
#include "run/part.h"
#include "run/pick.h"
#include "run/run.h"
#include "run/tally.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "stage/stage.h"

void
hear_lost(struct attempt *attempt)
{
	struct outcome outcome = OUTCOME_INIT;

	outcome_fail(&outcome, CODE_LOST, "the process that was writing this "
	    "part has gone");
	decide_failed(attempt, &outcome);
}

/*
 * The first attempt of a race to give text wins; the other one is closed at
 * once, so that it costs no more.
 */
static void
let_speak(struct attempt *attempt)
{
	struct part *part = attempt->part;
	size_t i;

	if (part->speaker == attempt)
		return;
	part->speaker = attempt;
	part->told = *attempt;
	for (i = 0; i < PART_ATTEMPTS; i++) {
		if (&part->attempts[i] == attempt)
			continue;
		tally_left(part->run, &part->attempts[i]);
		attempt_drop(&part->attempts[i]);
	}
}

/* Something of the answer has come, of text or of a thought. */
static void
note_token(struct attempt *attempt, size_t n)
{
	attempt->heard += n;
	attempt->heard_ms = io_now_ms();
	if (attempt->first_ms == 0)
		attempt->first_ms = attempt->heard_ms;
	seat_speaks(attempt->seat);
}

/*
 * Text for the visitor.  It is counted as it came, and refused before it is
 * told, so that nobody is sent more than stage_bytes of a part.
 */
static void
take_delta(struct attempt *attempt, const char *text, size_t n)
{
	struct part *part = attempt->part;
	int64_t most = part_spec(part)->is_call ? CALL_MAX :
	    run_limits(part->run)->stage_bytes;

	note_token(attempt, n);
	if (attempt->text_ms == 0)
		attempt->text_ms = attempt->heard_ms;
	let_speak(attempt);
	part->text_len += n;
	if (part->text_len > (size_t)most) {
		part_fail(part, CODE_TOO_BIG, "%s wrote more than "
		    "stage_bytes, %" PRId64, service_name(attempt->service),
		    most);
		return;
	}
	part_write(part, text, n);
	if (part_spec(part)->is_list)
		pick_look(part);
}

/* A piece of the answer that refuses a call, which its operator wants whole. */
static void
take_refusal(struct attempt *attempt, const char *text, size_t n)
{
	struct part *part = attempt->part;

	if (part->refused_by != attempt->number)
		buf_reset(&part->refusal);
	part->refused_by = attempt->number;
	buf_add(&part->refusal, text, n);
}

/*
 * A thought had no opening tag: all text so far was part of it.  A pick that
 * was made of it stands, because others write about it already.
 */
static void
take_void(struct attempt *attempt)
{
	struct part *part = attempt->part;

	if (part->speaker == attempt && part->text_len > 0 &&
	    !part->picking.picked)
		part_reset(part, "that was a thought");
}

/*
 * Whether the text that is there is not what was asked for; then the outcome
 * becomes a failure.
 */
static bool
is_useless(const struct attempt *attempt, struct outcome *outcome)
{
	struct part *part = attempt->part;
	const char *name = service_name(attempt->service);

	if (part_spec(part)->is_list && !pick_last(part)) {
		/*
		 * Servers that people run themselves (no https) may accept
		 * response_format and then write no list, so that is tried
		 * without it.
		 */
		if (outcome->finish == FINISH_STOP &&
		    (attempt->params & PARAM_RESPONSE_FORMAT) != 0 &&
		    !service_is_https(attempt->service)) {
			outcome->means = MEANS_PARAM;
			outcome->refused_params = PARAM_RESPONSE_FORMAT;
		}
		outcome_fail(outcome, CODE_BAD_LIST,
		    "%s did not write the list that was asked for", name);
	} else if (!part->visible) {
		outcome_fail(outcome, CODE_EMPTY, "%s wrote nothing", name);
	} else {
		return false;
	}
	return true;
}

static const char withheld[] = "the provider withheld the rest";

/* Ends the part of an attempt that is good, or withheld, which is final. */
static void
end_part(struct part *part, enum finish finish)
{
	if (finish == FINISH_FILTER) {
		part_end_badly(part, PART_FILTERED, withheld, CODE_FILTERED,
		    withheld);
		return;
	}
	if (part_spec(part)->is_list)
		pick_end(part);
	part_end(part, finish == FINISH_LENGTH ? PART_CUT : PART_DONE);
}

/* Gives the stage back: it is free, whatever becomes of the part. */
static void
end_attempt(struct attempt *attempt, const struct outcome *outcome)
{
	stage_release(attempt->stage);
	attempt->stage = NULL;
	attempt->ended = true;
	attempt->tokens = outcome->tokens;
	if (outcome->finish != FINISH_NONE)
		seat_is_done(attempt->seat);
	attempt_leave_seat(attempt);
	purse_settle(&attempt->ticket, outcome);
}

/*
 * The last frame of an attempt.  The stage is given back before anything is
 * decided, because part_is_tried then tells whether the other attempt of a race
 * is still under way.
 */
static void
take_outcome(struct attempt *attempt, const struct frame *frame)
{
	struct part *part = attempt->part;
	struct outcome outcome;

	if (outcome_read(&outcome, frame->data, frame->len) == -1) {
		hear_lost(attempt);
		return;
	}
	end_attempt(attempt, &outcome);
	/* In a race, withheld words are a failure: the other may win. */
	if (outcome.finish == FINISH_FILTER && part_is_tried(part)) {
		outcome.means = MEANS_CONTENT;
		outcome_fail(&outcome, CODE_FILTERED, "%s", withheld);
	}
	if (outcome.finish == FINISH_NONE || (outcome.finish !=
	    FINISH_FILTER && is_useless(attempt, &outcome))) {
		tally_end(part->run, attempt, &outcome, LAP_FAILED);
		decide_failed(attempt, &outcome);
		return;
	}
	tally_end(part->run, attempt, &outcome, LAP_DONE);
	let_speak(attempt);
	decide_worked(attempt, &outcome);
	end_part(part, outcome.finish);
}

static void
take_start(struct attempt *attempt, const struct frame *frame)
{
	struct remaining remaining;

	if (remaining_read(&remaining, frame->data, frame->len) == 0)
		decide_remaining(attempt, &remaining);
}

void
hear_frame(struct attempt *attempt, const struct frame *frame)
{
	switch (frame->type) {
	case FRAME_CONNECTED:
		/* first_token_ms counts from the later of the two. */
		attempt->connected = true;
		if (attempt->asked_ms > 0)
			attempt->asked_ms = io_now_ms();
		break;
	case FRAME_START:
		take_start(attempt, frame);
		break;
	case FRAME_THINKING:
		/* Its bytes stay in the stage, and are taken for one token. */
		note_token(attempt, TOKEN_BYTES);
		break;
	case FRAME_DELTA:
		take_delta(attempt, frame->data, frame->len);
		break;
	case FRAME_VOID:
		take_void(attempt);
		break;
	case FRAME_REFUSAL:
		take_refusal(attempt, frame->data, frame->len);
		break;
	case FRAME_DONE:
	case FRAME_FAIL:
		take_outcome(attempt, frame);
		break;
	default:
		hear_lost(attempt);
	}
}

/* --- the pipes ----------------------------------------------------------- */

static void
on_frames(void *arg, short revents)
{
	struct attempt *attempt = arg;
	struct stage *stage = attempt->stage;
	struct frame frame;
	ssize_t n;
	int rc = 1;

	(void)revents;
	/* Another descriptor of this round may have ended the attempt. */
	if (stage == NULL)
		return;
	n = stage_fill(stage);
	if (n == 0 || (n == -1 && errno != EAGAIN)) {
		hear_lost(attempt);
		return;
	}
	/* A frame may end the attempt, which then has no stage any more. */
	while (attempt->stage == stage &&
	    (rc = stage_next(stage, &frame)) == 1)
		hear_frame(attempt, &frame);
	if (rc == -1)
		hear_lost(attempt);
}

static void
on_room(void *arg, short revents)
{
	struct attempt *attempt = arg;

	(void)revents;
	if (attempt->stage != NULL)
		stage_flush(attempt->stage);
}

void
hear_watch(struct attempt *attempt, struct watch *watch, bool reads)
{
	struct stage *stage = attempt->stage;

	if (stage == NULL)
		return;
	if (reads)
		watch_add(watch, stage->up, POLLIN, on_frames, attempt);
	if (stage->out.len > 0)
		watch_add(watch, stage->down, POLLOUT, on_room, attempt);
}
