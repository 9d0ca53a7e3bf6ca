// The page itself: six sections at 300 tokens a second each in Chromium. What its thread
// has to do at a time, how many frames it shows, and what it moves under a reader's eyes.

import fs from 'node:fs/promises';
import path from 'node:path';
import { chromium, quit } from '../../browser/chromium.mjs';
import { LIMIT } from '../../lib/wait.mjs';
import { mean, withBench } from '../site.mjs';

export const order = 95;
export const needs = 'site';

const RUNS = 3;
const RATE = 300;
const SIX = ['init', 'int', 'add', 'ste', 'sde', 'ing'];

/** How many tokens a typical part has, and how many of them a line. */
const TYPICAL = { init: [18, 0], int: [130, 0], add: [90, 9], ste: [260, 26], sde: [24, 8], ing: [54, 18] };
/** Three seconds of each, whatever it is. */
const LONG = Object.fromEntries(SIX.map((part) => [part, [3 * RATE, 12]]));

/** Nothing waits for anything, so that six are written at once from the first token to the last. */
const atOnce = (shape) => async (graph, prompts) => {
  for (const stage of graph.stages.filter((s) => !s.each)) {
    delete stage.needs;
    await fs.writeFile(path.join(prompts, `${stage.part}.txt`), `Part: ${stage.part}\nLine: ${shape[stage.part][1]}\n{{ingredientsOnHand}}\n`);
  }
};

// Runs in the page before any script of its own.
function watch() {
  const seen = (window.seen = { tasks: [], since: 0, shift: 0, gaps: [], begun: Infinity });
  // A task is told some time after it, so those of loading are known by when they began.
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().filter((e) => e.startTime >= seen.since).map((e) => e.duration))).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.startTime > seen.begun) seen.shift += entry.value;
  }).observe({ type: 'layout-shift' });
  // The recipe takes its place in the frame in which a run begins; once that has shown the
  // first word, nothing may move.
  const isBegun = () => document.querySelector('[data-part] .text:not(:empty)') !== null;
  let last = 0;
  let shown = false;
  const frame = (now) => {
    const writes = document.body?.dataset.run !== 'sent' && isBegun();
    seen.begun = writes && shown ? Math.min(seen.begun, now) : Infinity;
    shown = writes;
    if (last > 0 && document.body?.dataset.run === 'running') seen.gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

async function cook(tab, shape) {
  await tab.fill('#ingredients', 'onions');
  await tab.click('button#generate');
  await tab.waitForFunction(() => document.body.dataset.run === 'running');
  await tab.waitForFunction(() => document.body.dataset.run !== 'running', null, { timeout: 3 * LIMIT });
  const parts = SIX.filter((part) => part !== 'init'); // whose text is not shown
  const end = await tab.evaluate((all) => [document.body.dataset.run, ...all.map((part) => `${part} ${document.querySelector(`[data-part=${part}] .text`).textContent.split(';').length - 1}`)], parts);
  const wanted = ['done', ...parts.map((part) => `${part} ${shape[part][0]}`)];
  if (end.join() !== wanted.join()) throw new Error(`the page shows ${end}, not ${wanted}`);
}

/** The longest task of the page's thread by its own CPU time, which no other process adds to. */
function longestCpuMs(trace) {
  const events = JSON.parse(trace).traceEvents;
  const threads = events.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain');
  const tasks = events.filter((e) => /RunTask$|PerformMicrotaskCheckpoint$/.test(e.name) && threads.some((t) => t.pid === e.pid && t.tid === e.tid));
  return Math.max(...tasks.map((e) => (e.tdur ?? 0) / 1000));
}

async function visit(url, shape) {
  try {
    const browser = await chromium();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const tab = await context.newPage();
    await tab.addInitScript(watch);
    await tab.goto(url);
    await browser.startTracing(tab, { categories: ['toplevel'] });
    await tab.evaluate(() => void Object.assign(window.seen, { tasks: [], since: performance.now() })); // no reader waits beside loading
    for (let n = 0; n < RUNS; n++) await cook(tab, shape);
    const cpu = longestCpuMs(await browser.stopTracing());
    return { cpu, ...(await tab.evaluate(() => window.seen)) };
  } finally {
    await quit();
  }
}

function measure(shape) {
  const parts = Object.fromEntries(SIX.map((part) => [part, shape[part][0]]));
  const wanted = { parts, provider: { 'first-ms': 200, rate: RATE }, site: { edit: atOnce(shape) } };
  return withBench(wanted, (bench) => visit(`http://127.0.0.1:${bench.site.port}/`, shape));
}

export async function run({ row, options }) {
  if (options.url) return; // its stages wait for each other, and its provider is not ours
  const { tasks, cpu, gaps } = await measure(LONG);
  row(`page, 6 sections at ${RATE} tokens/s for 3 s, ${RUNS} runs: tasks over 50 ms`, tasks.length, { limit: 0, digits: 0 });
  row('   the longest of them', Math.max(0, ...tasks), { unit: 'ms', digits: 0 });
  row('   CPU of the longest task, which no other process adds to', cpu, { unit: 'ms', limit: 50, digits: 1 });
  row('   frames a second', 1000 / mean(gaps), { digits: 1 });
  row('   longest time between two frames', Math.max(...gaps), { unit: 'ms', digits: 0 });
  const { shift } = await measure(TYPICAL);
  row('   layout shift after the first word, sections of typical length', shift, { limit: 0, digits: 4 });
}
