// 100 visitors who read 1 kB/s of a text that comes as fast as it can, and one who reads
// well before, beside and after them. Buffers of megabytes hide from the program that
// anything is read at all, so stall_ms is longer than they stay. --seconds says for how long; 60 by default.

import { sleep } from '../../lib/wait.mjs';
import { all, mean, withBench } from '../site.mjs';

export const order = 55;
export const needs = 'provider';

const LIMIT_MS = 35_000;
/** Some 8000 fragments, in 37 s: before the slow ones end. */
const RUNS = 10;

/** Until every buffer on the way is full, so that the provider hardly writes to the slow any more. */
async function settle({ provider }) {
  const began = performance.now();
  let last = 0;
  for (;;) {
    await sleep(2000);
    const { floods } = await provider.counters();
    if (last > 0 && floods - last < 0.001 * floods) return;
    if (performance.now() - began > LIMIT_MS) throw new Error(`buffers still fill after ${LIMIT_MS} ms`);
    last = floods;
  }
}

export async function run({ row, options }) {
  const slow = options.visitors ?? 100;
  const seconds = options.seconds ?? 60;
  const provider = { 'first-ms': 200, rate: 100 };
  await withBench({ parts: all(150, 30), provider, limits: { max_runs: slow + 8, stall_ms: 2000 * seconds } }, async (bench) => {
    await bench.load({ runs: 1 });
    const before = await bench.load({ runs: RUNS });
    const empty = bench.sample().pssKib;
    const readers = bench.load({ visitors: slow, runs: slow, bytes: 1000, seconds, 'on-hand': 'onions Flood: 50000' });
    await settle(bench);
    const beside = await bench.load({ runs: RUNS });
    const each = (bench.sample().pssKib - empty) / 1024 / slow;
    await readers;
    const after = await bench.load({ runs: RUNS });
    row(`${slow} readers at 1 kB/s for ${seconds} s: memory for each`, each, { unit: 'MiB', limit: 4 });
    for (const p of ['p50', 'p99']) {
      row(`   relay ${p} of another visitor beside them`, beside.relay[p], { unit: 'ms', limit: 1.1 * mean([before.relay[p], after.relay[p]]), digits: 3 });
    }
    for (const [when, { relay }] of Object.entries({ before, after })) {
      for (const p of ['p50', 'p99']) row(`   ${when} them: ${p}`, relay[p], { unit: 'ms', digits: 3 });
    }
  });
}
