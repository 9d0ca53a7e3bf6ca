/*
 * command.c: what a person says on the command line; serves nobody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "check/check_url.h"
#include "check/show.h"
#include "cli/command.h"
#include "cli/graph_command.h"
#include "cli/run_command.h"
#include "cli/speed_command.h"

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
	    "       recipe.fcgi check\n"
	    "       recipe.fcgi check --url URL [--body JSON] [--wait SECONDS]"
	    "\n"
	    "       recipe.fcgi check --show PART [NAME=VALUE...]\n"
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

/* check --url URL and what may follow it.  Returns the exit status. */
static int
check_site(int argc, char **argv)
{
	struct check_url check = { .url = NULL };
	char *end = "";
	int i;

	for (i = 2; i + 1 < argc; i += 2)
		if (strcmp(argv[i], "--url") == 0)
			check.url = argv[i + 1];
		else if (strcmp(argv[i], "--body") == 0)
			check.body = argv[i + 1];
		else if (strcmp(argv[i], "--wait") == 0)
			check.wait_s = strtol(argv[i + 1], &end, 10);
		else
			break;
	if (i == argc && check.url != NULL && *end == '\0' &&
	    check.wait_s >= 0 && check.wait_s <= 3600)
		return check_url_run(&check);
	print_usage(stderr);
	return CHECK_URL_USAGE;
}

const char *
command_run(int argc, char **argv, const char *version)
{
	const char *word = argv[1];

	if (argc == 2 && strcmp(word, "--version") == 0) {
		printf("recipe.fcgi %s\n", version);
		exit(0);
	}
	if (argc == 2 && (strcmp(word, "--help") == 0 ||
	    strcmp(word, "-h") == 0)) {
		print_usage(stdout);
		exit(0);
	}
	if (strcmp(word, "run") == 0)
		exit(run_command(argc - 2, argv + 2));
	if (strcmp(word, "graph") == 0)
		exit(graph_command(argc - 2, argv + 2));
	if (strcmp(word, "speed") == 0)
		exit(speed_command(argc - 2, argv + 2));
	if (argc == 2 && strcmp(word, "check") == 0)
		exit(check_run());
	if (argc > 3 && strcmp(word, "check") == 0 &&
	    strcmp(argv[2], "--show") == 0)
		exit(show_run(argv[3], argv + 4, (size_t)argc - 4));
	if (argc > 2 && strcmp(word, "check") == 0)
		exit(check_site(argc, argv));
	if (argc == 3 && strcmp(word, "--listen") == 0)
		return argv[2];
	command_usage();
}
