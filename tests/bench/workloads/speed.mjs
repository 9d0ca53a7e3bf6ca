// The instrument, `recipe.fcgi speed`, against providers whose truth is known: whether it
// says what they do, with chunks, thoughts and TLS; then against providers paced by the
// figures that TheFastest.ai published on 2024-05-03 (speeds-2024-05.json), which
// calibrates it: what is printed is a simulation of these figures, never a measurement of
// those services. Then the whole recipe at the paces of four of them.

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeAuthority } from '../../lib/ca.mjs';
import { PROGRAM, Provider, all, median, withBench } from '../site.mjs';

export const order = 80;
export const needs = 'site';
export const extra = true;

const execute = promisify(execFile);
const { rows: PUBLISHED } = JSON.parse(await fs.readFile(new URL('../speeds-2024-05.json', import.meta.url), 'utf8'));
/** Tokens of an answer then; a row whose total is not its first token and the others at its rate disagrees with itself. */
const TOKENS = 20;
const expected = ({ ttft_s, tps }) => ttft_s + (TOKENS - 1) / tps;
const agrees = (row) => Math.abs(expected(row) / row.total_s - 1) < 0.02;
/** What follows from the first token and the total, if the rate does not. */
const rateOf = (row) => (agrees(row) ? row.tps : (TOKENS - 1) / (row.total_s - row.ttft_s));

/** What `speed --json` says of these services, by id. */
async function gauge(services, { runs = 5, tokens = TOKENS } = {}) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-speed-'));
  const config = path.join(dir, 'recipe.json');
  try {
    await fs.writeFile(config, JSON.stringify({ services, state: path.join(dir, 'state') }));
    const env = { PATH: process.env.PATH, RECIPE_CONFIG: config };
    const { stdout } = await execute(PROGRAM, ['speed', '--json', '--runs', String(runs), '--tokens', String(tokens), ...Object.keys(services)], { env, maxBuffer: 1e8 });
    return Object.fromEntries(JSON.parse(stdout).rows.map((row) => [row.service, row]));
  } finally {
    await fs.rm(dir, { recursive: true, force: true });
  }
}

/** f with providers of these paces, by id, as services. */
async function withProviders(paces, f, { tls } = {}) {
  const providers = [];
  try {
    const services = {};
    for (const [id, pace] of Object.entries(paces)) {
      const provider = await new Provider().start({ ...pace, ...(tls && { cert: tls.certFile, key: tls.keyFile }) });
      providers.push(provider);
      services[id] = { base_url: `${tls ? 'https' : 'http'}://127.0.0.1:${provider.port}/v1`, model: id, ...(tls && { ca_file: tls.caFile }) };
    }
    return await f(services);
  } finally {
    for (const provider of providers) await provider.stop();
  }
}

const off = (is, truth) => 100 * Math.abs(is / truth - 1);

/** Paces of every kind that there is, by what they are called. */
function paces(tokens) {
  const kinds = {};
  for (const rate of [20, 1000])
    for (const chunk of [1, 3, 8])
      for (const thoughts of [0, 24].filter((n) => n < tokens))
        kinds[`r${rate}c${chunk}t${thoughts}`] = { 'first-ms': 200, rate, chunk, thoughts, tokens };
  return kinds;
}

/** What is measured of these kinds. The slow ones, which take long and leave the machine idle, side by side; the others alone. */
async function gaugeKinds(services, kinds, wanted) {
  const pick = (f) => Object.fromEntries(Object.entries(services).filter(([id]) => f(kinds[id])));
  const slow = Object.entries(pick(({ rate }) => rate < 100)).map(([id, service]) => gauge({ [id]: service }, wanted));
  const found = Object.assign({}, ...(await Promise.all(slow)));
  return { ...found, ...(await gauge(pick(({ rate }) => rate >= 100), wanted)) };
}

/** The greatest errors of a table: first token in ms, tokens/s in per cent. */
async function errors(tokens, tls) {
  const kinds = paces(tokens);
  const found = await withProviders(kinds, (services) => gaugeKinds(services, kinds, { tokens }), { tls });
  const worst = { first: 0, text: 0, rate: 0 };
  for (const [id, { rate, chunk, thoughts }] of Object.entries(kinds)) {
    const { first_thought_ms, first_token_ms, tokens_s } = found[id];
    // The thoughts are whole events; their last leaves the pace of the text behind it.
    const text = 200 + (Math.ceil(thoughts / chunk) * chunk * 1000) / rate;
    worst.first = Math.max(worst.first, Math.abs(first_thought_ms.median - 200));
    worst.text = Math.max(worst.text, Math.abs(first_token_ms.median - text));
    worst.rate = Math.max(worst.rate, off(tokens_s.median, rate));
  }
  return worst;
}

