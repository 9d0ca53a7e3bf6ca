// A provider that answers from data: replies as tests/cases/README.md describes
// them, sent whole or a byte at a time. Several conversations share one server;
// the first word of the path says which one a request belongs to.

import net from 'node:net';
import tls from 'node:tls';
import { setImmediate as turn } from 'node:timers/promises';
import { RequestReader } from './http1.mjs';

const PIECES_MAX = 3000; // a body is cut into no more than these
const CHUNK = { object: 'chat.completion.chunk', id: 'chat-1', created: 1700000000, model: 'scripted' };

/** The answer of a server that has nothing special about it, and its text. */
export const GOOD_TEXT = 'A pan, some fire.';
export const GOOD = {
  events: [{ delta: { role: 'assistant', content: '' } }, { text: 'A pan, ' }, { text: 'some fire.' }, { finish: 'stop' }, '[DONE]'],
};

const chunk = (delta, finish_reason, more) => ({ ...CHUNK, choices: [{ index: 0, delta, finish_reason }], ...more });

/** One entry of "events" as the JSON objects it stands for. */
function objectsOf(entry) {
  const { text, letters, times = 1, delta, finish, ...more } = entry;
  if (letters !== undefined) return letters.split('').map((content) => chunk({ content }, null, more));
  if (text === undefined && delta === undefined && finish === undefined) return [entry];
  const content = text === undefined ? {} : { content: text.repeat(times) };
  return [chunk({ ...content, ...delta }, finish ?? null, more)];
}

/** The bytes that "events" stands for. */
export function bytesOfEvents(events) {
  const lines = events.flatMap((entry) => {
    if (typeof entry === 'string') return [`data: ${entry}\n\n`];
    if (typeof entry.raw === 'string') return [entry.raw];
    return objectsOf(entry).map((object) => `data: ${JSON.stringify(object)}\n\n`);
  });
  return Buffer.from(lines.join(''));
}

function bodyOf(reply) {
  if (reply.base64 !== undefined) return Buffer.from(reply.base64, 'base64');
  if (reply.events) return bytesOfEvents(reply.events);
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? '');
  const [filling, times] = reply.fill ?? ['', 0];
  return Buffer.from(text.replace('@FILL@', filling.repeat(times)));
}

function headOf(reply, length, framing) {
  const isEvents = reply.events !== undefined;
  const type = isEvents ? 'text/event-stream' : typeof reply.body === 'object' ? 'application/json' : 'text/plain';
  const headers = { 'content-type': type, ...reply.headers };
  if (framing === 'chunked') headers['transfer-encoding'] = 'chunked';
  if (framing === 'length') headers['content-length'] = reply.end === 'cut' ? length + 1 : length;
  if (framing === 'close') headers.connection = 'close';
  const lines = Object.entries(headers).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${reply.status ?? 200} Scripted\r\n${lines.join('')}\r\n`;
}

function cutsOf(reply, length, bytewise) {
  if (!bytewise) return [...(reply.segments ?? []), length];
  const size = Math.ceil(length / PIECES_MAX);
  return Array.from({ length: Math.ceil(length / size) || 0 }, (_, i) => Math.min(length, (i + 1) * size));
}

const chunked = (piece) => Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);

/** Sends one reply. `bytewise`: every byte in a segment (and a chunk) of its own. */
export async function sendReply(socket, reply, bytewise) {
  const body = bodyOf(reply);
  const framing = reply.framing ?? (reply.status >= 400 ? 'length' : 'chunked');
  const write = (bytes) => socket.writable && socket.write(bytes);
  if (reply.wire !== undefined) write(reply.wire);
  else if (reply.status !== 0) write(headOf(reply, body.length, framing));
  let from = 0;
  for (const to of cutsOf(reply, body.length, bytewise)) {
    const piece = body.subarray(from, to);
    if (piece.length > 0) write(framing === 'chunked' ? chunked(piece) : piece);
    if (bytewise || reply.segments) await turn();
    from = to;
  }
  if (reply.end === 'stall') return;
  if (reply.end === 'cut') return void socket.end();
  if (reply.end === 'reset') return void socket.write('', () => socket.below.resetAndDestroy());
  if (framing === 'chunked' && reply.wire === undefined) write('0\r\n\r\n');
  if (framing === 'close' || reply.wire !== undefined) socket.end();
}

export class ScriptServer {
  #sockets = new Map(); // TCP sockets by the port of their other end
  #talks = new Map(); // name → {replies, requests}

  constructor({ tls: credentials = null, bytewise = false } = {}) {
    this.tls = credentials;
    this.bytewise = bytewise;
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
    this.origin = `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  /** Adds a conversation; its requests are those below /NAME. */
  talk(name, replies) {
    this.#talks.set(name, { replies, requests: [] });
    return `${this.origin}/${name}`;
  }

  /** The requests of a conversation so far: {path, headers, body (parsed), bytes}. */
  requests(name) {
    return this.#talks.get(name).requests;
  }

  async stop() {
    for (const socket of this.#sockets.values()) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #accept(socket) {
    const reader = new RequestReader();
    socket.below = this.#sockets.get(socket.remotePort); // under TLS; itself without
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (const request of reader.feed(bytes)) this.#answer(socket, request);
      if (reader.takeExpect()) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    });
  }

  #answer(socket, request) {
    const [, name, path] = /^\/([^/?]+)(.*)$/.exec(request.target) ?? [null, '', request.target];
    const talk = this.#talks.get(name);
    if (!talk || request.method !== 'POST') return sendReply(socket, { status: 404, body: { error: { message: 'no such resource' } } });
    const bytes = request.body.toString('utf8');
    talk.requests.push({ path, headers: request.headers, bytes, body: JSON.parse(bytes) });
    const last = talk.replies.at(-1);
    const scripted = talk.replies[talk.requests.length - 1] ?? (last.repeat ? last : null);
    // What nobody expected is refused in a way that nobody tries again; the count of requests tells.
    const reply = scripted ?? { status: 400, body: { error: { message: 'the script has ended' } } };
    return sendReply(socket, reply === 'good' ? GOOD : reply, this.bytewise);
  }
}

export const startScript = (options) => new ScriptServer(options).listen();
