// Other origins: those that the configuration lists, and no others.

import { assert, scene, test } from '../lib/harness.mjs';

const COOK_SITE = 'https://cook.example';
const ALLOW = { cors: [COOK_SITE, 'http://localhost:3000'] };
const preflight = (site, origin, path = '/generate') => site.request({
  method: 'OPTIONS', path,
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
});

test('preflight from a listed origin', scene(ALLOW, async ({ site }) => {
  const { status, headers } = await preflight(site, COOK_SITE);
  assert.ok([200, 204].includes(status), `${status}`);
  assert.equal(headers['access-control-allow-origin'], COOK_SITE);
  assert.match(headers['access-control-allow-methods'], /\bPOST\b/);
  assert.match(headers['access-control-allow-headers'], /content-type/i);
  assert.match(headers.vary ?? '', /origin/i, 'a cache must not mix up origins');
}));

test('preflight from another origin allows nothing', scene(ALLOW, async ({ site }) => {
  for (const origin of ['https://evil.example', 'https://cook.example.evil.example', 'http://cook.example', 'https://cook.example:444', 'null']) {
    const { headers } = await preflight(site, origin);
    assert.equal(headers['access-control-allow-origin'], undefined, origin);
  }
}));

test('a run from a listed origin', scene(ALLOW, async ({ site, provider }) => {
  provider.auto();
  const response = await site.post(undefined, { headers: { origin: 'http://localhost:3000' } });
  assert.equal(response.headers['access-control-allow-origin'], 'http://localhost:3000');
  assert.match(response.headers.vary ?? '', /origin/i);
  await response.text();
}));

test('an error to a listed origin can be read by its page', scene(ALLOW, async ({ site }) => {
  const response = await site.post('{', { headers: { origin: COOK_SITE } });
  assert.equal(response.status, 400);
  assert.equal(response.headers['access-control-allow-origin'], COOK_SITE);
  await response.text();
}));

test('a run from another origin, or from none', scene(ALLOW, async ({ site, provider }) => {
  provider.auto();
  for (const headers of [{ origin: 'https://evil.example' }, {}]) {
    const response = await site.post(undefined, { headers });
    assert.equal(response.headers['access-control-allow-origin'], undefined);
    await response.text();
  }
}));

test('none are allowed by default', scene({}, async ({ site }) => {
  const { headers } = await preflight(site, COOK_SITE);
  assert.equal(headers['access-control-allow-origin'], undefined);
}));

test('services may be asked from a listed origin', scene(ALLOW, async ({ site }) => {
  const response = await site.get('/services', { origin: COOK_SITE });
  assert.equal(response.headers['access-control-allow-origin'], COOK_SITE);
  await response.text();
}));
