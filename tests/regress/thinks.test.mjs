// What is learned of a model that begins inside a thought, and unlearned.

import fs from 'node:fs/promises';
import path from 'node:path';
import { assert, test } from '../lib/harness.mjs';
import { always, policy, story } from '../lib/policy.mjs';
import { listStages } from '../lib/prompts.mjs';

const ONE = { services: ['a'], state: true };
const pieces = (...texts) => (x) => {
  for (const text of texts) x.text(text);
  x.finish('stop').done();
};
const CLEAN = pieces('Hot ', 'soup.');
const INSIDE = pieces('A secret ', 'thought.', '</think>', '\n\nHot soup.');
const SHOWN = ['a start', 'a first', 'a reset', 'a first', 'a done'];
const HELD = ['a start', 'a first', 'a done'];

/** What the state directory holds, as text; a file may be replaced meanwhile. */
async function known(dir) {
  const files = await fs.readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const texts = files.filter((f) => f.isFile()).map((f) => fs.readFile(path.join(f.parentPath ?? f.path, f.name), 'utf8').catch(() => ''));
  return (await Promise.all(texts)).join('\n');
}

/** Runs with this answer; its text and its story. */
async function answer({ a, run }, way) {
  always(a, way);
  const r = await run();
  return { text: r.parts.one, story: story(r), r };
}

test('shown once, then known: the second is held and has no reset', policy(ONE, async (set) => {
  assert.deepEqual((await answer(set, INSIDE)).story, SHOWN);
  const second = await answer(set, INSIDE);
  assert.deepEqual(second.story, HELD);
  assert.equal(second.text, 'Hot soup.');
}));

test('two answers without it, and text is shown as it comes again', policy(ONE, async (set) => {
  await answer(set, INSIDE);
  for (let n = 0; n < 2; n++) assert.equal((await answer(set, CLEAN)).text, 'Hot soup.');
  set.a.rest();
  const r = await set.start();
  const x = await set.a.next();
  x.text('Hot ');
  await r.text('one', 'Hot ');
  x.text('soup.').finish('stop').done();
  await r.over();
  assert.deepEqual(story(r), HELD);
}));

const STRAY = [
  ['after a finished thought', pieces('<think>plan</think>', 'Hot ', 'soup', '</think>', '.'), 'Hot soup.'],
  ['at the end', pieces('Hot ', 'soup.', '</think>'), 'Hot soup.'],
  ['at the end, and blanks', pieces('Hot ', 'soup.', '</think>', '\n', ' \n'), 'Hot soup.'],
  ['at the begin', pieces('</think>', 'Hot ', 'soup.'), 'Hot soup.'],
  ['of another kind', pieces('<think>plan</think>Hot ', 'soup', '[/THINK]', '.'), 'Hot soup.'],
  ['twice', pieces('<thought>plan</thought>', 'Hot ', '</thought></thought>', 'soup.'), 'Hot soup.'],
];
for (const [name, way, text] of STRAY) {
  test(`a stray closing tag ${name}: nothing is thrown away, nothing is learned`, policy(ONE, async (set) => {
    const first = await answer(set, way);
    assert.equal(first.text, text);
    assert.deepEqual(first.story, HELD);
    assert.doesNotMatch(await known(path.join(set.dir, 'state')), /thinks/);
    assert.deepEqual((await answer(set, way)).story, HELD);
  }));
}

test('a stray closing tag at the end, from a model that was learned: the text is not lost', policy(ONE, async (set) => {
  await answer(set, INSIDE);
  assert.equal((await answer(set, pieces('Hot ', 'soup.', '</think>'))).text, 'Hot soup.');
}));

const DRAFT = '[{"name":"Draft","intro":"Not this."},{"name":"Draft","intro":"Nor this."},{"name":"Draft","intro":"No."}]';
const REAL = '[{"name":"Stew","intro":"Warm."},{"name":"Stew","intro":"Hot."},{"name":"Stew","intro":"Good."}]';
const TAGS = [
  ['<think>', '</think>'], ['<thought>', '</thought>'], ['<THINKING>', '</Thinking>'], ['<reasoning>', '</reasoning>'],
  ['[THINK]', '[/THINK]'], ['<seed:think>', '</seed:think>'], ['<|channel>thought\n', '<channel|>'],
  ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
];
for (const [open, close] of TAGS) {
  test(`a draft list between ${open} and ${close.replaceAll('\n', '')} is not cooked`, policy({ services: ['a'], stages: listStages('one', ['a']) }, async ({ a, run }) => {
    always(a, (x) => {
      if (x.part !== 'one') return x.answer('More of it.');
      for (const piece of [open, DRAFT, close, '\n', REAL].join('').match(/.{1,3}/gs)) x.text(piece);
      return x.finish('stop').done();
    });
    const r = await run();
    assert.equal(r.pick?.name, 'Stew', r.summary());
    assert.deepEqual(r.alternates.map((e) => e.name), ['Stew', 'Stew']);
    assert.ok(r.events.every((e) => !e.text.includes('Draft')), 'nothing of the draft is shown');
    assert.ok(a.exchanges.every((x) => !x.prompt.includes('Draft')));
  }));
}
