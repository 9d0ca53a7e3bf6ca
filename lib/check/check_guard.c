/*
 * check_guard.c: runs on the command line.  Says what is limited; counts
 * nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/io.h"
#include "check/check_guard.h"
#include "check/say.h"
#include "plan/request.h"
#include "run/purse.h"
#include "setup/config.h"
#include "spend/day.h"
#include "spend/entry.h"

/* Adds "WHAT NUMBER", if it is limited. */
static void
add_limit(struct buf *out, int64_t limit, const char *fmt)
{
	if (limit == GUARD_NONE)
		return;
	buf_puts(out, out->len == 0 ? "" : ", ");
	buf_printf(out, "%" PRId64 " ", limit);
	buf_puts(out, fmt);
}

static void
add_cost(struct buf *out, int64_t cost, const char *of)
{
	if (cost != GUARD_NONE)
		buf_printf(out, "%sa cost of %.2f a day%s", out->len == 0 ?
		    "" : ", ", (double)cost / 1e9, of);
}

/* Says what visitors may spend, and when a day begins. */
static void
print_guard(const struct guard *guard)
{
	struct buf list = BUF_INIT(8192);
	int64_t now = io_wall_ms();
	const char *zone = getenv("TZ");
	char of[80];
	size_t i;

	add_limit(&list, guard->at_once, "runs of a visitor at once");
	add_limit(&list, guard->runs_hour, "runs of a visitor an hour");
	add_limit(&list, guard->runs_day, "runs of the site a day");
	add_limit(&list, guard->tokens_day, "tokens a day");
	add_cost(&list, guard->cost_day, "");
	for (i = 0; i < guard->nservices; i++) {
		snprintf(of, sizeof(of), "tokens a day of %s",
		    guard->services[i].id);
		add_limit(&list, guard->services[i].tokens_day, of);
		snprintf(of, sizeof(of), " of %s", guard->services[i].id);
		add_cost(&list, guard->services[i].cost_day, of);
	}
	if (!guard->on)
		buf_puts(&list, "no limits, and nothing is counted");
	else if (guard->is_builtin)
		buf_puts(&list, "; built in, as recipe.json has no \"guard\"");
	printf("  guard       %s\n", list.data);
	if (guard->on)
		printf("  day         begins in %" PRId64 " minutes, at "
		    "midnight in the time zone %s\n",
		    (day_begins(day_after(day_of(now))) - now) / 60000 + 1,
		    zone == NULL || *zone == '\0' ? "of this system" : zone);
	buf_free(&list);
}

/* Says what a run reserves.  Returns how many warnings that gave. */
static size_t
print_least(const struct config *config, const struct graph *graph)
{
	struct request request = REQUEST_INIT;
	struct amount least;
	bool never = purse_foresee(config, graph, &request, &least);

	if (least.tokens > 0)
		printf("  reserves    %" PRId64 " tokens for each run, and "
		    "more for long inputs; at most a cost of %.4f\n",
		    least.tokens, (double)least.money / ENTRY_COIN);
	if (never)
		say_warning("warning", "no run can begin, because each "
		    "reserves more than \"guard\" in recipe.json lets the "
		    "site or a service spend on a whole day: raise "
		    "\"tokens_day\" or \"cost_day\" there, or lower "
		    "\"max_tokens\" of the stages in stages.json");
	request_free(&request);
	return never ? 1 : 0;
}

size_t
check_guard(const struct config *config, const struct graph *graph)
{
	print_guard(&config->guard);
	return config->guard.on ? print_least(config, graph) : 0;
}
