// One visitor's run, read live. A test waits for what it sees (until, text,
// state) and then lets the provider go on. What must hold of every stream,
// whatever happened in it, is checked at the end of every run by checkStream.

import assert from 'node:assert/strict';
import { EventReader } from './sse.mjs';
import { LIMIT, within } from './wait.mjs';

export const COOK = Object.freeze({ ingredientsOnHand: 'beef flank, onions, peppers', prepTime: '45' });
export const ENDINGS = ['done', 'cut', 'filtered', 'failed', 'skipped', 'stopped'];
const WITH_ERROR = ['filtered', 'failed', 'skipped'];

export class Run {
  #reader = new EventReader();
  #watchers = new Set();
  #failure = null;
  #left = false;

  comments = [];
  /** {id, part, text} of every data event, control parts included. */
  events = [];
  /** Text per part; what came before a reset is gone. */
  parts = {};
  /** Per part the objects of its _part events, in order. */
  states = {};
  errors = [];
  run = null;
  pick = null;
  alternates = null;
  done = null;
  ended = false;

  constructor(response) {
    this.response = response;
    this.finished = this.#pump();
  }

  /** Resolves when the predicate is true of this run. */
  async until(predicate, what = String(predicate)) {
    let watcher;
    const met = new Promise((resolve, reject) => {
      watcher = () => {
        if (this.#failure) reject(this.#failure);
        else if (predicate(this)) resolve(this);
        else if (this.ended) reject(new Error(`the stream ended before ${what}\n${this.summary()}`));
      };
      this.#watchers.add(watcher);
      watcher();
    });
    try {
      return await within(met, () => `${what}\n${this.summary()}`, LIMIT);
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  /** Until the part's text contains this. */
  text(part, wanted) {
    return this.until(() => this.parts[part]?.includes(wanted), `${part} contains ${JSON.stringify(wanted)}`);
  }

  /** Until the part has been in this state. */
  state(part, wanted) {
    return this.until(() => this.states[part]?.some((s) => s.state === wanted), `${part} is ${wanted}`);
  }

  /** The part's state now, and the error that tells of it. */
  stateOf = (part) => this.states[part]?.at(-1)?.state;
  errorOf = (part) => this.errors.find((e) => e.part === part);

  /** Until the stream has ended well; checks what holds of every stream. */
  async over() {
    await within(this.finished, () => `the end of the run\n${this.summary()}`, 3 * LIMIT);
    if (this.#failure) throw this.#failure;
    checkStream(this);
    return this;
  }

  /** Until the stream has ended, well or not. */
  async closed() {
    await within(this.finished, () => `the end of the stream\n${this.summary()}`, LIMIT);
    return this;
  }

  leave() {
    this.#left = true;
    this.response.leave();
  }

  summary() {
    const states = Object.entries(this.states).map(([part, list]) => `${part}: ${list.map((s) => s.state).join(' ')}`);
    const texts = Object.entries(this.parts).map(([part, text]) => `${part}| ${JSON.stringify(text.slice(-80))}`);
    const errors = this.errors.map((e) => JSON.stringify(e));
    return [`${this.events.length} events, ${this.comments.length} comments`, ...states, ...texts, ...errors].join('\n  ');
  }

  async #pump() {
    try {
      for await (const chunk of this.response.chunks) {
        for (const item of this.#reader.push(chunk)) this.#take(item);
        this.#tell();
      }
    } catch (e) {
      // A connection that broke is an end without _done; anything else is a bad stream.
      if (!this.#left && !['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(e.code)) this.#failure = e;
    }
    this.ended = true;
    this.#tell();
  }

  #tell() {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #take(item) {
    if (item.comment !== undefined) return void this.comments.push(item.comment);
    this.events.push(item);
    if (!item.part.startsWith('_')) {
      this.parts[item.part] = (this.parts[item.part] ?? '') + item.text;
      return;
    }
    const object = JSON.parse(item.text);
    assert.equal(typeof object, 'object', `${item.part} is one JSON object`);
    if (item.part === '_part') this.#takeState(object);
    else if (item.part === '_error') this.errors.push(object);
    else if (item.part === '_run') this.run = object;
    else if (item.part === '_pick') this.pick = object;
    else if (item.part === '_alternates') this.alternates = object.items;
    else if (item.part === '_done') this.done = object;
    else throw new Error(`a control part that DESIGN does not know: ${item.part}`);
  }

  #takeState(object) {
    (this.states[object.part] ??= []).push(object);
    if (object.state === 'reset') this.parts[object.part] = '';
  }
}

/** The names in _run.parts, whether it lists strings or objects. */
export const partNames = (run) => run.run.parts.map((p) => (typeof p === 'string' ? p : p.part));

/** What holds of every stream that nobody broke. */
export function checkStream(run) {
  const said = (why) => `${why}\n${run.summary()}`;
  const kinds = run.events.map((e) => e.part);
  assert.equal(run.comments[0], 'ok', said('the stream begins with ": ok"'));
  assert.equal(kinds[0], '_run', said('_run is the first event'));
  assert.equal(kinds.at(-1), '_done', said('_done is the last event'));
  for (const once of ['_run', '_done']) assert.equal(kinds.filter((k) => k === once).length, 1, said(`one ${once}`));
  for (const part of partNames(run)) assert.ok(ENDINGS.includes(run.stateOf(part)), said(`${part} has an ending`));
  checkStates(run, said);
  checkErrors(run, said);
}

// No text after an ending, no state after an ending.
function checkStates(run, said) {
  const ended = new Set();
  for (const event of run.events) {
    const object = event.part === '_part' ? JSON.parse(event.text) : { part: event.part };
    if (event.part.startsWith('_') && event.part !== '_part') continue;
    assert.ok(!ended.has(object.part), said(`${object.part} goes on after its ending`));
    if (ENDINGS.includes(object.state)) ended.add(object.part);
  }
}

// One _error for each part that ended badly, right after the _part that says so.
function checkErrors(run, said) {
  run.events.forEach((event, at) => {
    if (event.part !== '_part') return;
    const { part, state } = JSON.parse(event.text);
    if (!WITH_ERROR.includes(state) && state !== 'stopped') return;
    const next = run.events[at + 1];
    assert.equal(next?.part, '_error', said(`an _error follows ${part} ${state}`));
    const error = JSON.parse(next.text);
    assert.equal(error.part, part, said(`the _error after ${part} ${state} is about ${part}`));
    for (const field of ['code', 'message']) assert.ok(error[field]?.length > 0, said(`${part}'s error has a ${field}`));
    assert.equal(typeof error.retryable, 'boolean', said(`${part}'s error says whether it is retryable`));
  });
  for (const error of run.errors) {
    if (error.part === null) continue;
    assert.equal(run.errors.filter((e) => e.part === error.part).length, 1, said(`one _error for ${error.part}`));
    assert.ok([...WITH_ERROR, 'stopped'].includes(run.stateOf(error.part)), said(`${error.part} failed if it has an _error`));
  }
}

/** Posts a request and returns the run while it streams. */
export async function start(site, body = COOK, options = {}) {
  const response = await site.post(body, options);
  const type = response.headers['content-type'] ?? '';
  if (response.status !== 200 || !type.startsWith('text/event-stream')) {
    throw new Error(`no event stream: ${response.status} ${type} ${(await response.text()).slice(0, 400)}`);
  }
  return new Run(response);
}

/** A whole run. */
export async function run(site, body = COOK, options = {}) {
  return (await start(site, body, options)).over();
}
