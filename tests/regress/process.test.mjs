// Listener, workers and stages: who lives when, and who survives whom.

import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ASKING, COOK, PARTS, PROGRAM, PROJECT, assert, cleanEnvironment, proc, run, scene, sleep, start, test, waitFor, within,
} from '../lib/harness.mjs';
import { ASK, stage, writePrompts } from '../lib/prompts.mjs';
import { isRoot, limitedTo } from '../lib/servers.mjs';

const { kill } = proc;
const gone = (pid) => waitFor(() => !proc.alive(pid), `process ${pid} to leave`);

/** A run with ing in the middle of its text, and the process that receives it. */
async function inTheMiddle({ site, provider }, how = {}, body = COOK) {
  provider.auto({ ing: false, ...how });
  const r = await start(site, body);
  const ing = await provider.next('ing');
  ing.text('Beef has');
  await r.text('ing', 'Beef has');
  const { listener, workers } = site.tree();
  const stages = workers.flatMap((w) => w.stages);
  return { r, ing, listener, worker: workers[0].pid, stages, stage: proc.ownerOfPort(ing.connection.socket.remotePort, stages) };
}

test('an idle worker leaves, an unused site is one process', scene({ limits: { worker_idle_ms: 200 } }, async ({ site, provider }) => {
  provider.auto();
  for (let n = 0; n < 3; n++) {
    await run(site);
    await waitFor(() => site.ours().length === 1, () => `one process; there are ${site.ours().length}`);
    await waitFor(() => site.zombies().length === 0, 'no zombie');
  }
}));

test('no connection is lost while workers leave', scene({ limits: { worker_idle_ms: 1 } }, async ({ site }) => {
  for (let n = 0; n < 150; n++) {
    const response = await site.get('/services');
    assert.equal(response.status, 200);
    await response.text();
  }
}));

test('an idle worker gets the next visitor', scene({ limits: { max_runs: 1 } }, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  await site.idle();
  const [worker] = site.tree().workers;
  await run(site);
  assert.deepEqual(site.tree().workers.map((w) => w.pid), [worker.pid]);
}));

test('each visitor at the same time has a worker', scene({}, async ({ site, provider }) => {
  const runs = [];
  for (let n = 1; n <= 3; n++) {
    runs.push(await start(site));
    await provider.next('ing');
    await waitFor(() => site.tree().workers.length === n, `${n} workers`);
  }
  for (const r of runs) r.leave();
}));

test('stages and workers hold only what is theirs', scene({ https: true }, async (set) => {
  const { r, listener, worker } = await inTheMiddle(set, { init: false });
  await set.provider.waitOpen(5);
  const stages = set.site.tree().workers.flatMap((w) => w.stages);
  const own = (pid) => proc.fds(pid).filter((f) => f.fd > 2 || f.target.startsWith('socket:')).map((f) => f.target)
    .filter((target) => /^(socket|pipe):/.test(target));
  const [accepting] = proc.fds(listener).filter((f) => f.fd === 0).map((f) => f.target);
  assert.ok(!own(worker).includes(accepting), 'the worker has closed fd 0');
  assert.equal(stages.length, 5);
  const sockets = own(worker).filter((target) => target.startsWith('socket:'));
  for (const stage of stages) {
    assert.ok(!own(stage).includes(accepting), 'no stage holds the listening socket');
    assert.deepEqual(own(stage).filter((target) => sockets.includes(target)), [], 'no stage holds a socket of its worker');
    for (const other of stages.filter((pid) => pid !== stage)) {
      assert.deepEqual(own(stage).filter((target) => own(other).includes(target)), [], 'no stage holds a pipe of another');
    }
  }
  r.leave();
}));

for (const signal of ['SIGKILL', 'SIGABRT']) {
  test(`a stage that dies of ${signal} costs its own part only`, scene({}, async (set) => {
    const { r, stage, worker } = await inTheMiddle(set);
    kill(stage, signal);
    await r.over();
    assert.equal(r.stateOf('ing'), 'failed');
    assert.equal(r.errorOf('ing').code, 'lost', r.errorOf('ing').message);
    for (const part of PARTS.filter((p) => p !== 'ing')) assert.equal(r.stateOf(part), 'done', part);
    assert.ok(proc.alive(worker));
    set.provider.auto();
    assert.equal((await run(set.site)).stateOf('ing'), 'done', 'its slot is filled again');
    await waitFor(() => set.site.zombies().length === 0, 'no zombie');
  }));
}

