/*
 * check_command.c: the command line.  Divides the words of a check, of which
 * there are three kinds, and calls one of them.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "check/check.h"
#include "check/check_url.h"
#include "check/show.h"
#include "cli/check_command.h"

#define WRONG_WORDS	2	/* the exit status */
#define WAIT_MOST_S	3600

struct check_words {
	const char	*prompts;
	const char	*show;
	const char	*wait;
	char		**values;	/* NAME=VALUE, for --show */
	size_t		 nvalues;
	struct check_url site;
};

/* Where the value of an option goes; NULL if there is no such option. */
static const char **
place_for(struct check_words *words, const char *option)
{
	if (strcmp(option, "--prompts") == 0)
		return &words->prompts;
	if (strcmp(option, "--show") == 0)
		return &words->show;
	if (strcmp(option, "--url") == 0)
		return &words->site.url;
	if (strcmp(option, "--body") == 0)
		return &words->site.body;
	return strcmp(option, "--wait") == 0 ? &words->wait : NULL;
}

/* Sorts the words into options and values.  Returns 0, or -1 with err. */
static int
sort_words(struct check_words *words, int n, char **word, struct err *err)
{
	const char **place;
	int i;

	/* There are never more values than words that were read. */
	words->values = word;
	for (i = 0; i < n; i++) {
		place = place_for(words, word[i]);
		if (place == NULL && strncmp(word[i], "--", 2) == 0)
			return err_set(err, 400, "usage", "check has no option"
			    " %.60s; it takes --prompts DIR, --show PART or "
			    "--url URL", word[i]);
		if (place == NULL)
			words->values[words->nvalues++] = word[i];
		else if (i + 1 == n)
			return err_set(err, 400, "usage", "%s needs a word "
			    "after it", word[i]);
		else if (*place != NULL)
			return err_set(err, 400, "usage", "%s is given twice",
			    word[i]);
		else
			*place = word[++i];
	}
	return 0;
}

/* Reads the seconds of --wait.  Returns 0, or -1 with err. */
static int
read_wait(struct check_words *words, struct err *err)
{
	char *end;

	if (words->wait == NULL)
		return 0;
	words->site.wait_s = strtol(words->wait, &end, 10);
	if (*words->wait != '\0' && *end == '\0' &&
	    words->site.wait_s >= 0 && words->site.wait_s <= WAIT_MOST_S)
		return 0;
	return err_set(err, 400, "usage", "--wait takes seconds, 0 to %d, not "
	    "\"%.60s\"", WAIT_MOST_S, words->wait);
}

/* Refuses words that do not belong together.  Returns 0, or -1 with err. */
static int
fit_words(const struct check_words *words, struct err *err)
{
	bool url = words->site.url != NULL;

	if (words->nvalues > 0 && words->show == NULL)
		return err_set(err, 400, "usage", "\"%.60s\" is not an option "
		    "of check; it takes --prompts DIR, --show PART or --url "
		    "URL", words->values[0]);
	if (url && (words->show != NULL || words->prompts != NULL))
		return err_set(err, 400, "usage", "--url asks a site, so it "
		    "takes no %s", words->show != NULL ? "--show" :
		    "--prompts");
	if (!url && (words->site.body != NULL || words->wait != NULL))
		return err_set(err, 400, "usage", "%s is for --url URL",
		    words->site.body != NULL ? "--body" : "--wait");
	return 0;
}

int
check_command(int n, char **word)
{
	struct check_words words = { .prompts = NULL };
	struct err err = ERR_INIT;

	if (sort_words(&words, n, word, &err) == -1 ||
	    read_wait(&words, &err) == -1 || fit_words(&words, &err) == -1) {
		log_warnx("%s", err.text);
		return WRONG_WORDS;
	}
	if (words.prompts != NULL &&
	    setenv("RECIPE_PROMPTS", words.prompts, 1) == -1)
		fatal("check");
	if (words.site.url != NULL)
		return check_url_run(&words.site);
	if (words.show != NULL)
		return show_run(words.show, words.values, words.nvalues);
	return check_run();
}
