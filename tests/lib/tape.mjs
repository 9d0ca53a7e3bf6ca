// What a client has of a kept run: whole events, as any client of server-sent events
// counts them, and the same as messages of Durable Streams.

import { deferred } from './wait.mjs';

const EVENT = /^data: ([^\n\r]*)\n(?:retry: \d+\n)?id: (\d+)$/;
const NOTHING = /^(:[^\n]*|retry: \d+)(\n:[^\n]*)*$/;
const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Cuts bytes into the blocks that are whole: {text, end}, where it ends among all bytes. */
class Blocks {
  #rest = Buffer.alloc(0);
  #at = 0;

  push(bytes) {
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes;
    const blocks = [];
    let from = 0;
    for (let end; (end = this.#rest.indexOf('\n\n', from)) >= 0; from = end + 2) {
      blocks.push({ text: TEXT.decode(this.#rest.subarray(from, end)), end: this.#at + end + 2 });
    }
    this.#at += from;
    this.#rest = this.#rest.subarray(from);
    return blocks;
  }
}

/** A stream of events. An event counts once the blank line after it is there. */
export class Tape {
  #blocks = new Blocks();
  #chunks = [];
  #watchers = new Set();

  /** [[id, data]], and where each ends among the bytes. */
  events = [];
  ends = [];
  over = false;

  push(bytes) {
    this.#chunks.push(bytes);
    for (const { text, end } of this.#blocks.push(bytes)) {
      const found = EVENT.exec(text);
      if (!found && !NOTHING.test(text)) throw new Error(`not a block of ours: ${JSON.stringify(text.slice(0, 200))}`);
      if (!found) continue;
      this.events.push([Number(found[2]), found[1]]);
      this.ends.push(end);
    }
    this.#look();
  }

  get bytes() {
    return Buffer.concat(this.#chunks);
  }

  /** Where event k ends; of event 0, where the first one begins. */
  endOf(k) {
    return k === 0 ? this.bytes.indexOf('data: ') : this.ends[k - 1];
  }

  get last() {
    return this.events.at(-1)?.[0] ?? 0;
  }

  /** Reads a response to its end, or to where it is left. */
  read(response) {
    this.finished = (async () => {
      try {
        for await (const chunk of response.chunks) this.push(chunk);
      } catch (e) {
        if (e.code !== 'ERR_STREAM_PREMATURE_CLOSE' && e.code !== 'ECONNRESET') this.fault = e;
      }
      this.over = true;
      this.#look();
      if (this.fault) throw this.fault;
      return this;
    })();
    this.finished.catch(() => {});
    return this;
  }

  /** Resolves when there are so many events, or no more will come. */
  has(count) {
    const { promise, resolve } = deferred();
    const watcher = () => {
      if (this.events.length < count && !this.over) return;
      this.#watchers.delete(watcher);
      resolve();
    };
    this.#watchers.add(watcher);
    watcher();
    return promise;
  }

  /** What a client has who lost the line after so many bytes. */
  upTo(bytes) {
    const part = new Tape();
    part.push(this.bytes.subarray(0, bytes));
    return part;
  }

  #look() {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The message that an event is by Durable Streams. */
export function messageOf([id, data]) {
  const bar = data.indexOf('|');
  const event = data.slice(0, bar);
  const text = data.slice(bar + 1).replaceAll('⮑', '\n');
  return event.startsWith('_') ? { id, event, data: JSON.parse(text) } : { id, event, text };
}

/** Messages over server-sent events. They count once the control event after them is there. */
export class Batches {
  #blocks = new Blocks();
  #pending = [];

  messages = [];
  offset = null;
  closed = false;

  push(bytes) {
    for (const { text } of this.#blocks.push(bytes)) {
      const [, event, data] = /^event: (data|control)\ndata: ?([^\n\r]*)$/.exec(text) ?? [];
      if (event === 'data') this.#pending.push(...JSON.parse(data));
      else if (event === 'control') this.#settle(JSON.parse(data));
      else if (!text.startsWith(':')) throw new Error(`not a block of Durable Streams: ${JSON.stringify(text.slice(0, 200))}`);
    }
  }

  #settle({ streamNextOffset, streamClosed }) {
    this.messages.push(...this.#pending);
    this.#pending = [];
    this.offset = streamNextOffset;
    this.closed ||= streamClosed === true;
  }
}
