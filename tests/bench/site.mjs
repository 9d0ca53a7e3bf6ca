// What a workload needs: the simulated provider, a site before it, the load.

import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT, preparePrompts, startSite } from '../lib/site.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';
import { options as given } from './options.mjs';
import { cpuMs, sample, tree } from './tree.mjs';

export const PROGRAM = path.resolve(PROJECT, process.env.RECIPE_FCGI ?? 'recipe.fcgi');
const tool = (name) => path.join(PROJECT, 'build/bench', name);
const flags = (list) => Object.entries(list).filter(([, value]) => value !== undefined).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));
const partList = (parts) => Object.entries(parts).map(([name, n]) => `${name}=${n}`).join(',');

/** Ends of what runs now; the driver calls them when it is told to stop. */
export const running = new Set();

export class Provider {
  lines = [];

  async start(pace) {
    this.child = spawn(tool('provider'), flags(pace), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(line.split(' ')));
    const first = await waitFor(() => this.lines[0], 'the provider to listen');
    this.port = Number(first[1]);
    return this;
  }

  /** Streams that a reader closed before their end: {at, left}, at in ns of the shared clock. */
  early() {
    return this.lines.filter((l) => l[0] === 'early').map(([, at, left]) => ({ at: Number(at), left: Number(left) }));
  }

  /** When each request came: [{at, part}], with `log` only. */
  asked() {
    return this.lines.filter((l) => l[0] === 'asked').map(([, at, part]) => ({ at: Number(at), part }));
  }

  /** {requests, open, streams, early, refused, writes, late, floods, handshakes} now. */
  async counters() {
    const before = this.lines.length;
    const found = () => this.lines.slice(before).find((l) => l[0] === 'counters');
    this.child.kill('SIGUSR1');
    const line = await waitFor(found, "the provider's counters");
    return Object.fromEntries(line.slice(1).map((pair) => pair.split('=')).map(([k, v]) => [k, Number(v)]));
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.exited;
  }
}

/** Tokens late at the provider, over all providers of a workload. */
export const noise = {
  writes: 0,
  late: 0,
  take() {
    const { writes, late } = this;
    this.writes = this.late = 0;
    return { writes, late };
  },
};

/** The peer, with what a Bench asks of a site. Its own CPU and memory, and no web server before it. */
class Peer {
  async start({ services, env }) {
    this.dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-peer-'));
    await preparePrompts(path.join(this.dir, 'prompts'), {});
    await fs.writeFile(path.join(this.dir, 'recipe.json'), JSON.stringify({ services }));
    const args = [path.join(PROJECT, 'tests/bench/peer.mjs'), this.dir];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
    createInterface({ input: this.child.stdout }).once('line', (line) => (this.port = Number(line)));
    await waitFor(() => this.port, 'the peer to listen');
    return this;
  }

  stderr = async () => '';

  async stop() {
    this.child.kill('SIGTERM');
    await this.exited;
    await fs.rm(this.dir, { recursive: true, force: true });
  }
}

/** Parts that have servers of their own, as the program sees it: a crowd that asks one server for more than 1000 waits. */
const SPREAD = ['init', 'int', 'ing', 'sde'];

/** Lets the stages of SPREAD ask services of their own. */
function spread(graph) {
  for (const stage of graph.stages) if (SPREAD.includes(stage.part)) stage.service = stage.part;
}

/**
 * One site with its provider. `parts` says how many tokens each part has, `provider` its
 * pace, `tls` {cert, key, caFile}, `through(port)` a port to use instead of the
 * provider's own, `site` more options of startSite (`program`: another build), `who`
 * 'ours' or 'node'; `spread`: for more than 200 visitors.
 */
export class Bench {
  loads = new Set();

  constructor({ who = 'ours', parts, provider, limits = {}, tls, through, site = {}, spread: isSpread = false }) {
    const { 'first-ms': first = provider['first-ms'], rate = provider.rate, batch = provider.batch, tokens } = given;
    const sized = tokens === undefined ? parts : { ...all(tokens, parts.init) };
    const options = isSpread ? { ...site, edit: spread } : site;
    Object.assign(this, { who, limits, tls, through, options, isSpread, parts: sized, pace: { ...provider, 'first-ms': first, rate, batch } });
  }

