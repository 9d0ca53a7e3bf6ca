// Breaks the lines between a client and a site.

import net from 'node:net';

/**
 * A proxy that resets a connection after a number of bytes that `next` draws, as long as it has cuts `left`. It does not
 * do so right after an id's line: several clients take the id there, before its event is whole, and would not ask for
 * it again. No server can mend that, and the id is the last line of each block for that reason.
 */
export async function startCutter(port, next, left = Infinity) {
  const sockets = new Set();
  const cutter = { left, cuts: 0 };
  const server = net.createServer((visitor) => {
    const inner = net.connect(port, '127.0.0.1');
    let until = cutter.left > 0 ? next() : Infinity;
    for (const socket of [visitor, inner]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => (visitor.destroy(), inner.destroy()));
    }
    visitor.pipe(inner);
    inner.on('data', (bytes) => {
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
