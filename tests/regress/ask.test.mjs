// What a model is asked: the two messages, and what a stage sets beside them.
// Single refusals are in tests/cases, c16 and c23.

import { COOK, assert, run as runRecipe, scene, test } from '../lib/harness.mjs';
import { always, policy, story, well } from '../lib/policy.mjs';
import { stage } from '../lib/prompts.mjs';

const one = (more) => [stage('one', ['a'], more)];
const refusing = (name) => (x) => (name in x.body ? x.error(400, { error: { message: `property '${name}' is unsupported` } }) : x.answer('Done.'));
const estimate = (bytes) => Math.ceil(bytes / 4);

test("the article's request for an introduction, member by member", scene({}, async ({ site, provider }) => {
  provider.auto();
  await runRecipe(site, COOK);
  const { body } = provider.exchanges.find((x) => x.part === 'int');
  const { messages, ...rest } = body;
  assert.deepEqual(rest, { model: 'model-70b', stream: true, max_tokens: 250, temperature: 0.55, top_p: 0 });
  assert.deepEqual(messages.map(({ role, content, ...more }) => [role, typeof content, more]), [['user', 'string', {}]]);
}));

// ---- the system message

const LONG = 'Ünïcode 김치 🍳. '.repeat(2000); // 50 KB each, so several frames and pipes full

test('a long system message crosses whole, and so does the prompt', policy({
  services: ['a'], stages: one({ system: `${LONG}{{what}}`, template: `${LONG}of {{what}}` }),
}, async ({ a, run }) => {
  always(a, well());
  await run();
  assert.deepEqual(a.exchanges[0].body.messages, [
    { role: 'system', content: `${LONG}onions` }, { role: 'user', content: `Part: one\n${LONG}of onions` }]);
}));

test('both messages are in the estimate of the tokens', policy({
  services: ['a'], stages: one({ system: 'Be brief. '.repeat(50) }),
}, async ({ a, run }) => {
  always(a, well('Done.'));
  const r = await run();
  const bytes = a.exchanges[0].body.messages.reduce((sum, m) => sum + Buffer.byteLength(m.content), 0);
  assert.deepEqual(r.states.one.at(-1).tokens, { in: estimate(bytes), out: estimate(5), estimated: true });
}));

test('an estimate of a broken answer counts both as well', policy({
  services: ['a'], stages: one({ system: 'Be brief. '.repeat(50) }), limits: { idle_ms: 300 },
}, async ({ a, run }) => {
  always(a, (x) => x.text('Done.'));
  const r = await run();
  const bytes = a.exchanges[0].body.messages.reduce((sum, m) => sum + Buffer.byteLength(m.content), 0);
  assert.deepEqual(r.states.one.at(-1).tokens, { in: estimate(bytes), out: estimate(5), estimated: true });
}));

for (const [fits, size] of [[true, 4096], [false, 4097]]) {
  test(`both together ${fits ? 'may have' : 'must not pass'} prompt_bytes`, policy({
    services: ['a'], limits: { prompt_bytes: 4096 },
    stages: one({ system: 's'.repeat(size - 1000), template: 'u'.repeat(1000 - 'Part: one\n'.length) }),
  }, async ({ a, run }) => {
    always(a, well());
    const r = await run();
    assert.equal(r.stateOf('one'), fits ? 'done' : 'failed');
    assert.equal(a.requests, fits ? 1 : 0);
    if (!fits) assert.deepEqual([r.errorOf('one').code, /prompt_bytes, 4096/.test(r.errorOf('one').message)], ['too_big', true]);
  }));
}

// A kept process has its next job at the same service: nothing of the last is left in it.
test('a system message is of its own stage alone', policy({
  services: ['a'],
  stages: [stage('one', ['a'], { system: 'Say {{what}} twice.' }), stage('two', ['a'], { needs: ['one'], template: 'After {{one}}' }),
    stage('three', ['a'], { needs: ['two'], system: '{{two}} is over.' })],
}, async ({ a, run }) => {
  always(a, well('Well.'));
  for (let n = 0; n < 3; n++) {
    assert.equal((await run()).stateOf('three'), 'done');
    assert.deepEqual(a.exchanges.slice(-3).map((x) => x.body.messages.map((m) => m.content)), [
      ['Say onions twice.', 'Part: one\nA sentence about onions, please.'], ['Part: two\nAfter Well.'],
      ['Well. is over.', 'Part: three\nA sentence about onions, please.']]);
  }
}));

