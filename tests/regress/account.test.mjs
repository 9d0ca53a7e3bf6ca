// An account whose processes are limited: the system refuses to fork a worker or a stage.
// Runs go on with what they have, and those that have none are told so, or wait for one
// that will give theirs back.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assert, proc, run, scene, sleep, start, test, waitFor } from '../lib/harness.mjs';
import { ASK, stage, writePrompts } from '../lib/prompts.mjs';
import { isRoot, limitedTo } from '../lib/servers.mjs';

const SOME = ['one', 'two', 'three', 'four'];
const limited = (stages, body, { nproc = 4, by, ...more } = {}) => async (t) => {
  if (!isRoot) return t.skip('only root can start it as a user of its own, whose processes are counted');
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-few-'));
  t.after(() => fs.rm(dir, { recursive: true }));
  const env = { ASAN_OPTIONS: 'detect_leaks=0' }; // whose search is a process, too
  return scene({ server: limitedTo(nproc, by), env, prompts: await writePrompts(dir, stages), ...more }, body)(t);
};

test('a run with too few processes does its parts one after the other, and is whole', limited(SOME.map((part) => stage(part, '70b')), async ({ site, provider }) => {
  const r = await start(site, ASK);
  const [one, two] = [await provider.next(), await provider.next()];
  for (const x of [one, two]) x.text('So ');
  await sleep(300); // there is no state to wait for: the others are looked for all the time
  assert.equal(provider.pending(), 0);
  one.answer('be it.');
  (await provider.next()).answer('Third.');
  (await provider.next()).answer('Fourth.');
  two.answer('be it.');
  await r.over();
  assert.deepEqual(SOME.map(r.stateOf), SOME.map(() => 'done'));
}));

test('if no process can be had and nobody will give one back, the answer is 503', limited(SOME.map((part) => stage(part, '70b')), async ({ site, provider }) => {
  const sent = await site.post(ASK);
  assert.equal(sent.status, 503);
  assert.ok(Number(sent.headers['retry-after']) > 0);
  assert.equal(JSON.parse(await sent.text()).error.code, 'busy');
  assert.equal(provider.requests, 0);
}, { nproc: 2 }));

test('a process that is free again serves the next part', limited(SOME.map((part) => stage(part, '70b')), async ({ site, provider }) => {
  provider.auto();
  const r = await run(site, ASK);
  for (const part of SOME) assert.equal(r.stateOf(part), 'done', r.summary());
}));

const WAIT = [stage('one', '70b'), stage('two', '70b', { needs: ['one'] }), stage('three', '70b', { needs: ['one'] }), stage('four', '70b')];
test('who has a prompt takes the process of one that only waits for its own', limited(WAIT, async ({ site, provider }) => {
  const r = await start(site, ASK);
  const parts = [await provider.next(), await provider.next()].map((x) => x.part).sort();
  assert.deepEqual(parts, ['four', 'one']);
  r.leave();
}, { site: ({ provider }) => ({ services: { '70b': provider.service('m', { preconnect: true }) } }) }));


/** From now on the listener and what it forks may have no more: so its settings have not been fitted to that. */
function limit(site, nproc) {
  const { listener } = site.tree();
  execFileSync('prlimit', ['--pid', listener, `--nproc=${nproc}:100`], { uid: proc.user(listener), gid: proc.user(listener) });
}

test('a worker that has served gives up its stages for a run that has none', limited(SOME.map((part) => stage(part, '70b')), async ({ site, provider }) => {
  limit(site, 7); // the listener, a worker with four stages, and a worker
  const first = await start(site, ASK);
  const held = [];
  for (let n = 0; n < SOME.length; n++) held.push(await provider.next());
  const second = await start(site, ASK);
  await second.until((r) => r.comments.includes('waiting 0'), 'the second to wait for a stage');
  provider.auto();
  for (const x of held) x.answer('It is.');
  await first.over();
  await second.over();
  for (const part of SOME) assert.equal(second.stateOf(part), 'done', second.summary());
}, { nproc: 100, limits: { worker_idle_ms: 3_600_000 } }));

test('a third is sent away while the second waits for a stage', limited(SOME.map((part) => stage(part, '70b')), async ({ site, provider }) => {
  limit(site, 7);
  const first = await start(site, ASK);
  const held = [];
  for (let n = 0; n < SOME.length; n++) held.push(await provider.next());
  const second = await start(site, ASK);
  await second.until((r) => r.comments.includes('waiting 0'), 'the second to wait for a stage');
  // Room for the third one's worker, which the second does not get for its stage.
  const { pid } = site.tree().workers.find((w) => w.stages.length === 0);
  process.kill(pid, 'SIGSTOP');
  limit(site, 8);
  const third = await site.post(ASK);
  process.kill(pid, 'SIGCONT');
  assert.equal(third.status, 503);
  assert.equal(JSON.parse(await third.text()).error.code, 'busy');
  provider.auto();
  for (const x of held) x.answer('It is.');
  await Promise.all([first.over(), second.over()]);
}, { nproc: 100 }));

/** A process of the site's user that is not ours, started once the site runs. */
const beside = (user) => spawn('sleep', ['600'], { uid: user, gid: user, stdio: 'ignore' });

// One more process than there may be; when it has gone, there is room for a stage.
test('a listener that can fork no worker serves the next visitor itself, and ends', limited(SOME.map((part) => stage(part, '70b')), async ({ site, provider }) => {
  provider.auto();
  const { listener } = site.tree();
  const other = beside(proc.user(listener));
  try {
    const answer = start(site, ASK);
    await waitFor(() => !proc.unixListening(site.socket), 'the listener to serve by itself');
    other.kill('SIGKILL');
    const r = await (await answer).over();
    for (const part of SOME) assert.equal(r.stateOf(part), 'done', r.summary());
    await waitFor(() => !proc.alive(listener), 'it to end');
  } finally {
    other.kill('SIGKILL');
  }
}, { nproc: 2, by: 'spawn-fcgi' }));
