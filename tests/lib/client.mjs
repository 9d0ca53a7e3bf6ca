// Visitors: a plain HTTP client whose response is read piece by piece and can
// be left at any moment, and a raw socket for requests that no client would send.

import http from 'node:http';
import net from 'node:net';
import { LIMIT, deferred, waitFor } from './wait.mjs';

/** What came back, from a web server or straight from the program: the same shape for both. */
export class Response {
  constructor({ status, headers, chunks, leave }) {
    this.status = status;
    /** Names in lower case. */
    this.headers = headers;
    /** The body, an async iterable of Buffers. Not read until iterated. */
    this.chunks = chunks;
    /** Goes away in the middle: closes the visitor's connection. */
    this.leave = leave;
  }

  async bytes() {
    const parts = [];
    for await (const chunk of this.chunks) parts.push(chunk);
    return Buffer.concat(parts);
  }

  async text() {
    return new TextDecoder('utf-8', { fatal: true }).decode(await this.bytes());
  }

  async json() {
    const text = await this.text();
    try {
      return JSON.parse(text);
    } catch (e) {
      throw new Error(`not JSON (${e.message}): ${JSON.stringify(text.slice(0, 400))}`);
    }
  }
}

/** Resolves when the head has arrived. The signal aborts before or after that. */
export function request({ port, method = 'GET', path = '/', headers = {}, body, signal }) {
  const { promise, resolve, reject } = deferred();
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const sent = http.request({
    host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent: false, signal, timeout: 3 * LIMIT,
  });
  sent.on('timeout', () => sent.destroy(new Error('the server was silent for a minute')));
  sent.on('error', reject);
  sent.on('response', (res) => {
    res.on('error', () => {}); // the iterator throws it too
    resolve(new Response({
      status: res.statusCode, headers: res.headers, chunks: res, leave: () => sent.destroy(),
    }));
  });
  sent.end(body);
  return promise;
}

/** A TCP connection to the web server that sends exactly the bytes it is told to. */
export class RawClient {
  received = Buffer.alloc(0);
  ended = false;

  constructor(port) {
    this.socket = net.connect({ host: '127.0.0.1', port });
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => (this.received = Buffer.concat([this.received, bytes])));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.closed.then(() => (this.ended = true));
    this.socket.on('end', () => (this.ended = true));
  }

  send(bytes) {
    this.socket.write(bytes);
    return this;
  }

  get text() {
    return this.received.toString('utf8');
  }

  get status() {
    return Number(/^HTTP\/1\.[01] (\d{3})/.exec(this.text)?.[1] ?? 0);
  }

  until(predicate, what = 'bytes of the response') {
    return waitFor(() => predicate(this), () => `${what}; got ${JSON.stringify(this.text.slice(-400))}`);
  }

  leave() {
    this.socket.destroy();
  }
}
