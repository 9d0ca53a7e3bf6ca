/*
 * visit: a site as a visitor meets it, all but the stream.
 *
 * The page, what it says of its services, and what nobody should be able to
 * fetch.  Prints what it finds.
 */
#ifndef VISIT_H
#define VISIT_H

#include <stdbool.h>
#include <stddef.h>

struct http;
struct probe;

struct visit {
	char	base[1024];	/* of the site, ends in a slash */
	long	wait_ms;
	bool	bad_headers;	/* the page's: advice is wanted */
};

/* Longer than a page takes, shorter than a person waits. */
#define VISIT_WAIT_MS	15000

/* 0, or -1 where url is none that can be asked. */
int	visit_init(struct visit *v, const char *url, long wait_ms);

/*
 * Fetches the page; redirects within the same host change the base.  0 where
 * the site answers, even if with nothing good; -1 where it does not, said as
 * the verdict.
 */
int	visit_page(struct visit *v, struct http *http);

void	visit_services(const struct visit *v, struct http *http);

/* What is private and can be fetched; a warning for each. */
void	visit_private(const struct visit *v, struct http *http);

/* base and a path below it, into url. */
void	visit_url(const struct visit *v, const char *path, char *url,
	    size_t size);

/* Says in plain words why there is no answer.  Always a verdict. */
void	visit_unreachable(const struct visit *v, const struct probe *p);

#endif
