/*
 * command.c: what a person says on the command line; serves nobody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/bulk_command.h"
#include "cli/check_command.h"
#include "cli/command.h"
#include "cli/graph_command.h"
#include "cli/run_command.h"
#include "cli/speed_command.h"
#include "cli/spend_command.h"

/*
 * A web server hands a CGI program the words of a query without "=" as its
 * arguments (RFC 3875, 4.4).  They are a visitor's.  So if there is a request
 * in the environment, the arguments are not read.
 */
bool
command_is_given(int argc)
{
	return argc > 1 && getenv("GATEWAY_INTERFACE") == NULL &&
	    getenv("REQUEST_METHOD") == NULL;
}

static void
print_usage(FILE *out)
{
	fputs("usage: recipe.fcgi --listen unix:PATH|HOST:PORT\n"
	    "       recipe.fcgi run [NAME=VALUE ...] [--want PART ...]\n"
	    "           [--given PART=FILE ...] [--json | --stream]\n"
	    "           [--prompts DIR] [--watch] [--verbose]\n"
	    "       recipe.fcgi graph [--svg] [--prompts DIR]\n"
	    "       recipe.fcgi speed [SERVICE[/MODEL] ...] [--models]\n"
	    "           [--runs N] [--tokens N] [--prompt FILE] [--json]\n"
	    "       recipe.fcgi spend [--json]\n"
	    "       recipe.fcgi bulk IN.jsonl OUT.jsonl [--check] "
	    "[--retry-failed]\n"
	    "           [--at-once N] [--model [NAME=]ID] [--max-cost X]\n"
	    "           [--max-tokens-total N] [--demo] [--prompts DIR] "
	    "[--json]\n"
	    "       recipe.fcgi check [--prompts DIR]\n"
	    "       recipe.fcgi check --url URL [--body JSON] [--wait SECONDS]"
	    "\n"
	    "       recipe.fcgi check --show PART [NAME=VALUE ...] "
	    "[--prompts DIR]\n"
	    "       recipe.fcgi --version | --help\n"
	    "\n"
	    "Without arguments it is started by a web server: as FastCGI on a\n"
	    "listening socket (fd 0), or as plain CGI. Try \"make run\" beside"
	    " its source,\nand \"man recipe.fcgi\".\n", out);
}

void
command_usage(void)
{
	print_usage(stderr);
	exit(2);
}

/* Says which word is wrong, and exits. */
static void __attribute__((noreturn))
refuse(const char *word, const char *after)
{
	if (after != NULL)
		log_warnx("\"%.60s\" cannot stand after %s", after, word);
	else
		log_warnx("there is no command \"%.60s\"; the commands are "
		    "run, bulk, graph, speed, spend and check, and "
		    "\"recipe.fcgi --help\" has all of it", word);
	exit(2);
}

static bool
is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

const char *
command_run(int argc, char **argv, const char *version)
{
	const char *word = argv[1];

	if (strcmp(word, "run") == 0)
		exit(run_command(argc - 2, argv + 2));
	if (strcmp(word, "graph") == 0)
		exit(graph_command(argc - 2, argv + 2));
	if (strcmp(word, "speed") == 0)
		exit(speed_command(argc - 2, argv + 2));
	if (strcmp(word, "spend") == 0)
		exit(spend_command(argc - 2, argv + 2));
	if (strcmp(word, "bulk") == 0)
		exit(bulk_command(argc - 2, argv + 2));
	if (strcmp(word, "check") == 0)
		exit(check_command(argc - 2, argv + 2));
	if (strcmp(word, "--listen") == 0 && argc == 2) {
		log_warnx("--listen needs unix:PATH or HOST:PORT after it");
		exit(2);
	}
	if (strcmp(word, "--listen") == 0 && argc == 3)
		return argv[2];
	if (strcmp(word, "--version") == 0 && argc == 2) {
		printf("recipe.fcgi %s\n", version);
		exit(0);
	}
	if (is_help(word) && argc == 2) {
		print_usage(stdout);
		exit(0);
	}
	if (strcmp(word, "--listen") == 0)
		refuse("--listen", argv[3]);
	refuse(word, strcmp(word, "--version") == 0 || is_help(word) ?
	    argv[2] : NULL);
}
