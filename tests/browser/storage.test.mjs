// A browser that lets a page keep nothing, or has no room: all works, and what
// is kept lasts as long as the page is open.

import { readFileSync } from 'node:fs';
import { TEXTS, assert, table, test, waitFor } from './lib.mjs';

/** Runs in the page: what it may not do, by the error's name. */
const forbidden = () => {
  const why = (access) => { try { return access() === null ? 'null' : 'nothing'; } catch (error) { return error.name; } };
  return [why(() => localStorage), why(() => sessionStorage)];
};

const NAMES = ['localStorage', 'sessionStorage', 'caches', 'indexedDB'];
/** Each before the scripts of the page; the first is what a visitor sets, in the browser's own settings. */
const WAYS = {
  'by the settings of the browser': { profile: { preferences: { profile: { default_content_setting_values: { cookies: 2 } } } }, says: 'SecurityError' },
  'by an error at every access': {
    script: (names) => {
      const get = () => { throw new DOMException('Access is denied for this document.', 'SecurityError'); };
      for (const name of names) Object.defineProperty(window, name, { get });
      Object.defineProperty(Navigator.prototype, 'serviceWorker', { get });
    },
    says: 'SecurityError',
  },
  'by null': { script: (names) => { for (const name of names) Object.defineProperty(window, name, { value: null }); }, says: 'null' },
};

for (const [way, { script, says, profile }] of Object.entries(WAYS)) {
  test(`storage forbidden, ${way}`, table({ profile }, async ({ page, provider }) => {
    if (script) {
      await page.tab.addInitScript(script, NAMES);
      await page.tab.reload();
    }
    assert.deepEqual(await page.tab.evaluate(forbidden), [says, says]);
    provider.auto();
    await page.cook();
    await page.run('done');
    assert.match(await page.text('#fleeting'), /gone when the page is closed/);
    await page.until('a word about it, also if nobody opens the cookbook', () => document.querySelector('#fleeting').checkVisibility());
    await page.shelf(1);
    await page.picture('1440-fleeting');
    const name = await page.text('#name');
    provider.auto({ ste: '1. Anew.', init: JSON.stringify([1, 2, 3].map((n) => ({ name: `Other ${n}`, intro: 'Good.' }))) });
    await page.press('generate');
    await page.shows('ste', '1. Anew.');
    await page.run('done');
    await page.shelf(2);
    await page.tab.getByRole('button', { name, exact: true }).click();
    await page.shows('ste', TEXTS.ste);
    await page.press('clear');
    await page.shelf(0);
    await page.press('lang');
    await page.until('Korean', () => document.querySelector('#generate').textContent === '만들기');
    await page.tab.reload();
    await page.until('Korean, still', () => document.querySelector('#generate').textContent === '만들기');
    await page.press('lang');
    await page.until('English', () => document.querySelector('#generate').textContent === 'Generate');
  }));
}

test('no room for the language', table({}, async ({ page, provider }) => {
  await page.tab.evaluate(() => {
    for (let n = 2 ** 22, i = 0; n >= 1; n /= 2) {
      try {
        for (;;) localStorage.setItem(`of another ${i++}`, 'x'.repeat(n));
      } catch { /* Not so much. */ }
    }
    for (let i = 0; ; i++) try { localStorage.setItem(i, ''); } catch { break; }
  });
  provider.auto();
  await page.cook();
  await page.run('done');
  await page.press('lang');
  await page.until('Korean', () => document.querySelector('#generate').textContent === '만들기');
  assert.match(await page.place(), /\?lang=ko#/);
  await page.tab.reload();
  await page.until('Korean, still', () => document.querySelector('#generate').textContent === '만들기');
  await page.shows('ste', TEXTS.ste);
  await page.tab.evaluate(() => localStorage.clear());
  await page.press('lang');
  await page.until('English', () => document.querySelector('#generate').textContent === 'Generate');
  // The id of a recipe may have these letters, too.
  assert.doesNotMatch(await page.place(), /lang/);
}));

/** What a browser does with a write that finds no room, until window.room is true. */
const full = () => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value) {
    const request = put.call(this, value);
    if (!window.room) this.transaction.abort();
    return request;
  };
};

test('no room for recipes: nothing is lost while the page is open, and all is kept once there is room', table({}, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  await page.shelf(1);
  assert.equal(await page.visible('#fleeting'), false);
  await waitFor(async () => (await page.kept()).length === 1, 'it to be kept');
  await page.tab.evaluate(full);
  await page.cook();
  await page.run('done');
  await page.shelf(2);
  await page.until('a word about it', () => !document.querySelector('#fleeting').hidden);
  assert.match(await page.text('#fleeting'), /full.*Save it as a file/);
  const [file] = await Promise.all([page.tab.waitForEvent('download'), page.press('save')]);
  assert.equal(JSON.parse(readFileSync(await file.path(), 'utf8')).recipes.length, 2, 'the file has both');
  page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
  assert.equal((await page.kept()).length, 1);
  await page.tab.evaluate(() => { window.room = true; });
  await page.cook();
  await page.run('done');
  await page.until('the word to go', () => document.querySelector('#fleeting').hidden);
  await page.tab.reload();
  await page.shelf(3);
}));

test('an address with another fragment has no say in the language', table({ locale: 'ko-KR' }, async ({ page }) => {
  await page.tab.goto(`${page.url}#recipe`);
  await page.until('Korean', () => document.querySelector('#generate').textContent === '만들기');
}));
