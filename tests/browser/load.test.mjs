// How the page comes: nothing but the stylesheet is waited for.

import { assert, table, test } from './lib.mjs';

test('nothing but the stylesheet holds the first paint', table({}, async ({ page }) => {
  await page.tab.waitForLoadState('networkidle');
  const found = await page.tab.evaluate(() => performance.getEntriesByType('resource').map((e) => ({ name: new URL(e.name).pathname, status: e.renderBlockingStatus })));
  assert.ok(found.length > 5 && found.every((e) => e.status !== undefined), JSON.stringify(found));
  assert.deepEqual(found.filter((e) => e.status === 'blocking').map((e) => e.name), ['/style.css']);
}));

test('the page is painted, and can be written in, before any script has come', table({}, async ({ page }) => {
  const held = [];
  await page.tab.route(/\.js$/, (route) => void held.push(route));
  await page.tab.goto(page.url, { waitUntil: 'commit' });
  await page.until('the first paint', () => performance.getEntriesByName('first-contentful-paint').length > 0);
  await page.fill('leeks and eggs');
  assert.ok(held.length > 0);
  for (const route of held.splice(0)) await route.continue();
  await page.tab.unroute(/\.js$/);
  for (const route of held) await route.continue();
  await page.until('the scripts', () => document.readyState === 'complete');
  assert.equal(await page.tab.inputValue('#ingredients'), 'leeks and eggs', 'and what was written stays');
}));
