/*
 * pace: how fast a service has answered, as the stage that asked it saw it.
 *
 * The same terms hold wherever the program speaks of speed:
 *
 *	first thought	from the request sent to any token, of a thought or text
 *	first token	from the request sent to the first visible text
 *	tokens/s	(tokens - tokens of the first chunk) / (time of the last
 *			chunk - time of the first)
 *	total		from the request sent to the last token
 *
 * The request is sent when its last byte has been handed to the connection.
 * What a piece of the answer brings is timed when the piece leaves the
 * connection, before anybody reads it.  All pieces that leave it at the same
 * moment are the first chunk, if they are the first; so a server or a network
 * that gathers its first words does not seem faster than it is.
 *
 *	struct pace pace = PACE_INIT;
 *
 *	pace_hear(&pace, now_us, 12);		12 bytes of text or thoughts
 *	pace_show(&pace, now_us);		visible text is there
 *	pace_settle(&pace, sent_us);		the answer has ended
 *	rate = pace_rate(&pace, tokens);
 */
#ifndef PACE_H
#define PACE_H

#include <stddef.h>
#include <stdint.h>

struct lap;

/*
 * Times in microseconds, of io_now_us until pace_settle, and then from the
 * request sent; -1 if it has not happened.
 */
struct pace {
	int64_t	dns_us;		/* of a new connection: its host's name, */
	int64_t	tcp_us;		/* the connection, */
	int64_t	tls_us;		/* the handshake (0 without TLS); all -1 if
				   the connection was kept */
	int64_t	first_us;	/* the first token of any kind */
	int64_t	text_us;	/* the first visible text */
	int64_t	last_us;	/* the last token */
	int64_t	chunks;		/* events that brought tokens */
	int64_t	head;		/* bytes of what came at first_us */
	int64_t	heard;		/* bytes of all */
};

#define PACE_INIT { -1, -1, -1, -1, -1, -1, 0, 0, 0 }

/* n bytes of text or thoughts have come, in one event. */
void	pace_hear(struct pace *pace, int64_t now_us, size_t n);

/* Some of the text can be seen by now; the first call counts. */
void	pace_show(struct pace *pace, int64_t now_us);

/* Makes all times count from sent_us; 0: nothing was sent, so none is known. */
void	pace_settle(struct pace *pace, int64_t sent_us);

/*
 * Tokens a second of an answer of that many tokens, thoughts included; 0 if
 * all of it came at once, so that nobody can tell.  The share of the tokens
 * that came first is told by its bytes.
 */
double	pace_rate(const struct pace *pace, int64_t tokens);

/*
 * Puts it into a row of the site (site/laps.h), with the tokens of the answer,
 * thoughts included, -1 if nobody knows them.  A time that the row has already
 * stays if this does not know it.
 */
void	pace_put(const struct pace *pace, int64_t tokens, struct lap *lap);

/* Milliseconds that a new connection took; -1 if it was kept. */
double	pace_connect_ms(const struct pace *pace);

#endif
