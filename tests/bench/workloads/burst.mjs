// Many visitors at the same moment at a site that has just been started: how long the head
// of an answer takes, and the whole run. This build, an older one (--base PROGRAM) and
// Node's peer, in turns; --visitors, 500 by default.

import path from 'node:path';
import { all, median, withBench } from '../site.mjs';
import { estimate } from '../turns.mjs';
import { of } from './against.mjs';

export const order = 92;
export const needs = 'site';
export const extra = true;

const PAIRS = 5;
const WARM = 4;
const TOKENS = 60;
const RATE = 30;
const FIRST_MS = 200;
/** init, add and ste, one after another. */
const PATH_MS = 3 * (FIRST_MS + (1000 * TOKENS) / RATE);

const ninth = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length * 0.9)];

function burst(visitors, who, program) {
  const wanted = { who, parts: all(TOKENS, TOKENS), provider: { 'first-ms': FIRST_MS, rate: RATE }, limits: { max_runs: visitors }, spread: true };
  return withBench(of(program, wanted), async (bench) => {
    await bench.load({ runs: WARM, visitors: 4 });
    const seen = await bench.load({ runs: visitors, visitors });
    const of_ = (name) => seen.runs.map((r) => r[name]);
    return {
      'head, p50': median(of_('head')), 'head, p90': ninth(of_('head')), 'first text, p50': median(of_('first')), 'first text, p90': ninth(of_('first')),
      'whole run over critical path': median(of_('done')) / PATH_MS, 'CPU, s': seen.cpuMs / 1000, 'relay, p50': seen.relay.p50, 'relay, p99': seen.relay.p99,
    };
  });
}

export async function run({ sheet, options }) {
  const visitors = options.visitors ?? 500;
  const base = options.base && path.resolve(options.base);
  const kinds = { this: ['ours'], ...(base && { base: ['ours', base] }), node: ['node'] };
  const seen = Object.fromEntries(Object.keys(kinds).map((name) => [name, {}]));
  for (let i = 0; i < (options.pairs ?? PAIRS); i++) {
    const names = Object.keys(kinds);
    for (const name of i % 2 ? names.reverse() : names) {
      const figures = await burst(visitors, ...kinds[name]);
      for (const [what, figure] of Object.entries(figures)) (seen[name][what] ??= []).push(figure);
    }
    console.error(Object.entries(seen).map(([name, { 'head, p90': p90 }]) => `${name}: p90 of the head ${p90.at(-1).toFixed(0)} ms`).join(', '));
  }
  const line = sheet(`${visitors} visitors at once, medians, ms`, ...Object.keys(kinds), 'this over node', ...(base ? ['over base'] : []));
  const over = (what, other) => estimate(seen.this[what].map((figure, i) => figure / seen[other][what][i])).ratio;
  for (const what of Object.keys(seen.this)) {
    line(what, ...Object.values(seen).map((of_) => median(of_[what])), over(what, 'node'), ...(base ? [over(what, 'base')] : []));
  }
}
