/*
 * leave.c: every process that was forked.  The last function it calls.
 */
#include <unistd.h>

#include "base/leave.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

void
leave(int status)
{
#ifdef __SANITIZE_ADDRESS__
	if (__lsan_do_recoverable_leak_check() != 0)
		status = LEAVE_LEAKED;
#endif
	_exit(status);
}
