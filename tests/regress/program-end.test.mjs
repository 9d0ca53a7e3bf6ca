// However a run with programs ends, no process of theirs is left: the visitor
// leaves, or the worker, the stage, the listener or the CGI process is killed.
// The programs are those that are hard to end.

import { cgid } from '../lib/apache.mjs';
import { assert, proc, scene, start, test, waitFor } from '../lib/harness.mjs';
import { HARD, endAll, noneLeft, programs, programsOf, script } from '../lib/programs.mjs';
import { ASK } from '../lib/prompts.mjs';
import { killAtRandom } from '../lib/storm.mjs';

const stages = Object.entries(HARD).map(([part, [lines]]) => script(part, lines));
const LEAST = Object.values(HARD).reduce((sum, [, n]) => sum + n, 0);
const hard = (body, more) => scene(programs(stages, { config: { limits: { max_runs: 2, stage_bytes: 1 << 30 } }, ...more }), body);

/** A run in which all programs are there. */
async function startHard(site) {
  const r = await start(site, ASK);
  for (const part of Object.keys(HARD)) await r.text(part, 'ready');
  await waitFor(() => programsOf(site).length >= LEAST, 'all that they start');
  return r;
}

const keepers = (site) => {
  const ours = new Set(site.ours());
  return [...ours].filter((pid) => proc.children(pid).some((child) => !ours.has(child)));
};
const workersOf = (site) => [...new Set(keepers(site).map((pid) => proc.stat(pid).parent))];
const killAll = (pids, signal = 'SIGKILL') => pids.forEach((pid) => proc.kill(pid, signal));

/** What ends a run: given the site and the run. */
const ENDS = {
  'the visitor leaves': (site, r) => r.leave(),
  'the worker is killed': (site) => killAll(workersOf(site)),
  'the stages are killed': (site) => killAll(keepers(site)),
  'the stages are ended by TERM': (site) => killAll(keepers(site), 'SIGTERM'),
  'the listener is killed, and the visitor leaves': (site, r) => {
    killAll([site.tree().listener]);
    r.leave();
  },
  'a stage is stopped, and the visitor leaves': (site, r) => {
    killAll(keepers(site).slice(0, 1), 'SIGSTOP');
    r.leave();
  },
  'the programs are stopped, and the visitor leaves': (site, r) => {
    killAll(programsOf(site), 'SIGSTOP');
    r.leave();
  },
};
for (const [name, end] of Object.entries(ENDS)) {
  test(`${name}: nothing is left`, hard(async ({ site, t }) => {
    const r = await startHard(site);
    const ms = await endAll(site, () => end(site, r));
    t.diagnostic(`seen: none left after ${ms.toFixed(0)} ms`);
    r.leave();
    if (name === 'the stages are killed') await waitFor(() => site.zombies().length === 0, 'no zombie');
  }));
}

test('a stage that is killed is lost, and its program is not run again', hard(async ({ site }) => {
  const r = await startHard(site);
  const before = new Set(programsOf(site));
  killAll(keepers(site));
  await waitFor(() => r.ended, 'the end of the run');
  for (const part of Object.keys(HARD)) {
    assert.equal(r.errorOf(part).code, 'lost', r.summary());
    assert.equal(r.states[part].filter((s) => s.state === 'start').length, 1, 'it is not run again');
  }
  await waitFor(() => !programsOf(site).some((pid) => before.has(pid)), 'the programs to end');
}));

const CGI_ENDS = {
  'the visitor leaves': (site, r) => r.leave(),
  'the process is ended by TERM': (site) => killAll(workersOf(site), 'SIGTERM'),
  'the process is killed': (site) => killAll(workersOf(site)),
  'the stages are killed': (site) => killAll(keepers(site)),
};
for (const [name, end] of Object.entries(CGI_ENDS)) {
  test(`plain CGI, ${name}: nothing is left`, hard(async ({ site, t }) => {
    const r = await startHard(site);
    const ms = await endAll(site, () => end(site, r));
    t.diagnostic(`seen: none left after ${ms.toFixed(0)} ms`);
    r.leave();
  }, { server: cgid }));
}


const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const KILLS = 60;
test(`${KILLS} kills at random leave no process of a program`, hard(async ({ site, t }) => {
  t.diagnostic(`seen: SEED=${SEED}`);
  await killAtRandom(site, { kills: KILLS, seed: SEED });
  await noneLeft(site);
}));
