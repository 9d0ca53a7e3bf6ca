/*
 * stage_main.c: stage.  Does one job after another; knows nothing of other
 * stages, of the visitor's connection, or of what becomes of its text.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

#include "base/buf.h"
#include "base/crowd.h"
#include "base/delay.h"
#include "base/io.h"
#include "base/leave.h"
#include "base/orphans.h"
#include "base/wipe.h"
#include "http/http.h"
#include "model/batch_call.h"
#include "model/demo.h"
#include "model/job.h"
#include "model/llm.h"
#include "setup/config.h"
#include "setup/service.h"
#include "stage/program.h"
#include "stage/stage_main.h"
#include "text/frame.h"

/* Some frames: what has been read but not yet taken. */
#define IN_MAX		(4 * (FRAME_HEADER + FRAME_MAX))
/* The frames of one event, which has at most 1 MiB, with room to spare. */
#define OUT_MAX		(8 * 1024 * 1024)
/* A longer queue is written at once: a worker reads that much at a time. */
#define OUT_HIGH	4096

/* A stage that has had no job for so long gives memory back. */
#define SETTLE_MS	1000

/* All that this process has. */
struct stage_self {
	int		 down, up;	/* pipes from and to the worker */
	struct buf	 in, out;	/* frames of each */
	struct buf	 prompt;	/* system message, then user's */
	size_t		 system_len;	/* bytes of the first */
	size_t		 pos;		/* of the next frame in `in` */
	bool		 whole;		/* the prompt is: GO was read */
	struct http	*http;
	struct orphans	 orphans;	/* of programs */
	struct delay	 delay;
	const struct stage_heritage *heritage;
	pid_t		 worker;
};

/* Waits for a frame.  0, or -1 if the worker is gone or sent no valid frame. */
static int
next_frame(struct stage_self *self, struct frame *frame)
{
	int rc;

	while ((rc = frame_next(&self->in, &self->pos, frame)) == 0) {
		buf_drop(&self->in, self->pos);
		self->pos = 0;
		if (frame_fill(&self->in, self->down) <= 0)
			return -1;
	}
	return rc == 1 ? 0 : -1;
}

/* Overwrites what is held of a job: the next may be another visitor's. */
static void
forget_job(struct stage_self *self)
{
	buf_drop(&self->in, self->pos);
	self->pos = 0;
	buf_reset(&self->prompt);
	self->system_len = 0;
	buf_reset(&self->out);
	wipe_traces();
}

/*
 * Gives free memory back to the kernel after a job.  The next job would have
 * to pay for that by page faults, so it is done only if no job comes for
 * SETTLE_MS, or at once in a crowd, when memory is short.
 */
static void
settle_memory(struct stage_self *self)
{
	int64_t wait_ms = crowd_is_dense(self->heritage->crowd) ? 0 :
	    SETTLE_MS;

	if (io_wait_readable(self->down, io_now_ms() + wait_ms) == -1)
		wipe_release();
}

/*
 * Waits for a job.  The frames before it may be the prompt of an earlier job,
 * which failed before its prompt was read: they are dropped.  0, or -1 to
 * leave.
 */
static int
next_job(struct stage_self *self, struct frame *frame)
{
	while (next_frame(self, frame) == 0) {
		if (frame->type == FRAME_JOB)
			return 0;
		if (frame->type != FRAME_SYSTEM &&
		    frame->type != FRAME_PROMPT && frame->type != FRAME_GO)
			return -1;
		forget_job(self);
		if (frame->type == FRAME_GO)
			settle_memory(self);
	}
	return -1;
}

/* Adds a SYSTEM or PROMPT to the prompt.  0, or -1 if it does not belong. */
static int
take_text(struct stage_self *self, const struct frame *frame)
{
	bool is_first = self->prompt.len == self->system_len;

	if (frame->type != FRAME_PROMPT &&
	    (frame->type != FRAME_SYSTEM || !is_first))
		return -1;
	if (frame->type == FRAME_SYSTEM)
		self->system_len += frame->len;
	return buf_add(&self->prompt, frame->data, frame->len);
}

/* job_io's `prompt`. */
static int
get_prompt(void *arg, struct messages *messages)
{
	struct stage_self *self = arg;
	struct frame frame;

	while (!self->whole) {
		if (next_frame(self, &frame) == -1)
			return -1;
		if (frame.type == FRAME_GO)
			self->whole = true;
		else if (take_text(self, &frame) == -1)
			return -1;
	}
	messages->system = self->prompt.data;
	messages->system_len = self->system_len;
	messages->user = self->prompt.data + self->system_len;
	messages->user_len = self->prompt.len - self->system_len;
	return 0;
}

/* job_io's `flush`. */
static int
write_queue(void *arg)
{
	struct stage_self *self = arg;
	int rc = self->out.failed ? -1 :
	    io_write_all(self->up, self->out.data, self->out.len);

	buf_reset(&self->out);
	return rc;
}

/* job_io's `emit`. */
static int
queue_frame(void *arg, enum frame_type type, const char *data, size_t n)
{
	struct stage_self *self = arg;

	if (self->out.len > OUT_HIGH && write_queue(self) == -1)
		return -1;
	return type == FRAME_DELTA || type == FRAME_REFUSAL ?
	    frame_put_text(&self->out, type, data, n) :
	    frame_put(&self->out, type, data, n);
}

