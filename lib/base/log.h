/*
 * log: lines on stderr, which every web server writes to its error log.
 *
 * Each line is one write(2), so that the lines of several processes do not
 * mix.  A line has at most 1023 bytes; a longer one is cut.  Never log a
 * visitor's text or a key.  As in err(3), the functions whose name ends in x
 * write the message alone, and the others append strerror(errno); log_info
 * appends nothing.
 */
#ifndef LOG_H
#define LOG_H

#include <stdint.h>

void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Keeps a message that could come very often (about a condition that lasts, or
 * that visitors can cause at will) from filling the log: it is written at most
 * once in LOG_PACE_MS, and then says how many times it was left out since.
 * One such struct belongs to one message; all zero is its initial state.
 */
struct log_pace {
	int64_t		next_ms;	/* nothing is written before then */
	unsigned long	held;		/* times left out since the last line */
};

#define LOG_PACE_MS	60000

/*
 * Like log_warn and log_warnx, at that pace.  now_ms is io_now_ms's present
 * time.
 */
void	log_warn_paced(struct log_pace *pace, int64_t now_ms,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void	log_warnx_paced(struct log_pace *pace, int64_t now_ms,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Log a line and exit(1).  Only at start-up, while nothing is served yet. */
void	fatal(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), noreturn));
void	fatalx(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

#endif
