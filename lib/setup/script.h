/*
 * script: who executes a program that is a text, as its first line says it.
 *
 *	struct script script;
 *
 *	switch (script_read(&script, "./lookup")) {
 *	case SCRIPT_LINE:	"#!/bin/sh -e": script.interpreter is "/bin/sh"
 *	case SCRIPT_TEXT:	a text without such a line
 *	case SCRIPT_OTHER:	no text, as a program that was compiled
 *	}
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>

/* Linux reads so much of a first line. */
#define SCRIPT_LINE_BYTES	256

enum script_kind { SCRIPT_OTHER, SCRIPT_TEXT, SCRIPT_LINE };

struct script {
	char	interpreter[SCRIPT_LINE_BYTES];
	/* What env(1) looks for in $PATH, if it is the interpreter, or "". */
	char	command[SCRIPT_LINE_BYTES];
	/* The line ends in CR LF, and Linux takes the CR for a part of it. */
	bool	has_cr;
};

/*
 * Reads the first line of a file.  The members of *script are set if it returns
 * SCRIPT_LINE.  A file that cannot be read counts as SCRIPT_OTHER, since it may
 * be executed all the same.
 */
enum script_kind script_read(struct script *script, const char *path);

#endif
