// The page speaks English and Korean: the browser's, or the one that was chosen.

import { assert, table, test } from './lib.mjs';
import { ko, texts } from '../../htdocs/ko.js';
import { words } from '../../htdocs/words.js';

test('every text is there in both', table({}, async ({ page }) => {
  assert.deepEqual(Object.keys(ko).sort(), Object.keys(words).sort());
  for (const [key, value] of Object.entries(ko)) assert.equal(typeof value, typeof words[key], key);
  for (const selector of Object.keys(texts)) assert.equal(await page.tab.locator(selector).count() > 0, true, selector);
}));

for (const width of [360, 768, 1440]) {
  test(`a whole recipe in Korean, ${width} px`, table({ width, locale: 'ko-KR' }, async ({ page, provider }) => {
    assert.equal(await page.tab.locator('html').getAttribute('lang'), 'ko');
    await page.picture(`${width}-ko-idle`);
    provider.auto({ sde: (x) => x.error(401), init: '[{"name":"된장찌개","intro":"구수하다."},{"name":"된장찌개","intro":"구수하다."},{"name":"된장찌개","intro":"구수하다."}]', int: '소개.', add: '두부', ste: '1. 끓인다.', ing: '콩.' });
    await page.cook('두부, 된장');
    await page.run('done');
    assert.match(await page.status(), /초 만에 6개 중 5개를 완성했습니다/);
    const left = await page.tab.evaluate(() => document.body.innerText.match(/[A-Za-z]{3,}/g));
    const known = new Set('recipe fcgi Ctrl Enter model groq JSON English'.split(' '));
    const note = (await page.noteOf('sde')) ?? '';
    assert.deepEqual([...new Set(left)].filter((w) => !known.has(w) && !note.includes(w)), [], 'no English is left');
    assert.deepEqual(await page.overflow(), []);
    await page.picture(`${width}-ko-done`);
  }));
}

test('it is switched by hand, and stays so', table({}, async ({ page }) => {
  await page.press('lang');
  await page.until('Korean', () => document.documentElement.lang === 'ko');
  await page.tab.reload();
  assert.equal(await page.text('#generate'), '만들기');
  await page.press('lang');
  await page.until('English', () => document.querySelector('#generate').textContent === 'Generate');
}));
