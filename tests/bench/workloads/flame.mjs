// Where the CPU time of 50 visitors at 30 tokens/s goes, in warm processes: docs/flame.svg
// anew, and its shares. Samples with perf(1) (Debian's linux-perf), which wants root.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { stat } from '../../lib/proc.mjs';
import { PROJECT } from '../../lib/site.mjs';
import { draw, readSample, shares } from '../flame.mjs';
import { all, withBench } from '../site.mjs';
import { tree } from '../tree.mjs';

export const order = 90;
export const needs = 'site';
export const extra = true;

const VISITORS = 50;
const DATA = path.join(PROJECT, 'build/bench/perf.data');
const RECORD = ['record', '-q', '-o', DATA, '-F', '1999', '-e', 'cpu-clock', '--call-graph', 'dwarf,16384'];

/** What each process of the site is. */
function kinds(root) {
  const list = tree(root);
  const listener = list.find((pid) => stat(pid)?.parent === root);
  const kind = (pid) => (pid === root ? 'lighttpd' : pid === listener ? 'listener' : stat(pid)?.parent === listener ? 'worker' : 'stage');
  return new Map(list.map((pid) => [pid, kind(pid)]));
}

/** Samples of these processes until f is over. */
async function sampled(pids, f) {
  const perf = spawn('perf', [...RECORD, '-p', pids.join(',')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve, reject) => {
    perf.once('error', (error) => reject(new Error(`perf does not start (Debian has it in linux-perf): ${error.message}`)));
    perf.once('close', resolve);
  });
  await Promise.race([f(), ended]);
  perf.kill('SIGINT');
  await ended;
  const args = ['script', '-i', DATA, '-F', 'pid,ip,sym,dso'];
  return execFileSync('perf', args, { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] }).split('\n\n').filter((block) => block.trim());
}

export async function run({ row }) {
  const wanted = { parts: all(60, 30), provider: { 'first-ms': 200, rate: 30 }, limits: { max_runs: VISITORS } };
  await withBench(wanted, async (bench) => {
    const crowd = () => bench.load({ runs: VISITORS, visitors: VISITORS });
    await crowd();
    const kind = kinds(bench.root);
    const samples = (await sampled([...kind.keys()], crowd)).map((block) => readSample(block.trim(), kind));
    await fs.writeFile(path.join(PROJECT, 'docs/flame.svg'), draw(samples));
    for (const [name, s] of Object.entries(shares(samples))) {
      row(`CPU of 50 visitors, in ${['worker', 'stage'].includes(name) ? `their ${name}s` : name}`, s.all, { unit: '%' });
      row('   in the kernel', s.kernel, { unit: '%' });
      row('   in libraries', s.library, { unit: '%' });
    }
    row('   samples', samples.length, { digits: 0 });
  });
}