test('the next service is asked with both, too', policy({ stages: [stage('one', ['a', 'b'], { system: 'Be brief.' })] }, async ({ a, b, run }) => {
  always(a, (x) => x.error(500));
  always(b, well());
  assert.equal((await run()).stateOf('one'), 'done');
  assert.deepEqual(b.exchanges[0].body.messages.map((m) => m.role), ['system', 'user']);
}));

test('and both of a race', policy({ race: 2, stages: [stage('one', ['a', 'b'], { system: 'Be brief.', race: 2 })] }, async ({ a, b, start }) => {
  const r = await start();
  for (const x of [await a.next(), await b.next()]) assert.deepEqual(x.body.messages.map((m) => m.role), ['system', 'user']);
  r.leave();
}));

test('the demo does without it', scene({
  config: {}, edit: (graph, dir) => import('node:fs/promises').then((fs) => fs.writeFile(`${dir}/ing.system.txt`, 'Be {{diet}}.')),
}, async ({ site }) => {
  const r = await runRecipe(site, COOK);
  assert.equal(r.run.demo, true);
  assert.equal(r.stateOf('ing'), 'done');
  assert.doesNotMatch(r.parts.ing, /Be /);
}));

// ---- what a model refuses

test('a member of extra that is refused by name is remembered by all, by its name', policy({
  services: ['a'], state: true,
  stages: [stage('one', ['a'], { extra: { min_p: 0.1, top_k: 40 } }), stage('two', ['a'], { needs: ['one'], extra: { top_k: 50, user: 'cook', min_p: 0.2 } })],
}, async ({ a, run, open, sites }) => {
  always(a, refusing('top_k'));
  const r = await run();
  assert.deepEqual(story(r), ['a start', 'a start', 'a first', 'a done']);
  assert.deepEqual(story(r, 'two'), ['a start', 'a first', 'a done'], 'the next stage knows');
  await sites[0].stop();
  const other = await open();
  sites.shift();
  assert.deepEqual(story(await run(other)), ['a start', 'a first', 'a done'], 'a program started later knows too');
  assert.equal(a.requests, 5);
  for (const { body } of a.exchanges.slice(1)) assert.deepEqual(['top_k' in body, body.min_p, body.user], [false, body.user ? 0.2 : 0.1, body.user]);
}));

test('a value that is refused is remembered as this value', policy({
  services: ['a'], state: true,
  stages: [stage('one', ['a'], { top_p: 0 }), stage('two', ['a'], { needs: ['one'], top_p: 0.9 })],
}, async ({ a, run, open, sites }) => {
  always(a, (x) => (x.body.top_p === 0 ? x.error(400, { error: { message: 'top_p must be in (0, 1], got 0.0.' } }) : x.answer('Done.')));
  assert.deepEqual(story(await run()), ['a start', 'a start', 'a first', 'a done']);
  await sites[0].stop();
  const other = await open();
  sites.shift();
  assert.deepEqual(story(await run(other)), ['a start', 'a first', 'a done']);
  assert.deepEqual(a.exchanges.map((x) => x.body.top_p), [0, undefined, 0.9, undefined, 0.9]);
}));

test('what is refused without being to blame is sent again next time', policy({
  services: ['a', 'b'], state: true, stages: [stage('one', ['a', 'b'], { extra: { top_k: 40 } })],
}, async ({ a, b, run }) => {
  always(a, (x) => x.error(400, { error: { message: "property 'top_k' is unsupported" } }));
  always(b, well());
  for (let n = 0; n < 2; n++) assert.deepEqual(story(await run()), ['a start', 'a start', 'b start', 'b first', 'b done']);
  assert.deepEqual(a.exchanges.map((x) => 'top_k' in x.body), [true, false, true, false]);
  assert.ok(b.exchanges.every((x) => x.body.top_k === 40), 'one service refuses for itself alone');
}));

test('words about what was not sent are no refusal of it', policy({ services: ['a', 'b'], stages: [stage('one', ['a', 'b'])] }, async ({ a, b, run }) => {
  always(a, (x) => x.error(400, { error: { message: "a request without 'stop', 'seed' and a system message is not taken here" } }));
  always(b, well());
  assert.deepEqual(story(await run()), ['a start', 'b start', 'b first', 'b done']);
}));
