/*
 * service_key.c: listener, before any fork.  Reads the key of a service from
 * the environment or a file, and overwrites it there; knows no service by name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "setup/doc.h"
#include "setup/service.h"

#define KEY_MAX	4096	/* bytes of a key's file */

/*
 * Sets the key from text, which it changes, without white space around it.  A
 * key is sent in a header, so it must be visible ASCII without spaces.
 */
static int
take_key(struct service *s, char *text, struct err *err)
{
	size_t start = strspn(text, " \t\r\n"), n, i;

	n = strlen(text + start);
	while (n > 0 && strchr(" \t\r\n", text[start + n - 1]) != NULL)
		n--;
	text[start + n] = '\0';
	for (i = 0; i < n; i++)
		if (text[start + i] <= ' ' || text[start + i] > '~')
			return err_set(err, 503, "config",
			    "the key of service \"%s\" (%s) holds a space or "
			    "a character that no key has; save it again",
			    s->id, s->key_from);
	if (n > 0)
		s->key = doc_copy(text + start);
	return 0;
}

/*
 * Reads the key of a service from its file.  Returns 0, or -1 with err if the
 * file cannot be read, or everybody can read it.
 */
static int
read_key_file(struct service *s, void (*warn)(const char *), struct err *err)
{
	struct buf text = BUF_INIT(KEY_MAX);
	const char *path = s->key_from + 5;
	char line[300];
	struct stat st;
	int rc = -1;

	if (stat(path, &st) == -1 || doc_slurp(path, &text) == -1) {
		err_set(err, 503, "config", "the key file of service \"%s\", "
		    "%s: %s", s->id, path, strerror(errno));
		goto out;
	}
	if (st.st_mode & S_IROTH) {
		err_set(err, 503, "config", "everybody on this machine can "
		    "read the key file %s: chmod 600 %s", path, path);
		goto out;
	}
	if (st.st_mode & S_IRGRP && warn != NULL) {
		snprintf(line, sizeof(line), "the group can read the key file "
		    "%s: chmod 600 %s unless that is meant", path, path);
		warn(line);
	}
	rc = take_key(s, text.data, err);
out:
	buf_free(&text);
	return rc;
}

int
service_read_key(struct service *s, void (*warn)(const char *),
    struct err *err)
{
	char *value;
	size_t n;
	int rc;

	if (s->key_from == NULL)
		return 0;
	if (strncmp(s->key_from, "file:", 5) == 0)
		return read_key_file(s, warn, err);
	/*
	 * take_key changes its text, and another service may share the
	 * variable; so it gets a copy.
	 */
	if ((value = getenv(s->key_from + 4)) == NULL)
		return 0;
	if ((value = strdup(value)) == NULL)
		fatal("cannot copy a key");
	n = strlen(value);
	rc = take_key(s, value, err);
	explicit_bzero(value, n);
	free(value);
	return rc;
}

void
service_forget_key(const char *key_from)
{
	char *value;

	if (key_from == NULL || strncmp(key_from, "env:", 4) != 0)
		return;
	if ((value = getenv(key_from + 4)) != NULL)
		memset(value, 'x', strlen(value));
}
