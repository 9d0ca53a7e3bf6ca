// One section again, another dish by a click, the rest of a run that broke; and
// what is kept, carried out, and read without a network.

import { readFileSync } from 'node:fs';
import { ORDER, TEXTS, assert, everywhere, killWorker, recipes, table, test } from './lib.mjs';
import { TYPICAL } from './texts.mjs';

const PATIENT = { limits: { idle_ms: 100_000, first_token_ms: 100_000 } };
const BROKEN = /ERR_(INCOMPLETE_CHUNKED_ENCODING|HTTP2|EMPTY|CONNECTION)/;

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
  const titles = ['Recipe', 'Introduction', 'Ingredients', 'Steps', 'Side dishes', 'About your ingredients', 'Other ideas'];
  assert.deepEqual((await page.text('#runners')).split('\n'), titles);
  assert.deepEqual(await page.tab.locator('#laps td:first-child').allTextContents(), titles);
  assert.match(await page.text('#pace'), /^All at once: [\d.]+ s\. One after another: [\d.]+ s\.$/);
  await page.tab.locator('#race summary').click();
  await look('race');
  const rows = () => page.tab.locator('#laps tr').allTextContents();
  const before = await rows();
  provider.auto({ sde: (x) => x.error(401) });
  await page.tab.getByRole('button', { name: 'Write Side dishes again' }).click();
  await page.run('done');
  const after = await rows();
  const others = (_, i) => i !== 4;
  assert.deepEqual(after.filter(others), before.filter(others), 'it stays with the recipe; who ran again has a new lap');
  assert.notEqual(after[4], before[4], 'without a first token, as it failed');
  provider.auto(TYPICAL);
  await page.tab.locator('#ideas button').first().click();
  await page.run('done');
  assert.deepEqual(await page.tab.locator('#laps td:first-child').allTextContents(), titles.slice(1, -1), 'a new recipe has a new race');
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
  await page.leavesCooking();
});

