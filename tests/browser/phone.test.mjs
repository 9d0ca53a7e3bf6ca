// A run on a phone: what a tap does is seen, whatever of the long page is in the
// window, and the bar at its foot is always there and covers nothing.

import { SIX, assert, everywhere, recipes, table, test, waitFor } from './lib.mjs';
import { FULL, TYPICAL } from './texts.mjs';

const PHONE = { width: 360, height: 740 };
/** What a visitor sees of that: its box lies in the window, above the bar. */
const inSight = (page, selector) => page.tab.locator(selector).first().evaluate((e) => {
  const { top, bottom } = e.getBoundingClientRect();
  return top >= 0 && bottom <= document.querySelector('#bar').getBoundingClientRect().top;
});
const inWindow = (page, selector) => page.tab.locator(selector).evaluate((e) => {
  const { top, bottom, height } = e.getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= innerHeight;
});

test('the first text of a run is on the first screen after the tap', table(PHONE, async ({ page, provider }) => {
  provider.auto(() => false);
  await page.cook();
  const init = await provider.next('init');
  init.text('[{"name": "Leek');
  await page.until('the first text', () => document.querySelector('[data-part=init] li')?.textContent === 'Leek');
  assert.ok(await inSight(page, '[data-part=init] li'));
  init.text(' pie", "intro": "Good."},{"name":"Leek pie","intro":"Good."},{"name":"Leek pie","intro":"Good."}]').finish('stop').done();
  const add = await provider.next('add');
  add.text('2 leeks');
  await page.shows('add', '2 leeks');
  for (const text of ['#name', '#intro', '[data-part=add] .words']) assert.ok(await inSight(page, text), text);
}));

test('another idea changes places with the dish, which is shown as it is written', table(PHONE, async ({ page, provider }) => {
  provider.auto({ init: JSON.stringify(recipes(3)) });
  await page.cook();
  await page.run('done');
  const ideas = () => page.tab.locator('#ideas button').allTextContents();
  const [old, before] = [await page.text('#name'), await ideas()];
  provider.auto((x) => x.part !== 'add' && x.answer(TYPICAL[x.part]));
  await page.tab.locator('#ideas button').nth(1).click();
  const add = await provider.next('add');
  add.text('1 leek');
  await page.shows('add', '1 leek');
  assert.equal(await page.text('#name'), before[1]);
  assert.deepEqual(await ideas(), [before[0], old], 'in its place');
  for (const text of ['#name', '[data-part=add] .words']) assert.ok(await inSight(page, text), text);
  assert.equal(await page.focus(), 'name', 'the focus has not gone with the button');
  add.finish('stop').done();
  await page.run('done');
  await page.tab.locator('#ideas button').nth(1).click();
  await page.until('the first dish again', (name) => document.querySelector('#name').textContent === name, old);
  assert.deepEqual(await ideas(), before);
}));

test('one idea of several with the same name, and of none', table(PHONE, async ({ page, provider }) => {
  provider.auto({ init: '[{"name":"Soup","intro":"a"},{"name":"Soup","intro":"b"},{"name":"Tart","intro":"c"}]' });
  await page.cook();
  await page.run('done');
  const all = async () => [await page.text('#name'), ...await page.tab.locator('#ideas button').allTextContents()].sort();
  const before = await all();
  const asked = provider.exchanges.length;
  await page.tab.locator('#ideas button').first().click();
  await waitFor(() => provider.exchanges.length > asked, 'the second run');
  await page.run('done');
  assert.deepEqual(await all(), before, 'none is lost or doubled');
}));

everywhere('what is said and can be done stays in the window, wherever one reads', { ...PHONE, limits: { idle_ms: 100_000 } }, async ({ page, provider, look }) => {
  provider.auto({ ...TYPICAL, ste: false });
  await page.cook();
  const ste = await provider.next('ste');
  ste.text('1. Cut.');
  await page.shows('ste', '1. Cut.');
  const scrolled = async (...ids) => {
    for (const at of [0, 0.5, 1]) {
      await page.tab.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), at);
      for (const id of ids) assert.ok(await inWindow(page, id), `${id} at ${at}`);
    }
  };
  await scrolled('#status', '#stop');
  await look('bar');
  await page.press('stop');
  await page.run('stopped');
  assert.equal(await page.status(), 'Stopped. What came is kept.');
  await scrolled('#status', '#finish', '#more');
  await page.press('finish');
  (await provider.next('ste')).answer(TYPICAL.ste);
  await page.run('done');
  await scrolled('#status', '#cook', '#more');
  // The last words of the page are not below it.
  assert.ok(await inSight(page, '#total'));
  await page.press('more');
  for (const id of ['#print', '#copy', '#markdown', '#jsonld']) assert.ok(await inWindow(page, id), id);
  await look('more');
  await page.tab.keyboard.press('Escape');
  assert.equal(await page.focus(), 'more');
  // The server is gone: said where the visitor is.
  await page.tab.route('**/generate', (route) => route.abort());
  await page.tab.getByRole('button', { name: 'Write Side dishes again' }).click();
  await page.run('refused');
  await scrolled('#problem', '#status');
  await look('refused');
  page.errors.length = 0;
});

everywhere('no stop of the keyboard is below the bar', PHONE, async ({ page, provider }) => {
  provider.auto(FULL);
  await page.cook();
  await page.run('done');
  await page.tab.locator('#generate').focus();
  const stops = [];
  for (let n = 0; n < 90; n++) {
    await page.tab.keyboard.press('Tab');
    const stop = await page.tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const e = document.activeElement;
      const { top, bottom } = e.getBoundingClientRect();
      const bar = document.querySelector('#bar');
      done({ name: e.id || e.ariaLabel || e.textContent, covered: !bar.contains(e) && bottom > bar.getBoundingClientRect().top + 0.5 && top > 0 && innerWidth < 1000 });
    }))));
    if (stop.name === 'lang' || stops.some((s) => s.name === 'lang')) break;
    stops.push(stop);
  }
  assert.ok(stops.length > 25, String(stops.length));
  assert.equal(stops[0].name, 'cook', 'what one does next is the next stop after Generate');
  assert.deepEqual(stops.filter((s) => s.covered).map((s) => s.name), []);
});

test('sections are read in the order in which they are seen', table(PHONE, async ({ page, provider }) => {
  provider.auto(TYPICAL);
  await page.cook();
  await page.run('done');
  const order = await page.tab.locator('section').evaluateAll((all) => all.map((e) => [e.dataset.part, e.getBoundingClientRect().top]));
  assert.deepEqual(order.map(([part]) => part), ['add', 'int', 'ste', 'sde', 'ing', 'alt']);
  assert.deepEqual([...order].sort(([, a], [, b]) => a - b), order);
  assert.deepEqual([...SIX].sort(), order.map(([part]) => part).sort());
}));
