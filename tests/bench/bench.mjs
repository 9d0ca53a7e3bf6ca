// The driver behind `make bench`: runs the workloads one after the other,
// through lighttpd on the loopback, and prints one table. Exits 1 when
// something did not work; a figure that is not reached is only marked MISSED.
//
//	tests/bench/run [relay] [leave] [decide] [many] [flood]

import os from 'node:os';
import { policy } from '../lib/policy.mjs';
import { sleep } from '../lib/wait.mjs';
import { running, withBench } from './site.mjs';

const all = (tokens, init) => ({ init, add: tokens, int: tokens, ing: tokens, sde: tokens, ste: tokens });
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// ---- the table

const rows = [];

/** A line of the table. Without a limit it is information. */
function row(what, value, unit, limit, digits = 2) {
  const verdict = !Number.isFinite(limit) ? '' : value <= limit ? 'ok' : 'MISSED';
  const show = (n) => (n === undefined ? '' : Number.isFinite(n) ? n.toFixed(digits) : 'n/a');
  rows.push([what, show(value), show(limit), unit, verdict]);
}

function print() {
  const lines = [['', 'measured', 'at most', '', ''], ...rows];
  const width = (i) => Math.max(...lines.map((line) => line[i].length));
  for (const line of lines) {
    const [what, value, limit, unit, verdict] = line;
    console.log(`${what.padEnd(width(0))}  ${value.padStart(width(1))}  ${limit.padStart(width(2))}  ${unit.padEnd(width(3))}  ${verdict}`.trimEnd());
  }
}

// ---- the workloads

// The least time that the stage graph can take before this provider. A part of n tokens
// is written first + (n - 1) / rate after it was asked for. `add` is asked for when the
// picked element of init's array has closed, which is with its last token: init's tokens
// are shared out to three elements (cook.c), so element k closes with number
// floor((k + 1) * n / 3). `ste` follows `add`; all else is shorter. The pick is drawn in
// every run, so each run is held against the path of its own pick.
function criticalPath(parts, pace, pick) {
  const part = (n) => pace['first-ms'] + ((n - 1) * 1000) / pace.rate;
  const picked = part(Math.floor(((pick + 1) * parts.init) / 3));
  return Math.max(picked + part(parts.add) + part(parts.ste), picked + part(parts.int), part(parts.init), part(parts.ing));
}

/** One visitor, 200 ms to the first token, 100 tokens/s: the first run is cold, the others warm. */
async function relay() {
  const pace = { 'first-ms': 200, rate: 100 };
  const parts = all(150, 30);
  await withBench({ parts, provider: pace }, async (bench) => {
    const cold = await bench.load({ runs: 1 });
    const warm = await bench.load({ runs: 6 });
    const runs = [...cold.runs, ...warm.runs];
    const ing = warm.runs.map((r) => r.parts.ing.first - pace['first-ms']);
    row('whole run / critical path, mean', mean(runs.map((r) => r.done / criticalPath(parts, pace, r.pick))), '', 1.01, 4);
    row('relay of a fragment, p50', warm.relay.p50, 'ms', 0.6);
    row('relay of a fragment, p99', warm.relay.p99, 'ms', 2);
    row('   max', warm.relay.max, 'ms');
    row("POST to first text of ing, over the provider's 200 ms, warm, median", median(ing), 'ms', 10);
    row('   slowest', Math.max(...ing), 'ms');
    row('   cold', cold.runs[0].parts.ing.first - pace['first-ms'], 'ms');
    row('POST to first byte, warm, median', median(warm.runs.map((r) => r.head)), 'ms');
    row('   cold', cold.runs[0].head, 'ms');
    const { writes, late } = await bench.provider.counters();
    row('   noise: tokens that left the provider 1 ms late or more', (100 * late) / writes, '%');
    row('CPU for a fragment, one visitor', (warm.cpuMs * 1000) / warm.tokens, 'us');
  });
}

/** Visitors who leave at any point of a run, one after the other. */
async function leave() {
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
    row('visitor leaves: last provider stream closed, slowest', Math.max(...took), 'ms', 100);
    row('   median', median(took), 'ms');
  });
}

