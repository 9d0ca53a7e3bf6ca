// Many visitors at once, 200 ms to the first token, 30 tokens/s, 60 tokens a part. The
// site has served one visitor before: the burst finds what a quiet site has.

import { sleep } from '../../lib/wait.mjs';
import { all, both } from '../site.mjs';

export const order = 30;
export const needs = 'provider';

const BARS = {
  50: { p99: [10, 1.5], cpu: [1.6, 0.6], mem: [] },
  200: { p99: [50, 11], cpu: [5, 1.9], mem: [] },
  500: { p99: [500, 100], cpu: [9, 4], mem: [700, 500] },
};

/** {p50, p99, cpu, mem}: the relay in ms, CPU in s, PSS in MiB in mid-stream. */
export function crowd(visitors) {
  const wanted = { parts: all(60, 30), provider: { 'first-ms': 200, rate: 30 }, limits: { max_runs: visitors }, spread: visitors > 200 };
  return both(wanted, async (bench) => {
    await bench.load({ runs: 1 });
    const seen = await bench.load({ runs: visitors, visitors });
    // Once more for the memory: to look at thousands of processes takes time of its own.
    const again = bench.load({ runs: visitors, visitors });
    await sleep(seen.span_s * 500);
    const mem = bench.sample().pssKib / 1024;
    await again;
    return { p50: seen.relay.p50, p99: seen.relay.p99, cpu: seen.cpuMs / 1000, mem };
  });
}

export async function run({ row, options }) {
  for (const visitors of options.visitors ? [options.visitors] : [50, 200, 500]) {
    const [ours, node] = await crowd(visitors);
    const bars = BARS[visitors] ?? { p99: [], cpu: [], mem: [] };
    row(`${visitors} visitors at once: relay p50`, ours.p50, { unit: 'ms', node: node.p50 });
    row('   relay p99', ours.p99, { unit: 'ms', limit: bars.p99[0], then: bars.p99[1], node: node.p99 });
    row('   CPU', ours.cpu, { unit: 's', limit: bars.cpu[0], then: bars.cpu[1], node: node.cpu });
    row('   PSS in mid-stream', ours.mem, { unit: 'MiB', limit: bars.mem[0], then: bars.mem[1], node: node.mem, digits: 0 });
  }
}
