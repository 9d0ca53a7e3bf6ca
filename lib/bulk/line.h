/*
 * line: a line of the input, read and checked, and the lines of results.
 *
 * A line of the input is one of two kinds:
 *
 *	run	the body of POST /generate: inputs of the graph, "want", "given"
 *	call	a line of OpenAI's Batch format: custom_id, method, url, body
 *
 * Both may have a custom_id; without one a line is called "line-N", by its
 * number.  A line is a call if it has a "url", a "method" or a "body" that is
 * no input of the graph.  "custom_id", "response" and "error" are never inputs:
 * a line of an errors file, which has them, is a line of the input again.
 *
 *	struct line line = LINE_INIT;
 *	struct line_fault fault;
 *
 *	if (line_read(&line, &raw, &graph, &fault) == -1)
 *		...			fault.code, fault.message
 *	line_free(&line);
 *
 * Codes are OpenAI's, where these have one: invalid_json_line,
 * missing_required_parameter, url_mismatch.  Ours are line_not_object,
 * invalid_unicode, duplicate_member, empty_custom_id, custom_id_not_string,
 * method_mismatch, body_not_object, no_memory.  duplicate_custom_id is its
 * caller's.
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct graph;
struct json;
struct raw_line;

enum line_kind { LINE_RUN, LINE_CALL };

/* More tokens than any answer has: a limit beyond it is none. */
#define LINE_TOKENS_MOST	INT64_C(1000000000)

struct line {
	enum line_kind	 kind;
	size_t		 number;
	struct buf	 id;		/* UTF-8, and may have NUL in it */
	struct json	*json;		/* all of it; custom_id, and in a run
					   response and error, taken off */
	struct buf	 text;		/* as it was written */
	const char	*custom_id;	/* in text, as it was written; NULL: it
					   has none */
	size_t		 custom_id_len;
	/* A call: */
	const char	*body;		/* in text, as it was written */
	size_t		 body_len;
	const char	*model;		/* in json; NULL: it has none */
	/*
	 * "n", at least 1, and its limit of tokens for a choice, -1 if it has
	 * none: the larger of max_completion_tokens and max_tokens, because a
	 * service may know only one of them.  Both may be INT64_MAX.
	 */
	int64_t		 choices;
	int64_t		 tokens;
	bool		 is_bound;	/* all choices together have a limit of
					   LINE_TOKENS_MOST at most, and there
					   is no image, audio or file, whose
					   tokens nobody knows */
};

#define LINE_INIT { .kind = LINE_RUN, .id = BUF_INIT(64 * 1024 * 1024), \
	.text = BUF_INIT(64 * 1024 * 1024) }

struct line_fault {
	const char	*code;		/* static */
	char		 message[200];	/* says what to do; without the number
					   of the line */
};

/*
 * Copies and checks a line.  The graph may be NULL: it has no inputs.  Returns
 * 0, or -1 with *fault.  Free in both cases; a struct that was freed can be
 * read into again.
 */
int	line_read(struct line *line, const struct raw_line *raw,
	    const struct graph *graph, struct line_fault *fault);
void	line_free(struct line *line);

/*
 * Append to out, without the 0x0A at the end.  U+2028, U+2029 and U+0085 are
 * written as escapes, and CR and LF between values as spaces, because readers
 * take them for the end of a line.  Half a surrogate pair in an answer becomes
 * U+FFFD.  All other bytes stay as they are.
 *
 * A result of a run: its document.  A result of a call: the answer, with the id
 * of the request, which is ours.  Both are valid JSON.
 */
void	line_write_run(struct buf *out, const struct line *line,
	    const char *document, size_t n);
void	line_write_call(struct buf *out, const struct line *line,
	    const char *request_id, const char *body, size_t n);

/*
 * A line of the errors file: the members of the input line but "response" and
 * "error", and in a call "id", as they were written (with a custom_id, if it
 * had none), and after them "response" and "error".  If status is not 0, a
 * service has answered with it: then error is null, and what it has answered,
 * if that is no JSON, is wrapped: {"error": {"message": "..."}}, with `message`
 * if the answer is empty.  If status is 0, response is null, and error has the
 * code and the message.
 */
void	line_write_error(struct buf *out, const struct line *line,
	    const char *request_id, int status, const char *body, size_t n,
	    const char *code, const char *message);

/* What a line of a file of results says. */
enum line_verdict { LINE_GOOD, LINE_PARTLY, LINE_BAD, LINE_UNKNOWN };

/*
 * Reads a line of an output or errors file, ours or another program's, and
 * appends its custom_id to *id.  It is good if "response" has a status_code of
 * 2xx and a body that is an object without "error", or is an object without
 * status_code, which is the document of a run; and if its own "error" is null
 * or absent.  LINE_PARTLY: it is the document of a run in which a part failed.
 * LINE_UNKNOWN: it is no JSON object, it has no custom_id, or it has neither
 * "response" nor "error", as a line of an input.
 */
enum line_verdict line_judge(const char *text, size_t n, struct buf *id);

#endif
