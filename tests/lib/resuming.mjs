// Clients of a kept run whose line breaks: after event k and some bytes of the next block.
// They come again in each of the ways that there are, and what they have then must be what
// a client has whose line held.

import assert from 'node:assert/strict';
import { Batches, Tape, messageOf } from './tape.mjs';
import { deferred, within } from './wait.mjs';

export const offsetOf = (k) => (k === 0 ? '-1' : String(k).padStart(10, '0'));
const lastEvent = (k) => (k === 0 ? {} : { 'last-event-id': String(k) });

/** Asks for the events after k; `run` is {id, key, request}. */
const ASKS = {
  header: (site, run, k) => site.get(`/runs/${run.id}`, lastEvent(k)),
  query: (site, run, k) => site.get(`/runs/${run.id}?lastEventId=${k}`),
  post: (site, run, k) => postOf(site, run, lastEvent(k)),
};

/** The request that a run was begun with, with its key. */
export const postOf = (site, { key, request }, more = {}) => site.post(request.body, { headers: { ...request.headers, 'idempotency-key': key, ...more } });

const NEVER = () => {};

/** The messages after k, by server-sent events. */
async function bySse(site, run, k, opened) {
  const response = await site.get(`/runs/${run.id}?offset=${offsetOf(k)}&live=sse`);
  assert.equal(response.status, 200);
  opened();
  const batches = new Batches();
  for await (const chunk of response.chunks) batches.push(chunk);
  assert.ok(batches.closed, 'the last control event says that the stream is closed');
  return batches.messages;
}

/** The same by long poll, until an answer says that nothing more will come; `loses()`: whether this answer is lost. */
async function byPoll(site, run, k, opened, loses = () => false) {
  const messages = [];
  let offset = offsetOf(k);
  for (let polls = 0; polls < 1000; polls++) {
    const asked = site.get(`/runs/${run.id}?offset=${offset}&live=long-poll`);
    opened();
    const response = await asked;
    assert.ok([200, 204].includes(response.status), `a long poll has status ${response.status}`);
    if (loses()) {
      response.leave();
      continue;
    }
    const text = await response.text();
    if (response.status === 200) messages.push(...JSON.parse(text));
    offset = response.headers['stream-next-offset'];
    if (response.headers['stream-closed']) return messages;
  }
  throw new Error('long polls have never come to the end');
}

/** All messages after k that are there by now. */
async function byCatchUp(site, run, k, opened) {
  const response = await site.get(`/runs/${run.id}?offset=${offsetOf(k)}`);
  assert.equal(response.status, 200);
  opened();
  return response.json();
}

const DURABLE = { sse: bySse, poll: byPoll, 'catch-up': byCatchUp };
const EVENTS = Object.keys(ASKS);

/** The ways to come again in mid-run, and those for a run that is over. */
export const LIVE_WAYS = [...EVENTS, 'sse', 'poll'];
export const WAYS = [...LIVE_WAYS, 'catch-up'];

/** The messages after event k, in this way, to the end of the run; opened() is called when the site has answered. */
export async function comeAgain(site, run, way, k, opened = NEVER) {
  if (DURABLE[way]) return DURABLE[way](site, run, k, opened);
  const response = await ASKS[way](site, run, k);
  opened();
  if (response.status === 204) return [];
  assert.equal(response.status, 200);
  const tape = await new Tape().read(response).finished;
  return tape.events.map(messageOf);
}

/** Fails if the two pieces are not the whole. What differs is told in short: a text may have megabytes. */
export function assertWhole(first, rest, whole, what) {
  const joined = [...first, ...rest];
  const at = whole.findIndex((message, i) => JSON.stringify(message) !== JSON.stringify(joined[i]));
  const short = (message) => JSON.stringify(message)?.slice(0, 300);
  if (at >= 0) assert.fail(`${what}: message ${at + 1} of ${whole.length} is ${short(joined[at])} instead of ${short(whole[at])}`);
  assert.equal(joined.length, whole.length, `${what}: there are messages after the last one`);
}

/**
 * A client who reads a run that goes on, loses the line, and comes again: at once, or `late`, when release() is called.
 * `left` and `resumed` resolve when he has done so.
 */
export class Cutter {
  left = deferred();
  resumed = deferred();
  #go = deferred();
  hasLeft = false;

  /** {k, share, way, late}: he loses the line after event k and this share of the next block. */
  constructor(plan) {
    Object.assign(this, plan);
    this.what = `cut after ${plan.k}${plan.share ? ' and a part of the next block' : ''}, ${plan.late ? 'late' : 'at once'}, by ${plan.way}`;
  }

  /** The number of events that must be there before he loses the line. */
  get due() {
    return this.share > 0 ? this.k + 1 : this.k;
  }

  release() {
    this.#go.resolve();
  }

  /** Begins to read; `own` is {response, tape} of who has begun the run, and reads already. */
  start(site, run, own) {
    this.result = this.#all(site, run, own);
    this.result.catch(() => {
      this.left.resolve();
      this.resumed.resolve();
    });
  }

  async #all(site, run, own) {
    const response = own?.response ?? (await site.get(`/runs/${run.id}`));
    const tape = own?.tape ?? new Tape().read(response);
    await tape.has(this.due);
    const part = this.#cutOf(tape);
    response.leave();
    this.hasLeft = true;
    this.left.resolve();
    if (this.late) await this.#go.promise;
    this.live = !run.isOver();
    const rest = await comeAgain(site, run, this.way, part.last, () => this.resumed.resolve());
    return { first: part.events.map(messageOf), rest };
  }

  #cutOf(tape) {
    const k = Math.min(this.k, tape.events.length);
    const from = tape.endOf(k);
    const next = tape.ends[k] ?? from;
    const part = tape.upTo(from + Math.floor(this.share * (next - from)));
    assert.equal(part.last, k);
    return part;
  }
}

/** Lets all who are due lose the line and come again, and those who left before this come again late. */
export async function attend(cutters, count) {
  const gone = cutters.filter((c) => c.hasLeft);
  for (const cutter of cutters.filter((c) => c.due <= count)) {
    await within(cutter.left.promise, `${cutter.what} to lose the line`);
    if (!cutter.late) await within(cutter.resumed.promise, `${cutter.what} to be answered`);
  }
  for (const cutter of gone.filter((c) => c.late)) {
    cutter.release();
    await within(cutter.resumed.promise, `${cutter.what} to be answered`);
  }
}

/**
 * Reads a run by Durable Streams over lines that break again and again after some bytes that `draw` draws; what has no
 * control event after it is asked for again. Each line without a step forward is followed by one that holds twice as long.
 */
export async function wander(site, run, draw) {
  const messages = [];
  let offset = '-1';
  let longest = 512;
  for (let lines = 0; lines < 10_000; lines++) {
    const response = await site.get(`/runs/${run.id}?offset=${offset}&live=sse`);
    assert.equal(response.status, 200);
    const batches = new Batches();
    let left = 1 + draw(longest);
    for await (const chunk of response.chunks) {
      batches.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) break;
    }
    response.leave();
    messages.push(...batches.messages);
    if (batches.messages.length === 0) longest *= 2;
    offset = batches.offset ?? offset;
    if (batches.closed) return messages;
  }
  throw new Error('it has never come to the end');
}

/** The same by long poll, of which one answer in three is lost. */
export const pollOver = (site, run, draw) => byPoll(site, run, 0, NEVER, () => draw(3) === 0);
