/*
 * check_service: asks one service for its models, for the person who sets it
 * up.
 *
 * Nothing is asked that has to be paid for: GET /models is free, and most
 * servers have it.  What a service answers is foreign text: it is cleaned, and
 * the key is taken out of it, before any of it is printed.
 */
#ifndef CHECK_SERVICE_H
#define CHECK_SERVICE_H

#include <stdint.h>

struct service;
struct trust;

enum standing {
	STANDING_GOOD,
	STANDING_DOUBTFUL,	/* warned of, but it may work, or work later */
	STANDING_HOPELESS,	/* cannot work before a new start */
};

/* What else is known of a service then. */
struct about {
	/*
	 * Of a hopeless one: a clause, static, to go on with after its name
	 * ("refuses the key"); else NULL.
	 */
	const char	*why;
	/*
	 * The window of its models, in tokens: the smallest, if it says so of
	 * several; 0 if it does not say.
	 */
	int64_t		 window;
};

/*
 * Asks the service and prints the outcome, in lines below the one that names
 * the service.  Waits at most timeout_ms.  Adds to `trust` what the service's
 * certificate is checked by.
 */
enum standing check_service(const struct service *service,
	    struct trust *trust, int64_t timeout_ms, struct about *about);

#endif