/* Measures how busy the processors are, if it is this process's turn to. */
static void
feel_crowd(struct stage_self *self, int64_t now_ms)
{
	struct crowd *crowd = self->heritage->crowd;
	int us = delay_end(&self->delay, now_ms);

	if (us != -1)
		crowd_feel(crowd, now_ms, us);
	else if (self->delay.began_ms == 0 && crowd_asks(crowd, now_ms))
		delay_begin(&self->delay, now_ms);
	crowd_look(crowd, now_ms);
}

/* job_io's `nap_ms`.  All stages of a worker wake up at the same time. */
static int
nap_ms(void *arg, int64_t gap_ms)
{
	struct stage_self *self = arg;
	int64_t now_ms = io_now_ms();

	feel_crowd(self, now_ms);
	return crowd_nap_ms(self->heritage->crowd, now_ms, gap_ms,
	    self->worker);
}

/* Sends the outcome.  0, or -1 if the worker is gone. */
static int
report_outcome(struct stage_self *self, const struct outcome *outcome)
{
	struct buf text = BUF_INIT(FRAME_MAX);
	int rc = -1;

	if (outcome_write(outcome, &text) == 0 &&
	    queue_frame(self, outcome->finish == FINISH_NONE ? FRAME_FAIL :
	    FRAME_DONE, text.data, text.len) == 0)
		rc = write_queue(self);
	buf_free(&text);
	return rc;
}

/* Runs a program, once its input is there.  0, or -1 to leave. */
static int
run_program(struct stage_self *self, const struct job *job,
    struct outcome *outcome)
{
	const struct program_host host = { self->heritage->graph,
	    &self->orphans, self->worker, self->down, self->up };
	struct messages m;

	if (queue_frame(self, FRAME_CONNECTED, "", 0) == -1 ||
	    write_queue(self) == -1 || get_prompt(self, &m) == -1)
		return -1;
	return program_run(&host, job, m.user, m.user_len, outcome);
}

/* Does a job and sends its outcome.  0, or -1 to leave. */
static int
do_job(struct stage_self *self, const struct job *job)
{
	struct job_io io = { get_prompt, queue_frame, write_queue, nap_ms,
	    self };
	struct outcome outcome = OUTCOME_INIT;
	int rc;

	self->whole = false;
	self->delay = (struct delay)DELAY_INIT;
	if (service_is_program(job->service))
		rc = run_program(self, job, &outcome);
	else if (service_is_demo(job->service))
		rc = demo_run(job, &io, &outcome);
	else
		rc = llm_run(self->http, job, &io, &outcome);
	if (rc == 0)
		rc = report_outcome(self, &outcome);
	/* There was no process for the program: this one makes room for it. */
	if (service_is_program(job->service) && outcome.unsent)
		rc = -1;
	explicit_bzero(&outcome, sizeof(outcome));
	return rc;
}

/*
 * Fails a job that could not be read, because there is no memory or because it
 * names what this configuration does not have.
 */
static int
refuse_job(struct stage_self *self)
{
	struct outcome outcome = OUTCOME_INIT;

	outcome.unsent = true;
	outcome_fail(&outcome, CODE_LOST, "the process that was to write this "
	    "part could not read what to do");
	return report_outcome(self, &outcome);
}

/* Does jobs until there have been enough or the worker is gone. */
static void
do_jobs(struct stage_self *self, int64_t jobs)
{
	struct frame frame;
	struct job job;
	int rc;

	for (; jobs > 0; jobs--) {
		if (next_job(self, &frame) == -1)
			return;
		rc = job_read(&job, frame.data, frame.len,
		    self->heritage->graph, self->heritage->config) == -1 ?
		    refuse_job(self) : do_job(self, &job);
		/* After the last one the memory goes as a whole. */
		if (rc == -1 || jobs == 1)
			return;
		forget_job(self);
		settle_memory(self);
	}
}

/*
 * Undoes how the worker handles signals, so that SIGTERM ends a stage.  Ctrl-C
 * reaches all processes of a terminal; the worker alone acts on it.
 */
static void
reset_signals(void)
{
	static const int defaults[] = { SIGTERM, SIGUSR1, SIGHUP, SIGCHLD };
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		signal(defaults[i], SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The most bytes of a prompt, be it the whole request of a call. */
static size_t
prompt_max(const struct stage_heritage *heritage)
{
	size_t most = (size_t)heritage->config->limits.prompt_bytes;

	return most > CALL_MAX ? most : CALL_MAX;
}

void
stage_main(const struct stage_heritage *heritage, pid_t worker, int down,
    int up, int64_t jobs, bool lent)
{
	struct stage_self self = { .in = BUF_INIT(IN_MAX),
	    .out = BUF_INIT(OUT_MAX), .heritage = heritage, .worker = worker,
	    .orphans = ORPHANS_INIT, .delay = DELAY_INIT,
	    .prompt = BUF_INIT(prompt_max(heritage))
	};
	int fds[2] = { down, up };

	if (lent || jobs == 1)
		wipe_last();
	reset_signals();
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	/* The worker may have died between the fork and the prctl. */
	if (getppid() != worker || io_keep_only(fds, 2) == -1)
		leave(1);
	self.down = fds[0];
	self.up = fds[1];
	if ((self.http = http_open(heritage->trust)) != NULL)
		do_jobs(&self, jobs);
	/*
	 * What is freed is overwritten first, which touches pages that the
	 * kernel will clear anyway.
	 */
	if (LEAVE_CHECKS) {
		http_close(self.http);
		buf_free(&self.in);
		buf_free(&self.out);
		buf_free(&self.prompt);
	}
	leave(0);
}
