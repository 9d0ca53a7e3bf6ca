import { sleep } from '../../lib/wait.mjs';
import { all, median, withBench } from '../site.mjs';

export const order = 60;
export const needs = 'provider';

/** Visitors who leave at any point of a run, one after the other. */
export async function run({ row }) {
  const parts = all(50, 30);
  const provider = { 'first-ms': 200, rate: 100 };
  const RUNS = 12;
  await withBench({ parts, provider }, async (bench) => {
    const seen = await bench.load({ runs: RUNS, leave: 100, pause: 300 });
    await sleep(300);
    const early = bench.provider.early();
    const took = seen.runs.map(({ left_ns: left }, i) => {
      const next = seen.runs[i + 1]?.left_ns ?? Infinity;
      const closed = early.filter((e) => e.at >= left && e.at < next);
      if (closed.length > 0 && closed.at(-1).left !== 0) throw new Error(`${closed.at(-1).left} streams stay open after a visitor left`);
      return Math.max(0, ...closed.map((e) => (e.at - left) / 1e6));
    });
    const { streams } = await bench.provider.counters();
    if (streams > 0) throw new Error(`${streams} streams stay open after all visitors left`);
    row('visitor leaves: last provider stream closed, slowest', Math.max(...took), { unit: 'ms', limit: 100 });
    row('   median', median(took), { unit: 'ms' });
  });
}
