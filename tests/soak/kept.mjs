// Kept runs and SIGKILL: of processes that write a run, that read one, and of the listener,
// at random moments, while visitors and one to three readers of each come again and again. What
// a visitor has received is never lost, all end with the same _done and the same bytes,
// nobody waits for ever, and no file stays beyond keep_s: no journal, no bell, none that was
// made under another name.
//
// Then 1000 runs are kept at once, and the processes of the site do not grow with them; and
// what a sweep costs a visitor, if nothing, 1000 runs that stay, and 1000 that are removed are
// there.
//
// SOAK_KILLS=200; SEED=N repeats one. Ends with "N passed, N failed".

import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startHome } from '../lib/home.mjs';
import * as proc from '../lib/proc.mjs';
import { ASK, stage, writePrompts } from '../lib/prompts.mjs';
import { startProvider } from '../lib/provider.mjs';
import { postOf } from '../lib/resuming.mjs';
import { COOK } from '../lib/run.mjs';
import { backends } from '../lib/servers.mjs';
import { startSite } from '../lib/site.mjs';
import { drawing } from '../lib/storm.mjs';
import { Tape, messageOf } from '../lib/tape.mjs';
import { deferred, sleep, waitFor, within } from '../lib/wait.mjs';

const KILLS = Number(process.env.SOAK_KILLS ?? 200);
const LANES = 4; // runs at once
const KEEP_S = 5;
const SOON = 20_000; // nobody waits so long

const RUNS = 1000;
const SWEEP_MS = 10;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const draw = drawing(seed);
const seen = { passed: 0, failed: 0 };

function note(what, faults) {
  seen[faults.length === 0 ? 'passed' : 'failed']++;
  console.log(`${faults.length === 0 ? 'ok' : 'FAILED'}: ${what}${faults.map((fault) => `; ${fault}`).join('')}`);
}

/** The directory of the runs of a site, once there is one. */
function runsOf(site) {
  const found = fs.readdirSync(site.dir, { recursive: true }).find((name) => path.basename(name) === 'runs');
  return found ? path.join(site.dir, found) : null;
}
const filesOf = (site) => (runsOf(site) ? fs.readdirSync(runsOf(site)) : []);

// ---- kills

/** Reads until _done, however often the line breaks; `ask(last)` asks for what comes after that event. */
class Comer {
  events = [];
  breaks = 0;
  begun = deferred();

  constructor(what, ask) {
    this.what = what;
    this.finished = this.#come(ask);
    this.finished.catch(() => this.begun.resolve());
  }

  get last() {
    return this.events.at(-1)?.[0] ?? 0;
  }

  get isDone() {
    return this.events.at(-1)?.[1].startsWith('_done|');
  }

  async #come(ask) {
    for (; !this.isDone; this.breaks++) {
      const response = await ask(this.last).catch(() => null);
      if (response?.status === 200) await this.#read(response);
      else if (response?.status === 204) throw new Error(`${this.what}: nothing is left after event ${this.last}, which is not _done`);
      else if (response && response.status !== 503) throw new Error(`${this.what}: status ${response.status} after event ${this.last}`);
      if (!this.isDone) await sleep(10);
    }
  }

  async #read(response) {
    const tape = new Tape();
    const had = this.events.length;
    try {
      for await (const chunk of response.chunks) {
        tape.push(chunk);
        this.events = [...this.events.slice(0, had), ...tape.events];
        if (this.events.length > 0) this.begun.resolve();
      }
    } catch (e) {
      if (e.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw e;
    }
  }
}

