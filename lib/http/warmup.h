/*
 * warmup: one TLS handshake of this process with itself, in memory.
 *
 * OpenSSL looks up algorithms, loads tables and touches memory when it first
 * uses them.  If the listener does that once, before it forks, all stages
 * inherit the result: the first handshake of each takes less time, and less of
 * its memory becomes its own (docs/performance.md has the figures).
 */
#ifndef WARMUP_H
#define WARMUP_H

#include <stdbool.h>

/*
 * Takes about 2 ms and keeps nothing.  Returns whether the handshake and an
 * exchange of data after it succeeded; if not, later handshakes are merely
 * slower.
 */
bool	warmup_tls(void);

#endif
