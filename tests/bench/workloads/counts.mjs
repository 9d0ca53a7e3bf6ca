// What a visitor costs the kernel, in counts, which do not depend on the day: context
// switches, page faults and system calls of all processes of a site, web server counted
// in. This build, an older one (--base PROGRAM) and Node's peer.

import path from 'node:path';
import { cgid } from '../../lib/apache.mjs';
import { counted, whyNotCounted } from '../counters.mjs';
import { all, median, withBench } from '../site.mjs';
import { callsDuring } from '../turns.mjs';
import { of } from './against.mjs';

export const order = 91;
export const needs = 'site';
export const extra = true;

const WARM = 8;
const WARM_AT_ONCE = 4;
const TEN = 10;
const VISITS = 40;
const MUST = {
  'context switches a fragment, 50 visitors': 2, 'page faults a run, 50 visitors': 330,
  'context switches a fragment, 200 visitors': 1.2, 'page faults a run, 200 visitors': 330,
  'page faults a warm run, one visitor': 30, 'system calls of ours a fragment, one visitor': 6.7,
};

const pace = { parts: all(60, 60), provider: { 'first-ms': 200, rate: 30 } };
const quick = { parts: all(60, 60), provider: { 'first-ms': 20, rate: 100 } };
const crowdOf = (visitors) => ({ ...pace, limits: { max_runs: visitors } });

/** A crowd that comes to a site which has served some before. */
const crowd = (visitors) => (kind) => withBench({ ...kind, ...of(kind.program, crowdOf(visitors)) }, async (bench) => {
  await bench.load({ runs: WARM_AT_ONCE, visitors: WARM_AT_ONCE });
  const { seen, switches, faults } = await counted(bench, () => bench.load({ runs: visitors, visitors }));
  return {
    [`context switches a fragment, ${visitors} visitors`]: switches / seen.tokens, [`page faults a run, ${visitors} visitors`]: faults / visitors,
    [`CPU of ${visitors} visitors, ms`]: seen.cpuMs, [`relay p50 of ${visitors} visitors, ms`]: seen.relay.p50, [`relay p99 of ${visitors} visitors, ms`]: seen.relay.p99,
  };
});

const alone = (kind) => withBench({ ...kind, ...of(kind.program, quick) }, async (bench) => {
  await bench.load({ runs: WARM });
  const { switches, faults, seen } = await counted(bench, () => bench.load({ runs: TEN }));
  return { 'context switches a fragment, one visitor': switches / seen.tokens, 'page faults a warm run, one visitor': faults / TEN };
});

/** Without those of the web server, since libraries and servers differ by what they read at once. */
const calls = (kind) => kind.who === 'ours' && withBench({ ...kind, ...of(kind.program, quick) }, async (bench) => {
  await bench.load({ runs: 2 });
  let seen;
  const made = await callsDuring(bench.tree().filter((pid) => pid !== bench.root), async () => (seen = await bench.load({ runs: 2 })));
  return made && { 'system calls of ours a fragment, one visitor': made / seen.tokens };
});

const visits = (kind) => kind.who === 'ours' && withBench({ ...kind, ...of(kind.program, { parts: all(20, 20), provider: { 'first-ms': 20, rate: 0, batch: 8 }, site: { server: cgid } }) }, async (bench) => {
  await bench.load({ runs: 2 });
  const { seen, faults } = await counted(bench, () => bench.load({ runs: VISITS }));
  return { 'plain CGI: page faults of a visit': faults / VISITS, 'plain CGI: CPU of a visit, ms': seen.cpuMs / VISITS };
});

const PROBES = { one: alone, calls, 50: crowd(50), 200: crowd(200), cgi: visits };

export async function run({ sheet, options }) {
  const why = whyNotCounted();
  if (why) return console.error(`counts: left out, as ${why}`);
  const base = options.base && path.resolve(options.base);
  const kinds = { this: { who: 'ours' }, ...(base && { base: { who: 'ours', program: base } }), ...(options.peer && { node: { who: 'node' } }) };
  const probes = Object.entries(PROBES).filter(([name]) => options.measure?.split(',').includes(name) ?? true);
  const seen = {};
  for (let i = 0; i < (options.pairs ?? 1); i++) {
    for (const [, probe] of probes) {
      for (const [name, kind] of Object.entries(kinds)) {
        for (const [what, figure] of Object.entries((await probe(kind)) || {})) ((seen[what] ??= {})[name] ??= []).push(figure);
      }
    }
  }
  const line = sheet('counts, web server counted in', 'at most', ...Object.keys(kinds));
  for (const [what, figures] of Object.entries(seen)) line(what, MUST[what], ...Object.keys(kinds).map((name) => figures[name] && median(figures[name])));
}
