/*
 * check_service: one service asked for its models, for the person who sets
 * it up.
 *
 * Nothing that is paid for: GET /models, which most servers have.  What the
 * service says is foreign text, and cleaned before it is printed.
 */
#ifndef CHECK_SERVICE_H
#define CHECK_SERVICE_H

#include <stdint.h>

struct service;
struct trust;

enum standing {
	STANDING_GOOD,
	STANDING_DOUBTFUL,	/* warned of; it may work, or work later */
	STANDING_HOPELESS,	/* it cannot work before a new start */
};

/*
 * Asks and prints what comes of it, in lines below the one that names the
 * service.  Waits timeout_ms at most.  For a hopeless one *why (static) is a
 * clause that goes on after its name, else it is NULL.
 */
enum standing check_service(const struct service *service,
	    struct trust *trust, int64_t timeout_ms, const char **why);

#endif
