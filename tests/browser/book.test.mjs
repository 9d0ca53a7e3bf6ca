// The cookbook: a page that one comes back to. What was written is there again,
// has an address, is found, starred, deleted with undo, and leaves as a file.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ORDER, PROJECT, assert, table, test } from './lib.mjs';

const STEPS = { add: '2 leeks\n1 egg', ste: '1. Cut.\n2. Fry.\n3. Serve.', int: 'Good.' };
const named = (...names) => JSON.stringify([0, 1, 2].map((i) => ({ name: names[i] ?? names[0], intro: `Intro of ${names[i] ?? names[0]}.` })));

async function written({ page, provider }, name = 'Leek Pan', words = {}, order = ORDER) {
  provider.auto({ ...STEPS, init: named(name), ...words });
  await page.cook(order);
  await page.run('done');
}

const shown = (page, name) => page.until(name, (n) => document.querySelector('#name').textContent === n && !document.querySelector('#recipe').hidden, name);
const names = (page) => page.tab.locator('#kept .idea').allTextContents();
const says = (page, words) => page.until(words, (source) => new RegExp(source).test(document.querySelector('#status').textContent), words.source);
const ticks = (page, part) => page.tab.locator(`[data-part=${part}] .tick`).evaluateAll((all) => all.map((e) => e.checked));
const act = (page, name) => page.tab.getByRole('button', { name, exact: true }).click();