test('the screen is kept awake, again after the page was hidden, and where it cannot be, the view says so', table({}, async ({ page, provider }) => {
  await done(page, provider);
  await page.tab.evaluate(() => {
    window.locks = [];
    const request = async () => {
      const lock = { held: true, release: async () => (lock.held = false) };
      window.locks.push(lock);
      return lock;
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
    window.turn = (hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      if (hidden) window.locks.at(-1).held = false;
      document.dispatchEvent(new Event('visibilitychange'));
    };
  });
  const held = () => page.tab.evaluate(() => window.locks.map((lock) => lock.held));
  await page.press('cook');
  assert.deepEqual(await held(), [true]);
  await page.tab.evaluate(() => window.turn(true));
  assert.deepEqual(await held(), [false], 'a hidden page asks for nothing');
  await page.tab.evaluate(() => window.turn(false));
  assert.deepEqual(await held(), [false, true]);
  assert.equal(await page.text('#awake'), '');
  await page.press('close');
  await page.leavesCooking();
  await page.until('no lock', () => window.locks.every((lock) => !lock.held));
  await page.tab.evaluate(() => window.turn(false));
  assert.equal((await held()).length, 2, 'nor does a page without the view');
  await page.tab.evaluate(() => Object.defineProperty(navigator, 'wakeLock', { value: undefined }));
  await page.press('cook');
  await page.until('words', () => /may go dark/.test(document.querySelector('#awake').textContent));
}));

test('the page says where it will not open without a network', table({}, async ({ page, provider }) => {
  await done(page, provider);
  await page.tab.locator('#shelf summary').click();
  assert.equal(await page.visible('#offline'), false);
  // As on plain http from another machine.
  await page.tab.addInitScript(() => delete Navigator.prototype.serviceWorker);
  await page.tab.reload();
  await page.tab.locator('#shelf summary').click();
  assert.match(await page.text('#offline'), /https/);
  assert.equal(await page.visible('#offline'), true);
  await done(page, provider);
}));

everywhere('Markdown and schema.org leave the page', {}, async ({ page, provider }) => {
  const today = () => new Date().toISOString().slice(0, 10);
  const from = today();
  await done(page, provider, { add: '2 leeks\n1 egg', ste: '1. Cut.\n2. Fry <b>.' });
  const saved = async (button, end) => {
    const [file] = await Promise.all([page.tab.waitForEvent('download'), page.press(button)]);
    assert.equal(file.suggestedFilename(), `${await page.text('#name')}.${end}`);
    return readFileSync(await file.path(), 'utf8');
  };
  const text = await saved('markdown', 'md');
  assert.match(text, /^# .*## Ingredients\n\n- 2 leeks\n- 1 egg\n\n## Steps\n\n1\. Cut\.\n2\. Fry \\<b>\./s);
  const recipe = JSON.parse(await saved('jsonld', 'json'));
  assert.equal(recipe['@type'], 'Recipe');
  assert.deepEqual(recipe.recipeIngredient, ['2 leeks', '1 egg']);
  assert.equal(recipe.totalTime, 'PT45M');
  assert.equal(recipe.recipeYield, '2-4', 'as the prompts say if nothing is asked');
  assert.ok([from, today()].includes(recipe.datePublished), recipe.datePublished);
  assert.equal(recipe.author.name, 'recipe.fcgi');
  assert.ok(text.includes(`45 minutes \u00b7 on hand: ${ORDER}`), text);
  page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
});

for (const way of ['stopped', 'broken', 'left']) {
  test(`a run that was ${way} is kept as unfinished, and finished from there`, table({ ...PATIENT, expect: BROKEN, journal: way !== 'left' }, async ({ page, provider, site }) => {
    provider.auto({ init: false, ste: false, ing: 'Good.' });
    await page.cook();
    const init = await provider.next('init');
    const [first] = recipes(1);
    init.text(`[${JSON.stringify(first)}, ${JSON.stringify(first)}, ${JSON.stringify(first)}, `);
    const ste = await provider.next('ste');
    ste.text('1. Slice\n2. Fr');
    await page.shows('ste', '1. Slice\n2. Fr');
    for (const part of ['int', 'add', 'sde', 'ing']) await page.says(part, /^done/);
    if (way === 'stopped') await page.press('stop');
    if (way === 'broken') await killWorker(site, ste);
    if (way !== 'left') await page.run(way);
    await page.tab.reload();
    await provider.allClosed();
    await page.shelf(1);
    assert.match(await page.text('#kept li'), new RegExp(`${first.name}.* unfinished`));
    await page.run('kept');
    assert.equal(await page.text('#name'), first.name, 'it opens by itself');
    assert.equal(await page.textOf('ste'), '1. Slice\n2. Fr');
    assert.equal(await page.stateOf('ste'), 'stopped');
    assert.equal(await page.stateOf('add'), 'done');
    provider.exchanges.length = 0;
    provider.auto();
    await page.press('finish');
    await page.run('done');
    assert.equal(await page.textOf('ste'), TEXTS.ste);
    assert.deepEqual(provider.exchanges.map((x) => x.part), ['ste']);
    await page.shelf(1);
    assert.doesNotMatch(await page.text('#kept li'), /unfinished/);
  }));
}

test('a run that broke before there was a dish is finished, without what it has', table({ expect: BROKEN }, async ({ page, provider, site }) => {
  provider.auto({ init: false, ing: 'Good.' });
  await page.cook();
  const init = await provider.next('init');
  await page.says('ing', /^done/);
  await killWorker(site, init);
  await page.run('broken');
  await page.shelf(1);
  assert.match(await page.text('#kept li'), new RegExp(`${ORDER}.* unfinished`));
  provider.exchanges.length = 0;
  provider.auto();
  await page.press('finish');
  await page.run('done');
  assert.deepEqual(provider.exchanges.map((x) => x.part).sort(), ['add', 'init', 'int', 'sde', 'ste']);
  assert.equal(await page.textOf('ing'), 'Good.');
  assert.equal(await page.tab.locator('#ideas li').count(), 2);
  assert.match(await page.status(), /with all 6 sections/);
  await page.shelf(1);
  assert.equal(await page.text('#kept .idea'), await page.text('#name'), 'the one without a name has one now');
}));

for (const clipboard of [true, false]) {
  test(`one section or all is copied, ${clipboard ? 'with' : 'without'} a clipboard of pages`, table({}, async ({ page, provider }) => {
    if (clipboard) await page.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    else await page.tab.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await done(page, provider, { add: '2 leeks\n1 egg', ste: '1. Cut.\n2. Fry <b>.', int: 'Good.' });
    const copied = async (button) => {
      await page.tab.evaluate(() => {
        document.querySelector('#status').textContent = '';
        document.addEventListener('copy', () => (window.copied = String(document.activeElement.value)), { once: true });
      });
      await button.click();
      await page.until('word of it', () => document.querySelector('#status').textContent === 'Copied as Markdown.');
      return page.tab.evaluate((real) => (real ? navigator.clipboard.readText() : window.copied), clipboard);
    };
    const one = page.tab.getByRole('button', { name: 'Copy Steps' });
    assert.equal(await copied(one), '## Steps\n\n1. Cut.\n2. Fry \\<b>.');
    assert.equal(await one.evaluate((e) => e === document.activeElement), true, 'the focus stays');
    assert.equal(await copied(page.tab.getByRole('button', { name: 'Copy Introduction' })), 'Good.');
    await page.press('more');
    assert.match(await copied(page.tab.locator('#copy')), /^# .*\n\nGood\.\n\n## Ingredients\n\n- 2 leeks/s);
    assert.equal(await page.tab.locator('textarea').count(), 1, 'nothing is left of it');
  }));
}

everywhere('recipes are kept, opened without a network, and forgotten', { expect: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ }, async ({ page, provider, look }) => {
  await done(page, provider);
  await page.tab.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.context.setOffline(true);
  await page.tab.reload();
  await page.shelf(1);
  await page.shows('ste', TEXTS.ste);
  await look('kept');
  await page.press('clear');
  await page.shelf(0);
  assert.deepEqual(await page.kept(), []);
  await page.context.setOffline(false);
});

everywhere('what else a cook says reaches the models', {}, async ({ page, provider, look }) => {
  await page.tab.locator('form summary').click();
  await page.tab.fill('[name=servings]', '6');
  await page.tab.fill('[name=diet]', 'vegan');
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
