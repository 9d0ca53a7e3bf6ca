// Stop, Generate again, and leaving: what came is kept, and no model goes on
// writing for nobody.

import { TEXTS, assert, everywhere, table, test, waitFor, within } from './lib.mjs';

// The server's own clocks would close a silent provider too; not in these tests.
const PATIENT = { limits: { idle_ms: 100_000, first_token_ms: 100_000 } };

const gone = (exchanges) => within(Promise.all(exchanges.map((x) => x.closed)), 'the providers of the old run to be closed');

/** A run with ing and add in the middle of their text. */
async function half(page, provider) {
  provider.auto({ ing: false, add: false });
  await page.cook();
  const [ing, add] = [await provider.next('ing'), await provider.next('add')];
  ing.text('Beef has');
  add.text('1 pound of flank\n2');
  await page.shows('ing', 'Beef has');
  await page.shows('add', '1 pound of flank\n2');
  for (const part of ['int', 'sde', 'alt']) await page.says(part, /^done/);
  return [ing, add];
}

everywhere('Stop keeps what came and closes the providers', PATIENT, async ({ page, provider, look }) => {
  const open = await half(page, provider);
  assert.equal(await page.tab.locator('#stop').isDisabled(), false);
  await page.press('stop');
  await page.run('stopped');
  await gone(open);
  await provider.allClosed();
  assert.equal(await page.status(), 'Stopped. What came is kept.');
  assert.equal(await page.textOf('ing'), 'Beef has');
  assert.equal(await page.textOf('add'), '1 pound of flank\n2');
  assert.equal(await page.textOf('int'), TEXTS.int);
  for (const part of ['ing', 'add', 'ste']) assert.equal(await page.stateOf(part), 'stopped');
  assert.match(await page.stateOf('int'), /^done/);
  assert.equal(await page.tab.locator('#stop').isDisabled(), true);
  assert.equal(await page.focus(), 'generate', 'the focus does not fall off a button that was switched off');
  assert.equal(await page.tab.locator('[aria-busy=true]').count(), 0);
  await look('stopped');
});

test('Stop before anything has come', table(PATIENT, async ({ page, provider }) => {
  await page.cook();
  await provider.next('init');
  await provider.next('ing');
  await page.press('stop');
  await page.run('stopped');
  await provider.allClosed();
  assert.equal(await page.text('#name'), 'No recipe this time');
}));

test('Generate again ends the old run first', table(PATIENT, async ({ page, provider }) => {
  const old = await half(page, provider);
  provider.auto(() => false);
  await page.fill('quinces');
  await page.press('generate');
  await gone(old);
  const ing = await provider.next((x) => x.part === 'ing' && x.prompt.includes('quinces'));
  ing.text('Quinces');
  await page.shows('ing', 'Quinces');
  provider.auto();
  ing.text(' keep.').finish('stop').done();
  await page.run('done');
  assert.equal(await page.textOf('ing'), 'Quinces keep.', 'nothing of the old run');
  assert.equal(await page.textOf('add'), TEXTS.add);
}));

test('Generate, four times in a row', table(PATIENT, async ({ page, provider, site }) => {
  const word = (x) => /kind (\d) of leek/.exec(x.prompt)?.[1];
  const text = { init: TEXTS.init, ing: 'of the fourth' };
  // Prompts without the word are those that follow a pick: only the fourth gets one.
  provider.auto((x) => ['4', undefined].includes(word(x)) && x.answer(text[x.part] ?? 'Good.'));
  for (let n = 1; n <= 4; n++) await page.cook(`kind ${n} of leek`);
  await page.run('done');
  assert.equal(await page.textOf('ing'), 'of the fourth');
  await waitFor(() => provider.exchanges.every((x) => x.ended || x.gone), 'the first three to be given up');
  await waitFor(() => site.zombies().length === 0, 'no zombie');
}));

test('leaving the page closes the providers', table(PATIENT, async ({ page, provider }) => {
  const open = await half(page, provider);
  await page.tab.goto('about:blank');
  await gone(open);
  await provider.allClosed();
  page.requests.length = 0; // about:blank is no request of the page's
}));

test('closing the tab closes the providers', table(PATIENT, async ({ page, provider }) => {
  const open = await half(page, provider);
  await page.tab.close();
  await gone(open);
  await provider.allClosed();
}));

test('loading the page again closes the providers of a run that is not kept, and shows what had come', table({ ...PATIENT, journal: false }, async ({ page, provider }) => {
  const open = await half(page, provider);
  await page.tab.reload();
  await gone(open);
  await provider.allClosed();
  await page.shows('ing', 'Beef has');
  await page.shows('int', TEXTS.int);
  assert.equal(await page.text('#finish'), 'Finish');
  provider.auto();
  await page.cook();
  await page.run('done');
}));