/** One run of a visitor with its readers: how it ended. */
async function oneRun(site) {
  const run = { key: randomUUID(), request: { body: COOK } };
  const after = (last) => (last ? { 'last-event-id': String(last) } : {});
  const visitor = new Comer('the visitor', (last) => postOf(site, run, after(last)));
  await within(visitor.begun.promise, 'the first event', SOON);
  const { id } = messageOf(visitor.events[0] ?? (await visitor.finished)).data;
  const readers = Array.from({ length: 1 + draw(3) }, (_, i) => new Comer(`reader ${i + 1}`, (last) => site.get(`/runs/${id}`, after(last))));
  const all = [visitor, ...readers];
  await within(Promise.all(all.map((one) => one.finished)), () => `the end of all; they have ${all.map((one) => one.last)}`, SOON);
  const whole = JSON.stringify(visitor.events);
  if (visitor.events.some(([n], i) => n !== i + 1)) throw new Error('the visitor has a gap');
  for (const reader of readers) if (JSON.stringify(reader.events) !== whole) throw new Error(`${reader.what} has other events than the visitor`);
  return { how: messageOf(visitor.events.at(-1)).data.how, breaks: all.reduce((sum, one) => sum + one.breaks - 1, 0) };
}

/** What of the site's runs a process has open. A writer has opened its file under another name, and then linked it. */
function openRuns(pid) {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).map((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`)).filter((name) => /\/runs\/[0-9a-f]{32}/.test(name));
  } catch {
    return []; // it has ended, or closed one meanwhile
  }
}

/** The processes of a site by what they do now. */
function byWork(site) {
  const ours = new Set(site.ours().filter((pid) => proc.executable(pid) === site.program));
  const parentOf = (pid) => proc.stat(pid)?.parent;
  const listener = [...ours].filter((pid) => proc.stat(parentOf(pid))?.name === 'multiwatch');
  const workers = [...ours].filter((pid) => !listener.includes(pid) && (!ours.has(parentOf(pid)) || listener.includes(parentOf(pid))));
  const reader = workers.filter((pid) => openRuns(pid).some((name) => /\/runs\/[0-9a-f]{32}$/.test(name)));
  const writer = workers.filter((pid) => !reader.includes(pid) && openRuns(pid).length > 0);
  return { listener, writer, reader };
}

async function killAll(site, over) {
  const killed = { writer: 0, reader: 0, listener: 0 };
  const kinds = Object.keys(killed);
  for (let n = 0; n < KILLS && !over.aborted;) {
    await sleep(20 + draw(200));
    const kind = kinds[draw(kinds.length)];
    const some = byWork(site)[kind];
    if (some.length === 0 || !proc.kill(some[draw(some.length)], 'SIGKILL')) continue;
    killed[kind]++;
    n++;
  }
  return killed;
}

async function storm() {
  const home = await startHome({ slots: 1000, gapMs: 8, firstMs: 5 });
  const service = home.provider.service('m');
  const limits = { keep_s: KEEP_S, max_readers: 1000, max_runs: 1000 };
  const site = await startSite({ server: backends.multiwatch, watch: ['-r', '100000'], config: { services: { '70b': service, 'groq-8b': service }, limits } });
  const sums = { runs: 0, breaks: 0, how: {} };
  const faults = [];
  const over = new AbortController();
  let killing = true;
  const lane = async () => {
    while (killing && faults.length === 0) {
      const { how, breaks } = await oneRun(site);
      sums.runs++;
      sums.breaks += breaks;
      sums.how[how] = (sums.how[how] ?? 0) + 1;
    }
  };
  const lanes = Array.from({ length: LANES }, () => lane().catch((e) => {
    faults.push(e.message);
    over.abort();
  }));
  const killed = await killAll(site, over.signal);
  killing = false;
  await Promise.all(lanes);
  const most = filesOf(site).length;
  /* The last listener is one that nobody has visited. */
  for (const pid of byWork(site).listener) proc.kill(pid, 'SIGKILL');
  const began = Date.now();
  await waitFor(() => filesOf(site).length === 0, () => `no file to stay; there are ${filesOf(site)}`, { limit: 60_000, every: 100 }).catch((e) => faults.push(e.message));
  note(`${JSON.stringify(killed)} killed in ${sums.runs} runs, which ended ${JSON.stringify(sums.how)}; ${sums.breaks} lines broke; the last of ${most} files was removed after ${((Date.now() - began) / 1000).toFixed(1)} s`, faults);
  await site.stop();
  await home.stop();
}

// ---- 1000 runs

const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))];

async function firstByte(site) {
  const began = performance.now();
  const response = await postOf(site, { key: randomUUID(), request: { body: ASK } });
  const ms = performance.now() - began;
  await response.text();
  return ms;
}

/** Keeps so many runs, one after the other. */
async function fill(site, count) {
  for (let n = 0; n < count; n++) await firstByte(site);
  await site.idle();
}

/** What the listener and the largest worker hold: bytes of their own, and open files. */
function sizeOf(site) {
  const { listener, workers } = site.tree();
  const of = (pids) => ({ bytes: Math.max(...pids.map((pid) => proc.ownBytes([pid]))), fds: Math.max(...pids.map((pid) => proc.fds(pid).length)) });
  const size = { listener: of([listener]), worker: of(workers.map(({ pid }) => pid)) };
  size.listener.fds -= workers.length; // it has one of each
  return size;
}

const shown = (list) => `p50 ${quantile(list, 0.5).toFixed(1)}, p95 ${quantile(list, 0.95).toFixed(1)}, most ${Math.max(...list).toFixed(1)} ms`;

async function many() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'recipe-kept-'));
  const provider = await startProvider();
  provider.auto();
  const prompts = await writePrompts(path.join(dir, 'prompts'), [stage('soup', 'one', { template: 'Part: soup\nOf {{what}}.' })]);
  const site = await startSite({ server: 'listen', prompts, mark: false, config: { services: { one: provider.service('m') }, limits: { keep_s: 3600 } } });
  const age = (runs) => {
    const old = new Date(Date.now() - 7_200_000);
    const names = fs.readdirSync(runs);
    for (const name of names) fs.utimesSync(path.join(runs, name), old, old);
    return new Set(names);
  };
  const grow = (runs) => {
    const [any, ...others] = fs.readdirSync(runs);
    for (let n = others.length + 1; n < RUNS; n++) fs.copyFileSync(path.join(runs, any), path.join(runs, randomUUID().replaceAll('-', '')));
  };
  try {
    await fill(site, 20);
    const few = sizeOf(site);
    const runs = runsOf(site);
    const none = [];
    for (let n = 0; n < 30; n++) {
      for (const name of fs.readdirSync(runs)) fs.rmSync(path.join(runs, name), { force: true });
      none.push(await firstByte(site));
    }
    await fill(site, RUNS - 1);
    const size = sizeOf(site);
    const kept = [];
    for (let n = 0; n < 30; n++) kept.push(await firstByte(site));
    const removed = [];
    for (let n = 0; n < 2; n++) {
      grow(runs);
      const old = age(runs);
      while (fs.readdirSync(runs).some((name) => old.has(name))) removed.push(await firstByte(site));
    }
    const faults = [];
    for (const who of ['listener', 'worker']) {
      if (size[who].bytes > few[who].bytes + (64 << 10)) faults.push(`the ${who} has grown`);
      if (size[who].fds > few[who].fds) faults.push(`the ${who} keeps files open`);
    }
    note(`${JSON.stringify(few)} after 20 runs, ${JSON.stringify(size)} after ${RUNS} that are kept`, faults);
    const costs = quantile(kept, 0.5) - quantile(none, 0.5);
    const worst = quantile(removed, 0.5) - quantile(none, 0.5);
    note(`to the first byte, without a run ${shown(none)}; with ${RUNS} that stay ${shown(kept)}; while ${RUNS} are removed ${shown(removed)}`, [costs, worst].filter((ms) => ms > SWEEP_MS).map((ms) => `a sweep costs ${ms.toFixed(1)} ms`));
  } finally {
    await site.stop();
    await provider.stop();
    fs.rmSync(dir, { recursive: true });
  }
}

console.log(`seed ${seed}`);
if (KILLS > 0) await storm();
await many();
console.log(`${seen.passed} passed, ${seen.failed} failed`);
process.exit(seen.failed > 0 ? 1 : 0);
