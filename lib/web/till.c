/*
 * till.c: worker.  Says who a visitor is and what his run would cost; counts
 * nothing.
 */
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "plan/plan.h"
#include "plan/visitor.h"
#include "run/purse.h"
#include "web/house.h"
#include "web/till.h"

/*
 * If a proxy that is not trusted is between, all its visitors are one, who is
 * soon refused: the operator is told what to add.
 */
static void
tell_of_proxy(struct house *house, const struct source *source)
{
	char proxy[VISITOR_BYTES];

	if (visitor_is_hidden(&house->config.guard, source, proxy))
		log_warnx_paced(&house->hidden, io_now_ms(), "a visitor was "
		    "refused who came by a proxy that reports whom it asks "
		    "for. If it is yours, name it in recipe.json, or all its "
		    "visitors count as one: \"trusted_proxies\": [\"%s\"]",
		    proxy[0] != '\0' ? proxy : "its address, which stands in "
		    "the web server's access log");
}

/*
 * Has the demo write the run, if its visitor may have one.  Returns 0, or -1
 * with err.
 */
static int
open_demo(struct house *house, const char *visitor, struct plan *plan,
    struct purse *purse, struct err *err)
{
	const char *code = err->code;

	if (visitor != NULL &&
	    purse_demo(purse, &house->ledger, visitor, err) == -1)
		return -1;
	plan_to_demo(plan, code);
	return 0;
}

int
till_reserve(struct house *house, const struct source *source,
    struct plan *plan, struct purse *purse, struct err *err)
{
	const struct guard *guard = &house->config.guard;
	char name[VISITOR_BYTES];
	bool limited;
	int rc;

	if (!guard->on)
		return 0;
	plan->by_proxy = visitor_is_hidden(guard, source, name);
	limited = visitor_name(guard, source, name);
	rc = purse_open(purse, &house->ledger, plan, limited ? name : NULL,
	    err);
	/* The demo takes places and processes, too. */
	if (rc == -1 && guard->to_demo && strcmp(err->code, "limit_site") == 0)
		rc = open_demo(house, limited ? name : NULL, plan, purse, err);
	explicit_bzero(name, sizeof(name));
	if (rc == -1)
		tell_of_proxy(house, source);
	return rc;
}