test('a stage that waits and is killed fails its part, or is replaced', scene({ https: true }, async ({ site, provider }) => {
  provider.auto({ init: false });
  const r = await start(site);
  const init = await provider.next('init');
  await r.state('ing', 'done');
  await provider.waitOpen(5);
  const waiting = provider.connections.find((c) => c.requests === 0);
  kill(proc.ownerOfPort(waiting.socket.remotePort, site.ours()), 'SIGKILL');
  await waiting.closed;
  init.answer(JSON.stringify([{ name: 'Stew', intro: 'Warm.' }]));
  await r.over();
  const bad = ASKING.filter((part) => r.stateOf(part) !== 'done');
  assert.ok(bad.length <= 2, r.summary()); // add takes ste with it
  for (const part of bad) assert.match(r.errorOf(part).code, /lost|skipped/);
}));

test('a stage that hangs is ended by the clock', scene({ limits: { idle_ms: 1500 } }, async (set) => {
  const { r, stage } = await inTheMiddle(set);
  kill(stage, 'SIGSTOP');
  await r.over();
  assert.equal(r.errorOf('ing').code, 'idle_timeout');
  await gone(stage);
}));

test('a worker that dies takes its stages and connections with it', scene({}, async (set) => {
  const { r, worker, stages } = await inTheMiddle(set, { init: false });
  kill(worker, 'SIGKILL');
  await r.closed();
  assert.equal(r.done, null, 'the stream broke: no _done');
  await set.provider.allClosed();
  for (const stage of stages) await gone(stage);
  set.provider.auto();
  assert.equal((await run(set.site)).stateOf('ste'), 'done', 'the next visitor is served');
}));

for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1']) {
  test(`${signal}: the listener leaves at once, a run finishes`, scene({ server: 'listen' }, async (set) => {
    const { r, ing, listener, worker } = await inTheMiddle(set);
    kill(listener, signal);
    await gone(listener);
    ing.text(' iron.').finish('stop').done();
    await r.over();
    assert.equal(r.parts.ing, 'Beef has iron.');
    await gone(worker);
    await waitFor(() => set.site.ours().length === 0, 'all to leave');
  }));
}

test('the listener killed: a run finishes, an idle worker leaves', scene({ server: 'listen' }, async (set) => {
  set.provider.auto();
  await run(set.site);
  const { r, ing, listener } = await inTheMiddle(set);
  kill(listener, 'SIGKILL');
  ing.text(' iron.').finish('stop').done();
  await r.over();
  await waitFor(() => set.site.ours().length === 0, 'all to leave');
}));

test('TERM while nobody is there leaves nothing', scene({ server: 'listen' }, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  kill(site.tree().listener, 'SIGTERM');
  await waitFor(() => site.ours().length === 0, 'listener, worker and kept stages to leave');
}));

// libfcgi takes TERM for itself when it is set up; between that and our own
// handler there must be no moment in which it is lost.
test('TERM is heard from the first moment on', async (t) => {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-term-'));
  t.after(() => fs.rm(dir, { recursive: true }));
  const env = cleanEnvironment(dir, { RECIPE_PROMPTS: path.join(PROJECT, 'prompts') });
  for (let n = 0; n < 120; n++) {
    const child = spawn(PROGRAM, ['--listen', `unix:${dir}/${n}.sock`], { env, stdio: 'ignore' });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await sleep(n % 12);
    child.kill('SIGTERM');
    await within(exited, `the listener to hear TERM sent ${n % 12} ms after its start`).finally(() => child.kill('SIGKILL'));
  }
});

const withStages = (site) => site.tree().workers.filter(({ stages }) => stages.length > 0);

test('at max_runs visitors wait, and are served when one has gone', scene({ limits: { max_runs: 2 } }, async ({ site, provider }) => {
  const of = (name) => (x) => x.part === 'ing' && x.prompt.includes(name);
  const name = ['first', 'second', 'third'];
  provider.auto({ ing: false });
  const held = [];
  const runs = [];
  for (const n of [0, 1]) {
    runs.push(await start(site, { ...COOK, ingredientsOnHand: name[n] }));
    held.push(await provider.next(of(name[n])));
  }
  const third = await start(site, { ...COOK, ingredientsOnHand: 'third' });
  for (const x of held) x.text('Iron');
  await Promise.all(runs.map((r) => r.text('ing', 'Iron')));
  await third.until((r) => r.comments.includes('waiting 0'), 'the third to be told that it waits');
  assert.equal(provider.pending(of('third')), 0);
  assert.equal(third.run, null);
  assert.equal(withStages(site).length, 2, 'who waits has no stages');
  held[0].finish('stop').done();
  await runs[0].over();
  (await provider.next(of('third'))).answer('Iron');
  await third.over();
  held[1].finish('stop').done();
  await runs[1].over();
}));

test('a full house serves everybody in the end', scene({ limits: { max_runs: 3 } }, async ({ site, provider }) => {
  provider.auto();
  const runs = await Promise.all(Array.from({ length: 24 }, () => run(site)));
  for (const r of runs) assert.equal(r.stateOf('ste'), 'done');
  await waitFor(() => withStages(site).length <= 3, 'stages of three workers at most');
}));
