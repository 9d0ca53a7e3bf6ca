// A run that outlives the page: loaded again, in two tabs, by a link, over a line
// that breaks, and on a host that holds every stream back.

import { readFileSync } from 'node:fs';
import { ORDER, SIX, TEXTS, assert, table, test, waitFor } from './lib.mjs';
import { startCutter } from './cutter.mjs';

const PATIENT = { limits: { idle_ms: 100_000, first_token_ms: 100_000 } };

/** A run with `ing` in the middle of its text, and all else written. */
async function half(page, provider) {
  provider.auto({ ing: false });
  await page.cook();
  const ing = await provider.next('ing');
  ing.text('Beef has');
  await page.shows('ing', 'Beef has');
  await page.says('ste', /^done/);
  return ing;
}

/** It is written to its end, and is whole on all of these pages. */
async function finish(ing, ...pages) {
  ing.text(' iron.').finish('stop').done();
  for (const page of pages) {
    await page.run('done');
    for (const part of SIX.filter((p) => !['ing', 'alt'].includes(p))) assert.equal(await page.textOf(part), TEXTS[part], part);
    assert.equal(await page.textOf('ing'), 'Beef has iron.');
  }
}

/** Another tab of the same browser, or a visitor with one of his own. */
async function another(page, url, context = page.context) {
  const tab = await context.newPage();
  await tab.goto(url);
  return Object.assign(Object.create(page), { context, tab });
}

const isStopOff = (page) => page.tab.locator('#stop').isDisabled();

test('loaded again in mid-run: it goes on, and is asked once', table(PATIENT, async ({ page, provider }) => {
  const ing = await half(page, provider);
  const url = page.tab.url();
  await page.tab.reload();
  await page.shows('ing', 'Beef has');
  await page.run('running');
  assert.equal(page.tab.url(), url);
  assert.equal(await isStopOff(page), false);
  await finish(ing, page);
  assert.equal(provider.requests, 6);
  assert.equal((await page.kept()).length, 1);
}));

test('loaded again before anything was written, and stopped then', table(PATIENT, async ({ page, provider }) => {
  provider.auto(() => false);
  await page.cook();
  const init = await provider.next('init');
  await page.run('running');
  await page.until('it to be in the book', () => location.hash.length > 9);
  await page.tab.reload();
  await page.run('running');
  await page.press('stop');
  await page.run('stopped');
  await init.closed;
  await provider.allClosed();
  await page.until('its address to be gone', () => location.hash === '');
  assert.deepEqual(await page.kept(), [], 'nothing came');
}));

test('a cookbook that is saved as a file has no key', table(PATIENT, async ({ page, provider }) => {
  const ing = await half(page, provider);
  await waitFor(async () => (await page.kept())[0]?.run, 'the book');
  const [{ run: { key } }] = await page.kept();
  assert.match(key, /^[0-9a-f]{32}$/);
  const [file] = await Promise.all([page.tab.waitForEvent('download'), page.tab.locator('#save').evaluate((e) => e.click())]);
  const text = readFileSync(await file.path(), 'utf8');
  assert.match(text, /beef flank/);
  assert.ok(!text.includes(key) && !text.includes('"run"'));
  page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
  await finish(ing, page);
}));

test('left and come back to by the way back', table(PATIENT, async ({ page, provider }) => {
  const ing = await half(page, provider);
  await page.tab.goto(`${page.url}plain.html`);
  await page.tab.goBack();
  await page.run('running');
  await page.shows('ing', 'Beef has');
  await finish(ing, page);
  assert.equal(provider.requests, 6);
}));

test('two tabs: both see it, and Stop in either ends it', table(PATIENT, async ({ page, provider }) => {
  const ing = await half(page, provider);
  const second = await another(page, page.tab.url());
  await second.shows('ing', 'Beef has');
  ing.text(' and');
  for (const each of [page, second]) await each.shows('ing', 'Beef has and');
  await second.press('stop');
  for (const each of [page, second]) await each.run('stopped');
  await ing.closed;
  assert.equal(await page.status(), 'Stopped. What came is kept.');
  assert.equal(provider.requests, 6);
}));

test('the first tab is closed: the second reads on for longer than the run waits for nobody', table({ limits: { ...PATIENT.limits, linger_ms: 200 } }, async ({ page, provider }) => {
  const ing = await half(page, provider);
  const second = await another(page, page.tab.url());
  await second.shows('ing', 'Beef has');
  await page.tab.close();
  await new Promise((resolve) => setTimeout(resolve, 1000)); // five times as long as it would wait
  await finish(ing, second);
}));

