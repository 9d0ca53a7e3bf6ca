// What goes wrong is said where it went wrong, in words, and costs nothing else.

import { TEXTS, assert, everywhere, killWorker, proc, table, test, waitFor } from './lib.mjs';

const refuse = (status) => (x) => x.error(status, { error: { message: 'the oven is cold' } });

test('one section fails, the one that needs it is skipped, the others finish', table({}, async ({ page, provider }) => {
  provider.auto({ add: refuse(400) });
  await page.cook();
  await page.run('done');
  assert.equal(await page.stateOf('add'), 'failed');
  assert.match(await page.noteOf('add'), /the oven is cold|400/);
  assert.equal(await page.stateOf('ste'), 'skipped: Ingredients failed');
  assert.equal(await page.noteOf('ste'), null, 'its state has said it');
  for (const part of ['int', 'sde', 'ing']) {
    assert.match(await page.stateOf(part), /^done/);
    assert.equal(await page.textOf(part), TEXTS[part]);
    assert.equal(await page.noteOf(part), null);
  }
  assert.match(await page.status(), /with 4 of 6 sections/);
  assert.equal(await page.visible('#problem'), false);
}));

test('a section that breaks in the middle keeps its text', table({}, async ({ page, provider }) => {
  provider.auto({ sde: false });
  await page.cook();
  const sde = await provider.next('sde');
  sde.text('Rice\nGreen');
  await page.shows('sde', 'Rice\nGreen');
  sde.cut();
  await page.run('done');
  assert.equal(await page.stateOf('sde'), 'failed');
  assert.equal(await page.textOf('sde'), 'Rice\nGreen');
  assert.ok((await page.noteOf('sde')).length > 10);
}));

test('a list of recipes that nobody can read', table({}, async ({ page, provider }) => {
  provider.auto({ init: 'I would rather sing to you of the sea.' });
  await page.cook();
  await page.run('done');
  assert.equal(await page.text('#name'), 'No recipe this time');
  assert.match(await page.noteOf('init'), /\w{3}/);
  assert.ok(await page.visible('[data-part=init] .note'));
  for (const part of ['int', 'add', 'sde', 'alt']) assert.match(await page.stateOf(part), /^skipped: Recipe failed$/);
  assert.match(await page.stateOf('ste'), /^skipped:/);
  assert.equal(await page.textOf('ing'), TEXTS.ing, 'this one needs no recipe');
  assert.doesNotMatch(await page.text('main'), /undefined|null|NaN|\[object/);
}));

everywhere('every section fails, and the page says so', {}, async ({ page, provider, look }) => {
  provider.auto((x) => x.error(401, { error: { message: 'who are you?' } }));
  await page.cook();
  await page.run('done');
  assert.match(await page.noteOf('init'), /key|401|who are you/i);
  assert.match(await page.noteOf('ing'), /key|401|who are you/i);
  assert.match(await page.status(), /0 of 6/);
  await look('all-failed');
});

everywhere('the server refuses, and its message is shown', { expect: /status of 400/ }, async ({ page, provider, look }) => {
  // Past the page's own check, which knows the same bounds.
  await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = 'abc'));
  await page.cook();
  await page.run('refused');
  assert.equal(await page.text('#problem-title'), 'The kitchen said no');
  assert.match(await page.text('#problem-text'), /prepTime/);
  assert.ok(await page.visible('#problem'));
  assert.equal(await page.status(), 'Nothing was written.');
  await look('refused');
  assert.equal(provider.requests, 0);
  await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = '45'));
  provider.auto();
  await page.press('generate');
  await page.run('done');
  assert.equal(await page.visible('#problem'), false, 'the next run takes the message away');
});

test('a refusal leaves the recipe that was there', table({ expect: /status of 400/ }, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = '0'));
  await page.press('generate');
  await page.run('refused');
  assert.equal(await page.textOf('ste'), TEXTS.ste);
}));

test('the web server answers in its own words', table({ expect: /status of 404/ }, async ({ page }) => {
  await page.tab.route('**/generate', (route) => route.continue({ url: `${page.url}nowhere` }));
  await page.cook();
  await page.run('refused');
  assert.match(await page.text('#problem-text'), /web server answered 404/);
}));

// It may go while the browser still fetches the service worker, which a whole run registers.
test('the server is gone', table({ expect: /ERR_CONNECTION_REFUSED|fetching the script/ }, async ({ page, provider, site }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  const [{ child, exited }] = site.children;
  child.kill('SIGTERM');
  await exited;
  await page.press('generate');
  await page.run('refused');
  assert.equal(await page.text('#problem-title'), 'No answer');
  assert.match(await page.text('#problem-text'), /could not be reached/);
  assert.equal(await page.textOf('ste'), TEXTS.ste, 'and the recipe stays');
  assert.equal(await page.tab.locator('#stop').isDisabled(), true);
}));

everywhere('the stream breaks without an end', { expect: /ERR_(INCOMPLETE_CHUNKED_ENCODING|HTTP2|EMPTY|CONNECTION)/ }, async ({ page, provider, site, look }) => {
  provider.auto({ ing: false, ste: false, int: 'A pan.' });
  await page.cook();
  const [ing, ste] = [await provider.next('ing'), await provider.next('ste')];
  ing.text('Beef has');
  ste.text('1. Slice\n2. Fr');
  await page.shows('ing', 'Beef has');
  await page.shows('ste', '1. Slice\n2. Fr');
  for (const part of ['int', 'add', 'sde', 'alt']) await page.says(part, /^done/);
  const pid = killWorker(site, ste);
  await page.run('broken');
  assert.equal(await page.status(), 'Connection lost with 4 of 6 done. What came is kept.');
  assert.equal(await page.textOf('ing'), 'Beef has');
  assert.equal(await page.textOf('ste'), '1. Slice\n2. Fr');
  assert.equal(await page.textOf('add'), TEXTS.add);
  for (const part of ['ing', 'ste']) assert.equal(await page.stateOf(part), 'broken off');
  assert.match(await page.stateOf('add'), /^done/);
  assert.equal(await page.tab.locator('[aria-busy=true]').count(), 0);
  await look('broken');
  await provider.allClosed();
  await waitFor(() => !proc.alive(pid), 'the worker to be gone');
  provider.auto();
  await page.press('generate');
  await page.run('done');
  assert.equal(await page.textOf('ste'), TEXTS.ste);
});

test('a run that takes too long is stopped by the server, and says so', table({ limits: { run_ms: 400 } }, async ({ page, provider }) => {
  provider.auto({ sde: false });
  await page.cook();
  await page.run('done');
  assert.equal(await page.stateOf('sde'), 'stopped');
  assert.match(await page.noteOf('sde'), /run_ms/);
}));
