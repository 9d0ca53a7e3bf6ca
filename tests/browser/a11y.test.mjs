// Everybody can use it: the keyboard is enough, what is read aloud is one line,
// and the focus stays where the visitor put it. axe.test.mjs asks axe-core.

import { TEXTS, assert, table, test } from './lib.mjs';

test('the keyboard alone runs a whole recipe, stops one, and runs another', table({}, async ({ page, provider }) => {
  const { keyboard } = page.tab;
  provider.auto();
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'lang', 'the first stop');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'ingredients');
  await keyboard.type('leeks and eggs');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), '45');
  await keyboard.press('ArrowRight');
  assert.equal(await page.focus(), '60');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'SUMMARY', 'what else a cook may say');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'generate');
  await keyboard.press('Enter');
  await page.run('done');
  assert.equal(await page.focus(), 'generate', 'the focus stays');
  const { prompt } = provider.exchanges.find((x) => x.part === 'init');
  assert.ok(prompt.includes('leeks and eggs') && prompt.includes('60'), prompt);

  provider.auto({ ing: false });
  await keyboard.press('Space');
  (await provider.next('ing')).text('Leeks');
  await page.shows('ing', 'Leeks');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'stop');
  await keyboard.press('Enter');
  await page.run('stopped');
  await provider.allClosed();
  assert.equal(await page.focus(), 'generate');
  provider.auto();
  await keyboard.press('Enter');
  await page.run('done');
  assert.equal(await page.textOf('ing'), TEXTS.ing);
}));

test('the focus stays in the text while a recipe is written', table({}, async ({ page, provider }) => {
  provider.auto({ ing: false });
  await page.fill();
  await page.tab.keyboard.press('Control+Enter');
  const ing = await provider.next('ing');
  ing.text('Beef');
  await page.shows('ing', 'Beef');
  await page.tab.keyboard.type(', and leeks');
  assert.equal(await page.focus(), 'ingredients');
  ing.finish().done();
  await page.run('done');
  assert.equal(await page.focus(), 'ingredients');
  assert.match(await page.tab.inputValue('#ingredients'), /and leeks/);
}));

test('whoever waits on Stop is not dropped when the run ends by itself', table({}, async ({ page, provider }) => {
  provider.auto({ ing: false });
  await page.cook();
  const ing = await provider.next('ing');
  await page.tab.focus('#stop');
  ing.answer('Good.');
  await page.run('done');
  assert.equal(await page.focus(), 'generate');
}));

test('each thing that is read aloud has one place, and sections that are not read aloud', table({}, async ({ page, provider }) => {
  const live = () => page.tab.evaluate(() => [...document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log], [role=timer], [role=marquee], output')].map((e) => e.id));
  // Timers, the run, what is wrong with it or with what keeps recipes, and the step of the cooking view.
  const places = ['rung', 'status', 'problem', 'fleeting', 'step'];
  assert.deepEqual(await live(), places);
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.deepEqual(await live(), places);
  assert.equal(await page.tab.locator('#status [data-part], [aria-live] [data-part], [role=alert] [data-part]').count(), 0);
}));

test('names, headings, landmarks', table({}, async ({ page, provider }) => {
  const seen = (role, name) => page.tab.getByRole(role, { name, exact: true }).waitFor();
  provider.auto({ ing: false });
  await page.cook();
  const ing = await provider.next('ing');
  await seen('button', 'Stop');
  ing.answer('Good.');
  await page.run('done');
  await seen('textbox', 'Ingredients on hand');
  await seen('group', 'Time you have');
  for (const n of [15, 30, 45, 60]) await seen('radio', `${n} min`);
  await seen('button', 'Generate');
  await seen('button', 'Cook it');
  await seen('button', 'More');
  await seen('main');
  for (const name of ['Introduction', 'Ingredients', 'Steps', 'Side dishes', 'About your ingredients', 'Other ideas']) {
    await seen('region', name);
    await seen('heading', name);
  }
  await seen('article', await page.text('#name'));
  const levels = await page.tab.evaluate(() => [...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.localName[1])));
  assert.deepEqual(levels, [1, 2, 2, 3, 3, 3, 3, 3, 3]);
}));

test('no motion for those who want none', table({ still: true }, async ({ page, provider }) => {
  provider.auto({ ing: false });
  await page.cook();
  (await provider.next('ing')).text('Beef');
  await page.shows('ing', 'Beef');
  assert.deepEqual(await page.tab.evaluate(() => document.getAnimations().length), 0);
}));
