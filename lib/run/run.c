/*
 * run.c: worker.  Tells the events of a run to its subscribers; knows nothing
 * of its parts.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/io.h"
#include "base/log.h"
#include "plan/plan.h"
#include "run/run.h"
#include "setup/config.h"
#include "text/json.h"

void
run_subscribe(struct run *run, struct subscriber *subscriber)
{
	audience_join(&run->audience, subscriber);
}

/*
 * Text that nobody reads costs money all the same, so a run without a visitor
 * is abandoned, and conduct_free ends its processes.  A subscriber that is no
 * visitor does not keep a run going, nor does it end one by leaving.
 */
void
run_unsubscribe(struct run *run, struct subscriber *subscriber)
{
	audience_leave(&run->audience, subscriber);
	if (subscriber->is_visitor)
		run_forsake(run);
}

/*
 * This is the one place that decides what becomes of a run to which no visitor
 * listens any more.
 */
void
run_forsake(struct run *run)
{
	if (run->ended || run->abandoned ||
	    (run->keeper != NULL && run->keeper->kept) ||
	    audience_has_visitor(&run->audience))
		return;
	run->abandoned = true;
	run_log(run, "state=left first=%" PRId64 " ms=%" PRId64,
	    run_first_ms(run), run_ms(run));
}

void
run_tell(struct run *run, enum event_kind kind, const char *part,
    struct json *json)
{
	struct event event = { .kind = kind, .part = part, .json = json };

	audience_tell(&run->audience, &event);
	json_free(json);
}

int64_t
run_ms(const struct run *run)
{
	return io_now_ms() - run->start_ms;
}

int64_t
run_first_ms(const struct run *run)
{
	return run->first_ms > 0 ? run->first_ms - run->start_ms : -1;
}

const struct limits *
run_limits(const struct run *run)
{
	return &run->plan->config->limits;
}

void
run_log(const struct run *run, const char *fmt, ...)
{
	char text[1024];	/* log_info cuts a longer line, too */
	va_list ap;

	if (run->unlogged)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_info("run=%.8s %s", run->plan->id, text);
}
