/*
 * check_url: `recipe.fcgi check --url URL`, for the person who has uploaded a
 * site.
 *
 * Asks the site from outside, as a browser would, and says whether its stream
 * arrives while it is written; if not, what holds it, and what to add to which
 * file.  Needs no configuration.  It costs one run of the site, and a
 * second one if runs are kept, which is left and read again; if the first one
 * does not arrive live, up to two more, which are left as soon as they have
 * shown enough.
 */
#ifndef CHECK_URL_H
#define CHECK_URL_H

/* Exit statuses. */
#define CHECK_URL_LIVE	0
#define CHECK_URL_NOT	1	/* held, broken, or it cannot be told */
#define CHECK_URL_USAGE	2	/* the URL is none */

struct check_url {
	const char	*url;
	const char	*body;		/* JSON to send; NULL: a recipe's */
	long		 wait_s;	/* for one run; 0: a little more than
					 * a run may take by default */
};

/* Prints on stdout what it finds.  Returns an exit status. */
int	check_url_run(const struct check_url *check);

#endif
