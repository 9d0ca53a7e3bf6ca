// A site that nobody visits: one process that sleeps, and the first request after that.

import fs from 'node:fs';
import { sleep, waitFor } from '../../lib/wait.mjs';
import { all, withBench } from '../site.mjs';
import { sample } from '../tree.mjs';

export const order = 50;
export const needs = 'site';

const WATCHED_MS = 5000;

const wakeUps = (pid) => Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))[1]);

export async function run({ row }) {
  await withBench({ parts: all(20, 12), provider: { 'first-ms': 20, rate: 0 }, limits: { worker_idle_ms: 1000 } }, async (bench) => {
    await bench.load({ runs: 1 });
    const quiet = () => bench.site.tree().workers.length === 0;
    await waitFor(quiet, 'idle workers to leave');
    await sleep(500);
    const { listener } = bench.site.tree();
    const before = wakeUps(listener);
    await sleep(WATCHED_MS);
    row('idle: processes', bench.site.ours().length, { limit: 1, digits: 0 });
    row('   Private_Dirty', sample(listener).dirtyKib / 1024, { unit: 'MiB', limit: 3 });
    row(`   wake-ups in ${WATCHED_MS / 1000} s`, wakeUps(listener) - before, { limit: 0, digits: 0 });
    row('   first request then, to its first byte', (await bench.load({ runs: 1 })).runs[0].head, { unit: 'ms', limit: 10 });
  });
}
