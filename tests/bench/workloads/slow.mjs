// 100 visitors who read 1 kB/s of a text that comes as fast as it can, and some who read
// well beside them. What they cost these is seen by pairs: at the same time others read
// from a second site, which has no slow readers, so that what the machine does meanwhile
// is in both figures. Buffers of megabytes hide from the program that anything is read at all, so
// stall_ms is longer than they stay. --seconds says for how long; 60 by default.

import { sleep } from '../../lib/wait.mjs';
import { all, withBench } from '../site.mjs';

export const order = 55;
export const needs = 'site'; // two of them, and a stall_ms

const LIMIT_MS = 35_000;
/** Some 24 000 fragments for each of the two, in 37 s: before the slow ones end. */
const RUNS = 30;
const VISITORS = 3;

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

/** The same visits of both sites, side by side. */
const pair = (sites) => Promise.all(sites.map((site) => site.load({ runs: RUNS, visitors: VISITORS })));

export async function run({ row, options }) {
  const slow = options.visitors ?? 100;
  const seconds = options.seconds ?? 60;
  const wanted = { parts: all(150, 30), provider: { 'first-ms': 200, rate: 100 }, limits: { max_runs: slow + 8, stall_ms: 2000 * seconds } };
  await withBench(wanted, (theirs) => withBench(wanted, async (other) => {
    const sites = [theirs, other];
    for (const site of sites) await site.load({ runs: 1 });
    const before = await pair(sites);
    const empty = theirs.sample().pssKib;
    const readers = theirs.load({ visitors: slow, runs: slow, bytes: 1000, seconds, 'on-hand': 'onions Flood: 50000' });
    await settle(theirs);
    const beside = await pair(sites);
    const each = (theirs.sample().pssKib - empty) / 1024 / slow;
    await readers;
    row(`${slow} readers at 1 kB/s for ${seconds} s: memory for each`, each, { unit: 'MiB', limit: 4 });
    for (const p of ['p50', 'p99']) {
      const [here, elsewhere] = beside.map(({ relay }) => relay[p]);
      row(`   relay ${p} of others beside them`, here, { unit: 'ms', limit: 1.1 * elsewhere, digits: 3 });
      row('      of those at a second site, at the same time', elsewhere, { unit: 'ms', digits: 3 });
      row('      before them: here', before[0].relay[p], { unit: 'ms', digits: 3 });
      row('      before them: at the second site', before[1].relay[p], { unit: 'ms', digits: 3 });
    }
    row('   CPU of their site, all visitors', beside[0].cpuMs / 1000, { unit: 's' });
    row('      of the second site', beside[1].cpuMs / 1000, { unit: 's' });
  }));
}
