/*
 * readahead: TLS that reads all that its socket has.
 *
 * By itself OpenSSL reads the head of a record and then its rest: two system
 * calls for each fragment of a stream.  When it reads ahead, it makes one for
 * all records that have come, up to 16 KiB.  The records that nobody has asked
 * for yet are then in OpenSSL's memory and no longer in the socket, so poll
 * does not report them, and a caller must ask here before it polls:
 *
 *	readahead_begin(ssl);			// before the first read
 *	for (;;) {
 *		read what there is;		// at most one record, perhaps
 *		if (!readahead_holds_record(ssl))
 *			poll the socket;
 *	}
 *
 * `ssl` is an SSL *, as libcurl hands it out, or NULL for a connection without
 * TLS.  It must be the TLS that the service speaks.  A TLS connection below it,
 * to a proxy, must not read ahead, since nobody would ask about its records.
 */
#ifndef READAHEAD_H
#define READAHEAD_H

#include <stdbool.h>

void	readahead_begin(void *ssl);

/*
 * Whether OpenSSL may hold a whole record, so that a read gives something
 * although the socket is silent.
 *
 * OpenSSL asks the socket for bytes only when it has no whole record.  So if
 * its last call ended because the socket had nothing (SSL_want_read), what it
 * still holds is the beginning of a record, and poll will report the rest.
 * If the last call got what it wanted and bytes are held after that, these may
 * be a record.  If they are not, the next read finds that out, and then this
 * is false.
 */
bool	readahead_holds_record(const void *ssl);

#endif
