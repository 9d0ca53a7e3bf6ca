// The page speaks English and Korean: the browser's, or the one that was chosen.

import { CODES, ko as korean, words } from './htdocs.mjs';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, table, test, waitFor } from './lib.mjs';

const { words: ko, texts } = korean;
const HANGUL = /[\uac00-\ud7a3]/;
/** Names that are the same in any language. */
const NAMES = new Set('recipe fcgi Ctrl Enter model groq speed json true JSON English https FIREWORKS_API_KEY GROQ_API_KEY OPENAI_API_KEY'.split(' '));
const english = (texts) => [...new Set(texts.flatMap((text) => text.match(/[A-Za-z_]{3,}/g) ?? []))].filter((word) => !NAMES.has(word));
/** Every text inside, functions called with numbers for what they count. */
const spoken = (value) => typeof value === 'string' ? [value] : typeof value === 'function' ? [value('3', '4', '5')] : Object.values(value).flatMap(spoken);

test('every text is there in both, and the Korean is Korean', table({}, async ({ page }) => {
  const keys = (o) => Object.entries(o).map(([key, v]) => `${key}: ${typeof v === 'object' ? keys(v) : typeof v}`).sort();
  assert.deepEqual(keys(ko), keys(words));
  assert.deepEqual(english(spoken(ko)), []);
  for (const text of spoken(ko)) assert.match(text, HANGUL);
  assert.equal(spoken(words).some((text) => HANGUL.test(text)), false);
  for (const [selector, text] of Object.entries(texts)) {
    // What is filled by code says its words itself.
    const found = await page.tab.locator(selector).evaluateAll((all) => all.filter((e) => e.hasAttribute('placeholder') || (e.firstChild ?? e).textContent.trim()).length);
    assert.ok(Array.isArray(text) ? found === text.length : found > 0, `${selector}: ${found}`);
  }
}));

/** What the program's source calls its errors before a run, beside those of the manual. */
const codesInSource = () => readdirSync(path.join(PROJECT, 'lib'), { recursive: true }).filter((name) => /^(plan|run|reply|web)\/.*\.c$/.test(name)).concat('../recipe.fcgi.c')
  .flatMap((name) => [...readFileSync(path.join(PROJECT, 'lib', name), 'utf8').matchAll(/err_set\([^,]*,\s*\d+,\s*"([a-z_]+)"/g)].map(([, code]) => code));

test('every code of an error that the program can send has a sentence, in both', () => {
  const manual = readFileSync(path.join(PROJECT, 'recipe.fcgi.8'), 'utf8');
  const [, before, list] = /^Codes:\n(.*?)^With busy.*?^Codes of\n(.*?)^\.El/ms.exec(manual);
  const codes = [...list.matchAll(/^\.It Cm (.*)/gm)].flatMap(([, names]) => names.split(' , ')).concat(before.match(/[a-z_]+/g).filter((code) => code !== 'and'));
  assert.ok(codes.length > 30, list);
  const sent = new Set(codesInSource());
  assert.ok(sent.size > 8, [...sent].join(' '));
  const known = Object.values(CODES).flatMap((names) => names.split(' '));
  assert.deepEqual([...codes, ...sent].filter((code) => !known.includes(code)), []);
  assert.deepEqual(known.filter((code) => !codes.includes(code)), [], 'and no other has one');
  assert.equal(new Set(known).size, known.length);
  for (const all of [words.why, ko.why]) assert.deepEqual(Object.keys(all).sort(), [...Object.keys(CODES), 'unknown'].sort());
});

/** All that the page says or is read aloud as, shown or not; the models' own texts apart. */
const said = (page) => page.tab.evaluate(() => {
  const texts = [document.title];
  for (const e of document.body.querySelectorAll(':not(noscript, #clock, .text, .text *, .note, .by, #laps td:nth-child(2))')) {
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(e.getAttribute(name) ?? '');
    for (const node of e.childNodes) if (node.nodeType === 3) texts.push(node.data);
  }
  return texts;
});

for (const width of [360, 768, 1440]) {
  test(`a whole recipe in Korean, ${width} px`, table({ width, locale: 'ko-KR', expect: /status of 40/ }, async ({ page, provider }) => {
    await page.until('Korean', () => document.documentElement.lang === 'ko'); // its words come after the page
    assert.deepEqual(english(await said(page)), [], 'before anything');
    await page.picture(`${width}-ko-idle`);
    provider.auto({ sde: (x) => x.error(401), init: '[{"name":"된장찌개","intro":"구수하다."},{"name":"된장찌개","intro":"구수하다."},{"name":"된장찌개","intro":"구수하다."}]', int: '소개.', add: '두부', ste: '1. 끓인다.', ing: '콩.' });
    await page.cook('두부, 된장');
    await page.run('done');
    assert.match(await page.status(), /초 만에 6개 중 5개를 완성했습니다/);
    assert.equal(await page.noteOf('sde'), ko.why.setup);
    await page.press('cook');
    assert.deepEqual(english(await said(page)), [], 'with a recipe');
    await page.tab.getByRole('button', { name: '닫기' }).click();
    await page.leavesCooking();
    for (const name of ['소개 다시 쓰기', '재료 복사']) await page.tab.getByRole('button', { name, exact: true }).waitFor();
    assert.deepEqual(await page.overflow(), []);
    await page.picture(`${width}-ko-done`);
    await page.fill('!');
    await page.press('generate');
    assert.deepEqual(english(await said(page)), [], 'with a complaint');
    await page.fill('두부');
    await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = '0'));
    await page.press('generate');
    await page.run('refused');
    assert.deepEqual(english(await said(page)), [], 'with what the server refuses');
    assert.equal(await page.text('#prepTime-error'), ko.unfit);
  }));
}

