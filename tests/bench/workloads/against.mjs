// This build against another one (--base PROGRAM, built with the same flags from another
// work tree), in turns, as ratios: ABBA, so that drift of the machine hits both alike.
// A figure is the geometric mean of the pairs' ratios with its 95 % bootstrap interval;
// a bar below 1.10 is missed only if the whole interval lies above it. The counts of
// system calls do not depend on the day, and are taken once.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cgid } from '../../lib/apache.mjs';
import { sleep } from '../../lib/wait.mjs';
import { all, median, withBench } from '../site.mjs';
import { PAIRS, callsDuring, estimate, inTurns } from '../turns.mjs';

export const order = 90;
export const needs = 'site';
export const extra = true;

const BAR = 1.03;

const crowdOf = (visitors) => ({ parts: all(60, 30), provider: { 'first-ms': 200, rate: 30 }, limits: { max_runs: visitors } });

/** What is compared: {name: figure} of one site. */
export const MEASURES = [
  { wanted: { parts: all(150, 30), provider: { 'first-ms': 200, rate: 100 } }, measure: relay },
  { wanted: { parts: all(2000, 30), provider: { 'first-ms': 0, rate: 0, batch: 8 } }, measure: flood },
  { wanted: crowdOf(50), measure: crowd },
  { wanted: { ...crowdOf(200), parts: all(30, 30) }, measure: memory },
  { wanted: { parts: all(20, 20), provider: { 'first-ms': 20, rate: 0, batch: 8 }, site: { server: cgid } }, measure: visits },
];

async function relay(bench) {
  await bench.load({ runs: 1 });
  const seen = await bench.load({ runs: 2 });
  return { 'relay of a fragment, one visitor: p50': seen.relay.p50, '   p99': seen.relay.p99, '   CPU': seen.cpuMs };
}

async function flood(bench) {
  await bench.load({ runs: 8, visitors: 8 });
  const seen = await bench.load({ runs: 32, visitors: 8 });
  return { 'flood: CPU for a fragment': seen.cpuMs / seen.tokens };
}

async function crowd(bench) {
  await bench.load({ runs: 1 });
  const seen = await bench.load({ runs: 50, visitors: 50 });
  return { '50 visitors at once: CPU': seen.cpuMs };
}

async function memory(bench) {
  await bench.load({ runs: 1 });
  const load = bench.load({ runs: 200, visitors: 200 });
  await sleep(1800);
  const { pssKib } = bench.sample();
  await load;
  return { '200 visitors at once: PSS in mid-stream': pssKib };
}

async function visits(bench) {
  const runs = 40;
  await bench.load({ runs: 2 });
  const seen = await bench.load({ runs });
  return { 'plain CGI: CPU of a visit': seen.cpuMs / runs, '   POST to first byte': median(seen.runs.map((r) => r.head)) };
}

/** Whether that build knows "parallel" of a service; its manual says so. */
const knowsPlaces = (program) => readFileSync(path.join(path.dirname(program), 'recipe.fcgi.8'), 'latin1').includes('parallel');

/** The same, of this build or another one, whose prompts are its own. */
export function of(program, wanted) {
  const others = program && { program, prompts: path.join(path.dirname(program), 'prompts'), ...(knowsPlaces(program) ? {} : { places: 'as they are' }) };
  return { ...wanted, site: { ...wanted.site, ...others } };
}

async function turn(program, measures) {
  const seen = {};
  for (const { wanted, measure } of measures) Object.assign(seen, await withBench(of(program, wanted), measure));
  return seen;
}

/** System calls of all our processes for a fragment of one visitor; undefined without strace. */
function callsOf(program) {
  const [{ wanted }] = MEASURES;
  return withBench(of(program, wanted), async (bench) => {
    await bench.load({ runs: 1 });
    let seen;
    const calls = await callsDuring(bench.tree(), async () => (seen = await bench.load({ runs: 2 })));
    return calls && calls / seen.tokens;
  });
}

export async function run({ sheet, options }) {
  if (!options.base) throw new Error('say --base PROGRAM, the recipe.fcgi of the other work tree');
  const base = path.resolve(options.base);
  const measures = MEASURES.filter(({ measure }) => options.measure?.split(',').includes(measure.name) ?? true);
  if (measures.length === 0) throw new Error(`--measure knows ${MEASURES.map(({ measure }) => measure.name).join(', ')}`);
  const ratios = {};
  await inTurns(options.pairs ?? PAIRS, () => turn(undefined, measures), () => turn(base, measures), (ours, theirs, n) => {
    for (const [name, figure] of Object.entries(ours)) (ratios[name] ??= []).push(figure / theirs[name]);
    console.error(`pair ${n + 1}: ${Object.entries(ratios).map(([name, list]) => `${name.trim()} ${list.at(-1).toFixed(3)}`).join(', ')}`);
  });
  const line = sheet(`this build / ${base}`, 'ratio', 'from', 'to (95 %)', `above ${BAR}: 1`);
  for (const [name, list] of Object.entries(ratios)) {
    const { ratio, low, high } = estimate(list);
    line(name, ratio, low, high, low > BAR ? 1 : 0);
  }
  const calls = sheet('system calls for a fragment, one visitor', 'this', 'base');
  calls('all of our processes, web server counted in', await callsOf(undefined), await callsOf(base));
}
