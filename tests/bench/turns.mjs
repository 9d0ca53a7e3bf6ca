// Two of a kind in turns, ABBA, so that drift of the machine hits both alike: the ratio
// of their figures, and how many system calls one of them takes.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep } from '../lib/wait.mjs';
import { mean } from './site.mjs';

export const PAIRS = 15;
const RESAMPLES = 4000;

const geometric = (ratios) => Math.exp(mean(ratios.map(Math.log)));

/** {ratio, low, high}: the geometric mean of the pairs' ratios, with its 95 % bootstrap interval. */
export function estimate(ratios) {
  const drawn = Array.from({ length: RESAMPLES }, () => geometric(ratios.map(() => ratios[Math.floor(Math.random() * ratios.length)]))).sort((a, b) => a - b);
  return { ratio: geometric(ratios), low: drawn[Math.floor(RESAMPLES * 0.025)], high: drawn[Math.floor(RESAMPLES * 0.975)] };
}

/** [seen, seen] of both, n times, the one that is first changing with each: calls take(a, b, n). */
export async function inTurns(n, a, b, take) {
  for (let i = 0; i < n; i++) {
    const seen = new Map();
    for (const one of i % 2 === 0 ? [a, b] : [b, a]) seen.set(one, await one());
    take(seen.get(a), seen.get(b), i);
  }
}

/** System calls of these processes, and of those that they fork, during f, by strace; undefined without it. */
export async function callsDuring(pids, f) {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const file = path.join(await fs.mkdtemp(path.join(tmpdir(), 'recipe-calls-')), 'calls');
  const strace = spawn('strace', ['-f', '-qq', '-c', '-o', file, ...pids.flatMap((pid) => ['-p', String(pid)])], { stdio: 'ignore' });
  await sleep(1000);
  await f();
  strace.kill('SIGINT');
  await new Promise((resolve) => strace.once('exit', resolve));
  const total = /^\S+\s+\S+\s+\S*\s+(\d+)\s+(?:\d+\s+)?total$/m.exec(await fs.readFile(file, 'latin1'));
  await fs.rm(path.dirname(file), { recursive: true });
  return Number(total[1]);
}
