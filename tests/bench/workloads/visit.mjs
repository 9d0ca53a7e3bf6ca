// A site that runs already, whatever writes there: each run is checked for its end, and
// that is all that can be known without its provider.

import { all, median, withBench } from '../site.mjs';

export const order = 5;
export const needs = 'url';

export async function run({ row, options }) {
  const visitors = options.visitors ?? 4;
  const runs = options.runs ?? 2 * visitors;
  await withBench({ parts: all(60, 30), provider: { 'first-ms': 200, rate: 30 } }, async (bench) => {
    const seen = await bench.load({ runs, visitors });
    const ms = (what) => median(seen.runs.map((r) => r[what]));
    row(`${seen.runs.length} whole runs, ${visitors} at once: POST to first byte, median`, ms('head'), { unit: 'ms' });
    row('   to first text', ms('first'), { unit: 'ms' });
    row('   to the end', ms('done'), { unit: 'ms' });
    row('   runs a second', seen.runs.length / seen.span_s);
    row('   CPU for a run', seen.cpuMs / seen.runs.length, { unit: 'ms' });
  });
}
