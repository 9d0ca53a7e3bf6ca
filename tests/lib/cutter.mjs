// Breaks the lines between a client and a site.

import net from 'node:net';

/**
 * A proxy that resets a connection after a number of bytes of the answer, which `next` draws for what is asked, 'GET /',
 * as long as it has cuts `left`. It does not do so right after an id's line: some clients take the id there, before its
 * event is whole, and would not ask for it again. No server can mend that, and the id is the last line of each block for
 * that reason. `heads` has the first line of each request and of each answer, as they came.
 */
export async function startCutter(port, next, left = Infinity) {
  const sockets = new Set();
  const cutter = { left, cuts: 0, heads: [] };
  const note = (bytes, pattern) => cutter.heads.push(...(bytes.toString('latin1').match(pattern) ?? []));
  const server = net.createServer((visitor) => {
    const inner = net.connect(port, '127.0.0.1');
    let until = Infinity;
    for (const socket of [visitor, inner]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => (visitor.destroy(), inner.destroy()));
    }
    visitor.on('data', (bytes) => {
      note(bytes, /^[A-Z]+ \S+(?= HTTP\/1\.1\r$)/gm);
      // A browser may have got something else by this connection, of which nothing was to be cut.
      if (until === Infinity && cutter.left > 0) until = next(cutter.heads.at(-1));
    }).pipe(inner);
    inner.on('data', (bytes) => {
      note(bytes, /^HTTP\/1\.1 \d+/gm);
      const [before, after] = [bytes.subarray(0, until), bytes.subarray(until)];
      visitor.write(/\nid: \d+\n$/.test(before.subarray(-24).toString('latin1')) ? Buffer.concat([before, after.subarray(0, 1)]) : before);
      until -= bytes.length;
      if (until > 0) return;
      cutter.left--;
      cutter.cuts++;
      until = Infinity;
      visitor.resetAndDestroy();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(cutter, {
    base: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  });
}
