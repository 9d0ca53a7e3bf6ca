// Random graphs, and a provider that fails at random in all the ways that it has: every
// run of a crowd ends, no word of it is lost, doubled or glued to another one, and no part
// goes on after its ending.
//
// SOAK_RUNS=1500 in all, 25 visitors at once at each graph; SEED=N repeats one, but not who
// comes first. Ends with "N passed, N failed".

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stage, writePrompts } from '../lib/prompts.mjs';
import { startProvider } from '../lib/provider.mjs';
import { checkStream, start } from '../lib/run.mjs';
import { startSite } from '../lib/site.mjs';
import { drawing } from '../lib/storm.mjs';
import { sleep } from '../lib/wait.mjs';

const RUNS = Number(process.env.SOAK_RUNS ?? 1500);
const VISITORS = 25;
const WORDS = 12;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const IDS = ['one', 'two', 'three'];
const LIMITS = { max_runs: VISITORS, retry_wait_ms: 20, first_token_ms: 5000, idle_ms: 5000, run_ms: 60_000 };

/** Up to eight parts; each needs some that stand before it, and may ask one service, or several in turn or in a race. */
function drawGraph(draw) {
  const n = 1 + draw(8);
  return Array.from({ length: n }, (_, i) => {
    const needs = Array.from({ length: i }, (_, k) => `p${k}`).filter(() => draw(4) === 0);
    const services = IDS.slice(0, 1 + draw(IDS.length));
    const race = services.length > 1 && draw(3) === 0 ? { race: 2 } : {};
    const template = `For {{what}}. ${needs.map((name) => `{{${name}}}`).join(' ')}\n`;
    return stage(`p${i}`, services, { ...(needs.length ? { needs } : {}), ...race, template });
  });
}

/** What a service does; `say(n)` sends n words more, at random moments. */
const WAYS = {
  whole: async (x, say) => (await say(WORDS), x.finish('stop').done()),
  slow: async (x, say) => (await sleep(50), await say(WORDS), x.finish('stop').done()),
  'no finish_reason': async (x, say) => (await say(WORDS), x.done()),
  length: async (x, say) => (await say(WORDS), x.finish('length').done()),
  'filtered after some': async (x, say) => (await say(3), x.finish('content_filter').done()),
  'cut before the head': (x) => x.cut(),
  'cut before a word': (x) => x.head().cut(),
  'cut after some': async (x, say) => (await say(1 + (x.id % WORDS)), x.cut()),
  'an end in the middle': async (x, say) => (await say(5), x.end()),
  'an error in the middle': async (x, say) => (await say(4), x.event({ error: { message: 'out of memory' } }), x.end()),
  nothing: (x) => x.finish('stop').done(),
  429: (x) => x.error(429, { error: { message: 'slow down' } }, { 'retry-after': '1' }),
  500: (x) => x.error(500),
  503: (x) => x.error(503, '<h1>busy</h1>'),
  400: (x) => x.error(400),
};
/** Half of them are well. */
const drawWay = (draw) => (draw(2) === 0 ? 'whole' : Object.keys(WAYS)[draw(Object.keys(WAYS).length)]);

/** Answers all requests; what was said to which part of whose run stands in `said`. */
function answer(provider, draw, said) {
  let id = 0;
  provider.auto((x) => {
    x.id = id++;
    const who = /For (\S+)\./.exec(x.prompt)[1];
    const mine = { way: drawWay(draw), text: '' };
    (said[`${who} ${x.part}`] ??= []).push(mine);
    const say = async (n) => {
      for (let k = 0; k < n; k++) {
        const word = `${mine.text ? ' ' : ''}${x.part}n${x.id}w${k}`;
        mine.text += word;
        x.text(word);
        if (draw(3) === 0) await sleep(draw(8));
      }
    };
    Promise.resolve(WAYS[mine.way](x, say)).catch(() => {});
    return true;
  });
}

/** What a visitor has of a part is what one service has said: all of it, if the part is done. */
function checkWords(run, who, said) {
  for (const [part, text] of Object.entries(run.parts)) {
    const texts = (said[`${who} ${part}`] ?? []).map((mine) => mine.text);
    const whole = run.stateOf(part) === 'done';
    assert.ok(text === '' || texts.some((all) => (whole ? all === text : all.startsWith(text))), `${who}, ${part} (${run.stateOf(part)}): ${JSON.stringify(text)} is none of ${JSON.stringify(texts)}`);
  }
  const ids = run.events.map(({ id }) => Number(id)).filter((id) => !Number.isNaN(id));
  assert.deepEqual(ids, ids.map((_, i) => i + 1), `${who}: every event has the next number`);
}

async function visit(site, who, said, ends) {
  const run = await start(site, { what: who });
  await run.closed();
  checkStream(run);
  checkWords(run, who, said);
  for (const list of Object.values(run.states)) ends[list.at(-1).state] = (ends[list.at(-1).state] ?? 0) + 1;
}

async function crowd(n, ends, ways) {
  const draw = drawing(Math.imul(seed + n, 2_654_435_761) >>> 0);
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-faults-'));
  const provider = await startProvider();
  const said = {};
  const stages = drawGraph(draw);
  const services = Object.fromEntries(IDS.map((id) => [id, provider.service(`model-${id}`)]));
  const site = await startSite({ server: n % 2 ? 'listen' : 'lighttpd', prompts: await writePrompts(path.join(dir, 'prompts'), stages), config: { services, limits: LIMITS } });
  try {
    answer(provider, draw, said);
    const visits = await Promise.allSettled(Array.from({ length: VISITORS }, (_, i) => visit(site, `v${n}-${i}`, said, ends)));
    for (const { way } of Object.values(said).flat()) ways[way] = (ways[way] ?? 0) + 1;
    return visits.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message);
  } finally {
    await site.stop();
    await provider.stop();
    await fs.rm(dir, { recursive: true });
  }
}

const ends = {};
const ways = {};
let passed = 0;
let failed = 0;
console.log(`seed ${seed}`);
for (let n = 0; n < Math.ceil(RUNS / VISITORS); n++) {
  const faults = await crowd(n, ends, ways).catch((e) => [e.message]);
  if (faults.length === 0) passed++;
  else failed++;
  for (const fault of faults.slice(0, 5)) console.log(`not ok: graph ${n}: ${fault.slice(0, 600)}`);
}
console.log(`${(passed + failed) * VISITORS} runs; parts that ended ${JSON.stringify(ends)}; answers ${JSON.stringify(ways)}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