/** What a button saves. */
async function saved(page, button) {
  const [file] = await Promise.all([page.tab.waitForEvent('download'), page.tab.locator(button).evaluate((e) => e.click())]);
  page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

const give = (page, text, name = 'a.json') => page.tab.setInputFiles('#file', { name, mimeType: 'application/json', buffer: Buffer.from(text) });

// ---- coming back

test('a reload keeps the recipe, its ticks and the step of the cooking view', table({ width: 360 }, async (set) => {
  const { page } = set;
  await written(set);
  await page.tab.locator('[data-part=add] .tick').nth(1).check();
  await page.tab.locator('[data-part=ste] .tick').nth(0).check();
  await page.press('cook');
  await page.press('next');
  assert.equal(await page.text('#step'), 'Fry.');
  await page.tab.reload();
  await shown(page, 'Leek Pan');
  await page.until('the cooking view', () => document.querySelector('#cooking').open);
  assert.equal(await page.text('#step'), 'Fry.');
  assert.deepEqual(await ticks(page, 'add'), [false, true]);
  assert.deepEqual(await ticks(page, 'ste'), [true, false, false]);
  await page.press('close');
  await page.leavesCooking();
  await page.tab.reload();
  await shown(page, 'Leek Pan');
  assert.equal(await page.visible('#cooking'), false, 'it stays closed');
}));

test('the last recipe opens on a visit, another one by its address', table({}, async (set) => {
  const { page } = set;
  await written(set, 'First Pan');
  const first = await page.place();
  assert.match(first, /#[0-9a-z-]+$/);
  await written(set, 'Second Pan');
  assert.notEqual(await page.place(), first);
  await page.tab.goto('about:blank');
  await page.tab.goto(page.url);
  await shown(page, 'Second Pan');
  await page.tab.goto('about:blank');
  await page.tab.goto(first);
  await shown(page, 'First Pan');
  await page.tab.goto('about:blank');
  await page.tab.goto(page.url);
  await shown(page, 'First Pan');
  await page.tab.goto('about:blank');
  await page.tab.goto(`${page.url}#00000000-gone`);
  await says(page, /not in the cookbook of this browser/);
  assert.equal(await page.visible('#recipe'), false);
  await written(set, 'Third Pan');
  await shown(page, 'Third Pan');
}));

test('Back and Forward move among what was seen, and stay on the site', table({}, async (set) => {
  const { page } = set;
  await written(set, 'First Pan', { init: named('First Pan', 'Other Pan', 'Other Pan') });
  await page.tab.locator('#ideas button').first().click();
  await page.run('done');
  const other = await page.text('#name');
  await page.press('cook');
  await page.press('next');
  await page.tab.goBack();
  await page.until('no view', () => !document.querySelector('#cooking').open);
  assert.equal(await page.text('#name'), other, 'it was the view that was left');
  await page.tab.goBack();
  await page.until('the first', (n) => document.querySelector('#name').textContent !== n, other);
  await page.tab.goBack();
  await page.until('the beginning', () => document.body.dataset.run === 'idle');
  assert.equal(await page.visible('#recipe'), false);
  assert.equal(await page.visible('#frontispiece'), true);
  assert.equal(await page.tab.title(), 'recipe.fcgi');
  assert.ok((await page.place()).startsWith(page.url));
  await page.tab.goForward();
  await page.tab.goForward();
  await shown(page, other);
  await page.tab.goForward();
  await page.until('the view', () => document.querySelector('#cooking').open);
  assert.equal(await page.text('#step'), 'Fry.');
}));

test('Back during a run ends it, keeps what came, and Forward comes to that', table({ limits: { idle_ms: 60_000 } }, async (set) => {
  const { page, provider } = set;
  await written(set, 'First Pan');
  provider.auto({ ...STEPS, init: named('Second Pan'), ste: false });
  await page.cook();
  const ste = await provider.next('ste');
  ste.text('1. Half');
  await page.shows('ste', '1. Half');
  await page.until('an address', () => history.length > 3);
  await page.tab.goBack();
  await shown(page, 'First Pan');
  await ste.closed;
  await page.tab.goForward();
  await shown(page, 'Second Pan');
  await page.shows('ste', '1. Half');
  assert.equal(await page.visible('#finish'), true);
}));

test('a page that goes in the middle of a run has kept what came', table({ limits: { idle_ms: 60_000 } }, async ({ page, provider }) => {
  // As a page that goes before the database has answered.
  await page.tab.evaluate(() => addEventListener('pagehide', () => (IDBDatabase.prototype.transaction = () => { throw new Error('too late'); }), true));
  provider.auto({ ...STEPS, init: named('Leek Pan'), ste: false });
  await page.cook();
  const ste = await provider.next('ste');
  ste.text('1. Half\n2. ');
  await page.shows('ste', '1. Half\n2. ');
  // At once, whatever was saved before.
  await Promise.all([page.tab.waitForEvent('load'), page.tab.evaluate(() => location.reload())]);
  await page.shows('ste', '1. Half\n2. ');
  assert.equal((await page.kept()).length, 1);
}));

/** Runs in the page before its scripts: the database opens when the test says so. */
function holdDatabase() {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...args) {
    const late = {};
    window.openDatabase = () => {
      const request = open.apply(this, args);
      for (const name of ['onupgradeneeded', 'onsuccess', 'onerror']) request[name] = (event) => late[name]?.(event);
      Object.defineProperty(late, 'result', { get: () => request.result });
      IDBFactory.prototype.open = open;
    };
    return late;
  };
}

test('what the form complains of stays when the cookbook is opened later', table({}, async ({ page }) => {
  await page.tab.addInitScript(holdDatabase);
  await page.tab.reload();
  await page.fill('!');
  await page.press('generate');
  assert.match(await page.status(), /^Not sent/);
  await page.tab.evaluate(() => window.openDatabase());
  // A transaction that may write begins after all that the page has read.
  await page.tab.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open('cookbook /');
    request.onsuccess = () => (request.result.transaction('cookbook /', 'readwrite').oncomplete = () => (request.result.close(), resolve()));
  }));
  assert.match(await page.status(), /^Not sent/);
}));

// ---- keeping

