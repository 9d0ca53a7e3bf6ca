// 2000 visitors at once before 64 runs: the house queues, and nobody is turned away.

import { sleep } from '../../lib/wait.mjs';
import { all, withBench } from '../site.mjs';

export const order = 35;

export async function run({ row, options }) {
  const visitors = options.visitors ?? 2000;
  await withBench({ parts: all(20, 12), provider: { 'first-ms': 50, rate: 100 } }, async (bench) => {
    let over = false;
    let most = 0;
    const load = bench.load({ runs: visitors, visitors }).finally(() => (over = true));
    const watch = (async () => {
      for (; !over; await sleep(3000)) most = Math.max(most, bench.sample().pssKib / 1024);
    })();
    const [seen] = await Promise.all([load, watch]);
    row(`${visitors} visitors at once, max_runs 64: not served`, visitors - seen.runs.length, { limit: 0, digits: 0 });
    row('   PSS, most', most, { unit: 'MiB', digits: 0 });
    row('   the last was done after', seen.span_s, { unit: 's' });
  });
}
