// `recipe.fcgi bulk` beside Node clients, the same file, in turns: lines per CPU second of
// whole process trees, and memory. The client of a file of calls has the `openai` package,
// that of a file of runs the AI SDK.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePrompts } from '../../lib/site.mjs';
import { PROGRAM, Provider, median } from '../site.mjs';
import { sample } from '../tree.mjs';
import { estimate, inTurns } from '../turns.mjs';

export const order = 95;
export const needs = 'provider';
export const extra = true;

const PEERS = fileURLToPath(new URL('../peers/', import.meta.url));
const NODE = path.join(PEERS, 'node_modules/.bin/node');
const inputsOf = (n) => ({ custom_id: `line-${n}`, ingredientsOnHand: `rice, eggs and ${n} peas`, prepTime: 30 });
const callOf = (n) => ({ custom_id: `line-${n}`, method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages: [{ role: 'user', content: `A text about product number ${n}, please.` }], max_tokens: 100 } });

/** Runs a command. Resolves to {cpu, seconds, kib}: CPU seconds of all its processes, and the most memory (PSS) that they had together. */
async function measured(words, env, { memory = false } = {}) {
  // The shell's second line of `times` is that of its children and of all that these have waited for.
  const child = spawn('bash', ['-c', '"$@" 2>/dev/null; status=$?; times; exit $status', 'bash', ...words], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let kib = 0;
  const look = memory && setInterval(() => (kib = Math.max(kib, sample(child.pid).pssKib || 0)), 500);
  const began = performance.now();
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  if (status !== 0) throw new Error(`${words.join(' ')}: status ${status}`);
  const [user, system] = said.trim().split('\n').at(-1).split(' ').map((t) => /(\d+)m([\d.]+)s/.exec(t)).map(([, m, s]) => 60 * m + Number(s));
  return { cpu: user + system, seconds: (performance.now() - began) / 1000, kib };
}

async function compare({ row, pairs, lines, lineOf, atOnce, pace, least, name, peer, memory }) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-bulk-bench-'));
  const provider = await new Provider().start(pace);
  const base_url = `http://127.0.0.1:${provider.port}/v1`;
  const [input, config] = [path.join(dir, 'in.jsonl'), path.join(dir, 'recipe.json')];
  const [prompts, service] = [path.join(dir, 'prompts'), { base_url, model: 'm', parallel: 1000 }];
  await preparePrompts(prompts, {});
  await fs.writeFile(input, Array.from({ length: lines }, (_, n) => `${JSON.stringify(lineOf(n))}\n`).join(''));
  await fs.writeFile(config, JSON.stringify({ services: { m: service, '70b': service, 'groq-8b': service }, state: path.join(dir, 'state') }));
  let n = 0;
  const fresh = () => path.join(dir, `out-${n++}.jsonl`);
  const ours = () => measured([PROGRAM, 'bulk', input, fresh(), '--model', 'm', '--at-once', String(atOnce)], { RECIPE_CONFIG: config, RECIPE_PROMPTS: prompts }, { memory });
  const peers = () => measured([NODE, path.join(PEERS, peer.file), input, fresh(), ...(peer.prompts ? [prompts] : []), base_url, String(atOnce)], {}, { memory });
  const seen = { ours: [], peers: [] };
  try {
    await inTurns(pairs, ours, peers, (a, b) => (seen.ours.push(a), seen.peers.push(b)));
  } finally {
    await provider.stop();
    await fs.rm(dir, { recursive: true, force: true });
  }
  const of = (list, member) => median(list.map((one) => one[member]));
  const { ratio, low, high } = estimate(seen.ours.map(({ cpu }, i) => seen.peers[i].cpu / cpu));
  row(`bulk, ${name}: lines per CPU second, over Node with ${peer.name}`, ratio, { limit: least, least: true });
  row(`   95 % of it: from ${low.toFixed(2)} to`, high);
  row('   CPU of a line', (1000 * of(seen.ours, 'cpu')) / lines, { unit: 'ms', digits: 3, node: (1000 * of(seen.peers, 'cpu')) / lines });
  row('   lines a second', lines / of(seen.ours, 'seconds'), { unit: '1/s', digits: 0, node: lines / of(seen.peers, 'seconds') });
  if (memory) row('   memory of all processes, over that of Node', of(seen.ours, 'kib') / of(seen.peers, 'kib'), { limit: 0.5, digits: 2 });
}

export async function run({ row, options }) {
  if (!existsSync(NODE)) execFileSync('npm', ['ci'], { cwd: PEERS, stdio: ['ignore', 'ignore', 'inherit'] });
  const pairs = options.pairs ?? 5;
  const tokens = options.tokens ?? 60;
  const calls = { row, lineOf: callOf, peer: { name: 'openai', file: 'openai.mjs' } };
  const runs = { row, lineOf: inputsOf, peer: { name: 'the AI SDK', file: 'graph.mjs', prompts: true } };
  await compare({ ...calls, pairs, lines: 4000, atOnce: 16, pace: { 'first-ms': 0, rate: 0, tokens }, least: 5, name: `zero delay, ${tokens} tokens, 16 at once` });
  await compare({ ...runs, pairs, lines: 600, atOnce: 8, pace: { 'first-ms': 0, rate: 0, tokens }, least: 4, name: `whole runs, zero delay, ${tokens} tokens a part, 8 at once` });
  await compare({ ...calls, pairs: Math.min(pairs, 3), lines: 3000, atOnce: 256, pace: { 'first-ms': 1000, rate: 50, tokens }, least: 2, name: `1 s and 50 tokens/s, ${tokens} tokens, 256 at once`, memory: true });
}
