// `recipe.fcgi bulk`, killed at random moments: files of 2000 lines, each started and killed
// until its kills are used up, and then finished. No line is lost, none has two results, and
// no more than what was under way is asked twice. After that a file of 10 000 lines, a tenth
// of which fails in all the ways of tests/cases.
//
// SOAK_KILLS=200 in all; SEED=N repeats one. Ends with "N passed, N failed".

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Desk, callOf, killTillDone, startEcho, timesOf } from '../lib/bulk.mjs';
import { PROJECT } from '../lib/site.mjs';
import { drawing } from '../lib/storm.mjs';

const KILLS = Number(process.env.SOAK_KILLS ?? 200);
const EACH = 40; // kills of one file
const LINES = 2000;
const AT_ONCE = 16;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const seen = { passed: 0, failed: 0 };
let kills = 0;
let again = 0;

function note(what, faults) {
  if (faults.length === 0) seen.passed++;
  else seen.failed++;
  console.log(`${faults.length === 0 ? 'ok' : 'FAILED'}: ${what}${faults.map((fault) => `; ${fault}`).join('')}`);
}

async function oneFile(draw) {
  const echo = await startEcho({ ms: 1 });
  const services = { a: { base_url: echo.base_url, model: 'model-70b', parallel: AT_ONCE } };
  const desk = await Desk.open(Array.from({ length: LINES }, (_, i) => callOf(`id-${i}`, `prompt ${i}`)), services);
  try {
    const { killed, status } = await killTillDone(desk, draw, { words: ['--at-once', String(AT_ONCE)], kills: EACH, step: 60 });
    const times = timesOf([...await desk.read(), ...await desk.errors()]);
    const twice = [...echo.asked.values()].reduce((sum, n) => sum + n - 1, 0);
    kills += killed;
    again += twice;
    const faults = [];
    if (status !== 0) faults.push(`exit status ${status}`);
    if (times.size !== LINES) faults.push(`${LINES - times.size} lines lost`);
    if ([...times.values()].some((n) => n > 1)) faults.push('lines with two results');
    if (twice > AT_ONCE * killed) faults.push(`${twice} asked twice after ${killed} kills`);
    note(`${LINES} lines, ${killed} kills, ${twice} asked twice`, faults);
  } finally {
    await desk.close();
    await echo.stop();
  }
}

const draw = drawing(seed);
console.log(`seed ${seed}`);
while (kills < KILLS) await oneFile(draw);
console.log(`${kills} kills, ${again} lines asked twice, at most ${AT_ONCE} were under way`);

const odd = spawnSync(process.execPath, ['--test', path.join(PROJECT, 'tests/regress/bulk-odd.test.mjs')], { env: { ...process.env, LINES: '10000' }, encoding: 'utf8' });
note('10 000 lines, a tenth of them odd', odd.status === 0 ? [] : [odd.stdout.slice(-2000)]);
console.log(`${seen.passed} passed, ${seen.failed} failed`);
process.exit(seen.failed > 0 ? 1 : 0);
