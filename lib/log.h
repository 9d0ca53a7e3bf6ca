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

void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Start-up only: log, then exit(1). */
void	fatal(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), noreturn));
void	fatalx(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

#endif
