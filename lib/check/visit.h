/*
 * visit: a site as a visitor meets it, all but the stream: the page, what the
 * site says of its services, and what nobody should be able to fetch.  Prints
 * what it finds.
 *
 *	struct visit v;
 *
 *	if (visit_init(&v, url, wait_ms) == 0 && visit_page(&v, http) == 0) {
 *		visit_services(&v, http);
 *		visit_private(&v, http);
 *	}
 *
 * A struct visit owns nothing that has to be freed.
 */
#ifndef VISIT_H
#define VISIT_H

#include <stdbool.h>
#include <stddef.h>

struct http;
struct probe;

struct visit {
	char	base[1024];	/* the site's URL, ends in a slash */
	long	wait_ms;	/* for each request */
	bool	bad_headers;	/* the page's headers need advice */
};

/* The most that one request waits: a page takes less, a person waits longer. */
#define VISIT_WAIT_MS	15000

/* Returns 0, or -1 if url is not one of http or https with a host. */
int	visit_init(struct visit *v, const char *url, long wait_ms);

/*
 * Fetches the page.  A redirect within the same host changes the base.
 * Returns 0 if the site answers, even if with nothing good; -1 if it does not,
 * and then the verdict has been printed.
 */
int	visit_page(struct visit *v, struct http *http);

/* Prints which services the site says it can use. */
void	visit_services(const struct visit *v, struct http *http);

/* Prints a warning for each private file that anybody can fetch. */
void	visit_private(const struct visit *v, struct http *http);

/* Writes the URL of a path below the base into `url`, of `size` bytes. */
void	visit_url(const struct visit *v, const char *path, char *url,
	    size_t size);

/* Prints in plain words why there is no answer, as the verdict. */
void	visit_unreachable(const struct visit *v, const struct probe *p);

#endif
