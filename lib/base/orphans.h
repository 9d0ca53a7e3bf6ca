/*
 * orphans: processes whose parent has ended, given to this process instead of
 * to init, so that this process can end them.
 *
 * A program that a stage has started may start others, and these may leave its
 * process group and its session.  No signal to a group reaches them then.  But
 * a process that asked to be a "subreaper" (prctl(2), Linux) becomes the parent
 * of all its descendants whose own parent has ended.  So orphans_end finds the
 * processes that a program has started among the children of this process.  It
 * ends them, then finds their children there, and goes on until none is left.
 *
 *	struct orphans orphans = ORPHANS_INIT;
 *
 *	orphans_adopt(&orphans);
 *	...	a descendant's parent ends
 *	orphans_end(&orphans, mine, nmine);
 *
 * If the kernel has no subreapers, or does not list a process's children in
 * /proc, orphans_end finds nobody.
 */
#ifndef ORPHANS_H
#define ORPHANS_H

#include <stddef.h>
#include <sys/types.h>

/*
 * A process may have children before it begins: those of the program that it
 * was before an exec.  These are not touched.
 */
#define ORPHANS_OTHERS_MAX	32

struct orphans {
	pid_t	others[ORPHANS_OTHERS_MAX];	/* that were there before */
	size_t	n;
};

#define ORPHANS_INIT { .n = 0 }

/*
 * How long orphans_end tries.  What is killed ends as soon as it has its turn
 * on a processor, so this long it takes only if the system cannot end a
 * process, as when a disk does not answer.
 */
#define ORPHANS_END_MS	5000

/*
 * From now on orphans come to this process, for as long as it lives; its own
 * children do not inherit that.  To be called before this process forks.  If it
 * has more than ORPHANS_OTHERS_MAX children already, nothing changes.
 */
void	orphans_adopt(struct orphans *orphans);

/*
 * Kills all children but the n in mine[] and those that were there before, and
 * those that come in their place, and waits for them.  Takes some ms, and at
 * most about ORPHANS_END_MS.  Returns 0 if none is left, or -1.
 */
int	orphans_end(const struct orphans *orphans, const pid_t mine[],
	    size_t n);

#endif
