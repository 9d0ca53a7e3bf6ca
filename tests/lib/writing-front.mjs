// Stands before a site and lets a client of Durable Streams write as well as read. PUT, POST and DELETE of a path make,
// append to, close and remove a journal in the site's folder, under the lock that a writer holds (hold.py). GET, HEAD and
// OPTIONS are handed to the program, as /runs/ID, and its answers back with these changes alone:
//
//   - A message of ours is {id, event, text}. What was written is the JSON in `text`: a value, or a string for the bytes
//     of a stream that is not JSON, which has its own type again on the way back.
//   - _done, by which a journal is closed, is a message of ours, and none of the client's.
//   - A read without an offset is another protocol of ours: it is asked for by offset=-1.
//
// `reads` counts what the program was asked.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HOLDER = fileURLToPath(new URL('hold.py', import.meta.url));
const hash = (text) => createHash('sha256').update(text).digest('hex');
const essence = (type) => type.split(';')[0].trim().toLowerCase();
const isJson = (type) => essence(type) === 'application/json';
const isText = (type) => essence(type).startsWith('text/');

/** Holds locks in a process of its own. */
class Holder {
  #asked = [];

  constructor() {
    this.child = spawn('/usr/bin/python3', [HOLDER], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    createInterface(this.child.stdout).on('line', () => this.#asked.shift()());
  }

  #ask(line) {
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.child.stdin.write(`${line}\n`);
    });
  }

  hold = (file) => this.#ask(`hold ${file}`);
  drop = (file) => this.#ask(`drop ${file}`);

  stop() {
    this.child.stdin.end();
    return this.ended;
  }
}

/** The values in a body, as the stream's type divides it: a list at the top of JSON is several. */
function valuesOf(type, bytes) {
  if (isJson(type)) return [JSON.parse(bytes.toString())].flat(1);
  return [bytes.toString(isText(type) ? 'utf8' : 'base64')];
}

/** What a client gets for such values. */
function bytesOf(type, values) {
  if (isJson(type)) return Buffer.from(JSON.stringify(values));
  return isText(type) ? Buffer.from(values.join('')) : Buffer.concat(values.map((value) => Buffer.from(value, 'base64')));
}

/** A list of our messages as the values that were written. */
const unwrap = (list) => JSON.parse(list).filter(({ event }) => event === 'm').map(({ text }) => JSON.parse(text));

/** One stream: its journal, and what a writer has to know. */
class Journal {
  tail = 0;
  closed = false;

  constructor(runs, name, type) {
    this.type = type;
    this.id = hash(name).slice(0, 32);
    this.file = path.join(runs, this.id);
  }

  async make(holder) {
    const own = `${this.file}.front`;
    fs.writeFileSync(own, `: a run of recipe.fcgi, request ${hash(this.file)}\n\n`, { mode: 0o600 });
    await holder.hold(own);
    fs.linkSync(own, this.file);
    fs.unlinkSync(own);
    this.release = () => holder.drop(own);
  }

  /** Appends values in one write, and _done if it closes. */
  async add(values, closes) {
    const events = values.map((value) => `m|${JSON.stringify(value)}`);
    if (closes) events.push('_done|{"how":"done"}');
    fs.appendFileSync(this.file, events.map((event) => `data: ${event}\nid: ${++this.tail}\n\n`).join(''));
    if (!closes) return;
    this.closed = true;
    await this.release();
  }

  async remove() {
    fs.unlinkSync(this.file);
    if (!this.closed) await this.release();
  }
}

class Front {
  reads = 0;
  #journals = new Map();
  #holder = new Holder();
  /** Writes are done one after the other. */
  #writing = Promise.resolve();

  constructor(port, runs) {
    Object.assign(this, { port, runs });
    this.server = http.createServer((request, response) => {
      if (request.url === '/reads') return response.end(String(this.reads));
      const bytes = [];
      request.on('data', (chunk) => bytes.push(chunk)).on('end', () => {
        if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return this.#read(request, response);
        this.#writing = this.#writing.then(() => this.#write(request, Buffer.concat(bytes), response));
        return undefined;
      });
      return undefined;
    });
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.#holder.stop();
  }

