/*
 * check_url: `recipe.fcgi check --url URL`, for the person who has uploaded it.
 *
 * Asks a site from outside, as a browser would, and says whether its stream
 * arrives while it is written, what holds it, and what to add where.  Needs
 * no configuration.  Costs one run of the site, and up to two more that are
 * left early where the first did not arrive live.
 */
#ifndef CHECK_URL_H
#define CHECK_URL_H

/* Exit statuses. */
#define CHECK_URL_LIVE	0
#define CHECK_URL_NOT	1	/* held, broken, or not to be told */
#define CHECK_URL_USAGE	2

struct check_url {
	const char	*url;
	const char	*body;		/* of the request; NULL: a recipe's */
	long		 wait_s;	/* for a run; 0: what one may take */
};

int	check_url_run(const struct check_url *check);

#endif
