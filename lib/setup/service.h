/*
 * service: the services that can be asked for text, with their keys.
 *
 * Some are built in: 70b and 8b on Fireworks, groq-8b, groq-70b, together-70b
 * and openai.  recipe.json and the environment change them and add others.  The
 * demo is always the last.  They are loaded once, before any fork, and do not
 * change from then on.
 *
 * A key is overwritten before it is freed.  Its bytes in the environment are
 * overwritten as soon as they have been copied, so that /proc/PID/environ does
 * not show it.
 *
 *	struct services services = { NULL, 0 };
 *
 *	if (services_load(&services, doc, warn, err) == 0)
 *		s = services_find(&services, "70b");
 *	services_free(&services);
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "setup/price.h"
#include "setup/profile.h"

struct doc;
struct err;

/* The id of the demo, which the program contains: no key, no network. */
#define SERVICE_DEMO	"demo"

/* The most that "parallel" takes. */
#define SERVICE_PARALLEL_MAX	1000

/* The most that "rpm" and "tpm" take. */
#define SERVICE_RPM_MAX		1000000
#define SERVICE_TPM_MAX		1000000000

/* An OpenAI-compatible host, or the demo. */
struct service {
	char	 *id;
	char	 *base_url;	/* no slash at its end; NULL for the demo */
	char	 *query;	/* what follows the path: "?api-version=...",
				   or "" */
	char	**models;	/* in order of preference, then a NULL */
	size_t	  nmodels;
	char	 *key;		/* NULL if there is none */
	char	 *key_from;	/* "env:NAME" or "file:PATH"; NULL if the
				   service needs no key */
	char	 *ca_file;	/* for its certificate; NULL: the system's */
	struct profile profile;	/* how it differs from others */
	struct prices prices;	/* for what it costs */
	double	  top_p;	/* not sent if negative */
	bool	  preconnect;	/* connect before the prompt is complete */
	int64_t	  parallel;	/* requests at once; 0: found out (http), or
				   no bound (https) */
	int64_t	  rpm, tpm;	/* requests and tokens a minute; 0: no limit */
	size_t	  in_file;	/* its place in recipe.json, from 1, or 0 */
	const char *why_not;	/* why it cannot be used, a literal; NULL if
				   it can */
};

/*
 * What a stage with "run" has in the place of a service (graph.h).  It is not
 * among the services of a configuration, and its id is "-".
 */
extern const struct service service_program;

struct services {
	struct service	*list;	/* the demo is the last */
	size_t		 n;
};

/*
 * Fills *services from the built-in ones, "services" of doc (NULL if there is
 * no file) and the environment.  `warn`, which may be NULL, is called with a
 * line about each setting that works, but looks like a mistake.  Returns 0, or
 * -1 with err.  Free *services in both cases.
 */
int	services_load(struct services *services, const struct doc *doc,
	    void (*warn)(const char *line), struct err *err);
void	services_free(struct services *services);

/*
 * For services_load alone.  service_read_key sets the key of a service from
 * where key_from says; it returns 0, also if the variable is not set, or -1
 * with err.  service_forget_key overwrites the bytes of a key in the
 * environment; the variable stays set.
 */
int	service_read_key(struct service *service,
	    void (*warn)(const char *line), struct err *err);
void	service_forget_key(const char *key_from);

/* The service with that id, borrowed, or NULL. */
const struct service *services_find(const struct services *services,
	    const char *id);

bool	service_is_demo(const struct service *service);
bool	service_is_program(const struct service *service);
bool	service_is_https(const struct service *service);

/* What a message calls it: its id, or "the program". */
const char *service_name(const struct service *service);

/*
 * The host's name or address in its base_url, without port, user and password,
 * as a new string that the caller frees; NULL for the demo and for a program,
 * and if there is no memory.
 */
char	*service_host(const struct service *service);

/*
 * Returns the server of its base_url, as "http://127.0.0.1:11434": scheme, host
 * and port in lower case, with the port even if it is the scheme's default.
 * Services of the same server share its places.  The caller frees the string.
 * Returns NULL for the demo and for a program, and if there is no memory.
 */
char	*service_server(const struct service *service);

#endif