test('nothing is lost in silence: no limit, and a second one of that name is another', table({}, async (set) => {
  const { page } = set;
  await written(set);
  await page.shelf(1);
  const many = Array.from({ length: 300 }, (_, i) => ({ name: `Kept ${i}`, intro: '', texts: { ste: `1. Number ${i}.` }, order: { ingredientsOnHand: 'leeks' }, made: 1.6e12 + i, missing: [], ideas: [] }));
  await give(page, JSON.stringify({ cookbook: 1, recipes: many }));
  await page.shelf(301);
  await says(page, /^300 added\.$/);
  await written(set);
  await page.shelf(302);
  assert.deepEqual((await names(page)).slice(0, 3), ['Leek Pan', 'Leek Pan', 'Kept 299']);
  await page.tab.reload();
  await page.shelf(302);
  assert.match(await page.text('#kept li:last-child small'), /2020/, 'with its date');
}));

test('found by a word, wherever it stands', table({}, async (set) => {
  const { page } = set;
  await written(set, '된장찌개', { add: '두부 1모' }, '두부, 된장');
  await page.tab.locator('.options summary').click();
  await page.tab.fill('[name=diet]', 'vegan');
  await written(set, 'Leek Pan', { int: 'Of the Sea.' }, 'leeks');
  await page.shelf(2);
  for (const [word, found] of [['leek', ['Leek Pan']], ['SEA', ['Leek Pan']], ['vegan cut', ['Leek Pan']], ['두부', ['된장찌개']], ['두부', ['된장찌개']], ['leek 두부', []], ['fry', ['Leek Pan', '된장찌개']], ['"', []]]) {
    await page.tab.fill('#find', word);
    assert.deepEqual(await names(page), found, word);
    assert.equal(await page.text('#found'), `${found.length} of 2`);
  }
  await page.tab.fill('#find', '');
  await page.shelf(2);
  assert.equal(await page.text('#found'), '');
}));

test('a star stands first, asks for a place that lasts, and outlives the others, which come back by Undo', table({}, async (set) => {
  const { page } = set;
  await page.tab.evaluate(() => {
    window.asked = 0;
    navigator.storage.persist = async () => { window.asked++; return true; };
  });
  for (const name of ['A Pan', 'B Pan', 'C Pan']) await written(set, name);
  await page.shelf(3);
  assert.equal(await page.tab.evaluate(() => window.asked), 0);
  await act(page, 'Star A Pan');
  assert.deepEqual(await names(page), ['A Pan', 'C Pan', 'B Pan']);
  assert.equal(await page.tab.evaluate(() => window.asked), 1);
  await act(page, 'Delete B Pan');
  await page.shelf(2);
  assert.equal(await page.focus(), 'undo');
  await page.press('undo');
  await page.shelf(3);
  assert.deepEqual(await names(page), ['A Pan', 'C Pan', 'B Pan'], 'in its place');
  assert.equal(await page.tab.evaluate(() => document.activeElement.textContent), 'B Pan');
  await page.press('clear');
  await page.shelf(1);
  await says(page, /^2 recipes are deleted/);
  await page.tab.reload();
  await page.shelf(1);
  assert.deepEqual(await names(page), ['A Pan']);
  assert.equal(await page.visible('#clear'), false, 'there is nothing that it would delete');
  await written(set, 'D Pan');
  await act(page, 'Star A Pan');
  await page.press('clear');
  await page.shelf(0);
  await page.press('undo');
  await page.shelf(2);
}));

test('two tabs see the changes of each other', table({}, async (set) => {
  const { page } = set;
  await written(set, 'A Pan');
  await page.shelf(1);
  const other = await page.context.newPage();
  await other.goto(page.url);
  await other.waitForFunction(() => document.querySelector('#name').textContent === 'A Pan');
  await other.evaluate(() => (document.querySelector('#shelf').open = true));
  await written(set, 'B Pan');
  await other.waitForFunction(() => document.querySelectorAll('#kept li').length === 2);
  await other.getByRole('button', { name: 'Star A Pan' }).click();
  await page.until('the star', () => document.querySelector('#kept .idea').textContent === 'A Pan');
  // What one tab changes later does not undo it.
  await page.tab.locator('[data-part=add] .tick').first().check();
  await act(page, 'Delete B Pan');
  await other.waitForFunction(() => document.querySelectorAll('#kept li').length === 1);
  await page.press('undo');
  await other.waitForFunction(() => document.querySelectorAll('#kept li').length === 2);
  assert.equal((await page.kept()).find(({ name }) => name === 'A Pan').star, true);
  await other.close();
}));

