// A burst of visitors on a site that may begin so many runs a day, while workers are
// killed. Whatever happens, no more runs than that ask anything, and after it all the
// rest can still be had.
//
//   const seen = await burst(fcgid, { visitors: 500, budget: 20, kills: 5, draw });

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readBook } from './book.mjs';
import { folderOf } from './laps.mjs';
import * as proc from './proc.mjs';
import { startProvider, textOf } from './provider.mjs';
import { COOK, Run } from './run.mjs';
import { startSite } from './site.mjs';
import { sleep } from './wait.mjs';

/** Resolves to the status of one visit, 0 if its process was killed. */
async function visit(site) {
  try {
    const response = await site.post(COOK);
    if (response.status === 200) await new Run(response).closed();
    else await response.text();
    return response.status;
  } catch {
    return 0;
  }
}

/** The processes that serve a visitor each: workers, or CGI processes; no listener, and no stage. */
function serving(site) {
  const ours = site.ours();
  const isCgi = (pid) => proc.environ(pid).includes('REQUEST_METHOD=');
  const roots = ours.filter((pid) => !ours.includes(proc.stat(pid)?.parent));
  return roots.flatMap((pid) => isCgi(pid) ? pid : proc.children(pid).filter((child) => ours.includes(child)));
}

async function killSome(site, n, draw) {
  let killed = 0;
  for (let i = 0; i < n; i++) {
    await sleep(5 + draw(60));
    const pids = serving(site);
    if (pids.length === 0) continue;
    proc.kill(pids[draw(pids.length)], 'SIGKILL');
    killed++;
  }
  return killed;
}

/** How many runs of the book have asked something. */
function runsThatAsked(entries) {
  return new Set(entries.filter(({ kind }) => kind === 'asked' || kind === 'more').map(({ run }) => run)).size;
}

/** Resolves to how many runs have begun in the burst, and in all. */
export async function burst(server, { visitors, budget, kills, draw }) {
  const provider = await startProvider();
  const asked = {};
  provider.auto((x) => {
    asked[x.part] = (asked[x.part] ?? 0) + 1;
    setTimeout(() => x.answer(textOf(x)), 20 + draw(60));
  });
  // Whoever serves makes it: Apache's programs have a user of their own.
  const room = fs.mkdtempSync('/tmp/recipe-burst-');
  fs.chmodSync(room, 0o777);
  const state = path.join(room, 'state');
  const service = { ...provider.service('m'), parallel: 1000 };
  const site = await startSite({
    server, config: { services: { '70b': service, 'groq-8b': service }, guard: { site: { runs_day: budget } }, state, limits: { stage_requests: 1 } },
  });
  try {
    const all = Promise.all(Array.from({ length: visitors }, () => visit(site)));
    const killed = await killSome(site, kills, draw);
    const statuses = await all;
    const begun = runsThatAsked(readBook(folderOf(state)));
    assert.ok(begun <= budget, `${begun} of ${budget} runs have asked`);
    // What killed ones had not asked is there for others, and no more than that.
    for (let n = 0; n < budget + 5; n++) statuses.push(await visit(site));
    const inAll = runsThatAsked(readBook(folderOf(state)));
    assert.equal(statuses.at(-1), 429, 'at last it is closed');
    assert.equal(inAll, budget, 'runs that have asked in all');
    for (const [part, n] of Object.entries(asked)) assert.ok(n <= budget, `${part} is asked ${n} times`);
    return { begun, refused: statuses.filter((status) => status === 429).length, killed };
  } finally {
    await site.stop();
    await provider.stop();
    fs.rmSync(room, { recursive: true, force: true });
  }
}

/** Numbers from 0 to below n, the same series for the same seed. */
export function drawer(seed) {
  let drawn = seed;
  return (n) => {
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((drawn / 2 ** 32) * n);
  };
}
