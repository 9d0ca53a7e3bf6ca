// Kills at random: workers, listeners, stages and CGI processes of a site that serves
// visitors, by SIGKILL. After each storm the visitors leave, and all places are free
// within a second: no process holds a lock of places.lock. The next visitor is served at
// once, so nobody waits for a holder that has died.
//
// A listener that dies just after a fork leaves its socket open for a moment, in the child.
// lighttpd may connect to it then, and never start the program again
// (findings/lighttpd-adopts-a-dead-backends-socket.sh); its log tells such a case from a
// listener that does not start. It is counted, and the site is started again.
//
// SOAK_KILLS=500 in all, in storms of 25; SEED=N repeats one. Ends with "N passed, N
// failed".

import fs from 'node:fs';
import path from 'node:path';
import { startHome } from '../lib/home.mjs';
import * as proc from '../lib/proc.mjs';
import { COOK, Run } from '../lib/run.mjs';
import { cgid, fcgid } from '../lib/apache.mjs';
import { startSite } from '../lib/site.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';

const KILLS = Number(process.env.SOAK_KILLS ?? 500);
const STORM = 25;
const VISITORS = 8;
const SOON = 1000;

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let drawn = seed;
/** A number from 0 to below n; the same series for the same seed. */
const draw = (n) => {
  drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((drawn / 2 ** 32) * n);
};

/** How many locks there are on the file, by all processes. */
function locksOn(file) {
  const { ino } = fs.statSync(file);
  return fs.readFileSync('/proc/locks', 'latin1').split('\n').filter((line) => line.includes(`:${ino} `)).length;
}

function lockFile(site) {
  const found = fs.readdirSync(site.dir, { recursive: true }).filter((name) => path.basename(name) === 'places.lock');
  return path.join(site.dir, found[0]);
}

/** Asks for runs, one after the other, whatever becomes of them, until the storm is over. */
async function visitor(site, storm) {
  while (!storm.signal.aborted) {
    try {
      const response = await site.post(COOK, { signal: storm.signal });
      if (response.status === 200) await new Run(response).closed();
      else await response.text();
    } catch {
      // The process that served him was killed.
    }
    await sleep(20);
  }
}

async function blow(site) {
  const storm = new AbortController();
  const visitors = Array.from({ length: VISITORS }, () => visitor(site, storm));
  for (let n = 0; n < STORM; n++) {
    await sleep(20 + draw(150));
    const living = site.ours();
    if (living.length > 0) proc.kill(living[draw(living.length)], 'SIGKILL');
  }
  storm.abort();
  await Promise.all(visitors);
}

/** Milliseconds until all places were free, and until the next visitor had his run. */
/** Whether lighttpd has taken the socket of a listener that was killed for another server's. */
function isAdopted(site) {
  const log = path.join(site.dir, 'run/error.log');
  if (site.ours().length > 0 || !fs.existsSync(log)) return false;
  const lines = fs.readFileSync(log, 'utf8').split('\n');
  const count = (words) => lines.filter((line) => words.test(line)).length;
  /* To start it, lighttpd connects first, and is refused. */
  return count(/child signalled: 9/) > count(/\) connect .*: Connection refused/) && count(/child exited/) === 0;
}

async function calm(site) {
  const began = performance.now();
  await waitFor(() => locksOn(lockFile(site)) === 0, 'all places to be free', { limit: 30_000 });
  const free = performance.now() - began;
  let response;
  // A web server may still hold a connection to a listener that was killed.
  await waitFor(async () => {
    response = await site.post();
    if (response.status !== 200) await response.text();
    return response.status === 200 || isAdopted(site);
  }, 'somebody to answer', { every: 200 });
  if (response.status !== 200) return { free, adopted: true };
  const run = await new Run(response).closed();
  if (run.comments.some((c) => c.startsWith('waiting'))) throw new Error('the next visitor had to wait');
  if (run.stateOf('ste') !== 'done') throw new Error(`his run is not whole\n${run.summary()}`);
  return { free };
}

async function storms(server, count) {
  const home = await startHome({ slots: 2, gapMs: 3 });
  const service = { ...home.provider.service('m'), parallel: 2 };
  const begin = () => startSite({ server, config: { services: { '70b': service, 'groq-8b': service }, limits: { max_runs: 3, max_waiting: 2 } } });
  let site = await begin();
  const seen = [];
  try {
    for (let n = 0; n < count; n++) {
      await blow(site);
      seen.push(await calm(site));
      if (seen.at(-1).adopted) {
        await site.stop();
        site = await begin();
      }
    }
  } finally {
    await site.stop();
    await home.stop();
  }
  return { most: Math.max(...seen.map(({ free }) => free)), adopted: seen.filter(({ adopted }) => adopted).length };
}

const MODES = { 'lighttpd, which starts it': 'lighttpd', 'mod_fcgid': fcgid, 'plain CGI': cgid };
const seen = { passed: 0, failed: 0 };
const count = Math.max(1, Math.round(KILLS / STORM / Object.keys(MODES).length));
console.log(`seed ${seed}; ${count} storms of ${STORM} kills each`);
for (const [name, server] of Object.entries(MODES)) {
  try {
    const { most, adopted } = await storms(server, count);
    const good = most < SOON;
    seen[good ? 'passed' : 'failed']++;
    console.log(`${good ? 'ok' : 'FAILED'}: ${name}: all places free after ${most.toFixed(0)} ms at most${adopted ? `; lighttpd did not start it again ${adopted} time(s)` : ''}`);
  } catch (e) {
    seen.failed++;
    console.log(`FAILED: ${name}: ${e.message}`);
  }
}
console.log(`${seen.passed} passed, ${seen.failed} failed`);
process.exit(seen.failed > 0 ? 1 : 0);
