// {"fastest": [...]} as a stage's service: who is asked first, by what visitors have
// had, and what the _part says of it.

import fs from 'node:fs';
import path from 'node:path';
import { assert, test, waitFor } from '../lib/harness.mjs';
import { folderOf, keyOf, readLaps, rows, writeLaps } from '../lib/laps.mjs';
import { always, policy, refuse, story, well } from '../lib/policy.mjs';
import { stage } from '../lib/prompts.mjs';

const fastest = (ids = ['a', 'b'], more = {}) => [stage('one', { fastest: ids, ...more })];
/** A site of these stages; `knows` are rows by service, as [count, what they have]. */
const site = (options, body) => policy({ state: true, ...options }, async (set) => {
  for (const id of options.services ?? ['a', 'b']) always(set[id], well(`From ${id}.`));
  const state = path.join(set.dir, 'state');
  await waitFor(() => fs.existsSync(state) && folderOf(state), 'the folder of the site');
  set.folder = folderOf(state);
  set.learn = (knows) => writeLaps(set.folder, Object.entries(knows).flatMap(([id, [n, has]]) => rows(n, set[id].service(`model-${id}`), id, has)));
  await body(set);
});
/** Who writes it, in n runs, and why, as the first _part says. */
async function asked(set, n = 1) {
  const by = [];
  for (let i = 0; i < n; i++) {
    const r = await set.run();
    assert.equal(r.stateOf('one'), 'done', r.summary());
    const [start] = r.states.one;
    by.push([start.service, start.why]);
  }
  return by;
}
/** Those that were no race to learn. */
const plain = (by) => by.filter(([, why]) => !/race/.test(why));

test('where nothing is known the listed order holds, and the part says so', site({ stages: fastest() }, async (set) => {
  for (const [service, why] of plain(await asked(set, 4)))
    assert.deepEqual([service, why], ['a', 'the listed order, as too little is known']);
}));

test('the faster one is asked first, by the whole answer', site({ stages: fastest() }, async (set) => {
  set.learn({ a: [9, { text_us: 100_000, total_us: 900_000 }], b: [9, { text_us: 200_000, total_us: 400_000 }] });
  for (const [service, why] of plain(await asked(set, 3)))
    assert.deepEqual([service, why], ['b', 'the fastest of 2: 0.40 s to the last token in the median']);
}));

test('or by the first text', site({ stages: fastest(['b', 'a'], { by: 'first' }) }, async (set) => {
  set.learn({ a: [9, { text_us: 100_000, total_us: 900_000 }], b: [9, { text_us: 200_000, total_us: 400_000 }] });
  for (const [service, why] of plain(await asked(set, 3)))
    assert.deepEqual([service, why], ['a', 'the fastest of 2: 0.10 s to the first text in the median']);
}));

test('rows that are old, few, or measured by the command do not count', site({ stages: fastest() }, async (set) => {
  const slow = { total_us: 900_000 };
  set.learn({ a: [9, slow], b: [4, { total_us: 1000 }] });
  set.learn({ b: [9, { total_us: 1000, at_ms: Date.now() - 31 * 60_000 }] });
  set.learn({ b: [9, { total_us: 1000, of: 1 }] });
  assert.equal(plain(await asked(set, 1))[0]?.[0] ?? 'a', 'a');
}));

test('one that fails is not the fastest', site({ stages: fastest(['b', 'a']) }, async (set) => {
  set.learn({ a: [9, { total_us: 900_000 }], b: [9, { text_us: -1, total_us: 1000, end: 'failed' }] });
  for (const [service] of plain(await asked(set, 3))) assert.equal(service, 'a');
}));

test('one that always loses its races is not the fastest', site({ stages: fastest(['a', 'b']) }, async (set) => {
  set.learn({ a: [9, { total_us: 900_000 }], b: [9, { text_us: -1, total_us: 1000, end: 'left' }] });
  for (const [service] of plain(await asked(set, 3))) assert.equal(service, 'a');
}));

test('of three, the one of which little is known keeps its place', site({ services: ['a', 'b', 'c'], stages: fastest(['a', 'b', 'c']) }, async (set) => {
  set.learn({ a: [9, { total_us: 900_000 }], c: [9, { total_us: 100_000 }] });
  for (const id of ['a', 'b', 'c']) always(set[id], refuse(500));
  const r = await set.run();
  const order = [...new Set(r.states.one.filter(({ state }) => state === 'start').map(({ service }) => service))];
  assert.deepEqual(order.slice(0, 3), ['c', 'b', 'a'], story(r).join());
}));

test('who leads stays so until another one is clearly faster', site({ stages: fastest() }, async (set) => {
  set.learn({ a: [20, { total_us: 500_000 }], b: [20, { total_us: 400_000 }] });
  assert.ok(plain(await asked(set, 2)).every(([service]) => service === 'b'));
  set.learn({ a: [200, { total_us: 380_000 }] });
  assert.ok(plain(await asked(set, 2)).every(([service]) => service === 'b'), 'by a twentieth: no change');
  set.learn({ a: [600, { total_us: 300_000 }] });
  assert.ok(plain(await asked(set, 2)).every(([service]) => service === 'a'), 'by a quarter');
}));

test('one that is set aside is not asked, however fast', site({ stages: fastest() }, async (set) => {
  set.learn({ a: [9, { total_us: 900_000 }], b: [9, { total_us: 100_000 }] });
  always(set.b, refuse(401));
  // In a race to learn, one in twenty, it may be left before it has refused.
  while (plain(await asked(set)).length === 0);
  const { requests } = set.b;
  const r = await set.run();
  assert.ok(story(r).every((s) => s.startsWith('a ')), story(r).join());
  assert.equal(set.b.requests, requests);
}));

test('one run in twenty asks the second one, too, and it becomes known', site({ stages: fastest() }, async (set) => {
  let races = [];
  for (let i = 0; i < 400 && races.length === 0; i++) races = (await asked(set, 5)).filter(([, why]) => /race, to learn$/.test(why));
  assert.ok(races.length > 0, 'a race in 2000 runs');
  const key = keyOf(set.b.service('model-b'), 'b');
  await waitFor(() => readLaps(set.folder).some((row) => row.key === key), 'a row of the second one');
}));