test('what older pages kept is moved, once', table({}, async ({ page }) => {
  const old = (name) => ({ name, intro: 'I.', texts: { int: 'x', add: 'y', ste: '1. z', sde: '', ing: '', alt: '' }, missing: [], ideas: [{ name: 'Q', intro: '' }], laps: [], order: { ingredientsOnHand: 'leeks', prepTime: '45' } });
  await page.tab.evaluate((all) => localStorage.setItem('recipes', JSON.stringify(all)), ['New', 'Older', 'Oldest'].map(old));
  await page.tab.reload();
  await page.shelf(3);
  assert.deepEqual(await names(page), ['New', 'Older', 'Oldest']);
  await page.until('the list to be gone', () => localStorage.recipes === undefined);
  await page.tab.evaluate((all) => localStorage.setItem('recipes', JSON.stringify(all)), ['New', 'Older', 'Oldest'].map(old));
  await page.tab.reload();
  await page.until('it to be gone again', () => localStorage.recipes === undefined);
  await page.shelf(3);
  await act(page, 'Oldest');
  await page.shows('ste', '1. z');
  assert.equal(await page.text('#asked'), '45 minutes \u00b7 on hand: leeks');
  assert.equal(JSON.parse((await saved(page, '#jsonld')).text).datePublished, undefined, 'nobody knows when');
  assert.match(await page.place(), /#[0-9a-z]{8}-/);
  await page.tab.goto('about:blank');
  await page.tab.goBack();
  await shown(page, 'Oldest');
}));

// ---- as a file

test('all of it leaves as a file and comes in again, nothing twice', table({}, async (set) => {
  const { page } = set;
  await written(set, 'A Pan');
  await written(set, 'B Pan');
  await page.shelf(2);
  await act(page, 'Star A Pan');
  const { name, text } = await saved(page, '#save');
  assert.match(name, /^cookbook \d{4}-\d\d-\d\d\.json$/);
  await give(page, text, name);
  await says(page, /^0 added, 2 were here\.$/);
  await act(page, 'Delete A Pan');
  await page.shelf(1);
  await give(page, text, name);
  await says(page, /^1 added, 1 were here\.$/);
  await page.shelf(2);
  assert.deepEqual(await names(page), ['A Pan', 'B Pan'], 'star and date have come along');
  await page.tab.locator('#kept .idea').first().click();
  await page.shows('ste', STEPS.ste);
  await page.tab.reload();
  await page.shelf(2);
}));

test('a file that is none is refused, and what is in one is text', table({}, async (set) => {
  const { page } = set;
  await written(set, 'A Pan');
  await page.shelf(1);
  const before = await page.kept();
  for (const text of ['', 'x', '[]', '{"cookbook":2,"recipes":[]}', '{"cookbook":1}', '{"cookbook":1,"recipes":{"length":1}}', 'null', readFileSync(path.join(PROJECT, 'htdocs/favicon.svg'), 'utf8')]) {
    await page.tab.evaluate(() => (document.querySelector('#status').textContent = ''));
    await give(page, text);
    await says(page, /^That file is no cookbook saved here\. Nothing has changed\.$/);
  }
  assert.deepEqual(await page.kept(), before);
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const evil = { id: before[0].id, name: markup, intro: markup, texts: { ste: `1. ${markup}`, int: { x: 1 }, add: ['a'], __proto__: { y: 1 }, more: 'x' }, missing: ['ste', 'evil', 7], ideas: [{ name: markup }, null, 7],
    laps: [['int', { by: markup, start: 'x' }], 7], order: { ingredientsOnHand: markup, want: ['int'], given: {}, prepTime: 45 }, ticks: { ste: 'x' }, step: 1e99, made: 1e300, seen: 'x', star: 'yes' };
  const raw = JSON.stringify({ cookbook: 1, recipes: [evil, null, 7, [], 'x', {}, { name: '' }, { ...evil, made: '2020-01-01' }, { texts: { ste: 'x' } }, { ...evil, name: `${markup}2`, made: -5 }] }).replace('"more"', '"__proto__":{"z":1},"more"');
  await give(page, raw);
  await says(page, /^3 added, 1 were here, 6 not readable\.$/);
  await page.shelf(4);
  assert.equal((await page.kept()).find(({ id }) => id === before[0].id).name, 'A Pan', 'no entry is replaced');
  for (const one of (await page.kept()).filter(({ name }) => name && name !== 'A Pan')) assert.deepEqual(Object.keys(one.order).sort(), ['ingredientsOnHand', 'prepTime']);
  for (const button of await page.tab.locator('#kept .idea').all()) {
    await button.click();
    for (const save of ['#markdown', '#jsonld']) await saved(page, save);
    assert.equal(await page.tab.locator('#recipe img, #recipe script, #notes img, #shelf img, #shelf script').count(), 0);
  }
  await page.tab.reload();
  await page.run('kept');
  await page.shelf(4);
  assert.equal(await page.tab.evaluate(() => document.title.length > 1 && ({}).y === undefined && ({}).z === undefined), true);
}));

// ---- what was asked

test('what was asked stands with the recipe, on the page, on paper and in files', table({}, async (set) => {
  const { page } = set;
  await page.tab.locator('.options summary').click();
  for (const [name, value] of [['servings', '4'], ['diet', 'vegan'], ['allergies', 'peanuts'], ['language', 'English']]) await page.tab.fill(`[name=${name}]`, value);
  await written(set);
  const said = '45 minutes \u00b7 serves 4 \u00b7 diet: vegan \u00b7 allergies: peanuts \u00b7 language: English \u00b7 on hand: beef flank, onions, peppers';
  const year = String(new Date().getFullYear());
  assert.ok((await page.text('#asked')).endsWith(said));
  assert.ok((await page.text('#asked')).includes(year));
  await page.tab.emulateMedia({ media: 'print' });
  assert.equal(await page.visible('#asked'), true);
  await page.tab.emulateMedia({ media: 'screen' });
  assert.ok((await saved(page, '#markdown')).text.includes(`${said}\n`));
  const recipe = JSON.parse((await saved(page, '#jsonld')).text);
  assert.equal(recipe.recipeYield, '4');
  assert.equal(recipe.keywords, `vegan, ${ORDER}`);
  assert.equal(recipe.datePublished.slice(0, 4), year);
  await page.shelf(1);
  assert.ok((await page.text('#kept small')).endsWith('45 minutes \u00b7 serves 4 \u00b7 diet: vegan \u00b7 allergies: peanuts'));
  await page.tab.reload();
  await page.until('it', (end) => document.querySelector('#asked').textContent.endsWith(end), said);
  await page.press('lang');
  await page.until('it in Korean', () => /45분 · 4인분 · 식단: vegan · 알레르기: peanuts/.test(document.querySelector('#asked').textContent));
}));

// Chromium saves ten files of a page within a second, and drops an eleventh without a word: one of both kinds is enough.
test('files are named after the dish, as every system takes it', table({}, async (set) => {
  const { page } = set;
  for (const [dish, file] of [['된장찌개와 밥', '된장찌개와 밥'], ['../../etc/passwd', 'etc passwd'], ['a:b|c*?"<>', 'a b c'], ['CON', 'CON_'], ['\u202egpj.exe', 'gpj exe'], ['...', 'recipe'], ['x'.repeat(200), 'x'.repeat(60)]]) {
    await written(set, dish);
    assert.equal((await saved(page, '#markdown')).name, `${file}.md`);
  }
  assert.equal((await saved(page, '#jsonld')).name, `${'x'.repeat(60)}.json`);
}));
