// "race": "late": the second service is asked only if the first one is later than 19
// of 20 of its answers, and only for one call in twenty.

import fs from 'node:fs';
import path from 'node:path';
import { assert, test, waitFor } from '../lib/harness.mjs';
import { folderOf, readLaps, rows, writeLaps } from '../lib/laps.mjs';
import { always, policy, refuse, story, well } from '../lib/policy.mjs';
import { stage } from '../lib/prompts.mjs';

const site = (knows, body, options) => policy({ state: true, race: 'late', ...options }, async (set) => {
  const state = path.join(set.dir, 'state');
  await waitFor(() => fs.existsSync(state) && folderOf(state), 'the folder of the site');
  set.folder = folderOf(state);
  writeLaps(set.folder, rows(knows, set.a.service('model-a'), 'a', { text_us: 30_000, total_us: 60_000 }));
  set.marks = () => readLaps(set.folder).filter(({ end }) => end === 'late').length;
  await body(set);
});

test('the second one is asked when the first is late, and wins', site(20, async (set) => {
  const { a, b, start } = set;
  const r = await start();
  const ax = await a.next();
  const bx = await b.next();
  bx.text('From b');
  await ax.closed;
  bx.text('.').finish('stop').done();
  await r.over();
  assert.equal(r.parts.one, 'From b.');
  assert.deepEqual(story(r), ['a start', 'b start', 'b first', 'b done']);
  assert.match(r.states.one[1].why, /^a second call, as a has sent nothing for 30 ms$/);
  assert.equal(set.marks(), 1);
  assert.match(await set.site.stderr(), /part=one state=late service=a after=30 next=b/);
}));

test('the first one may still win', site(20, async ({ a, b, start }) => {
  const r = await start();
  const ax = await a.next();
  const bx = await b.next();
  ax.text('From a');
  await bx.closed;
  ax.text('.').finish('stop').done();
  await r.over();
  assert.equal(r.parts.one, 'From a.');
}));

test('if the second one fails, the first goes on, and the other way round', site(40, async (set) => {
  const { a, b } = set;
  always(b, refuse(500));
  let r = await set.start();
  let ax = await a.next();
  await waitFor(() => b.requests === 1, 'the second one to be asked');
  ax.text('From a.').finish('stop').done();
  await r.over();
  assert.equal(r.parts.one, 'From a.');
  always(b, false);
  r = await set.start();
  ax = await a.next();
  const bx = await b.next();
  ax.error(500);
  bx.text('From b.').finish('stop').done();
  await r.over();
  assert.equal(r.parts.one, 'From b.');
}));

test('a thought is a token: who thinks is not late', site(20, async (set) => {
  const { a, b, start } = set;
  const r = await start();
  const ax = await a.next();
  ax.chunk({ reasoning_content: 'Let me see.' });
  await r.state('one', 'start');
  await new Promise((resolve) => setTimeout(resolve, 300));
  // It may have been asked if the thought came too late on a busy machine; not otherwise.
  if (set.marks() === 0) assert.equal(b.requests, 0);
  ax.text('From a.').finish('stop').done();
  await r.over();
}));

for (const [name, known] of [['without rows', 0], ['with too few', 19]]) {
  test(`${name} the second one is never asked for lateness`, site(known, async (set) => {
    const { a, b, start } = set;
    const r = await start();
    const ax = await a.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    ax.text('From a.').finish('stop').done();
    await r.over();
    assert.deepEqual([r.parts.one, b.requests, set.marks()], ['From a.', 0, 0]);
  }));
}

test('one call in twenty, and no more', site(20, async (set) => {
  const { a, b } = set;
  always(b, well('From b.'));
  for (let i = 0; i < 8; i++) {
    const r = await set.start();
    const ax = await a.next();
    if (i === 0) {
      await ax.closed;
    } else {
      await new Promise((resolve) => setTimeout(resolve, 200));
      ax.text('From a.').finish('stop').done();
    }
    await r.over();
    assert.equal(r.parts.one, i === 0 ? 'From b.' : 'From a.');
  }
  assert.deepEqual([b.requests, set.marks()], [1, 1]);
}));

test('where no mark can be left, as on a full disk, nothing is paid for twice', site(40, async (set) => {
  const { a, b, start } = set;
  fs.renameSync(path.join(set.folder, 'laps'), path.join(set.folder, 'laps.old'));
  fs.mkdirSync(path.join(set.folder, 'laps'));
  const r = await start();
  const ax = await a.next();
  await new Promise((resolve) => setTimeout(resolve, 500));
  ax.text('From a.').finish('stop').done();
  await r.over();
  assert.deepEqual([r.parts.one, b.requests], ['From a.', 0]);
}));

test('one that is set aside is not asked', site(40, async (set) => {
  const { a, b } = set;
  always(b, refuse(401));
  let r = await set.start();
  let ax = await a.next();
  await waitFor(async () => /set aside/.test(await set.site.stderr()), 'the second one to be set aside');
  ax.text('From a.').finish('stop').done();
  await r.over();
  r = await set.start();
  ax = await a.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  ax.text('From a.').finish('stop').done();
  await r.over();
  assert.equal(b.requests, 1);
}));

test('with "fastest" the second one is the next fastest', site(40, async (set) => {
  const { a, b, c } = set;
  writeLaps(set.folder, rows(40, b.service('model-b'), 'b', { text_us: 10_000, total_us: 20_000 }));
  always(c, well('From c.'));
  const r = await set.start();
  const ax = await b.next();
  const bx = await a.next();
  bx.text('From a.').finish('stop').done();
  await ax.closed;
  await r.over();
  assert.equal(r.parts.one, 'From a.');
  assert.equal(c.requests, 0);
}, { services: ['a', 'b', 'c'], stages: [stage('one', { fastest: ['a', 'b'] }, { race: 'late' })] }));
