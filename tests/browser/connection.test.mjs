// A connection is a thing that dies without a word, and that has room for a few
// streams: the page ends what it does not show, and says what it waits for.

import { after } from 'node:test';
import { SIX, TEXTS, assert, makeAuthority, table, test, waitFor } from './lib.mjs';
import { startCutter } from './cutter.mjs';

const PATIENT = { idle_ms: 100_000, first_token_ms: 100_000 };
const authority = await makeAuthority();
const tls = await authority.files();
after(() => authority.remove());

/** A run that shows the first word of ing, and goes on. */
async function begun(page, provider, answers) {
  provider.auto({ ing: false, ...answers });
  await page.cook();
  const ing = await provider.next('ing');
  ing.text('Beef');
  await page.shows('ing', 'Beef');
  return ing;
}

// ---- dead without a word

test('no byte for three heartbeats is a broken run, if it is not kept, and the rest can be had', table({ limits: { ...PATIENT, heartbeat_ms: 200 }, through: startCutter, journal: false }, async ({ page, provider, before }) => {
  before.hold = (stream) => /^[^]*?ing\|Beef\n(?:.+\n)*\n/.exec(stream)?.[0].length ?? -1;
  const ing = await begun(page, provider, { ste: false });
  const ste = await provider.next('ste');
  await before.held();
  ing.text(' and more');
  await page.run('broken');
  assert.match(await page.status(), /^Connection lost with \d of 6 done\. What came is kept\.$/);
  assert.equal(await page.textOf('ing'), 'Beef');
  await waitFor(() => ing.gone && ste.gone, 'the page to end the stream that it no longer reads');
  before.hold = null;
  provider.auto();
  await page.press('finish');
  await page.run('done');
  for (const part of SIX.filter((p) => p !== 'alt')) assert.equal(await page.textOf(part), TEXTS[part], part);
}));

test('heartbeats alone keep a run alive', table({ limits: { ...PATIENT, heartbeat_ms: 200 }, through: startCutter }, async ({ page, provider, before }) => {
  let beats = 0;
  before.hold = (stream) => {
    beats = stream.split(': hb\n').length - 1;
    return -1;
  };
  const ing = await begun(page, provider);
  const from = beats;
  // Longer than the three seconds that the page gives to so short heartbeats.
  await waitFor(() => beats > from + 25, 'heartbeats');
  ing.text(' keeps.').finish('stop').done();
  await page.run('done');
  assert.equal(await page.textOf('ing'), 'Beef keeps.');
}));

test('heartbeats as long as the server says, and a computer that sleeps', table({ limits: { ...PATIENT, heartbeat_ms: 60_000, run_ms: 600_000 }, journal: false }, async ({ page, provider }) => {
  const { clock } = page.tab;
  await clock.install();
  await page.tab.reload();
  const ing = await begun(page, provider);
  await clock.fastForward('10:00:00'); // timers fire once, as after sleep
  ing.text(', still');
  await page.shows('ing', 'Beef, still');
  await clock.runFor(170_000);
  ing.text(' here');
  await page.shows('ing', 'Beef, still here');
  assert.equal(await page.tab.evaluate(() => document.body.dataset.run), 'running');
  await clock.runFor(181_000);
  await page.run('broken');
}));

// ---- what is no longer shown is ended

const PROFILE = { ignoreDefaultArgs: ['--disable-back-forward-cache'] };
test('a page that was left ends its stream, and says so when one comes back to it', table({ limits: PATIENT, profile: PROFILE }, async ({ page, provider }) => {
  await page.tab.evaluate(() => addEventListener('pageshow', (event) => (window.fromCache = event.persisted)));
  const ing = await begun(page, provider);
  await page.tab.evaluate(() => location.assign('plain.html'));
  await waitFor(() => ing.gone, 'the stream to end');
  await page.tab.waitForURL('**/plain.html');
  await page.tab.goBack({ waitUntil: 'commit' });
  await page.run('stopped');
  await page.until('it to come from the cache, as it was left', () => window.fromCache === true);
  assert.equal(await page.textOf('ing'), 'Beef');
  provider.auto();
  await page.press('finish');
  await page.run('done');
  assert.equal(await page.textOf('ing'), TEXTS.ing);
}));

test('a kept recipe that is opened, or another order, ends the stream of the run', table({ limits: PATIENT }, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  const first = await begun(page, provider, {});
  // The shelf is put away during a run; Stop is no part of this test.
  await page.shelf(2);
  await page.tab.evaluate(() => document.querySelectorAll('#kept .idea')[1].click());
  await waitFor(() => first.gone, 'the stream to end');
  await page.run('kept');
  assert.equal(await page.textOf('ing'), TEXTS.ing);
  const second = await begun(page, provider, {});
  const third = await begun(page, provider, {});
  await waitFor(() => second.gone && !third.gone, 'the older stream to end');
}));

// ---- room for a few

test('a page that gets no connection says that it waits', table({}, async ({ page, provider }) => {
  provider.auto();
  const held = [];
  await page.tab.route('**/generate', (route) => void held.push(route));
  await page.hear('#status');
  await page.cook();
  await page.until('word of the wait', () => /^Waiting for a connection/.test(document.querySelector('#status').textContent));
  assert.equal((await page.tab.evaluate(() => window.said))[0], 'Sent. Waiting for the kitchen.');
  assert.equal(await page.tab.locator('#stop').isDisabled(), false);
  await page.picture('1440-waiting');
  await held[0].continue();
  await page.run('done');
  assert.match(await page.status(), /^Finished/);
}));

test('on one HTTP/2 connection the ninth run waits until a page of another is left', table({ limits: PATIENT, tls, expect: /SSL certificate/ }, async ({ page, provider }) => {
  const STREAMS = 8; // lighttpd's
  const tabs = [];
  for (let n = 0; n < STREAMS; n++) {
    tabs.push(await page.context.newPage());
    await tabs[n].goto(page.url);
  }
  assert.equal(await page.tab.evaluate(() => performance.getEntriesByType('navigation')[0].nextHopProtocol), 'h2');
  provider.auto(() => false);
  for (const tab of tabs) {
    await tab.fill('#ingredients', 'leeks');
    await tab.click('#generate');
    await tab.waitForFunction(() => document.body.dataset.run === 'running');
  }
  await page.cook();
  await page.until('word of the wait', () => /^Waiting for a connection/.test(document.querySelector('#status').textContent));
  await tabs[0].goto('about:blank');
  await page.run('running');
  await page.until('the wait to be over', () => /^The cooks/.test(document.querySelector('#status').textContent));
  page.requests.splice(0, Infinity, ...page.requests.filter((url) => url !== 'about:blank'));
}));
