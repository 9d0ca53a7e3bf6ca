/*
 * check_command: the words after `recipe.fcgi check`.
 *
 *	[--prompts DIR]				what a start would do (check.h)
 *	--show PART [NAME=VALUE ...] [--prompts DIR]	a request (show.h)
 *	--url URL [--body JSON] [--wait SECONDS]	a site (check_url.h)
 */
#ifndef CHECK_COMMAND_H
#define CHECK_COMMAND_H

/*
 * Does what the n words say.  Returns the exit status, which is 2 if a word is
 * wrong; then standard error says which one, and what may stand there.
 */
int	check_command(int n, char **words);

#endif
