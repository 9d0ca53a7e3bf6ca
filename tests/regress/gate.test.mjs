// Many visitors at the same moment. While the listener has not caught up with them, the
// workers of those whom it has accepted send the head of the answer and fork no stage.

import { assert, proc, scene, start, test, waitFor } from '../lib/harness.mjs';
import { backends } from '../lib/servers.mjs';

/** As GATE_MS in lib/web/gate.h. */
const GATE_MS = 2000;
const VISITORS = 60;
const TRIES = 20;
const LISTENERS = 6;
const MANY = { server: 'listen', limits: { max_runs: VISITORS, worker_idle_ms: 100, first_token_ms: 600_000, run_ms: 600_000 } };

/** Makes `n` visitors knock while the listener is stopped; `heads` are the states of the answers that have begun. */
async function knock(site, listener, n) {
  const heads = [];
  proc.kill(listener, 'SIGSTOP');
  await waitFor(() => proc.stat(listener)?.state === 'T', 'the listener to be stopped');
  const visit = async () => {
    const response = await site.post();
    heads.push(response.status);
    return response.text();
  };
  const answers = Promise.all(Array.from({ length: n }, visit));
  await waitFor(() => proc.unixQueued(site.runDir) === n, () => `all to knock; ${proc.unixQueued(site.runDir)} do`);
  return { heads, answers };
}

/** Lets the listener run for so short a time that some have been accepted and others not. Returns whether that is so. */
function stopBetween(site, listener, all) {
  proc.kill(listener, 'SIGCONT');
  while (proc.children(listener).length < 2);
  proc.kill(listener, 'SIGSTOP');
  while (proc.stat(listener)?.state !== 'T');
  const left = proc.unixQueued(site.runDir);
  return left > 0 && left < all;
}

const stagesOf = (site) => site.tree().workers.flatMap(({ stages }) => stages).length;

test('while others knock, a head comes and no stage is forked; after GATE_MS it is', scene(MANY, async ({ site, provider, t }) => {
  provider.auto();
  const { listener } = site.tree();
  for (let tries = 1; ; tries++) {
    assert.ok(tries <= TRIES, 'the listener is never found in the middle of its work');
    const { heads, answers } = await knock(site, listener, VISITORS);
    const accepted = () => VISITORS - proc.unixQueued(site.runDir);
    const began = Date.now();
    const between = stopBetween(site, listener, VISITORS);
    if (between) await waitFor(() => heads.length === accepted(), () => `the heads of ${accepted()}; ${heads.length} have come`);
    const stages = stagesOf(site);
    const inTime = Date.now() - began < GATE_MS / 2;
    if (between && inTime) {
      t.diagnostic(`${accepted()} of ${VISITORS} are accepted`);
      assert.equal(stages, 0, 'no stage is forked while others knock');
      await waitFor(() => provider.requests > 0, 'a run to begin although the listener has not caught up');
    }
    proc.kill(listener, 'SIGCONT');
    for (const text of await answers) assert.match(text, /data: _done\|/);
    assert.ok(heads.every((status) => status === 200));
    if (between && inTime) return;
    await waitFor(() => site.tree().workers.length === 0, 'workers with stages of their own to leave');
  }
}));

// Several listeners at one socket: one that saw somebody knock may find that another one has heard him.
test('who is heard by a listener that others were faster than is not held', scene({ ...MANY, server: backends.multiwatch, watch: ['-f', `${LISTENERS}`] }, async ({ site, provider, t }) => {
  provider.auto();
  const held = [];
  for (let n = 0; n < 8; n++) {
    const runs = await Promise.all(Array.from({ length: 12 }, () => start(site)));
    for (const run of runs) {
      await run.over();
      const { ms } = Object.values(run.states).flat().find(({ state }) => state === 'start');
      held.push(ms >= GATE_MS - 100);
    }
    await waitFor(() => proc.descendants(site.children[0].child.pid).length <= LISTENERS, 'the workers to leave, so that the next ones fork stages');
  }
  const count = held.filter(Boolean).length;
  t.diagnostic(`${count} of ${held.length} began after GATE_MS`);
  assert.ok(count < 3);
}));
