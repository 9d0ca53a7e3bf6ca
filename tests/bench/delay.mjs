// A TCP relay that is far away: half the round trip each way, and a whole one before a
// new connection carries anything, as the handshake of TCP would take.

import net from 'node:net';

/** Resolves to {port, stop()}. */
export async function startDelay({ to, roundTripMs }) {
  const sockets = new Set();
  const carry = (from, into) => {
    from.on('data', (bytes) => setTimeout(() => into.write(bytes), roundTripMs / 2));
    from.on('end', () => setTimeout(() => into.end(), roundTripMs / 2));
  };
  const keep = (socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    return socket;
  };
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = keep(net.connect({ port: to, host: '127.0.0.1', allowHalfOpen: true }));
    keep(near).pause();
    carry(near, far);
    near.pause();
    carry(far, near);
    setTimeout(() => near.resume(), roundTripMs);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: server.address().port, stop };
}
