// Where the CPU time of 50 visitors at 30 tokens/s goes: docs/flame.svg anew, and its shares.
// Samples with perf(1) (Debian's linux-perf), which wants root.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { stat } from '../../lib/proc.mjs';
import { PROJECT } from '../../lib/site.mjs';
import { watched, whyNotCounted } from '../counters.mjs';
import { draw, readSample, shares } from '../flame.mjs';
import { all, withBench } from '../site.mjs';
import { tree } from '../tree.mjs';

export const order = 90;
export const needs = 'site';
export const extra = true;

const VISITORS = 50;
const LOOK_MS = 100;
const DATA = path.join(PROJECT, 'build/bench/perf.data');
const record = (group) => ['record', '-q', '-a', '-o', DATA, '-F', '1999', '-e', 'cpu-clock', '--call-graph', 'dwarf,16384', '-G', group];

/** Adds what each process of the site is that lives now. */
function note(kinds, root) {
  const list = tree(root);
  const listener = list.find((pid) => stat(pid)?.parent === root);
  for (const pid of list) kinds.set(pid, pid === root ? 'lighttpd' : pid === listener ? 'listener' : stat(pid)?.parent === listener ? 'worker' : 'stage');
}

export async function run({ row }) {
  const why = whyNotCounted();
  if (why) return console.error(`flame: left out, as ${why}`);
  const wanted = { parts: all(60, 30), provider: { 'first-ms': 200, rate: 30 }, limits: { max_runs: VISITORS } };
  await withBench(wanted, async (bench) => {
    const crowd = () => bench.load({ runs: VISITORS, visitors: VISITORS });
    await crowd();
    const kinds = new Map();
    const noting = setInterval(() => note(kinds, bench.root), LOOK_MS);
    await watched(bench, record, crowd).finally(() => clearInterval(noting));
    const args = ['script', '-i', DATA, '-F', 'pid,ip,sym,dso'];
    const blocks = execFileSync('perf', args, { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] }).split('\n\n').filter((block) => block.trim());
    const samples = blocks.map((block) => readSample(block.trim(), kinds));
    await fs.writeFile(path.join(PROJECT, 'docs/flame.svg'), draw(samples));
    for (const [name, s] of Object.entries(shares(samples))) {
      row(`CPU of 50 visitors, in ${['worker', 'stage'].includes(name) ? `their ${name}s` : name}`, s.all, { unit: '%' });
      row('   in the kernel', s.kernel, { unit: '%' });
      row('   in libraries', s.library, { unit: '%' });
    }
    row('   samples', samples.length, { digits: 0 });
  });
}
