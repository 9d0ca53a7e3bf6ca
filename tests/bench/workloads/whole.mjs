// A whole run against one in which every section waits for init to end: init 150, add 80,
// ste 250 tokens; each of the three picks seen ten times.

import { criticalPath, mean, withBench } from '../site.mjs';

export const order = 12;
export const needs = 'provider';

const EACH = 10;
const VISITORS = 10;

export async function run({ row }) {
  const parts = { init: 150, add: 80, int: 80, ing: 80, sde: 40, ste: 250 };
  await withBench({ parts, provider: { 'first-ms': 200, rate: 100 }, limits: { max_runs: VISITORS } }, async (bench) => {
    const seen = [[], [], []];
    while (seen.some((list) => list.length < EACH)) {
      const { runs } = await bench.load({ runs: VISITORS, visitors: VISITORS });
      for (const run of runs) if (seen[run.pick].length < EACH) seen[run.pick].push(run);
    }
    const against = (barrier) => mean(seen.map((list, pick) => mean(list.map((r) => r.done)) / criticalPath(bench, pick, barrier)));
    row('whole run / every section waits for init, mean over the picks', against(true), { limit: 0.92, digits: 4 });
    row('   / critical path, 10 visitors', against(false), { digits: 4 });
  });
}
