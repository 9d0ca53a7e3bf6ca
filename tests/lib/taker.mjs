// A provider that breaks off at one moment of a request, as often as it is
// told, and counts the requests that it took: those whose body it has read.

import net from 'node:net';
import tls from 'node:tls';
import { RequestReader } from './http1.mjs';
import { GOOD, sendReply } from './script.mjs';

/** Closes without a byte of an answer, resets, or begins one: after the request. */
export const TAKEN = {
  'the request': (socket) => socket.end(),
  'the request, a while later': (socket) => setTimeout(() => socket.end(), 100),
  'the request, by a reset': (socket) => socket.below.resetAndDestroy(),
  'an interim answer': (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n'),
  'half a head': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/ev'),
};
/** Before it can have taken one. */
export const UNTAKEN = ['the connection', 'the head'];

export class Taker {
  #sockets = new Map(); // TCP sockets by the port of their other end
  #idle = new Set();
  #breaks = 0;

  /** {lines, earlier} of each request that was taken; earlier ones on its connection. */
  taken = [];
  /** Connections so far, handshake and all. */
  connections = 0;

  constructor(moment, credentials) {
    this.moment = moment;
    this.tls = credentials;
    this.server = credentials ? tls.createServer({ key: credentials.key, cert: credentials.cert }) : net.createServer();
    this.server.on('tlsClientError', () => {});
    this.server.on('connection', (socket) => {
      this.#sockets.set(socket.remotePort, socket);
      socket.setNoDelay(true).on('error', () => {}).once('close', () => this.#sockets.delete(socket.remotePort));
    });
    this.server.on(credentials ? 'secureConnection' : 'connection', (socket) => this.#accept(socket));
  }

  async listen() {
    await new Promise((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return this;
  }

  service(more) {
    const { port } = this.server.address();
    const ca = this.tls ? { ca_file: this.tls.caFile } : {};
    return { base_url: `${this.tls ? 'https' : 'http'}://127.0.0.1:${port}/v1`, model: 'm', ...ca, ...more };
  }

  /** Breaks off `times` from now on, and is a good provider after that. */
  breaks(times) {
    this.#breaks = times;
  }

  /** Closes the connections that carry no request now; resolves when that has been sent. */
  async closeIdle() {
    await Promise.all([...this.#idle].map((socket) => new Promise((resolve) => socket.end(resolve))));
  }

  async stop() {
    for (const socket of this.#sockets.values()) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #broke(moment) {
    return this.moment === moment && this.#breaks > 0 && this.#breaks-- > 0;
  }

  #accept(socket) {
    const reader = new RequestReader();
    let earlier = 0;
    this.connections++;
    socket.below = this.#sockets.get(socket.remotePort);
    socket.on('error', () => {}).once('close', () => this.#idle.delete(socket));
    if (this.#broke('the connection')) return void socket.end();
    this.#idle.add(socket);
    socket.on('data', (bytes) => {
      this.#idle.delete(socket);
      if (this.#broke('the head')) return void socket.destroy();
      for (const { lines } of reader.feed(bytes)) {
        this.taken.push({ lines, earlier: earlier++ });
        if (this.moment in TAKEN && this.#broke(this.moment)) return void TAKEN[this.moment](socket);
        sendReply(socket, GOOD).then(() => this.#idle.add(socket));
      }
    });
  }
}

export const startTaker = (moment, credentials) => new Taker(moment, credentials).listen();
