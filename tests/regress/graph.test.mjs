// The stage graph is data: another directory, not about food, with other inputs
// and another shape, runs through the same program. See ../graphs/tiny.

import fs from 'node:fs/promises';
import path from 'node:path';
import { TINY, assert, check, partNames, run, scene, start, test } from '../lib/harness.mjs';

const PLACE = { place: 'Cape Wrath', year: 1890 };
const NAMES = [{ title: 'Long Beam', motto: 'We see you.' }, { title: 'Old Salt', motto: 'Mind the rocks.' }];
const tiny = (body, more = {}) => scene({
  prompts: TINY,
  site: ({ provider }) => ({ services: { pen: provider.service('pen-model'), brush: provider.service('brush-model') } }),
  ...more,
}, body);

test('a whole run of the tiny graph', tiny(async ({ site, provider }) => {
  provider.auto({ names: JSON.stringify(NAMES) });
  const r = await run(site, PLACE);
  assert.deepEqual(partNames(r), ['keeper', 'day', 'night', 'log', 'names', 'rest', 'sign']);
  const { index } = r.pick;
  assert.deepEqual(r.pick, { index, ...NAMES[index] });
  assert.deepEqual(r.alternates, [NAMES[1 - index]]);
  assert.equal(r.parts.rest, `<dt>${NAMES[1 - index].title}</dt><dd>${NAMES[1 - index].motto}</dd>`);
  for (const part of partNames(r)) assert.equal(r.stateOf(part), 'done');
}));

test('the fan-in waits for both of its inputs', tiny(async ({ site, provider }) => {
  provider.auto({ day: false, night: false, log: false });
  const r = await start(site, PLACE);
  const [day, night] = [await provider.next('day'), await provider.next('night')];
  assert.ok(day.prompt.includes('The text of keeper.'));
  assert.equal(day.body.model, 'pen-model');
  assert.equal(night.body.model, 'brush-model');
  night.answer('Waves.');
  await r.state('night', 'done');
  day.text('Gulls.');
  await r.text('day', 'Gulls.');
  assert.equal(provider.pending('log'), 0, 'day is not done');
  day.finish('stop').done();
  const log = await provider.next('log');
  assert.ok(log.prompt.includes('By day: Gulls.\nBy night: Waves.'), log.prompt);
  r.leave();
}));

test('a failure goes down the chain, and no further up', tiny(async ({ site, provider }) => {
  provider.auto({ night: (x) => x.error(500) });
  const r = await run(site, PLACE);
  assert.deepEqual(Object.fromEntries(partNames(r).map((part) => [part, r.stateOf(part)])), {
    keeper: 'done', day: 'done', night: 'failed', log: 'skipped', names: 'skipped', rest: 'skipped', sign: 'skipped',
  });
}));

test('its inputs are its own', async (t) => {
  await tiny(async ({ site, provider }) => {
    provider.auto({ names: JSON.stringify(NAMES) });
    const cases = [
      [{ place: 'Skye' }, 200], [{ place: '7', year: '1' }, 200], [{ place: 'Skye', year: 3000 }, 200],
      [{ year: 1890 }, 400, 'place'], [{ place: '' }, 400, 'place'], [{ place: 'x'.repeat(61) }, 400, 'place'],
      [{ place: 'Skye', year: 3001 }, 400, 'year'], [{ place: 'Skye', year: 'then' }, 400, 'year'],
      [{ ingredientsOnHand: 'beef', prepTime: 45 }, 400, /ingredientsOnHand|prepTime|place/],
    ];
    for (const [body, status, says] of cases) {
      await t.test(JSON.stringify(body).slice(0, 40), async () => {
        const response = await site.post(body);
        const answer = await response.text();
        assert.equal(response.status, status, answer);
        if (says) assert.match(JSON.parse(answer).error.message, new RegExp(says));
      });
    }
  })(t);
});

test('an input that is not given leaves its place empty', tiny(async ({ site, provider }) => {
  provider.auto({ keeper: false });
  const r = await start(site, { place: 'Skye' });
  const { prompt } = await provider.next('keeper');
  assert.ok(prompt.includes('at Skye in the year ?'), prompt);
  r.leave();
}));

test('stages keep the order of their file in the JSON answer', tiny(async ({ site, provider }) => {
  provider.auto({ names: JSON.stringify(NAMES) });
  const doc = await (await site.post(PLACE, { headers: { accept: 'application/json' } })).json();
  assert.deepEqual(Object.keys(doc.parts), ['keeper', 'day', 'night', 'log', 'names', 'rest', 'sign']);
}));

/** What is wrong with a graph, and what the site must say of it. */
const stage = (graph, part) => graph.stages.find((s) => s.part === part);
const WRONG = [
  ['an unknown key of a stage', (g) => (stage(g, 'day').colour = 'blue'), /colour/],
  ['an unknown key of an input', (g) => (g.inputs.place.colour = 'blue'), /colour/],
  ['an unknown key at the top', (g) => (g.colour = 'blue'), /colour/],
  ['a need that is not there', (g) => (stage(g, 'log').needs = ['day', 'noon']), /noon/],
  ['a need that comes later', (g) => (stage(g, 'day').needs = ['log']), /log/],
  ['two stages of one name', (g) => (stage(g, 'night').part = 'day'), /day/],
  ['a stage of each over one that is no list', (g) => (stage(g, 'rest').each = 'day'), /rest|day/],
  ['an input of an unknown type', (g) => (g.inputs.year.type = 'date'), /date|type/],
  ['a template that is missing', (g, dir) => fs.rm(path.join(dir, 'log.txt')), /log\.txt/],
  ['a template with an unknown name', (g, dir) => fs.writeFile(path.join(dir, 'log.txt'), 'Hi {{noon}}'), /noon/],
  ['a template with a name that is not needed', (g, dir) => fs.writeFile(path.join(dir, 'day.txt'), 'Hi {{night}}'), /night/],
  ['no stages', (g) => (g.stages = []), /stages/],
];
test('a graph that is wrong is named by check', async (t) => {
  for (const [name, edit, says] of WRONG) {
    await t.test(name, async () => {
      const { status, output } = await check({}, { prompts: TINY, edit });
      assert.notEqual(status, 0, output);
      assert.match(output, says);
      assert.match(output, /(stages\.json|\w+\.txt)(:\d+)?/, 'with its file');
    });
  }
});

test('a graph that is wrong answers 503 to everybody', tiny(async ({ site }) => {
  for (const response of [await site.post(PLACE), await site.get('/services')]) {
    assert.equal(response.status, 503);
    const { error } = await response.json();
    assert.equal(error.code, 'config');
    assert.match(error.message, /recipe\.fcgi check/);
  }
}, { edit: (graph) => (graph.colour = 'blue') }));
