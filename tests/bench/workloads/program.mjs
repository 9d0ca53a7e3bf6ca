// A stage that runs a program beside one that asks a model, in the same run: how long a
// fragment of each takes from its writing to its visitor. Both carry the time of their
// writing; what the reader itself takes is the same for both.

import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stage, writePrompts, ASK } from '../../lib/prompts.mjs';
import { startSite } from '../../lib/site.mjs';
import { PROGRAM, Provider, median } from '../site.mjs';

export const order = 12;
export const needs = 'site';

const TOKENS = 200;
const RATE = 100;
const BAR_MS = 0.1;

/** Writes as the simulated provider does: " SEQ@NS;", both in hex. */
const PACER = `#!${process.execPath}
const fs = require('node:fs');
let i = 0;
const timer = setInterval(() => {
  fs.writeSync(1, \` \${i.toString(16)}@\${process.hrtime.bigint().toString(16)};\`);
  if (++i === ${TOKENS}) clearInterval(timer);
}, ${1000 / RATE});
`;

/** The median of each part's fragments, in ms. */
async function delays(site) {
  const seen = { model: [], program: [] };
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const response = await fetch(`http://127.0.0.1:${site.port}/generate`, { method: 'POST', headers, body: JSON.stringify(ASK) });
  for await (const chunk of response.body) {
    const now = process.hrtime.bigint();
    // A line that is cut between two chunks is one of hundreds.
    for (const [, part, ns] of Buffer.from(chunk).toString().matchAll(/^data: ?(\w+)\|.*@([0-9a-f]+);/gm))
      seen[part]?.push(Number(now - BigInt(`0x${ns}`)) / 1e6);
  }
  for (const [part, list] of Object.entries(seen)) if (list.length < TOKENS / 2) throw new Error(`${part}: only ${list.length} fragments`);
  return [median(seen.model), median(seen.program)];
}

export async function run({ row }) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-program-'));
  const provider = await new Provider().start({ 'first-ms': 200, rate: RATE, tokens: TOKENS });
  const prompts = await writePrompts(path.join(dir, 'prompts'), [stage('model', 'a'), { part: 'program', run: ['./pacer'] }]);
  await fs.writeFile(path.join(prompts, 'pacer'), PACER, { mode: 0o755 });
  const site = await startSite({ program: PROGRAM, prompts, mark: false, config: { services: { a: { base_url: `http://127.0.0.1:${provider.port}/v1`, model: 'bench' } } } });
  try {
    await delays(site);
    const all = [await delays(site), await delays(site), await delays(site)];
    const [model, program] = [0, 1].map((i) => median(all.map((pair) => pair[i])));
    row("a program's text, over a model's in the same run: relay p50", program - model, { unit: 'ms', limit: BAR_MS, digits: 3 });
    row('   of the program', program, { unit: 'ms', digits: 3 });
    row('   of the model', model, { unit: 'ms', digits: 3 });
  } finally {
    await site.stop();
    await provider.stop();
    await fs.rm(dir, { recursive: true, force: true });
  }
}
