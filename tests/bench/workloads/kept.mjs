// What it costs to keep a run: visitors who name their runs against those who do not, at one
// build, in turns.

import { withBench } from '../site.mjs';
import { PAIRS, callsDuring, estimate, inTurns } from '../turns.mjs';
import { MEASURES } from './against.mjs';

export const order = 91;
export const needs = 'site';
export const extra = true;

const BARS = { 'flood: CPU for a fragment': 1.1 };
const measures = MEASURES.filter(({ measure }) => ['relay', 'flood', 'crowd'].includes(measure.name));

/** A bench whose visitors name their runs. */
const naming = (bench) => new Proxy(bench, {
  get: (target, name) => (name === 'load' ? (wanted) => target.load({ ...wanted, named: true }) : typeof target[name] === 'function' ? target[name].bind(target) : target[name]),
});

async function turn(named) {
  const seen = {};
  for (const { wanted, measure } of measures) Object.assign(seen, await withBench(wanted, (bench) => measure(named ? naming(bench) : bench)));
  return seen;
}

const callsOf = (named) => withBench(measures[0].wanted, async (bench) => {
  const visitors = named ? naming(bench) : bench;
  await visitors.load({ runs: 1 });
  let seen;
  const calls = await callsDuring(bench, async () => (seen = await visitors.load({ runs: 2 })));
  return calls && calls / seen.tokens;
});

export async function run({ row, sheet, options }) {
  const ratios = {};
  await inTurns(options.pairs ?? PAIRS, () => turn(true), () => turn(false), (named, plain) => {
    for (const [name, figure] of Object.entries(named)) (ratios[name] ??= []).push(figure / plain[name]);
  });
  const line = sheet('a run that is kept / one that is not', 'ratio', 'from', 'to (95 %)', 'bar');
  for (const [name, list] of Object.entries(ratios)) {
    const { ratio, low, high } = estimate(list);
    line(name, ratio, low, high, BARS[name] ?? 1.05);
  }
  row('system calls for a fragment, one visitor, kept', await callsOf(true), { digits: 2 });
  row('   and not', await callsOf(false), { digits: 2 });
}
