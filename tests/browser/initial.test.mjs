// The first letter of the introduction stands apart, if its script has such letters.

import { assert, table, test } from './lib.mjs';

const OPENINGS = [
  [['T', 'here is'], 'T'], [['There is'], 'T'], [['Über', 'all'], 'Ü'], [['е', 'сть'], 'е'], [['Ένα'], 'Έ'],
  [['e\u0301te'], 'e\u0301'], [['e', '\u0301', '\u0323', 'te'], 'e\u0301\u0323'], [['\n', '  ', 'So'], 'S'], [[' So'], 'S'], [["L'été"], 'L'],
  [['소개', '입니다.'], null], [['هذا', ' طبق'], null], [['זה'], null], [['日本'], null], [['นี่'], null], [['7 cooks'], null],
  [['“There'], null], [['*There'], null], [['\u0301e'], null], [['🍲 Soup'], null], [['Ⅳ b'], null],
];

test('a letter of Latin, Cyrillic or Greek with its accents, and nothing else', table({ width: 360 }, async ({ page, provider }) => {
  provider.auto({ int: false });
  await page.cook();
  (await provider.next('int')).finish('stop').done();
  await page.run('done');
  assert.equal(await page.tab.getByRole('button', { name: 'Copy Introduction' }).count(), 0, 'there is nothing to copy');
  for (const [pieces, initial] of OPENINGS) {
    await page.tab.getByRole('button', { name: 'Write Introduction again' }).click();
    const int = await provider.next('int');
    let all = '';
    for (const piece of pieces) {
      int.text(piece);
      all += piece;
      await page.shows('int', all);
    }
    int.text(' and so on').text(', 2.');
    await page.shows('int', `${all} and so on, 2.`);
    const found = await page.tab.locator('[data-part=int] .initial').allTextContents();
    assert.deepEqual(found, initial === null ? [] : [initial], JSON.stringify(pieces));
    int.finish('stop').done();
    await page.until('its end', () => document.body.dataset.run === 'done');
  }
}));

test('no other section has one', table({}, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.deepEqual(await page.tab.locator('.initial').evaluateAll((all) => all.map((e) => e.closest('section').dataset.part)), ['int']);
}));