/** Presses the button, and waits until the page speaks that language. */
async function speaks(page, code) {
  await page.tab.locator('#lang').evaluate((e) => e.click());
  await page.until(code, (c) => document.documentElement.lang === c, code);
}

/** To Korean, of which all is Korean, and back, after which nothing is; the page is not loaded again. */
async function both(page, when) {
  await page.tab.evaluate(() => { window.same ??= {}; });
  const shown = async () => (await said(page)).filter((text) => text.trim() && !/^\d+ s$/.test(text)); // the seconds run on
  const before = await shown();
  await speaks(page, 'ko');
  assert.deepEqual(english(await said(page)), [], when);
  if (when) await page.picture(`1440-switched-${when.replaceAll(' ', '-')}`);
  await speaks(page, 'en');
  assert.deepEqual(await shown(), before, when);
  assert.equal(await page.tab.evaluate(() => typeof window.same), 'object', 'not loaded again');
}

test('it is switched in place, whatever the page says', table({ expect: /status of 40/ }, async ({ page, provider }) => {
  await both(page, 'before anything');
  await page.fill('!');
  await page.press('generate');
  await both(page, 'with a complaint');
  const init = '[{"name":"된장찌개","intro":"구수하다."},{"name":"김치","intro":"맵다."},{"name":"비빔밥","intro":"좋다."}]';
  provider.auto({ init: false, sde: (x) => x.error(401), int: '소개.', add: (x) => x.error(401), ste: false, ing: false });
  await page.cook('두부, 된장');
  const first = await provider.next('init');
  for (const part of ['init', 'ing']) await page.says(part, /^asked/);
  await both(page, 'before a name');
  first.answer(init);
  const ing = await provider.next('ing');
  ing.text('콩은 ');
  await page.shows('ing', '콩은 ');
  await page.says('ste', /^skipped/);
  // Nothing else changes while the language does.
  for (const part of ['init', 'int', 'alt']) await page.says(part, /^done/);
  for (const part of ['add', 'sde']) await page.says(part, /^failed/);
  await page.shelf(1);
  await page.until('its name in the cookbook', () => document.querySelector('#kept .idea').textContent === document.querySelector('#name').textContent);
  await both(page, 'in the middle of a run');
  ing.text('좋다.').finish('stop').done();
  await page.run('done');
  assert.equal(await page.textOf('ing'), '콩은 좋다.', 'the run went on');
  await both(page, 'with a recipe');
  provider.auto({ add: '두부', ste: '1. 끓인다.\n2. 먹는다.', sde: '밥' });
  await page.press('finish');
  await page.run('done');
  await page.press('cook');
  await page.press('next');
  await both(page, 'in the cooking view');
  assert.equal(await page.text('#step'), '먹는다.');
  await page.press('close');
  await page.leavesCooking();
  await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = '0'));
  await page.press('generate');
  await page.run('refused');
  await both(page, 'when it was refused');
}));

test('a language that cannot be fetched leaves the page as it is', table({ expect: /Failed to|ERR_FAILED/ }, async ({ page }) => {
  await page.context.route('**/ko.js', (route) => route.abort());
  await page.press('lang');
  await page.until('a word about it', () => /could not be fetched/.test(document.querySelector('#status').textContent));
  assert.equal(await page.text('#generate'), 'Generate');
  await page.context.unroute('**/ko.js');
}));

