// What it costs to count what is spent: the same site with limits, which are never
// reached, and with "guard": false, in turns in one call.

import { all, mean, median, withBench } from '../site.mjs';
import { PAIRS, callsDuring, estimate, inTurns } from '../turns.mjs';

export const order = 92;
export const needs = 'site';
export const extra = true;

const ON = { visitor: { runs_hour: 1e9, at_once: 1e9 }, site: { runs_day: 1e9, tokens_day: 1e12 }, service: { '70b': { tokens_day: 1e12 } } };
const BAR = 1.03;
const SOONER_MS = 0.1;
const RUNS = 40;
/** Attempts of a run: all parts but the one that no model writes. */
const ATTEMPTS = 6;
const CALLS = 4 + 2 * ATTEMPTS;

const wanted = (guard, more) => ({ parts: all(20, 20), provider: { 'first-ms': 5, rate: 0, batch: 8 }, ...more, site: { guard } });

async function one(guard) {
  const seen = await withBench(wanted(guard), async (bench) => {
    await bench.load({ runs: 3 });
    return bench.load({ runs: RUNS });
  });
  const crowd = await withBench(wanted(guard, { parts: all(60, 30), provider: { 'first-ms': 200, rate: 30 } }), async (bench) => {
    await bench.load({ runs: 1 });
    return bench.load({ runs: 50, visitors: 50 });
  });
  return { cpu: seen.cpuMs / RUNS, first: median(seen.runs.map((r) => r.first)), crowd: crowd.cpuMs / 50 };
}

const callsOf = (guard) => withBench(wanted(guard), async (bench) => {
  await bench.load({ runs: 3 });
  const calls = await callsDuring(bench.tree(), () => bench.load({ runs: 20 }));
  return calls && calls / 20;
});

export async function run({ row, sheet, options }) {
  const ratios = { 'CPU of a run, one visitor': [], 'CPU of a run, 50 visitors at once': [] };
  const later = [];
  await inTurns(options.pairs ?? PAIRS, () => one(ON), () => one(false), (on, off, n) => {
    ratios['CPU of a run, one visitor'].push(on.cpu / off.cpu);
    ratios['CPU of a run, 50 visitors at once'].push(on.crowd / off.crowd);
    later.push(on.first - off.first);
    console.error(`pair ${n + 1}: ${(on.cpu / off.cpu).toFixed(3)}, ${(on.crowd / off.crowd).toFixed(3)}, ${(on.first - off.first).toFixed(3)} ms`);
  });
  const line = sheet('with limits / without', 'ratio', 'from', 'to (95 %)', `above ${BAR}: 1`);
  for (const [name, list] of Object.entries(ratios)) {
    const { ratio, low, high } = estimate(list);
    line(name, ratio, low, high, low > BAR ? 1 : 0);
  }
  row('POST to first text, later with limits: median of the pairs', median(later), { unit: 'ms', limit: SOONER_MS, digits: 3 });
  row('   mean', mean(later), { unit: 'ms', digits: 3 });
  const calls = [];
  for (const guard of [ON, false, ON, false, ON, false]) calls.push(await callsOf(guard));
  const more = mean([calls[0], calls[2], calls[4]]) - mean([calls[1], calls[3], calls[5]]);
  row(`system calls of a run of ${ATTEMPTS} attempts, more with limits`, more, { limit: CALLS, digits: 1 });
}
