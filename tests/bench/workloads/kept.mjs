// What it costs to keep a run: visitors who name their runs against those who do not, in
// turns, at one build or, with --base PROGRAM, at an older one. And what it costs a visitor
// that 20 others read his run; and 200, who must all have the whole of it.

import { withBench } from '../site.mjs';
import { PAIRS, callsDuring, estimate, inTurns } from '../turns.mjs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { sleep } from '../../lib/wait.mjs';
import { MEASURES, of } from './against.mjs';

export const order = 91;
export const needs = 'site';
export const extra = true;

const BARS = { 'flood: CPU for a fragment': 1.1 };
const NAMES = ['relay', 'flood', 'crowd'];
const measured = (names) => MEASURES.filter(({ measure }) => names.includes(measure.name));

/** A bench whose visitors name their runs. */
const naming = (bench) => new Proxy(bench, {
  get: (target, name) => (name === 'load' ? (wanted) => target.load({ ...wanted, named: true }) : typeof target[name] === 'function' ? target[name].bind(target) : target[name]),
});

async function turn(measures, named, program) {
  const seen = {};
  for (const { wanted, measure } of measures) Object.assign(seen, await withBench(of(program, wanted), (bench) => measure(named ? naming(bench) : bench)));
  return seen;
}

/** How late fragments are at a visitor whose run so many others read. */
const readBy = (readers) => withBench({ ...MEASURES[0].wanted, limits: { max_readers: 250 } }, async (bench) => {
  await bench.load({ runs: 1, named: true });
  const key = randomBytes(16).toString('hex');
  const visitor = bench.load({ runs: 1, key });
  await sleep(100);
  const all = readers > 0 ? bench.load({ runs: readers, visitors: readers, key }) : undefined;
  const { relay } = await visitor;
  await all; // strictly read: an event that is missing, or comes twice, is an error
  return { 'p50': relay.p50, 'p99': relay.p99 };
});

async function compare(line, pairs, ours, theirs, barOf) {
  const ratios = {};
  await inTurns(pairs, ours, theirs, (one, other) => {
    for (const [name, figure] of Object.entries(one)) (ratios[name] ??= []).push(figure / other[name]);
    console.error(Object.entries(ratios).map(([name, list]) => `${name.trim()} ${list.at(-1).toFixed(3)}`).join(', '));
  });
  for (const [name, list] of Object.entries(ratios)) {
    const { ratio, low, high } = estimate(list);
    line(name, ratio, low, high, barOf(name));
  }
}

const callsOf = (named) => withBench(MEASURES[0].wanted, async (bench) => {
  const visitors = named ? naming(bench) : bench;
  await visitors.load({ runs: 1 });
  let seen;
  const calls = await callsDuring(bench.tree(), async () => (seen = await visitors.load({ runs: 2 })));
  return calls && calls / seen.tokens;
});

export async function run({ row, sheet, options }) {
  const pairs = options.pairs ?? PAIRS;
  /** --measure readers leaves the others out. */
  const chosen = options.measure?.split(',') ?? [...NAMES, 'readers'];
  const measures = measured(chosen.filter((name) => NAMES.includes(name)));
  const base = options.base && path.resolve(options.base);
  const line = sheet(`a run that is kept / one that is not${base ? `, at ${base}` : ''}`, 'ratio', 'from', 'to (95 %)', 'bar');
  await compare(line, pairs, () => turn(measures, true), () => turn(measures, false, base), (name) => BARS[name] ?? 1.05);
  if (!chosen.includes('readers')) return;
  const read = sheet('a visitor whose run 20 others read / whom nobody reads', 'ratio', 'from', 'to (95 %)', 'bar');
  await compare(read, pairs, () => readBy(20), () => readBy(0), (name) => (name === 'p50' ? 1.2 : 2));
  row('200 readers, all whole: relay of the visitor, p99', (await readBy(200)).p99, { unit: 'ms', digits: 2 });
  row('system calls for a fragment, one visitor, kept', await callsOf(true), { digits: 2 });
  row('   and not', await callsOf(false), { digits: 2 });
}