  async start() {
    running.add(this);
    if (!given.url || given['provider-port']) await this.#startProvider();
    if (given.url) return this;
    const port = (await this.through?.(this.provider.port)) ?? this.provider.port;
    // Real hosts speak HTTPS, where a connection is kept: here it is kept on plain HTTP.
    const service = { base_url: `${this.tls ? 'https' : 'http'}://127.0.0.1:${port}/v1`, model: 'bench', preconnect: true, ca_file: this.tls?.caFile };
    const apart = (this.isSpread ? SPREAD : []).map((part) => [part, { ...service, base_url: service.base_url.replace('127.0.0.1', `${part}.localhost`) }]);
    const services = { '70b': service, 'groq-8b': service, ...Object.fromEntries(apart) };
    if (this.who === 'node') {
      this.site = await new Peer().start({ services });
      this.root = this.site.child.pid;
    } else {
      this.site = await startSite({ program: PROGRAM, services, limits: this.limits, ...this.options });
      this.root = this.site.children[0].child.pid;
    }
    return this;
  }

  async #startProvider() {
    const tls = this.tls && { cert: this.tls.certFile, key: this.tls.keyFile };
    this.provider = await new Provider().start({ ...this.pace, ...tls, port: given['provider-port'], parts: partList(this.parts) });
  }

  /** What the site's processes use now; NaN where nobody has said which they are. */
  sample() {
    const root = this.root ?? given.pid;
    return root ? sample(root) : { processes: NaN, pssKib: NaN, dirtyKib: NaN, fds: NaN };
  }

  /** The pids of the site's processes. */
  tree() {
    return tree(this.root ?? given.pid);
  }

  #cpuMs() {
    const root = this.root ?? given.pid;
    return root ? cpuMs(root) : NaN;
  }

  /** What the load client saw, with the CPU time of the site in it. Throws where anything was wrong, unless `tolerant`. */
  async load({ tolerant = false, ...wanted }) {
    const before = this.#cpuMs();
    const url = given.url ?? `http://127.0.0.1:${this.site.port}/generate`;
    const parts = this.provider && partList(this.parts);
    const child = spawn(tool('load'), ['--json', ...flags({ url, parts, ...wanted })], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.loads.add(child);
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    await new Promise((resolve) => child.once('close', resolve));
    this.loads.delete(child);
    if (chunks.length === 0) throw new Error('the load client did not end well');
    const seen = JSON.parse(Buffer.concat(chunks).toString());
    await sleep(100); // what follows a run belongs to it
    seen.cpuMs = this.#cpuMs() - before;
    if (seen.errors > 0 && !tolerant) throw new Error(`${this.who}: ${seen.errors} runs went wrong:\n  ${seen.first_errors.join('\n  ')}\n${((await this.site?.stderr()) ?? '').slice(-2000)}`);
    return seen;
  }

  async stop() {
    running.delete(this);
    for (const child of this.loads) child.kill('SIGTERM');
    try {
      await this.site?.stop();
    } finally {
      await this.#stopProvider();
    }
  }

  async #stopProvider() {
    if (!this.provider) return;
    await this.provider.stop();
    const last = await waitFor(() => this.provider.lines.findLast((l) => l[0] === 'counters'), "the provider's last counters");
    const { writes, late } = Object.fromEntries(last.slice(1).map((pair) => pair.split('=')));
    if (!this.pace.rate) return;
    noise.writes += Number(writes);
    noise.late += Number(late);
  }
}

/** f with such a site, which is gone afterwards whatever happened. */
export async function withBench(wanted, f) {
  const bench = new Bench(wanted);
  try {
    await bench.start();
    return await f(bench);
  } finally {
    await bench.stop();
  }
}

/** The same of us and of the peer: [ours, node]; node is {} where there is none. */
export async function both(wanted, f) {
  const ours = await withBench(wanted, f);
  return [ours, given.peer ? await withBench({ ...wanted, who: 'node' }, f) : {}];
}

export const all = (tokens, init) => ({ init, add: tokens, int: tokens, ing: tokens, sde: tokens, ste: tokens });
export const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** f three times, and the median of each of its figures: what is over soon is as the machine's second was. */
export async function thrice(f) {
  const seen = [await f(), await f(), await f()];
  return Object.fromEntries(Object.keys(seen[0]).map((name) => [name, median(seen.map((figures) => figures[name]))]));
}

/**
 * The least time that the stage graph can take before this provider. A part of n tokens
 * is written first + (n - 1) / rate after it was asked for. `add` is asked for when the
 * picked element of init's array has closed, which is with its last token: init's tokens
 * are shared out to three elements (cook.c), so element k closes with number
 * floor((k + 1) * n / 3). `ste` follows `add`. With `barrier` all but `ing` wait for the
 * end of init.
 */
export function criticalPath({ parts, pace }, pick, barrier = false) {
  const part = (n) => pace['first-ms'] + ((n - 1) * 1000) / pace.rate;
  const picked = part(barrier ? parts.init : Math.floor(((pick + 1) * parts.init) / 3));
  return Math.max(picked + part(parts.add) + part(parts.ste), picked + part(parts.int), picked + part(parts.sde), part(parts.init), part(parts.ing));
}
