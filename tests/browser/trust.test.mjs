// What one should know of a text that a model wrote, on the screen and on paper.

import { ko as korean, neutral, words } from './htdocs.mjs';
import { assert, everywhere, table, test } from './lib.mjs';

const ko = korean.words;
const PEANUTS = { add: '2 leeks\n1 cup peanuts\n2 eggs', int: 'Peanuts and leeks.', ste: '1. Chop the leeks.\n2. Fry the peanuts.', sde: 'Peanut salad\nBread', ing: 'Leeks have iron.' };
const marks = (page) => page.tab.locator('[data-allergen]').evaluateAll((all) => all.map((e) => [e.closest('[data-part]').dataset.part, e.textContent, e.dataset.allergen]).sort());
const MARKED = [['add', '1 cup peanuts', 'peanuts'], ['sde', 'Peanut salad', 'peanuts'], ['ste', 'Fry the peanuts.', 'peanuts']];

everywhere('lines that name an allergy are marked, and it is said what that is worth', {}, async ({ page, provider, look }) => {
  provider.auto(PEANUTS);
  await page.tab.locator('.options summary').click();
  await page.tab.fill('[name=allergies]', 'peanuts, sesame');
  await page.cook();
  await page.run('done');
  assert.deepEqual(await marks(page), MARKED);
  assert.match(await page.tab.locator('[data-part=add] .line .words').nth(1).evaluate((e) => getComputedStyle(e, '::after').content), /\u26a0\s?peanuts/);
  assert.equal(await page.text('#caution'), words.caution('peanuts, sesame'));
  assert.equal(await page.textOf('add'), PEANUTS.add, 'the text is as it came');
  await look('allergies');
  await page.press('lang');
  await page.until('Korean', () => document.documentElement.lang === 'ko');
  assert.equal(await page.text('#caution'), ko.caution('peanuts, sesame'));
  await page.tab.emulateMedia({ media: 'print' });
  assert.ok(await page.visible('#caution'), 'on paper too');
  assert.ok(await page.tab.getByText(ko.modelWrote).isVisible());
  await page.tab.emulateMedia({ media: 'screen' });
});

test('it stands with a recipe that was kept, and goes with it', table({}, async ({ page, provider }) => {
  provider.auto(PEANUTS);
  await page.tab.locator('.options summary').click();
  await page.tab.fill('[name=allergies]', 'peanuts');
  await page.cook();
  await page.run('done');
  await page.tab.reload();
  await page.until('the recipe', () => document.querySelectorAll('[data-allergen]').length === 3);
  assert.deepEqual(await marks(page), MARKED);
  assert.ok(await page.visible('#caution'));
  assert.ok(await page.tab.getByText(words.modelWrote).isVisible());
  await page.tab.locator('.options summary').click();
  await page.tab.fill('[name=allergies]', '');
  await page.cook();
  await page.run('done');
  assert.deepEqual(await marks(page), []);
  assert.equal(await page.visible('#caution'), false);
}));

test('a demo is no model', table({ config: {} }, async ({ page }) => {
  await page.cook();
  await page.run('done');
  assert.ok(await page.tab.getByText(words.demoWrote).isVisible());
}));

test('the page of any graph says it as well', table({}, async ({ page, provider }) => {
  await page.tab.goto(`${page.url}app.html`);
  provider.auto(PEANUTS);
  await page.tab.fill('#input-ingredientsOnHand', 'leeks');
  await page.tab.fill('#input-prepTime', '30');
  await page.tab.fill('#input-allergies', 'peanuts');
  await page.press('generate');
  await page.run('done');
  assert.deepEqual(await marks(page), MARKED);
  assert.equal(await page.text('#caution'), words.caution('peanuts'));
  assert.ok(await page.tab.getByText(neutral.modelWrote).isVisible());
}));
