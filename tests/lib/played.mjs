// Plays an entry of golden-runs.mjs as a kept run of a site, and with it clients whose line
// breaks. The visitor may be one of them; another client reads it without a cut.

import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Overtaken, conduct, ended, furnish } from './golden.mjs';
import { RUNS } from './golden-runs.mjs';
import * as proc from './proc.mjs';
import { startProvider } from './provider.mjs';
import { Cutter, attend, pollOver, postOf, wander } from './resuming.mjs';
import { startSite } from './site.mjs';
import { Tape, messageOf } from './tape.mjs';
import { waitFor, within } from './wait.mjs';

const REPLAYS = 5;
const KEPT = { linger_ms: 600_000, max_readers: 1000, keep_s: 3600 };

/** A run with a text of so many pieces of so many bytes, of all that a text may hold. */
export function bigRun(name, about, draw, { pieces, length, stage_bytes = 1 << 23 }) {
  const SIGNS = ['word ', 'é', '寿司 ', '🍕', '\n', '\r\n', '\r', '⮑', '|', '\n\n', 'data: x\n', 'id: 7\n', ': hb\n', '\u0000', '\u2028', '\ufeff', '"\\', ' '];
  const piece = () => {
    const signs = [];
    for (let bytes = 0; bytes < length; bytes += Buffer.byteLength(signs.at(-1))) signs.push(SIGNS[draw(SIGNS.length)].repeat(1 + draw(9)));
    return signs.join('');
  };
  const steps = Array.from({ length: pieces }, () => ['soup', 'text', piece()]);
  return {
    name, about, stages: [{ part: 'soup', title: 'Soup', service: 'one', max_tokens: 72, temperature: 0.25, template: 'Part: soup\nWrite of {{what}}.' }],
    services: { one: {} }, limits: { stage_bytes }, request: { body: { what: 'onions' } },
    steps: [...steps, ['soup', 'finish', 'stop'], ['soup', 'done']],
  };
}

/** Those entries that begin a run. */
export const KEPT_RUNS = RUNS.filter(({ name }) => !name.startsWith('no-run-'));

/**
 * A site for one play of an entry: a site remembers what a service has refused, so a second play would differ. `run_ms` is
 * the clock of an entry that has one, if many clients are to come before it fires.
 */
export class Stand {
  static async open(run, run_ms = run.limits?.run_ms) {
    const stand = new Stand();
    stand.run = run;
    const limits = { ...run.limits, ...KEPT, ...(run.clock ? { run_ms } : {}) };
    stand.dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-played-'));
    stand.provider = await startProvider();
    try {
      const env = await furnish(stand.dir, { ...run, limits }, stand.provider);
      stand.site = await startSite({ server: 'listen', env });
    } catch (e) {
      await stand.close();
      throw e;
    }
    return stand;
  }

  async close() {
    try {
      await this.site?.stop();
    } finally {
      await this.provider.stop();
      await fs.rm(this.dir, { recursive: true, maxRetries: 5 });
    }
  }

  /** Stages, then workers. */
  #processes() {
    const all = proc.pids().map(proc.stat).filter(Boolean);
    const under = (parents) => all.filter((p) => parents.has(p.parent)).map((p) => p.pid);
    const workers = under(new Set([this.site.children[0].child.pid]));
    return [...under(new Set(workers)), ...workers];
  }

  /**
   * Plays it once. `cuts` are plans of Cutter, `visitor` one for who begins it, or null; if there is a `draw`, two more read
   * by Durable Streams over lines that break again and again. Resolves to {run, tape, cutters, first, durable}: `tape` is
   * what the client has whose line held, `first` what the visitor has if his held, `durable` what those two have.
   */
  async play({ cuts, visitor = null, draw }) {
    for (let replays = 0; ; replays++) {
      try {
        return await this.#playOnce(cuts, visitor, draw);
      } catch (e) {
        if (!(e instanceof Overtaken) || !this.run.clock || replays === REPLAYS) throw e;
      }
    }
  }

  async #playOnce(cuts, visitor, draw) {
    this.provider.rest(); // what the script of the last one has left
    const tape = new Tape();
    const run = { key: randomUUID(), request: this.run.request, isOver: () => tape.over };
    const response = await postOf(this.site, run);
    if (response.status !== 200) throw new Error(`${this.run.name} is not begun: ${response.status} ${await response.text()}`);
    const own = { response, tape: new Tape().read(response) };
    run.id = (await this.#newest()).at(-1);
    tape.read(await this.site.get(`/runs/${run.id}`));
    const cutters = cuts.map((plan) => new Cutter(plan));
    for (const cutter of cutters) cutter.start(this.site, run);
    const first = new Cutter(visitor ?? { k: Infinity, share: 0, way: 'header', late: false });
    first.start(this.site, run, own);
    if (visitor) cutters.push(first);
    const durable = Promise.all(draw ? [wander(this.site, run, draw), pollOver(this.site, run, draw)] : []);
    durable.catch(() => {});
    try {
      await this.#conduct(tape, cutters);
    } finally {
      for (const cutter of cutters) cutter.release();
    }
    await within(tape.finished, `the end of ${this.run.name}`);
    return { run, tape, cutters, first: visitor ? null : (await first.result).first, durable: await durable };
  }

  /** The ids of the runs that are kept; there is one more each time. */
  async #newest() {
    const known = (this.known ??= new Set());
    const found = await waitFor(() => this.#journals().then((names) => names.find((name) => !known.has(name))), 'a journal');
    known.add(found);
    return [...known];
  }

  async #journals() {
    const names = await fs.readdir(this.site.dir, { recursive: true });
    return names.map((name) => path.basename(name)).filter((name) => /^[0-9a-f]{32}$/.test(name));
  }

  async #conduct(tape, cutters) {
    const { site } = this;
    const player = {
      over: tape.finished,
      isOver: () => tape.over,
      processes: () => this.#processes(),
      stepped: () => attend(cutters, tape.events.length),
      get log() {
        return readFileSync(path.join(site.dir, 'stderr.txt'), 'utf8');
      },
    };
    await conduct(this.run.steps ?? [], player, this.provider);
    for (const cutter of cutters) cutter.release();
    await ended(player, this.provider, this.run);
  }
}

export const messagesOf = (tape) => tape.events.map(messageOf);
