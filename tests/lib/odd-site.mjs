// Sites that do odd things with a stream, for `check --url`. A run is played
// here whose `ms` says one thing while the bytes do another: what is held is
// held until its end, whatever the clock of this machine does.

import http from 'node:http';
import http2 from 'node:http2';
import zlib from 'node:zlib';
import { sleep } from './wait.mjs';

export const STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-content-type-options': 'nosniff',
};

const event = (part, value) => `data: ${part}|${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

/** The events of a run of 2 s, as [ms, text]. */
export function runOf({ ms = 2000, steps = 40, filler = 300 } = {}) {
  const at = (i) => Math.round((ms * i) / steps);
  const list = [[0, ': ok\n\n' + event('_run', { id: 'x', parts: ['ing'], demo: true })]];
  for (let i = 0; i < steps; i++) {
    list.push([at(i), event('_part', { part: 'ing', state: i ? 'first' : 'start', ms: at(i) }) + event('ing', 'x'.repeat(filler))]);
  }
  return [...list, [ms, event('_done', { ms })]];
}

/** Writes each event at its own time. */
export async function live(write, events = runOf()) {
  const begin = performance.now();
  for (const [ms, text] of events) {
    await sleep(Math.max(0, ms - (performance.now() - begin)));
    write(text);
  }
}

/** The same through a buffer of `size` bytes; Infinity holds to the end. */
export async function buffered(write, size, events = runOf()) {
  let held = '';
  await live((text) => {
    held += text;
    for (; held.length >= size; held = held.slice(size)) write(held.slice(0, size));
  }, events);
  write(held);
}

export const body = (events = runOf()) => events.map(([, text]) => text).join('');

export const answers = {
  page: (req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
  services: (req, res) => res.writeHead(200, { 'content-type': 'application/json' })
    .end('{"services":[{"id":"70b","models":["m"],"usable":true}],"demo":false}'),
  live: async (req, res) => {
    res.writeHead(200, STREAM);
    await live((text) => res.write(text));
    res.end();
  },
  gzipHolds: async (req, res) => {
    if (!/gzip/.test(req.headers['accept-encoding'] ?? '')) return answers.live(req, res);
    res.writeHead(200, { ...STREAM, 'content-encoding': 'gzip' });
    await sleep(1000);
    res.end(zlib.gzipSync(body()));
  },
};

/** Answers by path; `url` is where it listens. With `tls` it speaks HTTP/2 too. */
export async function oddSite(routes, tls) {
  const paths = { '/': answers.page, '/services': answers.services, ...routes };
  const seen = [];
  const handler = (req, res) => {
    seen.push({ method: req.method, path: req.url, headers: req.headers, version: req.httpVersion });
    req.resume();
    const answer = paths[req.url];
    res.on('error', () => {});
    if (answer) answer(req, res);
    else res.writeHead(404, { 'content-type': 'text/html' }).end('<html>no</html>');
  };
  const server = tls ? http2.createSecureServer({ ...tls, allowHTTP1: true }, handler) : http.createServer(handler);
  server.on('sessionError', () => {}).on('tlsClientError', () => {});
  const sockets = new Set();
  for (const name of ['connection', 'secureConnection']) {
    server.on(name, (socket) => {
      sockets.add(socket.on('error', () => {}));
      socket.once('close', () => sockets.delete(socket));
    });
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    port, seen, url: `http${tls ? 's' : ''}://127.0.0.1:${port}/`,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      for (const socket of sockets) socket.destroy();
    }),
  };
}
