import { all, mean, withBench } from './site.mjs';
const ours = '/tmp/wt/stale/recipe.fcgi', base = '/tmp/base19/recipe.fcgi';
async function one(program) {
  const site = { program, prompts: '/tmp/base19/prompts', places: program === base ? 'as they are' : undefined };
  const relay = await withBench({ parts: all(100, 30), provider: { 'first-ms': 200, rate: 100 }, site }, async (b) => { await b.load({ runs: 1 }); const s = await b.load({ runs: 1 }); return { p50: s.relay.p50, p99: s.relay.p99 }; });
  const crowd = await withBench({ parts: all(40, 30), provider: { 'first-ms': 200, rate: 30 }, limits: { max_runs: 50 }, site }, async (b) => { await b.load({ runs: 1 }); return { cpu: (await b.load({ runs: 50, visitors: 50 })).cpuMs }; });
  return { ...relay, ...crowd };
}
const r = { p50: [], p99: [], cpu: [] };
const g = (l) => Math.exp(mean(l.map(Math.log)));
for (let n = 0; n < 15; n++) {
  const seen = {};
  for (const p of n % 2 ? [ours, base] : [base, ours]) seen[p] = await one(p);
  for (const k of Object.keys(r)) r[k].push(seen[ours][k] / seen[base][k]);
  for (const k of Object.keys(r)) {
    const d = Array.from({ length: 4000 }, () => g(r[k].map(() => r[k][Math.floor(Math.random() * r[k].length)]))).sort((a, b) => a - b);
    console.log(n + 1, k, g(r[k]).toFixed(3), d[100].toFixed(3), d[3900].toFixed(3));
  }
}
process.exit();
