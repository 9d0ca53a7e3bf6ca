// GET /services: which services there are and whether they can be used.

import { assert, run, scene, test } from '../lib/harness.mjs';

const KEY = 'sk-test-5f0c1a';

test('services, usable or not, without a key', scene({
  env: { COOK_KEY: KEY, GROQ_API_KEY: KEY },
  site: ({ provider }) => ({
    services: {
      '70b': provider.service(['model-a', 'model-b'], { key: 'env:COOK_KEY' }),
      poor: provider.service('model-c', { key: 'env:NO_SUCH_KEY' }),
      home: provider.service('model-d'),
    },
  }),
}, async ({ site }) => {
  const response = await site.get('/services');
  assert.equal(response.status, 200);
  assert.match(response.headers['content-type'], /^application\/json/);
  const answer = await response.text();
  assert.ok(!answer.includes(KEY) && !/"key"/.test(answer), answer);
  const { services, demo } = JSON.parse(answer);
  assert.equal(demo, false);
  const of = (id) => services.find((s) => s.id === id);
  assert.deepEqual([of('70b').models, of('70b').usable], [['model-a', 'model-b'], true]);
  assert.equal(of('poor').usable, false);
  assert.equal(of('home').usable, true);
  assert.equal(of('groq-8b').usable, true, 'built in, with its standard variable');
  assert.equal(of('8b').usable, false, 'built in, without');
}));

test('with nothing usable it says demo', scene({ config: {} }, async ({ site }) => {
  const { services, demo } = await (await site.get('/services')).json();
  assert.equal(demo, true);
  assert.ok(services.filter((s) => s.id !== 'demo').every((s) => !s.usable), JSON.stringify(services));
}));

test('it says whether GET /speed is answered', async (t) => {
  for (const [config, env, speed] of [[{}, {}, undefined], [{ speed: true }, {}, true], [{}, { RECIPE_LOCAL: '1' }, true], [{ speed: false }, { RECIPE_LOCAL: '1' }, undefined]])
    await t.test(JSON.stringify([config, env]), scene({ config, env }, async ({ site }) => {
      assert.equal((await (await site.get('/services')).json()).speed, speed);
      assert.equal((await site.get('/speed')).status, speed ? 200 : 404);
    }));
});

test('only GET and HEAD', scene({}, async ({ site }) => {
  const post = await site.post({}, { path: '/services' });
  assert.equal(post.status, 405);
  assert.match(post.headers.allow, /\bGET\b/);
  assert.equal((await post.json()).error.code, 'method_not_allowed');
}));

test('a stage whose service cannot be used takes the default', scene({
  site: ({ provider }) => ({
    config: {
      services: { '70b': provider.service('x', { key: 'env:NO_SUCH_KEY' }), home: provider.service('home-model') },
      default_service: 'home',
    },
  }),
}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.deepEqual([...new Set(provider.exchanges.map((x) => x.body.model))], ['home-model']);
  assert.equal(r.states.add[0].service, 'home');
}));

test('without a default the first usable in the order of the file', scene({
  site: ({ provider }) => ({
    config: {
      services: {
        a: provider.service('a', { key: 'env:NO_SUCH_KEY' }), b: provider.service('b'), c: provider.service('c'),
      },
    },
  }),
}, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  assert.deepEqual([...new Set(provider.exchanges.map((x) => x.body.model))], ['b']);
}));

test('the key goes to its own host, and a service without one sends none', scene({
  env: { COOK_KEY: KEY, FIREWORKS_API_KEY: 'fw-never-here' },
  site: ({ provider }) => ({
    services: { 'groq-8b': provider.service('m8', { key: 'env:COOK_KEY' }), '70b': provider.service('m70') },
  }),
}, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  for (const x of provider.exchanges) assert.equal(x.key, x.body.model === 'm8' ? KEY : null, x.part);
}));

test('OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY are enough', scene({
  config: {},
  site: ({ provider }) => ({ env: { OPENAI_BASE_URL: provider.baseUrl, OPENAI_MODEL: 'any-model', OPENAI_API_KEY: KEY } }),
}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.equal(r.run.demo, false);
  assert.ok(provider.exchanges.every((x) => x.body.model === 'any-model' && x.key === KEY));
}));

test('OPENAI_BASE_URL needs no key', scene({
  config: {}, site: ({ provider }) => ({ env: { OPENAI_BASE_URL: `${provider.baseUrl}/`, OPENAI_MODEL: 'm' } }),
}, async ({ site, provider }) => {
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
  assert.ok(provider.exchanges.every((x) => x.key === null));
}));

test('top_p is sent if the configuration names it, unless a stage names its own', scene({
  site: ({ provider }) => ({
    services: { '70b': provider.service('m70', { top_p: 0.9 }), 'groq-8b': provider.service('m8') },
  }),
}, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  for (const { body, part } of provider.exchanges) assert.equal(body.top_p, part === 'int' ? 0 : body.model === 'm70' ? 0.9 : undefined, part);
}));
