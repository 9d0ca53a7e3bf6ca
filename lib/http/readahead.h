/*
 * readahead: TLS that reads all that its socket has.
 *
 * OpenSSL reads a record's head and then the rest of it, two system calls for
 * each fragment of a stream.  Told to read ahead it makes one for all records
 * that have come, and 16 KiB at most; what nobody has asked for stays with it,
 * and who polls the socket must ask here, too.
 *
 * ssl is an SSL *, as libcurl hands it out; NULL where there is no TLS.  It is
 * that of the service: one below it, to a proxy, must not read ahead, as nobody
 * would ask it.
 */
#ifndef READAHEAD_H
#define READAHEAD_H

#include <stdbool.h>

void	readahead_begin(void *ssl);

/* Whether bytes are held back: records, or the beginning of one. */
bool	readahead_holds(const void *ssl);

#endif
