// Apache with mod_fcgid, the virtual host as it is shipped: live, careful with
// visitors who leave, and gone when it is stopped.

import { PARTS, assert, run, scene, start, test, waitFor } from '../lib/harness.mjs';

const APACHE = { server: 'apache' };

test('the page comes with its policy', scene(APACHE, async ({ site }) => {
  const page = await site.get('/');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-security-policy'], /default-src 'none'/);
  assert.match(await page.text(), /<!doctype html>/i);
}));

test('a whole run', scene(APACHE, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
  assert.ok(r.done);
}));

test('each fragment is there before the next is sent', scene(APACHE, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const r = await start(site);
  const ing = await provider.next('ing');
  for (const word of ['Beef ', 'has ', 'iron.']) {
    ing.text(word);
    await r.text('ing', word);
  }
  ing.finish('stop').done();
  await r.over();
}));

test('a visitor who leaves is noticed by heartbeats', scene({ ...APACHE, limits: { heartbeat_ms: 50 } }, async ({ site, provider }) => {
  const r = await start(site);
  await provider.next('ing');
  await r.state('ing', 'start');
  r.leave();
  await provider.allClosed();
}));

test('nothing else of the program can be reached', scene(APACHE, async ({ site }) => {
  for (const path of ['/recipe.fcgi', '/recipe.json', '/generate/x', '/../www/recipe.fcgi'])
    assert.ok([400, 403, 404].includes((await site.get(path)).status), path);
  const services = await site.get('/services');
  assert.equal(services.status, 200);
}));

test('a graceful stop leaves nobody', scene(APACHE, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  assert.ok(site.ours().length > 0);
  site.children[0].child.kill('SIGTERM');
  await waitFor(() => site.ours().length === 0, 'the program to leave with Apache');
}));
