/*
 * bulk_words.c: the command line.  Reads words and numbers; opens no file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/bulk_words.h"
#include "spend/entry.h"

/* More lines at once than any machine has processes for. */
#define AT_ONCE_MOST	4096

/* Reads a whole number.  0, or -1 with err. */
static int
take_number(const char *option, const char *text, int64_t most, int64_t *n,
    struct err *err)
{
	char *end;

	errno = 0;
	*n = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text || *n < 1 || *n > most)
		return err_set(err, 400, "usage", "%s needs a whole number "
		    "from 1 to %lld, not \"%.40s\"", option, (long long)most,
		    text);
	return 0;
}

static int
take_money(const char *text, int64_t *money, struct err *err)
{
	char *end;
	double amount = strtod(text, &end);

	if (end == text || *end != '\0' || !(amount > 0 && amount < 1e9))
		return err_set(err, 400, "usage", "--max-cost needs an amount "
		    "of money, as 2.50, not \"%.40s\"", text);
	*money = (int64_t)(amount * ENTRY_COIN);
	return 0;
}

/* Takes an option and its value.  0, or -1 with err. */
static int
take_valued(struct bulk_words *words, const char *option, const char *value,
    struct err *err)
{
	if (value == NULL)
		return err_set(err, 400, "usage", "%s needs a word after it",
		    option);
	if (strcmp(option, "--at-once") == 0)
		return take_number(option, value, AT_ONCE_MOST,
		    &words->at_once, err);
	if (strcmp(option, "--max-tokens-total") == 0)
		return take_number(option, value, INT64_MAX / 2,
		    &words->tokens_most, err);
	if (strcmp(option, "--max-cost") == 0)
		return take_money(value, &words->money_most, err);
	if (strcmp(option, "--model") == 0)
		return aims_add(&words->aims, value, err);
	words->prompts = value;
	return 0;
}

/* How many of the words the first option takes, or -1 with err. */
static int
take_first(struct bulk_words *words, char **word, struct err *err)
{
	static const char *const valued[] = { "--at-once", "--model",
	    "--max-tokens-total", "--max-cost", "--prompts", NULL };
	size_t i;

	for (i = 0; valued[i] != NULL; i++)
		if (strcmp(word[0], valued[i]) == 0)
			return take_valued(words, word[0], word[1], err) ==
			    -1 ? -1 : 2;
	if (strcmp(word[0], "--check") == 0)
		words->check = true;
	else if (strcmp(word[0], "--retry-failed") == 0)
		words->retry = true;
	else if (strcmp(word[0], "--demo") == 0)
		words->demo = true;
	else if (strcmp(word[0], "--json") == 0)
		words->json = true;
	else if (word[0][0] == '-' && word[0][1] != '\0')
		return err_set(err, 400, "usage", "there is no option %.60s",
		    word[0]);
	else if (words->in == NULL)
		words->in = word[0];
	else if (words->out == NULL)
		words->out = word[0];
	else
		return err_set(err, 400, "usage", "\"%.60s\" is one word too "
		    "many: bulk takes one file and makes one", word[0]);
	return 1;
}

int
bulk_words_read(struct bulk_words *words, int n, char **word, struct err *err)
{
	int i, taken;

	for (i = 0; i < n; i += taken)
		if ((taken = take_first(words, word + i, err)) == -1)
			return -1;
	if (words->in == NULL || (words->out == NULL && !words->check))
		return err_set(err, 400, "usage", "bulk needs two files: "
		    "recipe.fcgi bulk IN.jsonl OUT.jsonl");
	return 0;
}

void
bulk_words_free(struct bulk_words *words)
{
	aims_free(&words->aims);
}
