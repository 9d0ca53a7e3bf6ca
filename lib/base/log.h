/*
 * log: lines on stderr, which every web server keeps in its error log.
 *
 * One write(2) a line, so that lines of several processes never mix.  A line
 * is at most 1023 bytes; longer ones are cut.  Never pass a visitor's text or
 * a key.  The words are those of err(3): warn appends strerror(errno), warnx
 * does not.
 */
#ifndef LOG_H
#define LOG_H

#include <stdint.h>

void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * How often one message about a condition that lasts, or that visitors can
 * repeat, is written: once in LOG_PACE_MS, and then with the number of times
 * that it was held back.  Zero is the beginning.
 */
struct log_pace {
	int64_t		next_ms;	/* held back until then */
	unsigned long	held;		/* so often since the last line */
};

#define LOG_PACE_MS	60000

/* log_warn, at that pace.  now_ms is of a clock that only goes forward. */
void	log_warn_paced(struct log_pace *pace, int64_t now_ms,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Start-up only: log, then exit(1). */
void	fatal(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), noreturn));
void	fatalx(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

#endif
