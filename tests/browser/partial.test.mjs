// One section again, another dish by a click, the rest of a run that broke; and
// what is kept, carried out, and read without a network.

import { readFileSync } from 'node:fs';
import { TEXTS, assert, everywhere, recipes } from './lib.mjs';
import { TYPICAL } from './texts.mjs';

const done = async (page, provider, answers) => {
  provider.auto(answers);
  await page.cook();
  await page.run('done');
  provider.exchanges.length = 0;
};

everywhere('one section is written again, from what the page has', {}, async ({ page, provider }) => {
  await done(page, provider);
  const name = await page.text('#name');
  provider.auto({ ste: '1. Anew.' });
  await page.tab.getByRole('button', { name: 'Write Steps again' }).click();
  await page.shows('ste', '1. Anew.');
  await page.run('done');
  assert.deepEqual(provider.exchanges.map((x) => x.part), ['ste']);
  assert.ok(provider.exchanges[0].prompt.includes(TEXTS.add));
  assert.ok(provider.exchanges[0].prompt.includes(name));
  assert.equal(await page.textOf('add'), TEXTS.add, 'the others stay');
  assert.equal(await page.text('#name'), name);
});

everywhere('another idea is cooked by a click', {}, async ({ page, provider }) => {
  await done(page, provider, { init: JSON.stringify(recipes(3)) });
  const idea = page.tab.locator('#ideas button').first();
  const name = await idea.textContent();
  await idea.click();
  await page.until('the other name', (n) => document.querySelector('#name').textContent === n, name);
  await page.run('done');
  assert.deepEqual(provider.exchanges.map((x) => x.part).sort(), ['add', 'ing', 'int', 'sde', 'ste']);
  assert.ok(provider.exchanges.find((x) => x.part === 'add').prompt.includes(name));
});

everywhere('what failed is finished by a click, and no more than that', {}, async ({ page, provider, look }) => {
  await done(page, provider, { add: (x) => x.error(401) });
  assert.equal(await page.visible('#finish'), true);
  await look('failed');
  provider.auto();
  await page.press('finish');
  await page.run('done');
  await page.shows('ste', TEXTS.ste);
  assert.deepEqual(provider.exchanges.map((x) => x.part), ['add', 'ste']);
  assert.equal(await page.visible('#finish'), false);
});

everywhere('the race is drawn, with a table behind it', {}, async ({ page, provider, look }) => {
  await done(page, provider, TYPICAL);
  assert.ok(await page.tab.locator('#bars rect').count() >= 12);
  assert.equal(await page.tab.locator('#laps tr').count(), 7);
  assert.match(await page.text('#pace'), /^All at once: [\d.]+ s\. One after another: [\d.]+ s\.$/);
  await page.tab.locator('#race summary').click();
  await look('race');
});

everywhere('ingredients and steps can be ticked', {}, async ({ page, provider, look }) => {
  await done(page, provider, TYPICAL);
  for (const part of ['add', 'ste']) {
    const boxes = page.tab.locator(`[data-part=${part}]`).getByRole('checkbox');
    assert.equal(await boxes.count(), TYPICAL[part].split('\n').length);
    await boxes.first().check();
    assert.equal(await boxes.first().isChecked(), true);
    assert.equal(await page.textOf(part), TYPICAL[part]);
  }
  await look('ticked');
});

everywhere('the cooking view goes by key and by tap', {}, async ({ page, provider, look }) => {
  await done(page, provider, { ste: `1. One.\n2. Two.\n\n3. Three.\n${TYPICAL.ste.split('\n')[3]}` });
  await page.press('cook');
  const step = () => page.text('#step');
  assert.equal(await step(), 'One.');
  assert.match(await page.text('#step-of'), /1.*4/);
  await page.tab.keyboard.press('ArrowRight');
  assert.equal(await step(), 'Two.');
  await page.tab.click('#step');
  assert.equal(await step(), 'Three.');
  await page.tab.keyboard.press('ArrowLeft');
  assert.equal(await step(), 'Two.');
  for (let n = 0; n < 3; n++) await page.tab.keyboard.press('ArrowRight');
  assert.ok(TYPICAL.ste.includes(await step()), 'the last, and no further');
  await look('cooking');
  await page.tab.keyboard.press('Escape');
  assert.equal(await page.visible('#cooking'), false);
});

everywhere('Markdown and schema.org leave the page', {}, async ({ page, provider }) => {
  await done(page, provider, { add: '2 leeks\n1 egg', ste: '1. Cut.\n2. Fry <b>.' });
  const saved = async (button) => {
    const [file] = await Promise.all([page.tab.waitForEvent('download'), page.press(button)]);
    return readFileSync(await file.path(), 'utf8');
  };
  const text = await saved('markdown');
  assert.match(text, /^# .*## Ingredients\n\n- 2 leeks\n- 1 egg\n\n## Steps\n\n1\. Cut\.\n2\. Fry <b>\./s);
  const recipe = JSON.parse(await saved('jsonld'));
  assert.equal(recipe['@type'], 'Recipe');
  assert.deepEqual(recipe.recipeIngredient, ['2 leeks', '1 egg']);
  assert.equal(recipe.totalTime, 'PT45M');
  page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
});

everywhere('recipes are kept, opened without a network, and forgotten', { expect: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ }, async ({ page, provider, look }) => {
  await done(page, provider);
  await page.tab.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.context.setOffline(true);
  await page.tab.reload();
  await page.tab.locator('#shelf summary').click();
  await look('kept');
  await page.tab.locator('#kept button').first().click();
  assert.equal(await page.textOf('ste'), TEXTS.ste);
  await page.press('forget');
  assert.equal(await page.visible('#shelf'), false);
  assert.equal(await page.tab.evaluate(() => localStorage.length), 0);
  await page.context.setOffline(false);
});

everywhere('what else a cook says reaches the models', {}, async ({ page, provider, look }) => {
  await page.tab.locator('form summary').click();
  await page.tab.fill('[name=servings]', '6');
  await page.tab.selectOption('[name=diet]', 'vegan');
  await page.tab.fill('[name=allergies]', 'peanuts');
  await page.tab.getByLabel('Language').focus();
  await page.tab.keyboard.type('English');
  await look('options');
  provider.auto();
  await page.cook();
  await page.run('done');
  const { prompt } = provider.exchanges.find((x) => x.part === 'ste');
  for (const word of ['6 people', 'vegan', 'peanuts', 'English']) assert.ok(prompt.includes(word), prompt);
});