/** 1000 runs, 8 at a time, a tenth left in the middle; at rest every worker and stage is there. */
async function many() {
  const VISITORS = 8;
  const parts = all(20, 12);
  await withBench({ parts, provider: { 'first-ms': 5, rate: 1000 }, limits: { max_runs: VISITORS } }, async (bench) => {
    const atRest = async () => {
      // Killed stages are forked again by the next request: one whole run for each worker.
      await bench.load({ runs: VISITORS, visitors: VISITORS });
      await sleep(1000);
      return bench.sample();
    };
    await bench.load({ runs: 100 - VISITORS, visitors: VISITORS, leave: 10 });
    const before = await atRest();
    const seen = await bench.load({ runs: 900 - VISITORS, visitors: VISITORS, leave: 10 });
    const after = await atRest();
    row('after 1000 runs, a tenth left, as after 100: fds', after.fds, '', before.fds, 0);
    row('   processes', after.processes, '', before.processes, 0);
    // How many stages were forked anew by chance moves it by 3 %; 1 KiB lost in a run would be 6.
    row('   private memory', after.dirtyKib / 1024, 'MiB', (before.dirtyKib * 1.05) / 1024);
    row('   PSS, all processes', after.pssKib / 1024, 'MiB');
    row('   runs a second', seen.runs.length / seen.span_s, '', undefined, 0);
    row('   CPU for a run', seen.cpuMs / seen.runs.length, 'ms');
  });
}

/** As fast as it goes: 8 visitors, 2000 tokens a part, 8 events in a segment. */
async function flood() {
  const VISITORS = 8;
  const parts = all(2000, 30);
  const provider = { 'first-ms': 0, rate: 0, batch: 8 };
  await withBench({ parts, provider }, async (bench) => {
    await bench.load({ runs: VISITORS, visitors: VISITORS });
    const seen = await bench.load({ runs: 4 * VISITORS, visitors: VISITORS });
    row('flood, 8 visitors: fragments a second', seen.tokens / seen.span_s, '', undefined, 0);
    row('   CPU for a fragment', (seen.cpuMs * 1000) / seen.tokens, 'us');
  });
}

/** The failure policy: how soon the next service has its turn, a clock fires, a loser goes. */
async function decide() {
  const log = { diagnostic: (text) => console.error(text) };
  const since = async (what) => {
    const from = performance.now();
    await what;
    return performance.now() - from;
  };
  const times = { next: [], clock: [], loser: [] };
  const limited = (x) => x.error(429, { error: { message: 'slow down' } }, { 'retry-after': '30' });
  for (let i = 0; i < 5; i++) {
    await policy({}, async ({ a, b, run, site }) => {
      b.auto();
      a.auto(limited);
      times.next.push(await since(run(site)));
    })(log);
    await policy({ services: ['a'], limits: { idle_ms: 300 } }, async ({ a, start }) => {
      const r = await start();
      const x = await a.next();
      x.text('Half');
      await r.text('one', 'Half');
      times.clock.push(await since(r.state('one', 'failed')) - 300);
      await r.over();
    })(log);
    await policy({ race: 2 }, async ({ a, b, start }) => {
      const r = await start();
      const [loser, winner] = [await a.next(), await b.next()];
      winner.text('First');
      times.loser.push(await since(loser.closed));
      winner.finish('stop').done();
      await r.over();
    })(log);
  }
  row('429 with Retry-After: 30: whole run at the next service', Math.max(...times.next), 'ms', 50);
  row('a clock fires, after its setting', Math.max(...times.clock), 'ms', 100);
  row("a race's loser is closed, after the winner's text", Math.max(...times.loser), 'ms', 50);
}

// ---- the order of things

const workloads = { relay, leave, decide, many, flood };

async function stopAll() {
  await Promise.allSettled([...running].map((bench) => bench.stop()));
  process.exit(130);
}

process.once('SIGINT', stopAll);
process.once('SIGTERM', stopAll);

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in workloads));
if (unknown.length > 0) {
  console.error(`no such workload: ${unknown.join(', ')}; there are ${Object.keys(workloads).join(', ')}`);
  process.exit(2);
}
console.log(`${os.cpus().length} x ${os.cpus()[0].model}, Linux ${os.release()}, load before ${os.loadavg()[0].toFixed(2)}`);
for (const [name, workload] of Object.entries(workloads)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  try {
    await workload();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
print();
