// The milliseconds of each host: the servers and modes of tests/lib/hosts.mjs, started as
// they are shipped. 200 ms to the first token, 100 tokens/s, 150 tokens in three parts
// side by side; one visitor after the other.
//
//   head     POST to first byte, median of all runs but the first
//   relay    of a fragment, in one whole run
//   leaving  from the visitor's close to the last provider stream closed

import { HOSTS, nameOf } from '../../lib/hosts.mjs';
import { waitFor } from '../../lib/wait.mjs';
import { median, withBench } from '../site.mjs';

export const order = 65;
export const needs = 'site';

const PARTS = { init: 12, add: 10, int: 150, ing: 150, sde: 150, ste: 10 };
const PACE = { 'first-ms': 200, rate: 100 };
/** The tokens after which they leave: from the first of all to where three parts are written. */
const LEAVES_AFTER = [1, 15, 30, 45, 60];

/** One visitor leaves: {ms, head}. */
async function leave(bench, after) {
  const { runs: [run] } = await bench.load({ runs: 1, leave: 100, after });
  await waitFor(async () => (await bench.provider.counters()).streams === 0, 'the provider to be left');
  const closed = bench.provider.early().filter(({ at }) => at >= run.left_ns);
  if (closed.length === 0) throw new Error('nothing was open when a visitor left');
  return { ms: (closed.at(-1).at - run.left_ns) / 1e6, head: run.head };
}

async function measure(bench) {
  const left = [];
  for (const after of LEAVES_AFTER) left.push(await leave(bench, after));
  const whole = await bench.load({ runs: 1 });
  const took = left.map(({ ms }) => ms);
  const heads = [...left.slice(1).map(({ head }) => head), whole.runs[0].head];
  return [median(heads), whole.relay.p50, whole.relay.p99, median(took), Math.max(...took)];
}

export async function run({ sheet }) {
  const line = sheet('ms', 'head', 'relay p50', 'relay p99', 'leaving', 'slowest');
  for (const host of HOSTS.filter((h) => !h.system)) {
    const limits = host.pad ? { pad: host.pad } : {};
    line(nameOf(host), ...(await withBench({ parts: PARTS, provider: PACE, limits, site: { server: host.start, ...host.site } }, measure)));
  }
}
