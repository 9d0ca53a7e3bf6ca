/*
 * spend_command: `recipe.fcgi spend`: what the site has spent today and on the
 * days before, by service, and what is left of today's limits.
 */
#ifndef SPEND_COMMAND_H
#define SPEND_COMMAND_H

/* The days that are shown; past.h keeps no more. */
#define SPEND_DAYS	30

/*
 * Runs the command with the n words after "spend".  Returns the exit status: 0,
 * 1 if the configuration cannot be read, or 2 for wrong words.
 */
int	spend_command(int n, char **word);

#endif
