// The page speaks English and Korean: the browser's, or the one that was chosen.

import { CODES, ko as korean, words } from './htdocs.mjs';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, table, test } from './lib.mjs';

const { words: ko, texts } = korean;
const HANGUL = /[\uac00-\ud7a3]/;
/** Names that are the same in any language. */
const NAMES = new Set('recipe fcgi Ctrl Enter model groq JSON English https FIREWORKS_API_KEY GROQ_API_KEY OPENAI_API_KEY'.split(' '));
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
    const found = await page.tab.locator(selector).count();
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
  for (const e of document.body.querySelectorAll(':not(noscript, .text, .text *, .note, .by, #laps td:nth-child(2))')) {
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
  const shown = async () => (await said(page)).filter((text) => text.trim());
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
  await both(page, 'before a name');
  first.answer(init);
  const ing = await provider.next('ing');
  ing.text('콩은 ');
  await page.shows('ing', '콩은 ');
  await page.says('ste', /^skipped/);
  await page.says('int', /^done/);
  await page.shelf(1);
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
  await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = '0'));
  await page.press('generate');
  await page.run('refused');
  await speaks(page, 'ko');
  assert.deepEqual(english(await said(page)), ['prepTime', 'takes'], 'what the server itself says is English');
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
  assert.equal(await page.text('#generate'), '만들기');
  await page.press('lang');
  await page.until('English', () => document.querySelector('#generate').textContent === 'Generate');
}));