async function accuracy(row) {
  const authority = await makeAuthority();
  try {
    const { caFile } = await authority.certificate();
    const [certFile, keyFile] = ['leaf1.pem', 'leaf1.key'].map((name) => path.join(authority.dir, name));
    for (const [name, tls] of [['HTTP', undefined], ['HTTPS', { caFile, certFile, keyFile }]])
      for (const [tokens, limit] of [[20, 2], [400, 0.5]]) {
        const { first, text, rate } = await errors(tokens, tls);
        row(`${name}, ${tokens} tokens, 20 and 1000/s, chunks of 1, 3, 8, thoughts: first token, off at most`, first, { unit: 'ms', limit: 1 });
        row('   first text', text, { unit: 'ms', limit: 1 });
        row('   tokens/s', rate, { unit: '%', limit });
      }
  } finally {
    await authority.remove();
  }
}

/** "fireworks.ai/llama-3-70b-chat" as an id. */
const idOf = ({ model }) => model.replace(/[^a-z0-9]+/g, '-');

async function calibrate(row, sheet) {
  const wanted = Object.fromEntries(PUBLISHED.map((p) => [idOf(p), { 'first-ms': 1000 * p.ttft_s, rate: rateOf(p), tokens: TOKENS }]));
  const found = await withProviders(wanted, gauge);
  const line = sheet('simulation of figures published 2024-05-03', 'first, published', 'measured', 'tokens/s, published', 'measured', 'total, published', 'measured');
  let worst = 0;
  for (const p of PUBLISHED) {
    const { first_token_ms, tokens_s, total_ms } = found[idOf(p)];
    const [first, rate, total] = [first_token_ms.median / 1000, tokens_s.median, total_ms.median / 1000];
    line(p.model, p.ttft_s, first, p.tps, rate, p.total_s, total);
    worst = Math.max(worst, off(total, p.total_s), ...(agrees(p) ? [off(first, p.ttft_s), off(rate, p.tps)] : []));
  }
  const rate = (id) => found[id].tokens_s.median;
  row('published figures, simulated: any figure off by at most', worst, { unit: '%', limit: 2 });
  row("   Groq's Llama 3 70B over GPT-4 turbo, tokens/s", rate('groq-com-llama-3-70b-chat') / rate('openai-gpt-4-turbo'), { digits: 1 });
  row('   Fireworks, Llama 3 70B: 20 tokens after', found['fireworks-ai-llama-3-70b-chat'].total_ms.median, { unit: 'ms', digits: 0 });
}

/** Each prompt of the graph waits for the one before it. */
function oneByOne({ stages }) {
  const texts = stages.filter(({ each }) => !each);
  texts.slice(1).forEach((stage, i) => (stage.needs = [...new Set([...(stage.needs ?? []), texts[i].part])]));
}

async function recipes(row) {
  const pace = (model) => PUBLISHED.find((p) => p.model === model);
  const kinds = [
    ['one prompt after the other at GPT-4 turbo\'s pace', pace('openai/gpt-4-turbo'), true],
    ['side by side at GPT-4 turbo\'s', pace('openai/gpt-4-turbo')],
    ["side by side at Fireworks' Llama 3 70B's", pace('fireworks.ai/llama-3-70b-chat')],
    ["side by side at Groq's Llama 3 70B's", pace('groq.com/llama-3-70b-chat')],
  ];
  for (const [name, p, chained] of kinds) {
    const wanted = { parts: all(150, 90), provider: { 'first-ms': 1000 * p.ttft_s, rate: rateOf(p) }, site: chained ? { edit: oneByOne } : {} };
    const [first, whole] = await withBench(wanted, async (bench) => {
      const { runs } = await bench.load({ runs: 3 });
      const firsts = runs.map((r) => Math.min(...Object.values(r.parts).map((part) => part.first)));
      return [median(firsts), median(runs.map((r) => Math.max(...Object.values(r.parts).map((part) => part.end))))];
    });
    row(`the whole recipe, ${name}: first text`, first / 1000, { unit: 's' });
    row('   all six sections', whole / 1000, { unit: 's' });
  }
}

export async function run({ row, sheet }) {
  await accuracy(row);
  await calibrate(row, sheet);
  await recipes(row);
}
