/*
 * members: the members of a JSON object as they are written, byte for byte.
 *
 * A document that is parsed and written again may lose what its reader has no
 * room for: digits of a large number, the order of members, an escape.  What
 * has to be passed on as it is, is therefore cut out of the text.
 *
 *	struct members it = MEMBERS_INIT(text, n);
 *	struct member m;
 *
 *	while (members_next(&it, &m))
 *		if (member_is(&m, "model"))
 *			...			m.value, m.value_len
 *
 * The text MUST be one that grammar_check has taken, and an object.  Nothing is
 * copied: all that a struct member points at is in the text.
 */
#ifndef MEMBERS_H
#define MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct members {
	const char	*at, *end;
};

#define MEMBERS_INIT(text, n) { (text), (text) + (n) }

struct member {
	const char	*name;		/* with its quotes and escapes */
	size_t		 name_len;
	const char	*value;		/* without white space around it */
	size_t		 value_len;
};

/* Finds the next member.  Returns false after the last. */
bool	members_next(struct members *it, struct member *member);

/* Whether the member has this name, however it is escaped. */
bool	member_is(const struct member *member, const char *name);

/*
 * Appends the text of a string that has its quotes, as a value has them, with
 * its escapes undone, in UTF-8.  A half of a surrogate pair becomes U+FFFD.
 * Returns 0, or -1 if it is no string, or with out->failed.
 */
int	member_string(struct buf *out, const char *string, size_t n);

/*
 * The length of the escape that begins with the backslash at s, which is before
 * `end`: 12 for both halves of a surrogate pair, else 2 or 6, or less if the
 * text ends.  *cp is its code point; a half that is alone is itself in *cp,
 * 0xD800 to 0xDFFF.
 */
size_t	member_escape(const char *s, const char *end, uint32_t *cp);

#endif
