// A FastCGI client that speaks to the program's socket without a web server in
// between: the only way to show it a slow sender, a wrong CONTENT_LENGTH or a
// record cut in the middle. https://fastcgi-archives.github.io/FastCGI_Specification.html

import net from 'node:net';
import { PassThrough } from 'node:stream';
import { Response } from './client.mjs';
import { deferred, within } from './wait.mjs';

export const TYPE = { begin: 1, abort: 2, end: 3, params: 4, stdin: 5, stdout: 6, stderr: 7 };
const ROLE_RESPONDER = 1;

export function record(type, content = Buffer.alloc(0), { id = 1, padding = 0 } = {}) {
  const body = Buffer.from(content);
  const head = Buffer.from([1, type, id >> 8, id & 255, body.length >> 8, body.length & 255, padding, 0]);
  return Buffer.concat([head, body, Buffer.alloc(padding)]);
}

const sizeOf = (n) => (n < 128 ? Buffer.from([n]) : Buffer.from([(n >> 24) | 128, (n >> 16) & 255, (n >> 8) & 255, n & 255]));

export function pairs(params) {
  return Buffer.concat(Object.entries(params).flatMap(([name, value]) => {
    const [n, v] = [Buffer.from(name), Buffer.from(String(value))];
    return [sizeOf(n.length), sizeOf(v.length), n, v];
  }));
}

/** The variables that a web server would send for this request. Undefined ones are left out. */
export function cgiParams({ method = 'POST', path = '/generate', headers = {}, length } = {}) {
  const params = {
    GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1', SERVER_SOFTWARE: 'tests', SERVER_NAME: 'localhost',
    SERVER_PORT: '80', REMOTE_ADDR: '127.0.0.1', REQUEST_METHOD: method, REQUEST_URI: path, SCRIPT_NAME: path,
    QUERY_STRING: path.split('?')[1] ?? '', CONTENT_LENGTH: length,
  };
  for (const [name, value] of Object.entries(headers)) {
    const upper = name.toUpperCase().replace(/-/g, '_');
    params[upper === 'CONTENT_TYPE' ? upper : `HTTP_${upper}`] = value;
  }
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}

export class FcgiClient {
  #rest = Buffer.alloc(0);
  #head = deferred();
  #body = new PassThrough({ highWaterMark: 1 << 26 });
  #headBytes = Buffer.alloc(0);

  #out = [];
  stderr = Buffer.alloc(0);

  constructor(socketPath) {
    const over = deferred();
    /** {appStatus, protocolStatus} of END_REQUEST, or null if the connection ended without one. */
    this.over = over.promise;
    this.socket = net.connect(socketPath);
    this.socket.on('data', (bytes) => this.#take(bytes, over));
    this.socket.on('error', (e) => this.#head.reject(e));
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.closed.then(() => {
      over.resolve(null);
      this.#head.reject(new Error('the program closed the connection before any head'));
      this.#body.destroy();
    });
    this.#head.promise.catch(() => {}); // only who asks for the response minds
  }

  /** All that came so far; joined only when asked for. */
  get stdout() {
    if (this.#out.length > 1) this.#out = [Buffer.concat(this.#out)];
    return this.#out[0] ?? Buffer.alloc(0);
  }

  /** Bytes as they are: whole records, halves, or nonsense. */
  raw(bytes) {
    if (!this.socket.destroyed) this.socket.write(Buffer.from(bytes));
    return this;
  }

  begin({ role = ROLE_RESPONDER, flags = 0 } = {}) {
    return this.raw(record(TYPE.begin, [role >> 8, role & 255, flags, 0, 0, 0, 0, 0]));
  }

  params(params) {
    return this.raw(record(TYPE.params, pairs(params))).raw(record(TYPE.params));
  }

  stdin(bytes) {
    const body = Buffer.from(bytes);
    for (let at = 0; at < body.length; at += 65528) this.raw(record(TYPE.stdin, body.subarray(at, at + 65528)));
    return this;
  }

  stdinEnd() {
    return this.raw(record(TYPE.stdin));
  }

  /** A whole request in one go. */
  send({ body, headers = {}, length, ...rest } = {}) {
    const size = length ?? (body === undefined ? undefined : Buffer.byteLength(body));
    this.begin().params(cgiParams({ ...rest, headers, length: size }));
    if (body !== undefined) this.stdin(body);
    return this.stdinEnd();
  }

  /** Resolves when the head is whole. */
  response() {
    return within(this.#head.promise, 'a head from the program');
  }

  /** Stops and resumes reading: a visitor who stalls. */
  pause() {
    this.socket.pause();
    return this;
  }

  resume() {
    this.socket.resume();
    return this;
  }

  leave() {
    this.socket.destroy();
  }

  #take(bytes, over) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      if (this.#rest.length < 8) return;
      const length = this.#rest.readUInt16BE(4);
      const whole = 8 + length + this.#rest[6];
      if (this.#rest.length < whole) return;
      const type = this.#rest[1];
      const content = this.#rest.subarray(8, 8 + length);
      this.#rest = this.#rest.subarray(whole);
      if (type === TYPE.stdout) this.#takeOut(content);
      else if (type === TYPE.stderr) this.stderr = Buffer.concat([this.stderr, content]);
      else if (type === TYPE.end) {
        over.resolve({ appStatus: content.readUInt32BE(0), protocolStatus: content[4] });
        this.#body.end();
      }
    }
  }

  #takeOut(content) {
    this.#out.push(content);
    if (this.#headBytes === null) return void this.#body.write(content);
    this.#headBytes = Buffer.concat([this.#headBytes, content]);
    const found = /\r?\n\r?\n/.exec(this.#headBytes.toString('latin1'));
    if (!found) return;
    const lines = this.#headBytes.subarray(0, found.index).toString('latin1').split(/\r?\n/);
    const rest = this.#headBytes.subarray(found.index + found[0].length);
    this.#headBytes = null;
    if (rest.length) this.#body.write(rest);
    this.#head.resolve(this.#respond(lines));
  }

  #respond(lines) {
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const status = Number.parseInt(headers.status ?? '200', 10);
    delete headers.status;
    return new Response({ status, headers, chunks: this.#body, leave: () => this.leave() });
  }
}
