// HTTPS to the provider: 20 ms, 50 tokens, 100 runs, 4 at a time; and cold from 50 ms away.

import path from 'node:path';
import { makeAuthority } from '../../lib/ca.mjs';
import { startDelay } from '../delay.mjs';
import { all, both, median, thrice, withBench } from '../site.mjs';

export const order = 40;
export const needs = 'site';

const VISITORS = 4;
const ROUND_TRIP = 50;

async function withTls(f) {
  const authority = await makeAuthority();
  try {
    const { caFile } = await authority.certificate();
    const [certFile, keyFile] = ['leaf1.pem', 'leaf1.key'].map((name) => path.join(authority.dir, name));
    return await f({ caFile, certFile, keyFile });
  } finally {
    await authority.remove();
  }
}

/** CPU and handshakes of one run, once warm. */
async function warm(bench, runs) {
  // A visitor may come before the worker of the last one is free: more of them are warm than visitors.
  await bench.load({ runs: 8 * VISITORS, visitors: 2 * VISITORS });
  const handshakes = async () => (await bench.provider.counters()).handshakes;
  const before = await handshakes();
  const { cpu } = await thrice(async () => ({ cpu: (await bench.load({ runs, visitors: VISITORS })).cpuMs / runs }));
  return { cpu, handshakes: ((await handshakes()) - before) / (3 * runs) };
}

/** From the end of `add`, as the visitor sees it, to the request for `ste` at the provider. */
function handOver(bench, run) {
  const end = run.post_ns + run.parts.add.end * 1e6;
  const { at } = bench.provider.asked().find((a) => a.part === 'ste' && a.at > end - 1e6);
  return (at - end) / 1e6;
}

async function fromFarAway(row, tls) {
  let relay;
  const through = async (to) => (relay = await startDelay({ to, roundTripMs: ROUND_TRIP })).port;
  const provider = { 'first-ms': 200, rate: 100, log: true };
  try {
    await withBench({ parts: all(50, 30), provider, tls, through }, async (bench) => {
      const cold = (await bench.load({ runs: 1 })).runs[0];
      const later = (await bench.load({ runs: 5 })).runs;
      const ing = median(later.map((r) => r.parts.ing.first));
      const next = [cold, ...later].map((r) => handOver(bench, r));
      row('HTTPS, 50 ms away: POST to first text, cold, over a warm one', cold.parts.ing.first - ing, { unit: 'ms', limit: 2 * ROUND_TRIP + 10 });
      row('   warm, over 200 ms and the round trip', ing - 200 - ROUND_TRIP, { unit: 'ms', limit: 10 });
      row("   end of add to ste's request at the provider, cold", next[0], { unit: 'ms', limit: ROUND_TRIP / 2 + 5 });
      row('   warm, slowest', Math.max(...next.slice(1)), { unit: 'ms', limit: ROUND_TRIP / 2 + 5 });
    });
  } finally {
    await relay?.stop();
  }
}

export async function run({ row, options }) {
  const runs = options.runs ?? 100;
  const wanted = { parts: all(50, 30), provider: { 'first-ms': 20, rate: 0 } };
  await withTls(async (tls) => {
    const [ours, node] = await both({ ...wanted, tls }, (bench) => warm(bench, runs));
    row('HTTPS: CPU for a run, warm', ours.cpu, { unit: 'ms', limit: 3, node: node.cpu });
    row('   handshakes for a run', ours.handshakes, { limit: 0, node: node.handshakes });
    const anew = await withBench({ ...wanted, tls, limits: { stage_requests: 1 } }, (bench) => warm(bench, runs));
    row('   CPU with stage_requests 1', anew.cpu, { unit: 'ms', limit: 15 });
    row('   handshakes', anew.handshakes);
    await fromFarAway(row, tls);
  });
}
