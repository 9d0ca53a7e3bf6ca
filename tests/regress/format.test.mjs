// response_format for lists: a server at home is offered it, and what it
// refuses, or takes and fails with, is learned; another host is not asked.

import { assert, run, scene, test } from '../lib/harness.mjs';
import { always, policy } from '../lib/policy.mjs';
import { listStages } from '../lib/prompts.mjs';

const LIST = '[{"name":"Stew","intro":"Warm."},{"name":"Soup","intro":"Hot."},{"name":"Pie","intro":"Soft."}]';
const ONE = { services: ['a'], state: true, stages: listStages('one', ['a']) };
const format = (x) => x.body.response_format;
const items = (x) => format(x)?.json_schema.schema.properties.items;
const lists = (a) => a.exchanges.filter((x) => x.part === 'one');
const refused = (message) => (x) => x.error(400, { error: { message, type: 'invalid_request_error', param: null, code: null } });

/** Answers the list stage this way, others well. */
const listed = (a, way) => always(a, (x) => (x.part === 'one' ? way(x) : x.answer('More of it.')));

test('a server at home is offered a schema with as many elements as are asked for', policy(ONE, async ({ a, run }) => {
  listed(a, (x) => x.answer(LIST));
  const r = await run();
  assert.equal(r.stateOf('one_pick'), 'done', r.summary());
  assert.equal(format(lists(a)[0]).type, 'json_schema');
  assert.equal(items(lists(a)[0]).minItems, 3);
  assert.equal(items(lists(a)[0]).maxItems, 3);
  assert.deepEqual(items(lists(a)[0]).items.required, ['name', 'intro']);
  assert.ok(a.exchanges.filter((x) => x.part !== 'one').every((x) => !format(x)), 'it is for lists alone');
}));

const WORDS = [
  "'response_format' is not supported",
  'json_schema is not supported by this engine',
  'Failed to parse grammar',
];
for (const words of WORDS) {
  test(`refused once: ${words}`, policy(ONE, async ({ a, run, open }) => {
    listed(a, (x) => (format(x) ? refused(words)(x) : x.answer(LIST)));
    for (const site of [undefined, undefined, await open()]) assert.equal((await run(site)).stateOf('one'), 'done');
    assert.deepEqual(lists(a).map((x) => !!format(x)), [true, false, false, false]);
  }));
}

test('refused for its counts alone, it is sent without them', policy(ONE, async ({ a, run }) => {
  listed(a, (x) => (items(x)?.minItems ? refused("Invalid schema for response_format 'list': 'minItems' is not permitted.")(x) : x.answer(LIST)));
  for (let n = 0; n < 2; n++) assert.equal((await run()).stateOf('one'), 'done');
  assert.deepEqual(lists(a).map((x) => [!!format(x), items(x)?.maxItems]), [[true, 3], [true, undefined], [true, undefined]]);
}));

test('taken, and no list comes of it: asked again without, and so from then on', policy(ONE, async ({ a, run }) => {
  listed(a, (x) => x.answer(format(x) ? 'I would rather not.' : LIST));
  for (let n = 0; n < 2; n++) assert.equal((await run()).stateOf('one'), 'done');
  assert.deepEqual(lists(a).map((x) => !!format(x)), [true, false, false]);
}));

test('no list with and without: that is the end of it', policy(ONE, async ({ a, run }) => {
  listed(a, (x) => x.answer('I would rather not.'));
  const r = await run();
  assert.equal(r.errorOf('one').code, 'bad_list');
  assert.equal(lists(a).length, 2);
}));

test('"none" is not offered anything', policy({ ...ONE, more: { a: { profile: { response_format: 'none' } } } }, async ({ a, run }) => {
  listed(a, (x) => x.answer('I would rather not.'));
  await run();
  assert.deepEqual(lists(a).map((x) => !!format(x)), [false]);
}));

test('another host over https is not asked', scene({ https: true }, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.equal(r.stateOf('init'), 'done', r.summary());
  assert.ok(provider.exchanges.length > 0 && provider.exchanges.every((x) => !format(x)));
}));
