/*
 * command: the words on the command line of a person.
 *
 *	recipe.fcgi --listen unix:PATH|HOST:PORT
 *	recipe.fcgi run [NAME=VALUE ...] [--want PART ...]
 *	    [--given PART=FILE ...] [--json | --stream] [--prompts DIR]
 *	    [--watch] [--verbose]
 *	recipe.fcgi graph [--svg] [--prompts DIR]
 *	recipe.fcgi speed [SERVICE[/MODEL] ...] [--models] [--runs N]
 *	    [--tokens N] [--prompt FILE] [--json]
 *	recipe.fcgi check [--prompts DIR]
 *	recipe.fcgi check --url URL [--body JSON] [--wait SECONDS]
 *	recipe.fcgi check --show PART [NAME=VALUE ...] [--prompts DIR]
 *	recipe.fcgi --version | --help
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>

/*
 * Whether this process was started by a person who has given it a command, and
 * not by a web server with a visitor's request.
 */
bool	command_is_given(int argc);

/*
 * Does what the words say and exits; or returns where to listen.  `version` is
 * what --version prints.
 */
const char *command_run(int argc, char **argv, const char *version);

/* How it is started, on standard error; exits with status 2. */
void	command_usage(void) __attribute__((noreturn));

#endif
