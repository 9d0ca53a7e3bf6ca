/*
 * cook.c: see cook.h.  Knows no sockets and no clock.
 */
#include <stdio.h>
#include <string.h>

#include "cook.h"

/* As long as real ones are: with a token in it, about 320 bytes. */
#define HEAD	"data: {\"id\":\"chatcmpl-8f6f3a5e2b0c4d439a517d1f0c6b2e94\"," \
	"\"object\":\"chat.completion.chunk\",\"created\":1716400000," \
	"\"model\":\"accounts/fireworks/models/llama-v3p3-70b-instruct\"," \
	"\"system_fingerprint\":\"fp_5b26d85e12\",\"choices\":["
#define BEGIN	HEAD "{\"index\":0,\"delta\":{\"content\":\""
#define THOUGHT	HEAD "{\"index\":0,\"delta\":{\"reasoning_content\":\""
#define END	"\"},\"logprobs\":null,\"finish_reason\":null}]," \
	"\"usage\":null}\n\n"
#define ROLE	HEAD "{\"index\":0,\"delta\":{\"role\":\"assistant\"," \
	"\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]," \
	"\"usage\":null}\n\n"
#define STOP	HEAD "{\"index\":0,\"delta\":{},\"logprobs\":null," \
	"\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"

static char *
put(char *to, const char *text)
{
	size_t n = strlen(text);

	memcpy(to, text, n);
	return to + n;
}

/* printf would be most of the simulator's work when it floods. */
static char *
put_hex(char *to, uint64_t value)
{
	int shift = 60;

	while (shift > 0 && value >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*to++ = "0123456789abcdef"[value >> shift & 15];
	return to;
}

static char *
put_stamp(char *to, long i, int64_t ns)
{
	*to++ = ' ';
	to = put_hex(to, (uint64_t)i);
	*to++ = '@';
	to = put_hex(to, (uint64_t)ns);
	*to++ = ';';
	return to;
}

static char *
put_word(char *to, const struct script *s, long i)
{
	bool begins = s->line != 0 && i % s->line == 0;

	to = put(to, !begins ? " " : i == 0 ? "1. " : "\\n1. ");
	to = put_hex(to, (uint64_t)i);
	*to++ = ';';
	return to;
}

/* JSON within a JSON string, hence the backslashes. */
static char *
put_element(char *to, const struct script *s, long i, int64_t ns)
{
	long element = 0, first = 0, end = s->tokens / 3;

	while (i >= end) {
		element++;
		first = end;
		end = (element + 1) * s->tokens / 3;
	}
	if (i == first)
		to = put(to, element == 0 ? "[{\\\"name\\\":\\\"" :
		    ",{\\\"name\\\":\\\"");
	else if (i == first + 1)
		to = put(to, "\\\",\\\"intro\\\":\\\"");
	to = put_stamp(to, i, ns);
	if (i == end - 1)
		to = put(to, element == 2 ? "\\\"}]" : "\\\"}");
	return to;
}

size_t
cook_tokens(char *to, const struct script *s, long i, long n, int64_t ns)
{
	char *p = put(to, i < s->thoughts ? THOUGHT : BEGIN);

	if (s->is_list)
		p = put_element(p, s, i, ns);
	else
		for (; n > 0; n--, i++)
			p = s->is_seen ? put_word(p, s, i) :
			    put_stamp(p, i, ns);
	p = put(p, END);
	return (size_t)(p - to);
}

size_t
cook_begin(char *to)
{
	return (size_t)(put(to, ROLE) - to);
}

size_t
cook_end(char *to, const struct script *s)
{
	return (size_t)sprintf(to, STOP HEAD "],\"usage\":{\"prompt_tokens\":"
	    "100,\"completion_tokens\":%ld,\"total_tokens\":%ld}}\n\n"
	    "data: [DONE]\n\n", s->tokens, s->tokens + 100);
}
