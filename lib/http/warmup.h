/*
 * warmup: one TLS handshake of this process with itself, in memory.
 *
 * OpenSSL looks up algorithms, loads tables and touches memory when they are
 * first used.  Done once in the listener, before the forks, every stage
 * inherits it: its first handshake takes less time, and less of its memory
 * becomes its own (figures in docs/performance.md).  Takes about 2 ms and
 * leaves nothing behind.  Whether all was said that was to be said; where not,
 * nothing is lost but time.
 */
#ifndef WARMUP_H
#define WARMUP_H

#include <stdbool.h>

bool	warmup_tls(void);

#endif
