/*
 * words.c: the command line.  Divides the words of a run; reads no file.
 */
#include <string.h>

#include "base/err.h"
#include "cli/words.h"
#include "reply/form.h"
#include "text/json.h"

/* Adds NAME=VALUE to an object.  Returns 0, or -1 with err. */
static int
add_pair(struct json *object, const char *word, const char *form,
    struct err *err)
{
	const char *value = strchr(word, '=');
	char name[64];
	size_t n = value == NULL ? 0 : (size_t)(value - word);

	if (n == 0 || n >= sizeof(name))
		return err_set(err, 400, "usage", "\"%.60s\" is not %s", word,
		    form);
	memcpy(name, word, n);
	name[n] = '\0';
	if (json_get(object, name) != NULL)
		return err_set(err, 400, "usage", "%s is given twice", name);
	json_set_string(object, name, value + 1);
	return 0;
}

static int
take_form(struct words *words, const struct form_ops *form, struct err *err)
{
	if (words->form != &reply_text_ops)
		return err_set(err, 400, "usage",
		    "one of --json and --stream, once");
	words->form = form;
	return 0;
}

/* Takes an option that a value follows.  Returns 0, or -1 with err. */
static int
take_option(struct words *words, const char *option, const char *value,
    struct err *err)
{
	if (value == NULL)
		return err_set(err, 400, "usage", "%s needs a word after it",
		    option);
	if (strcmp(option, "--prompts") == 0) {
		words->prompts = value;
		return 0;
	}
	if (strcmp(option, "--given") == 0) {
		if (words->files == NULL)
			words->files = json_new_object();
		return add_pair(words->files, value, "PART=FILE", err);
	}
	if (words->want == NULL)
		words->want = json_new_array();
	json_push(words->want, json_new_string(value, strlen(value)));
	return 0;
}

/*
 * Takes the first of the words, which ends in a NULL.  Returns how many it has
 * taken, or -1 with err.
 */
static int
take_next(struct words *words, char **word, struct err *err)
{
	if (strcmp(word[0], "--watch") == 0)
		words->watch = true;
	else if (strcmp(word[0], "--verbose") == 0)
		words->verbose = true;
	else if (strcmp(word[0], "--json") == 0)
		return take_form(words, &reply_json_ops, err) == -1 ? -1 : 1;
	else if (strcmp(word[0], "--stream") == 0)
		return take_form(words, &reply_stream_ops, err) == -1 ? -1 : 1;
	else if (strcmp(word[0], "--prompts") == 0 ||
	    strcmp(word[0], "--given") == 0 || strcmp(word[0], "--want") == 0)
		return take_option(words, word[0], word[1], err) == -1 ? -1 : 2;
	else if (strncmp(word[0], "--", 2) == 0)
		return err_set(err, 400, "usage", "there is no option %.60s",
		    word[0]);
	else
		return add_pair(words->inputs, word[0], "NAME=VALUE", err) ==
		    -1 ? -1 : 1;
	return 1;
}

int
words_read(struct words *words, int n, char **word, struct err *err)
{
	int i, taken;

	words->form = &reply_text_ops;
	if ((words->inputs = json_new_object()) == NULL)
		return err_set(err, 503, "no_memory", "out of memory");
	for (i = 0; i < n; i += taken)
		if ((taken = take_next(words, word + i, err)) == -1)
			return -1;
	return 0;
}

void
words_free(struct words *words)
{
	json_free(words->inputs);
	json_free(words->want);
	json_free(words->files);
	*words = (struct words)WORDS_INIT;
}
