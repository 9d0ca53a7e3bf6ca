/*
 * script.c: listener, before any fork.  Reads the first line of a program;
 * starts nothing, and looks for no interpreter.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "setup/script.h"

/* Reads the beginning of a file as a string.  Returns its bytes, or -1. */
static ssize_t
read_head(const char *path, char head[static SCRIPT_LINE_BYTES])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd == -1)
		return -1;
	n = read(fd, head, SCRIPT_LINE_BYTES - 1);
	head[n > 0 ? n : 0] = '\0';
	close(fd);
	return n;
}

/* Copies the next word of *s, and moves *s to what is after it. */
static void
next_word(char **s, char word[static SCRIPT_LINE_BYTES])
{
	size_t n;

	*s += strspn(*s, " \t");
	n = strcspn(*s, " \t");
	memcpy(word, *s, n);
	word[n] = '\0';
	*s += n;
}

/* Whether the interpreter is env(1), which looks for another one. */
static bool
is_env(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && strcmp(slash, "/env") == 0;
}

enum script_kind
script_read(struct script *script, const char *path)
{
	char line[SCRIPT_LINE_BYTES], *rest = line + 2;
	ssize_t n = read_head(path, line);

	*script = (struct script){ .has_cr = false };
	if (n < 0 || strlen(line) != (size_t)n)
		return SCRIPT_OTHER;
	if (strncmp(line, "#!", 2) != 0)
		return SCRIPT_TEXT;
	line[strcspn(line, "\n")] = '\0';
	n = (ssize_t)strlen(line);
	script->has_cr = line[n - 1] == '\r';
	next_word(&rest, script->interpreter);
	if (is_env(script->interpreter))
		next_word(&rest, script->command);
	/* Options of env, and what it puts into the environment. */
	if (script->command[0] == '-' || strchr(script->command, '=') != NULL)
		script->command[0] = '\0';
	return SCRIPT_LINE;
}
