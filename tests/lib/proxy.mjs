// A forward proxy as people have one at work: absolute URIs for http, CONNECT
// for https. Whatever host is asked for, it connects to one port of 127.0.0.1,
// so that a name which nobody can resolve proves who made the connection.

import http from 'node:http';
import net from 'node:net';
import { deferred } from './wait.mjs';

class Listener {
  #sockets = new Set();

  constructor(server) {
    this.server = server;
    server.on('connection', (socket) => this.keep(socket));
  }

  /** This socket is closed by stop() at the latest; its errors are told by its close. */
  keep(socket) {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  async listen(host) {
    const { promise, resolve, reject } = deferred();
    this.server.once('error', reject);
    this.server.listen(0, host, resolve);
    await promise;
    this.port = this.server.address().port;
    return this;
  }

  /** Both ways, until either side closes. */
  join(one, port, begin = () => {}) {
    const other = this.keep(net.connect(port, '127.0.0.1'));
    other.once('connect', () => {
      begin(other);
      one.pipe(other).pipe(one);
    });
    one.once('close', () => other.destroy());
    other.once('close', () => one.destroy());
  }

  async stop() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Everything that comes to this address goes to a port of 127.0.0.1. */
export async function startRelay({ host, to }) {
  const listener = new Listener(net.createServer());
  listener.server.on('connection', (socket) => listener.join(socket, to));
  return listener.listen(host);
}

/** A relay for one connection, whose way back can be shut. */
class Gate extends Listener {
  #visitor = null;
  #held = null; // what has come since it was shut

  constructor(to) {
    super(net.createServer());
    this.server.on('connection', (socket) => {
      this.#visitor = socket.setNoDelay(true);
      const far = this.keep(net.connect(to, '127.0.0.1'));
      socket.pipe(far);
      far.on('data', (bytes) => {
        if (this.#held) this.#held = Buffer.concat([this.#held, bytes]);
        else socket.write(bytes);
      });
      far.once('close', () => socket.destroy());
      socket.once('close', () => far.destroy());
    });
  }

  shut() {
    this.#held = Buffer.alloc(0);
  }

  /** Whole TLS records that wait at it. */
  get records() {
    let n = 0;
    for (let at = 0; at + 5 <= this.#held.length; n++) {
      at += 5 + this.#held.readUInt16BE(at + 3);
      if (at > this.#held.length) break;
    }
    return n;
  }

  /** Lets all but the last `keep` bytes through, in one write. */
  release(keep = 0) {
    const end = this.#held.length - keep;
    this.#visitor.write(this.#held.subarray(0, end));
    this.#held = this.#held.subarray(end);
  }

  open() {
    this.release();
    this.#held = null;
  }
}

export const startGate = (to) => new Gate(to).listen('127.0.0.1');

export class Proxy extends Listener {
  /** What was asked for, in order: absolute URIs and the hosts of CONNECT. */
  requests = [];
  tunnels = [];

  constructor({ to, refuse = null }) {
    super(http.createServer());
    this.to = to;
    this.refuse = refuse;
    this.server.on('request', (request, response) => this.#forward(request, response));
    this.server.on('connect', (request, socket, head) => this.#tunnel(request, socket, head));
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  #forward(request, response) {
    this.requests.push(request.url);
    if (this.refuse) return void response.writeHead(this.refuse).end();
    const { pathname, search } = new URL(request.url);
    const { 'proxy-connection': _, ...headers } = request.headers;
    const up = http.request({ host: '127.0.0.1', port: this.to, method: request.method, path: pathname + search, headers, agent: false });
    up.once('response', (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    up.once('error', () => response.destroy());
    response.once('close', () => up.destroy());
    request.pipe(up);
  }

  #tunnel(request, socket, head) {
    this.tunnels.push(request.url);
    if (this.refuse) return void socket.end(`HTTP/1.1 ${this.refuse} No\r\ncontent-length: 0\r\n\r\n`);
    this.join(socket, this.to, (other) => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      other.write(head);
    });
  }
}

/** Starts one whose every way leads to this port; `refuse`, a status, has it answer that instead. */
export const startProxy = (options) => new Proxy(options).listen('127.0.0.1');