test('by a link somebody else reads it, and cannot stop it', table(PATIENT, async ({ page, provider }) => {
  await page.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const ing = await half(page, provider);
  await page.press('link');
  assert.equal(await page.status(), 'The link is copied.');
  const link = await page.tab.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /#run=[0-9a-f]{32}$/);
  assert.ok(link.startsWith(page.url));

  const context = await page.context.browser().newContext();
  try {
    const guest = await another(page, link, context);
    await guest.shows('ing', 'Beef has');
    assert.equal(await isStopOff(guest), true);
    await guest.tab.reload();
    await guest.shows('ing', 'Beef has');
    assert.equal(await isStopOff(guest), true, 'also after he has loaded it again');
    const late = await another(page, link, context);
    await late.shows('ing', 'Beef has');
    await late.tab.close();
    await finish(ing, page, guest);
    await waitFor(async () => (await guest.kept()).every(({ run }) => run.over), 'his book to have the end');
    assert.equal((await guest.kept()).length, 1, 'one recipe, not one for each time');
    assert.ok(!JSON.stringify(await guest.kept()).includes((await page.kept())[0].run.key), 'the key is its owner\'s');
    const after = await another(page, link, context);
    await after.until('his own', () => document.body.dataset.run === 'kept');
    assert.equal(await after.textOf('ing'), 'Beef has iron.');
    assert.equal(provider.requests, 6);
  } finally {
    await context.close();
  }
}));

test('a run that is not kept any longer: what came is shown, and a link says so', table({ limits: { ...PATIENT.limits, linger_ms: 500, keep_s: 1 }, expect: /404/ }, async ({ page, provider }) => {
  const ing = await half(page, provider);
  await waitFor(async () => (await page.kept())[0]?.texts.ing === 'Beef has', 'the book');
  const url = page.tab.url();
  const [{ run: { id } }] = await page.kept();
  await page.tab.goto('about:blank');
  page.requests.length = 0;
  await ing.closed; // nobody came back
  await waitFor(async () => (await fetch(`${page.url}runs/${id}`)).status === 404, 'its file to be removed');
  await page.tab.goto(url);
  await page.until('what came', () => document.body.dataset.run === 'kept');
  assert.equal(await page.textOf('ing'), 'Beef has');
  assert.equal(await page.text('#finish'), 'Finish');
  await page.tab.goto(`${page.url}#run=${'0'.repeat(32)}`);
  await page.run('refused');
  assert.equal(await page.text('#problem-text'), 'This run is not kept any longer.');
}));

test('a line that breaks is told by a small note, and nothing else is seen of it', table({ ...PATIENT, through: startCutter, expect: /ERR_INCOMPLETE/ }, async ({ page, provider, before }) => {
  before.hold = (stream) => (/ing\|Beef has\n/.test(stream) && /"ste","state":"done"/.test(stream) ? stream.lastIndexOf('\n\n') + 2 : -1);
  const ing = await half(page, provider);
  await before.held();
  before.cut();
  await page.until('the note', () => /line broke/.test(document.querySelector('#status').textContent));
  assert.equal(await page.text('#problem-text'), '');
  await page.run('running');
  ing.text(' iron.');
  await page.shows('ing', 'Beef has iron.');
  await page.until('the note to go', () => /sections done/.test(document.querySelector('#status').textContent));
  ing.finish('stop').done();
  await page.run('done');
  assert.equal(provider.requests, 6);
}));

test('a host that holds every stream back: the words come by polls, and Stop stops', table({ ...PATIENT, through: startCutter }, async ({ page, provider, before }) => {
  before.isMute = true;
  let ing = await half(page, provider);
  ing.text(' iron');
  await page.shows('ing', 'Beef has iron');
  ing.text('.').finish('stop').done();
  await page.run('done');
  assert.equal(await page.textOf('ing'), 'Beef has iron.');
  assert.equal(await page.textOf('ste'), TEXTS.ste);
  assert.equal(provider.requests, 6);
  ing = await half(page, provider);
  await page.press('stop');
  await ing.closed;
  await page.run('stopped');
}));

test('the page of any graph: loaded again with a part that was written again, and by a link', table({ ...PATIENT }, async ({ page, provider }) => {
  await page.tab.goto(`${page.url}app.html`);
  await page.tab.locator('#input-ingredientsOnHand').fill(ORDER);
  await page.tab.locator('#input-prepTime').fill('30');
  provider.auto({ ing: false });
  await page.press('generate');
  await page.run('running');
  const ing = await provider.next('ing');
  ing.text('Beef has');
  await page.shows('ing', 'Beef has');
  await page.tab.reload();
  await page.shows('ing', 'Beef has');
  assert.equal(await isStopOff(page), false);
  ing.text(' iron.').finish('stop').done();
  await page.run('done');
  provider.auto({ int: false });
  await page.tab.locator('[data-part=int] .acts button').last().click();
  const int = await provider.next('int');
  int.text('New.');
  await page.shows('int', 'New.');
  await page.tab.reload();
  await page.shows('int', 'New.');
  assert.equal(await page.textOf('ing'), 'Beef has iron.');
  int.finish('stop').done();
  await page.run('done');
  const context = await page.context.browser().newContext();
  try {
    const guest = await another(page, page.tab.url(), context);
    await guest.run('done');
    assert.equal(await guest.textOf('ing'), 'Beef has iron.');
    assert.equal(await guest.textOf('int'), TEXTS.int, 'the link is of the whole run');
  } finally {
    await context.close();
  }
}));
