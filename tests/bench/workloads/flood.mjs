// As fast as it goes: 8 visitors, 2000 tokens a part, 8 events in a segment.

import { all, both, thrice } from '../site.mjs';

export const order = 20;
export const needs = 'provider';

export async function run({ row, options }) {
  const visitors = options.visitors ?? 8;
  const wanted = { parts: all(2000, 30), provider: { 'first-ms': 0, rate: 0, batch: 8 } };
  const [ours, node] = await both(wanted, async (bench) => {
    await bench.load({ runs: visitors, visitors });
    return thrice(async () => {
      const seen = await bench.load({ runs: options.runs ?? 6 * visitors, visitors });
      return { rate: seen.tokens / seen.span_s, cpu: (seen.cpuMs * 1000) / seen.tokens };
    });
  });
  row(`flood, ${visitors} visitors: fragments a second`, ours.rate, { limit: 300000, then: 400000, node: node.rate, digits: 0, least: true });
  row('   CPU for a fragment', ours.cpu, { unit: 'us', limit: 3.3, then: 2.2, node: node.cpu });
}
