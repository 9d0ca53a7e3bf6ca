// What a workload needs: the simulated provider, a site before it, the load.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT, startSite } from '../lib/site.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';
import { sample } from './tree.mjs';

const PROGRAM = path.resolve(PROJECT, process.env.RECIPE_FCGI ?? 'recipe.fcgi');
const tool = (name) => path.join(PROJECT, 'build/bench', name);
const options = (given) => Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
const partList = (parts) => Object.entries(parts).map(([name, n]) => `${name}=${n}`).join(',');

/** Ends of what runs now; the driver calls them when it is told to stop. */
export const running = new Set();

class Provider {
  lines = [];

  async start(given) {
    this.child = spawn(tool('provider'), options(given), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(line.split(' ')));
    const first = await waitFor(() => this.lines[0], 'the provider to listen');
    this.url = `http://127.0.0.1:${first[1]}/v1`;
    return this;
  }

  /** Streams that a reader closed before their end: {at, left}, at in ns of the shared clock. */
  early() {
    return this.lines.filter((l) => l[0] === 'early').map(([, at, left]) => ({ at: Number(at), left: Number(left) }));
  }

  /** {requests, open, streams, early, refused, writes, late} now. */
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

/** One site with its provider; parts says how many tokens each part has. */
export class Bench {
  constructor({ parts, provider, limits = {} }) {
    Object.assign(this, { parts, limits, pace: provider });
  }

  async start() {
    running.add(this);
    this.provider = await new Provider().start({ ...this.pace, parts: partList(this.parts) });
    // Real hosts speak HTTPS, where a connection is kept: here it is kept on plain HTTP.
    const service = { base_url: this.provider.url, model: 'bench', preconnect: true };
    this.site = await startSite({ program: PROGRAM, services: { '70b': service, 'groq-8b': service }, limits: this.limits });
    return this;
  }

  /** What the site's processes use now. */
  sample() {
    return sample(this.site.children[0].child.pid);
  }

  /** What the load client saw, with the CPU time of the site in it. Throws where anything was wrong. */
  async load(given) {
    const before = this.sample();
    const url = `http://127.0.0.1:${this.site.port}/generate`;
    const child = spawn(tool('load'), ['--json', ...options({ url, parts: partList(this.parts), ...given })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.loading = child;
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    await new Promise((resolve) => child.once('close', resolve));
    if (chunks.length === 0) throw new Error('the load client did not end well');
    const seen = JSON.parse(Buffer.concat(chunks).toString());
    await sleep(100); // what follows a run belongs to it
    seen.cpuMs = this.sample().cpuMs - before.cpuMs;
    if (seen.errors > 0) throw new Error(`${seen.errors} runs went wrong:\n  ${seen.first_errors.join('\n  ')}\n${await this.site.stderr()}`);
    return seen;
  }

  async stop() {
    running.delete(this);
    this.loading?.kill('SIGTERM');
    try {
      await this.site?.stop();
    } finally {
      await this.provider?.stop();
    }
  }
}

/** f with such a site, which is gone afterwards whatever happened. */
export async function withBench(given, f) {
  const bench = new Bench(given);
  try {
    await bench.start();
    return await f(bench);
  } finally {
    await bench.stop();
  }
}
