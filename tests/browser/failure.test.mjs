// What goes wrong is said where it went wrong, in words, and costs nothing else.

import { words } from './htdocs.mjs';
import { TEXTS, assert, everywhere, killWorker, proc, table, test, waitFor } from './lib.mjs';

const refuse = (status) => (x) => x.error(status, { error: { message: 'the oven is cold' } });
/** The site of `make run`, which is its owner's alone. */
const OWN = { env: { RECIPE_LOCAL: '1' } };

test('one section fails, the one that needs it is skipped, the others finish', table(OWN, async ({ page, provider }) => {
  provider.auto({ add: refuse(400) });
  await page.cook();
  await page.run('done');
  assert.equal(await page.stateOf('add'), 'failed');
  assert.match(await page.noteOf('add'), /^The model service gave no useful answer\. .* \(.*400.*the oven is cold\)$/, 'with the words of the service, for the owner');
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

test('what a service said is not told to strangers', table({}, async ({ page, provider }) => {
  provider.auto({ add: refuse(400), sde: (x) => x.error(401, { error: { message: 'the oven is cold' } }) });
  await page.cook();
  await page.run('done');
  assert.equal(await page.noteOf('add'), words.why.answer);
  assert.equal(await page.noteOf('sde'), words.why.setup);
  // The table of the race has figures that may be these.
  await page.tab.evaluate(() => document.querySelector('#laps').replaceChildren());
  assert.doesNotMatch(await page.text('main'), /oven|40[01]/);
}));

test('a list of recipes that nobody can read', table({}, async ({ page, provider }) => {
  provider.auto({ init: 'I would rather sing to you of the sea.' });
  await page.cook();
  await page.run('done');
  assert.equal(await page.text('#name'), 'No recipe this time');
  assert.equal(await page.noteOf('init'), words.why.answer);
  assert.ok(await page.visible('[data-part=init] .note'));
  for (const part of ['int', 'add', 'sde', 'alt']) assert.match(await page.stateOf(part), /^skipped: Recipe failed$/);
  assert.match(await page.stateOf('ste'), /^skipped:/);
  assert.equal(await page.textOf('ing'), TEXTS.ing, 'this one needs no recipe');
  assert.equal(await page.visible('#problem'), false, 'what there is stays the matter');
  assert.doesNotMatch(await page.text('main'), /undefined|null|NaN|\[object/);
}));

everywhere('every section fails, and the page says so once', {}, async ({ page, provider, look }) => {
  provider.auto((x) => x.error(401, { error: { message: 'who are you?' } }));
  await page.cook();
  await page.run('done');
  assert.equal(await page.text('#problem-title'), words.runTitle);
  assert.equal(await page.text('#problem-text'), words.why.setup);
  assert.equal(await page.status(), words.nothing);
  const shown = await page.tab.locator('body').innerText();
  assert.equal(shown.split(words.why.setup).length, 2, 'once');
  assert.doesNotMatch(shown, /failed.*failed|skipped|0 of 6|0\.\d+ s/s);
  assert.equal(await page.visible('#recipe'), false);
  await look('all-failed');
  provider.auto();
  await page.press('generate');
  await page.run('done');
  assert.equal(await page.visible('#problem'), false);
  assert.equal(await page.textOf('ste'), TEXTS.ste);
});

test('sections that failed alike say it once; the dish stays', table({}, async ({ page, provider }) => {
  provider.auto((x) => x.part === 'init' ? false : x.error(401));
  await page.cook();
  (await provider.next('init')).answer(TEXTS.init);
  await page.run('done');
  assert.equal(await page.text('#problem-text'), words.why.setup);
  for (const part of ['int', 'add', 'sde', 'ing']) assert.equal(await page.noteOf(part), null);
  assert.notEqual(await page.text('#name'), words.noName);
  assert.ok(await page.visible('#recipe'));
}));

test('a wait that is known is counted down', table({}, async ({ page, provider }) => {
  provider.auto((x) => x.error(429, { error: { message: 'slow down' } }, { 'retry-after': '4' }));
  await page.hear('#problem');
  await page.cook();
  await page.run('done');
  assert.equal(await page.tab.locator('#wait').getAttribute('aria-live'), 'off', 'the alert is read once');
  await page.until('the end of the wait', (over) => document.querySelector('#wait').textContent === over, words.pause(0));
  assert.ok((await page.tab.evaluate(() => window.said)).some((text) => /[1-4] s\./.test(text)), 'and what is left before that');
  provider.auto();
  await page.press('generate');
  await page.run('done');
  assert.equal(await page.tab.locator('#wait').count(), 0);
}));

test('a section that was cut short can be had again from where it says so', table({}, async ({ page, provider }) => {
  provider.auto({ ste: (x) => x.head().text('1. Slice the').finish('length').done() });
  await page.cook();
  await page.run('done');
  assert.match(await page.noteOf('ste'), /^The end is missing/);
  const asked = provider.requests;
  provider.auto();
  await page.tab.locator('[data-part=ste] .note button').click();
  await page.shows('ste', TEXTS.ste);
  await page.run('done');
  assert.equal(provider.requests, asked + 1, 'that part alone');
  assert.equal(await page.noteOf('ste'), null);
}));

// ---- what the server does not take

/** Past the page's own check, which knows the same bounds. */
const force = (page, name, value) => page.tab.evaluate(([n, v]) => (document.querySelector(`[name=${n}]:checked`).value = v), [name, value]);

everywhere('the server refuses, and the field says so', { expect: /status of 400/ }, async ({ page, provider, look }) => {
  await force(page, 'prepTime', 'abc');
  await page.cook();
  await page.run('refused');
  assert.equal(await page.text('#problem-title'), 'The kitchen said no');
  assert.equal(await page.text('#problem-text'), `Time you have: ${words.unfit}`);
  assert.ok(await page.visible('#problem'));
  assert.equal(await page.status(), 'Nothing new was written.');
  assert.equal(await page.text('#prepTime-error'), words.unfit);
  assert.equal(await page.tab.locator('.times').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.focus(), 'abc');
  await look('refused');
  assert.equal(provider.requests, 0);
  await force(page, 'prepTime', '45');
  provider.auto();
  await page.press('generate');
  await page.run('done');
  assert.equal(await page.visible('#problem'), false, 'the next run takes the message away');
  assert.equal(await page.tab.locator('[aria-invalid=true]').count(), 0);
});

/** Field, what is written into it, and what is said. */
const OPTIONS = [
  ['servings', '25', words.whole('1', '24')], ['servings', '2.5', words.whole('1', '24')], ['diet', 'v', words.tooLittle('2')], ['diet', '12', words.tooLittle('2')],
  ['diet', '\u{1F955}a'.repeat(31), words.tooLong(62, 60)], ['allergies', 'nuts '.repeat(41).trim(), words.tooLong(204, 200)], ['language', 'x'.repeat(41), words.tooLong(41, 40)],
];
everywhere('an option that is not taken is marked before anything is sent', {}, async ({ page, provider, look }) => {
  for (const [name, value, said] of OPTIONS) {
    const field = page.tab.locator(`[name=${name}]`);
    await page.tab.evaluate(() => (document.querySelector('.options').open = true));
    await field.fill(value);
    await page.tab.evaluate(() => (document.querySelector('.options').open = false));
    await page.cook();
    await page.until(`${name} to be marked`, (n) => document.activeElement.name === n, name);
    assert.equal(await page.text(`#${name}-error`), said);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.match(await field.getAttribute('aria-describedby'), new RegExp(`(^| )${name}-error$`));
    assert.match(await page.status(), /^Not sent: /);
    await look(`${name}-wrong`);
    await field.fill('');
  }
  assert.equal(provider.requests, 0);
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.equal(await page.tab.locator('[aria-invalid=true]').count(), 0);
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
  const pid = await killWorker(site, ste);
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

test('a run that takes too long is stopped by the server, and says so', table({ ...OWN, limits: { run_ms: 2000 } }, async ({ page, provider }) => {
  provider.auto({ sde: false });
  await page.cook();
  await page.run('done');
  assert.equal(await page.stateOf('sde'), 'stopped');
  assert.match(await page.noteOf('sde'), /run_ms/);
}));
