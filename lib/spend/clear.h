/*
 * clear: puts the sums of old days into spend.json (past.h), and removes their
 * books and salts.
 */
#ifndef CLEAR_H
#define CLEAR_H

struct guard;
struct places;

/*
 * Of books, and of salts, those of `day`, which is today, and of the day before
 * stay, and besides the newest three, since a clock may go ahead for a while;
 * and so do books with a run whose process is alive, which writes there, and
 * books that are damaged.  Nothing is done while another process
 * does the same.  To be called by the process that has made the book of a new
 * day.
 */
#define CLEAR_KEPT	3
void	clear_old(const char *dir, int day, const struct guard *guard,
	    struct places *places);

#endif
