// A service whose first token is late in 3 % of the calls, with and without a late race:
// the p99 of the first text, and how many calls more that costs.

import { ASK, stage, writePrompts } from '../../lib/prompts.mjs';
import * as runs from '../../lib/run.mjs';
import { startSite } from '../../lib/site.mjs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROGRAM, Provider } from '../site.mjs';

export const order = 82;
export const needs = 'site';
export const extra = true;

const RUNS = 1000;
const AT_ONCE = 4;
const TOKENS = 20;
const LATE = { late: 3, 'late-ms': 2000 };

const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.ceil(q * list.length) - 1];

/** First texts in ms and calls, of so many runs of one stage. */
async function measure(n, more) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-late-'));
  const a = await new Provider().start({ 'first-ms': 50, rate: 1000, tokens: TOKENS, ...LATE });
  const b = await new Provider().start({ 'first-ms': 80, rate: 1000, tokens: TOKENS });
  const service = ({ port }) => ({ base_url: `http://127.0.0.1:${port}/v1`, model: 'bench' });
  const prompts = await writePrompts(path.join(dir, 'prompts'), [stage('one', ['a', 'b'], more)]);
  const site = await startSite({ program: PROGRAM, prompts, config: { services: { a: service(a), b: service(b) }, state: path.join(dir, 'state') } });
  try {
    const firsts = [];
    let left = n;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) firsts.push((await runs.run(site, ASK)).done.first_ms);
    }));
    const asked = (await Promise.all([a, b].map((p) => p.counters()))).map(({ requests }) => requests);
    return { firsts, calls: asked[0] + asked[1] };
  } finally {
    await site.stop();
    await a.stop();
    await b.stop();
    await fs.rm(dir, { recursive: true, force: true });
  }
}

export async function run({ row, options }) {
  const n = options.runs ?? RUNS;
  const plain = await measure(n, {});
  const late = await measure(n, { race: 'late' });
  const p99 = (seen) => quantile(seen.firsts, 0.99);
  row(`3 % of first tokens 2 s late, ${n} runs: p99 of first text`, p99(late), { unit: 'ms', limit: p99(plain) / 3 });
  row('   without a late race', p99(plain), { unit: 'ms' });
  row('   median', quantile(late.firsts, 0.5), { unit: 'ms' });
  row('   calls', late.calls / n, { limit: 1.05, digits: 3 });
}
