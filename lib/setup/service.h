/*
 * service: the hosts that can be asked for text, with their keys.
 *
 * Those built in (70b and 8b on Fireworks, groq-8b, groq-70b, together-70b,
 * openai), changed and added to by recipe.json and the environment, and last
 * the demo.  Const once loaded; keys are overwritten when freed.
 *
 * The bytes of a key in the environment are overwritten as soon as they have
 * been copied, so that /proc/PID/environ shows none.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "setup/profile.h"

struct doc;
struct err;

/* The id of the cook in the program, which needs no key and no network. */
#define SERVICE_DEMO	"demo"

/* An OpenAI-compatible host, or the demo. */
struct service {
	char	 *id;
	char	 *base_url;	/* no trailing slash; NULL for the demo */
	char	 *query;	/* "?api-version=...", or "" */
	char	**models;	/* in order of preference, NULL at the end */
	size_t	  nmodels;
	char	 *key;		/* NULL where there is none */
	char	 *key_from;	/* "env:NAME", "file:PATH"; NULL: needs none */
	char	 *ca_file;	/* NULL: the system's store */
	struct profile profile;	/* how it differs from others */
	double	  top_p;	/* not sent where negative */
	bool	  preconnect;	/* open the connection before the prompt */
	size_t	  in_file;	/* its place in recipe.json from 1; 0: not */
	const char *why_not;	/* why it cannot be chosen; NULL: it can */
};

struct services {
	struct service	*list;	/* the demo is the last */
	size_t		 n;
};

/*
 * Fills *services from what is built in, "services" of doc (NULL: there is no
 * file) and the environment.  `warn` (may be NULL) is told what is odd but
 * can be lived with.  0, or -1 with err; free *services either way.
 */
int	services_load(struct services *services, const struct doc *doc,
	    void (*warn)(const char *line), struct err *err);
void	services_free(struct services *services);

/* NULL where none has that id. */
const struct service *services_find(const struct services *services,
	    const char *id);

bool	service_is_demo(const struct service *service);
bool	service_is_https(const struct service *service);

/*
 * The name or address in its base_url, without port or credentials, as a new
 * string that the caller frees; NULL for the demo and without memory.
 */
char	*service_host(const struct service *service);

#endif