  async #write({ method, url, headers }, bytes, response) {
    const journal = this.#journals.get(url);
    const closes = headers['stream-closed']?.toLowerCase() === 'true';
    const answer = (status, { tail, closed } = {}) => {
      if (tail !== undefined) response.setHeader('Stream-Next-Offset', String(tail).padStart(10, '0'));
      if (closed) response.setHeader('Stream-Closed', 'true');
      response.writeHead(status).end();
    };
    try {
      if (method === 'PUT') {
        const type = headers['content-type'] || 'application/octet-stream';
        if (journal) return answer(essence(journal.type) === essence(type) ? 200 : 409, journal);
        const made = new Journal(this.runs, url, type);
        const values = bytes.length > 0 ? valuesOf(type, bytes) : [];
        await made.make(this.#holder);
        this.#journals.set(url, made);
        if (values.length > 0 || closes) await made.add(values, closes);
        response.setHeader('Location', this.base + url);
        response.setHeader('Content-Type', type);
        return answer(201, made);
      }
      if (!journal) return answer(404);
      if (method === 'DELETE') {
        this.#journals.delete(url);
        await journal.remove();
        return answer(204);
      }
      if (closes && bytes.length === 0) {
        if (!journal.closed) await journal.add([], true);
        return answer(204, journal);
      }
      if (journal.closed || (headers['content-type'] && essence(headers['content-type']) !== essence(journal.type))) return answer(409, journal);
      const values = bytes.length > 0 && headers['content-type'] ? valuesOf(journal.type, bytes) : [];
      if (values.length === 0) return answer(400);
      await journal.add(values, closes);
      return answer(204, journal);
    } catch {
      return answer(400);
    }
  }

  #read({ method, url, headers }, response) {
    this.reads++;
    const [name, query = ''] = url.split('?');
    const journal = this.#journals.get(name);
    const asks = /(^|&)(offset|live)=/.test(query) ? query : `offset=-1&${query}`;
    const up = http.request({ host: '127.0.0.1', port: this.port, method, path: `/runs/${journal?.id ?? hash(name).slice(0, 32)}?${asks}`, headers }, (answer) => {
      const { 'content-length': length, 'transfer-encoding': encoding, connection, ...kept } = answer.headers;
      const type = journal?.type ?? 'application/json';
      const isEvents = kept['content-type'] === 'text/event-stream';
      if (answer.statusCode === 200 && !isEvents) kept['content-type'] = type;
      response.writeHead(answer.statusCode, kept);
      if (answer.statusCode === 200 && isEvents) passEvents(type, answer, response);
      else if (answer.statusCode === 200 && method === 'GET') passList(type, answer, response);
      else answer.pipe(response);
    });
    up.on('error', () => response.destroy());
    response.on('close', () => up.destroy());
    up.end();
  }
}

function passList(type, answer, response) {
  const bytes = [];
  answer.on('data', (chunk) => bytes.push(chunk));
  answer.on('end', () => response.end(bytesOf(type, unwrap(Buffer.concat(bytes).toString()))));
}

/** Whole blocks are passed together, as they have come. */
function passEvents(type, answer, response) {
  let rest = '';
  answer.setEncoding('utf8');
  response.flushHeaders();
  answer.on('data', (text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop();
    const passed = blocks.map((block) => {
      const list = /^event: data\ndata: (.*)$/.exec(block)?.[1];
      if (list === undefined) return `${block}\n\n`;
      const values = unwrap(list);
      if (values.length === 0) return '';
      return `event: data\n${bytesOf(type, values).toString().split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join('')}\n`;
    });
    response.write(passed.join(''));
  });
  answer.on('end', () => response.end());
}

/** A front of the site at this port, whose journals are in the folder `runs`. */
export const startFront = (port, runs) => new Front(port, runs).start();