test('it is switched by hand, and stays so', table({}, async ({ page }) => {
  await page.press('lang');
  await page.until('Korean', () => document.documentElement.lang === 'ko');
  await page.tab.reload();
  await page.until('Korean, still', () => document.querySelector('#generate').textContent === '만들기');
  await page.press('lang');
  await page.until('English', () => document.querySelector('#generate').textContent === 'Generate');
}));

// ---- how Korean is set

/** Of what a selector finds: whether it is slanted, small capitals, how its words break, and how high its letters are. */
const set = (page, selector) => page.tab.locator(selector).first().evaluate((e) => {
  const { fontStyle, fontVariantCaps, wordBreak, fontSynthesisStyle, fontSize } = getComputedStyle(e);
  return { fontStyle, fontVariantCaps, wordBreak, fontSynthesisStyle, fontSize: parseFloat(fontSize) };
});
const PLAIN = { fontStyle: 'normal', fontVariantCaps: 'normal', wordBreak: 'keep-all', fontSynthesisStyle: 'none' };
const KOREAN = { init: '[{"name":"된장찌개","intro":"구수하다."},{"name":"김치전","intro":"바삭하다."},{"name":"비빔밥","intro":"좋다."}]', int: '소개.', add: '두부', ste: '1. 끓인다.', ing: '콩.' };

test('Hangul is upright, of its own size, and in whole words', table({ locale: 'ko-KR' }, async ({ page, provider }) => {
  await page.until('Korean', () => document.documentElement.lang === 'ko');
  provider.auto(KOREAN);
  await page.cook('두부');
  await page.run('done');
  for (const selector of ['h3', '.deck', '.tagline', '#status', '#ideas li', 'legend', 'label[for]']) {
    const { fontSize, ...rest } = await set(page, selector);
    assert.deepEqual(rest, PLAIN, selector);
  }
  assert.ok((await set(page, 'h3')).fontSize > (await set(page, '.state')).fontSize, 'a title is larger than its state');
}));

test('the same on an English page, which stays as it is', table({}, async ({ page, provider }) => {
  provider.auto({ ...KOREAN, sde: 'Rice', add: 'Tofu\n두부' });
  await page.cook('두부');
  await page.run('done');
  for (const selector of ['#name', '.deck', '#ideas li', '[data-part=int] .text', '[data-part=add] .text']) {
    assert.equal((await set(page, selector)).wordBreak, 'keep-all', selector);
    assert.equal((await set(page, selector)).fontStyle, 'normal', selector);
    assert.equal(await page.tab.locator(selector).first().getAttribute('lang'), 'ko', selector);
  }
  assert.equal(await page.tab.locator('[data-part=sde] .text').getAttribute('lang'), null);
  assert.equal((await set(page, '#status')).fontStyle, 'italic');
  assert.equal((await set(page, 'h3')).fontVariantCaps, 'all-small-caps');
  provider.auto();
  await page.cook('leeks');
  await page.run('done');
  for (const selector of ['#name', '.deck', '[data-part=int] .text']) assert.equal(await page.tab.locator(selector).first().getAttribute('lang'), null, selector);
}));

for (const name of ['', 'app.html']) {
  test(`a Korean page shows no English before its words are there, ${name || 'index.html'}`, table({ locale: 'ko-KR', expect: /Failed to load|ERR_FAILED/ }, async ({ page }) => {
    let held;
    await page.tab.route('**/ko.js', (route) => (held = route));
    await page.tab.goto(`${page.url}${name}`, { waitUntil: 'commit' });
    await page.until('the words to be waited for', () => document.documentElement.dataset.waits === 'ko' && document.body?.childElementCount > 1 && document.styleSheets.length === 1);
    await waitFor(() => held, 'ko.js to be asked for');
    assert.equal(await page.visible('#status'), false);
    await held.continue();
    await page.until('Korean', () => document.documentElement.lang === 'ko');
    assert.equal(await page.visible('#status'), true);
    assert.match(await page.status(), HANGUL);
    // Without the file the page is English, and is there.
    await page.tab.unroute('**/ko.js');
    await page.tab.route('**/ko.js', (route) => route.abort());
    await page.tab.goto(`${page.url}${name}`);
    await page.until('the page', () => getComputedStyle(document.body).visibility === 'visible' && document.querySelector('#lang').textContent === '한국어');
    await page.tab.close();
  }));
}

test('an English page waits for nothing', table({}, async ({ page }) => {
  assert.equal(await page.tab.evaluate(() => document.documentElement.dataset.waits), undefined);
  assert.equal(page.requests.some((url) => url.endsWith('/ko.js')), false);
}));
