/*
 * alarm.c: worker, and commands that ask services.  Tells what is used; decides
 * nothing by it.
 */
#include "base/log.h"
#include "setup/guard.h"
#include "spend/alarm.h"
#include "spend/book.h"

void
alarm_percent(struct book *book, const struct guard *guard, uint32_t process,
    int64_t now_ms, int percent)
{
	struct entry entry = { .kind = ENTRY_TOLD, .n = (uint16_t)percent,
	    .run = process, .rules = guard->rules, .at_ms = now_ms };

	if (book->replay.told_rules == entry.rules &&
	    book->replay.told >= percent)
		return;
	if (book_append(book, &entry, 1) == -1)
		return;
	book_read(book, guard);
	if (book->replay.told == percent && book->replay.told_by == process)
		log_warnx("%d %% of what the site may spend today is used; "
		    "`recipe.fcgi spend` says by whom", percent);
}

void
alarm_used(struct book *book, const struct guard *guard, uint32_t process,
    int64_t now_ms)
{
	int percent = judge_percent(&book->replay.account, guard);

	if (percent >= 80)
		alarm_percent(book, guard, process, now_ms,
		    percent >= 100 ? 100 : 80);
}
