// How the page comes: the stylesheet is waited for, and early.js, which decides whether the
// first paint must wait for the words of another language; nothing else is.

import { assert, table, test, waitFor } from './lib.mjs';

const LATER = /(?<!early)\.js$/;

test('nothing but the stylesheet and early.js holds the first paint', table({}, async ({ page }) => {
  await page.tab.waitForLoadState('networkidle');
  const found = await page.tab.evaluate(() => performance.getEntriesByType('resource').map((e) => ({ name: new URL(e.name).pathname, status: e.renderBlockingStatus })));
  assert.ok(found.length > 5 && found.every((e) => e.status !== undefined), JSON.stringify(found));
  assert.deepEqual(found.filter((e) => e.status === 'blocking').map((e) => e.name), ['/style.css', '/early.js']);
}));

test('the page is painted, and can be written in, before any other script has come', table({}, async ({ page }) => {
  const held = [];
  await page.tab.route(LATER, (route) => void held.push(route));
  await page.tab.goto(page.url, { waitUntil: 'commit' });
  await page.until('the first paint', () => performance.getEntriesByName('first-contentful-paint').length > 0);
  await page.fill('leeks and eggs');
  await waitFor(() => held.length > 0, 'a script to be asked for');
  for (const route of held.splice(0)) await route.continue();
  await page.tab.unroute(LATER);
  for (const route of held) await route.continue();
  await page.until('the scripts', () => document.readyState === 'complete');
  assert.equal(await page.tab.inputValue('#ingredients'), 'leeks and eggs', 'and what was written stays');
}));
