// One visitor, 200 ms to the first token, 100 tokens/s: the first run is cold, the others warm.

import { all, both, criticalPath, mean, median } from '../site.mjs';

export const order = 10;
export const needs = 'provider';

async function measure(bench) {
  const runs = bench.who === 'node' ? 3 : 6;
  const cold = await bench.load({ runs: 1 });
  const warm = await bench.load({ runs });
  const ing = (r) => r.parts.ing.first - bench.pace['first-ms'];
  return {
    whole: mean(warm.runs.map((r) => r.done / criticalPath(bench, r.pick))),
    relay: warm.relay, first: median(warm.runs.map(ing)), slowest: Math.max(...warm.runs.map(ing)), cold: ing(cold.runs[0]),
    head: median(warm.runs.map((r) => r.head)), cpu: (warm.cpuMs * 1000) / warm.tokens,
  };
}

export async function run({ row }) {
  const [ours, node] = await both({ parts: all(150, 30), provider: { 'first-ms': 200, rate: 100 } }, measure);
  row("first text: POST to first text of ing, over the provider's 200 ms, warm, median", ours.first, { unit: 'ms', limit: 10, node: node.first });
  row('   slowest', ours.slowest, { unit: 'ms', node: node.slowest });
  row('   cold', ours.cold, { unit: 'ms', node: node.cold });
  row('   POST to first byte, warm, median', ours.head, { unit: 'ms', node: node.head });
  row('whole run / critical path, mean', ours.whole, { limit: 1.005, node: node.whole, digits: 4 });
  row('relay of a fragment, one visitor: p50', ours.relay.p50, { unit: 'ms', limit: 0.45, then: 0.3, node: node.relay?.p50 });
  row('   p99', ours.relay.p99, { unit: 'ms', limit: 1.5, then: 0.6, node: node.relay?.p99 });
  row('   max', ours.relay.max, { unit: 'ms', node: node.relay?.max });
  row('   CPU for a fragment', ours.cpu, { unit: 'us', node: node.cpu });
}
