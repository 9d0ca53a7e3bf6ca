// One request to the fake provider and the hand that answers it. Every method
// writes at once and returns the exchange, so that a test reads as a script:
//   x.text('2 onions').text('\n1 pepper').finish('stop').done();
// Writing to a connection that the other side has closed does nothing: that it
// closed is what x.closed and x.gone are for.

import { setImmediate as turn } from 'node:timers/promises';

const EVENT_STREAM = { 'content-type': 'text/event-stream' };

export class Exchange {
  constructor(connection, request) {
    this.connection = connection;
    this.method = request.method;
    this.target = request.target;
    this.headers = request.headers;
    this.bytes = request.body;
    this.body = parse(request.body);
    this.prompt = (this.body?.messages ?? []).map((m) => m.content).join('\n');
    this.part = /^Part: (\S+)$/m.exec(this.prompt)?.[1] ?? null;
    /** How many requests this connection has carried before this one. */
    this.earlier = connection.requests++;
    this.tlsReused = this.earlier > 0;
    this.begun = false;
    this.ended = false;
    this.chunked = false;
  }

  /** Resolves when the connection is closed, by whichever side. */
  get closed() {
    return this.connection.closed;
  }

  get gone() {
    return !this.connection.open;
  }

  get key() {
    return /^Bearer (.*)$/.exec(this.headers.authorization ?? '')?.[1] ?? null;
  }

  /** The response's head. Chunked, unless the headers frame the body another way. */
  head(status = 200, headers = EVENT_STREAM) {
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    this.chunked = !names.includes('content-length') && !names.includes('connection');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    if (this.chunked) lines.push('transfer-encoding: chunked\r\n');
    this.begun = true;
    return this.wire(`HTTP/1.1 ${status} Scripted\r\n${lines.join('')}\r\n`);
  }

  /** Bytes on the socket as they are, framing and all. */
  wire(bytes) {
    if (this.connection.open) this.connection.socket.write(bytes);
    return this;
  }

  /** Bytes of the body, as one chunk. */
  raw(bytes) {
    if (!this.begun) this.head();
    const body = Buffer.from(bytes);
    if (!this.chunked || body.length === 0) return this.wire(body);
    return this.wire(Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]));
  }

  /** Body bytes in pieces of `size`, or cut at the given positions, each in a write of its own. */
  async pieces(bytes, cuts = 1) {
    const body = Buffer.from(bytes);
    const ends = Array.isArray(cuts) ? [...cuts, body.length] : steps(body.length, cuts);
    let from = 0;
    for (const end of ends) {
      this.raw(body.subarray(from, end));
      await turn();
      from = end;
    }
    return this;
  }

  event(object) {
    return this.raw(`data: ${JSON.stringify(object)}\n\n`);
  }

  comment(text) {
    return this.raw(`: ${text}\n\n`);
  }

  chunk(delta, finish_reason = null) {
    return this.event(this.chunkOf(delta, finish_reason));
  }

  chunkOf(delta, finish_reason = null) {
    return {
      id: `chat-${this.connection.id}`,
      object: 'chat.completion.chunk',
      created: 1700000000,
      model: this.body?.model ?? 'none',
      choices: [{ index: 0, delta, finish_reason }],
    };
  }

  text(content) {
    return this.chunk({ content });
  }

  finish(reason = 'stop', usage) {
    this.chunk({}, reason);
    if (usage) this.event({ ...this.chunkOf({}), choices: [], usage });
    return this;
  }

  /** The end that providers send: [DONE], then the end of the body. */
  done() {
    return this.raw('data: [DONE]\n\n').end();
  }

  /** The end of the body alone; the connection stays usable where framing allows. */
  end() {
    if (!this.begun) this.head();
    this.ended = true;
    if (this.chunked) return this.wire('0\r\n\r\n');
    if (this.connection.open) this.connection.socket.end();
    return this;
  }

  /** A whole good answer, a word at a time. */
  answer(text, { reason = 'stop', usage } = {}) {
    this.chunk({ role: 'assistant', content: '' });
    for (const word of String(text).match(/\s*\S+|\s+/g) ?? []) this.text(word);
    return this.finish(reason, usage).done();
  }

  error(status, body = { error: { message: `scripted ${status}` } }, headers = {}) {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    this.head(status, { 'content-type': type, ...headers, 'content-length': bytes.length });
    this.ended = true;
    return this.wire(bytes);
  }

  /** The connection breaks, as when a server dies. */
  cut() {
    this.ended = true;
    this.connection.socket.destroy();
    return this;
  }

  /** A script as data: [['text', 'a'], ['finish', 'stop'], ['done']]. */
  async play(steps) {
    for (const [verb, ...args] of steps) await this[verb](...args);
    return this;
  }
}

function parse(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

function steps(length, size) {
  const ends = [];
  for (let end = size; end < length; end += size) ends.push(end);
  return [...ends, length];
}
