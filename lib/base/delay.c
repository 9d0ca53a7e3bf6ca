/*
 * delay.c: stage.  Reads what the kernel has counted of this process.
 */
#include <limits.h>
#include <stdlib.h>

#include "base/delay.h"
#include "base/io.h"

/* Returns 0, or -1 if the system does not count. */
static int
read_counts(unsigned long long *waited_ns, unsigned long long *wakes)
{
	char text[80], *at;

	if (io_read_text("/proc/self/schedstat", text, sizeof(text)) == 0)
		return -1;
	/* The first number is for how long it has run. */
	strtoull(text, &at, 10);
	*waited_ns = strtoull(at, &at, 10);
	*wakes = strtoull(at, NULL, 10);
	return 0;
}

void
delay_begin(struct delay *delay, int64_t now_ms)
{
	if (read_counts(&delay->waited_ns, &delay->wakes) == 0)
		delay->began_ms = now_ms;
}

int
delay_end(struct delay *delay, int64_t now_ms)
{
	unsigned long long waited_ns, wakes;
	int64_t span = now_ms - delay->began_ms;

	if (delay->began_ms == 0 || span < DELAY_SPAN_MS)
		return -1;
	delay->began_ms = 0;
	if (read_counts(&waited_ns, &wakes) == -1 ||
	    wakes < delay->wakes + DELAY_WAKES)
		return -1;
	waited_ns = (waited_ns - delay->waited_ns) / (wakes - delay->wakes);
	return waited_ns / 1000 > INT_MAX ? INT_MAX : (int)(waited_ns / 1000);
}
