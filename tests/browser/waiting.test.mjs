// A full house and a full server, as a visitor sees them.

import { COOK, TEXTS, assert, start, table, test } from './lib.mjs';

/** A run that holds the only place until it is let go. */
async function holder(site, provider) {
  provider.auto({ ing: false });
  const visit = await start(site, { ...COOK, ingredientsOnHand: 'holder' });
  const held = await provider.next((x) => x.part === 'ing' && x.prompt.includes('holder'));
  return async () => (held.answer(TEXTS.ing), visit.over());
}

test('who finds the house full is told how many are before him, and is served', table({ width: 360, height: 740, limits: { max_runs: 1 } }, async ({ page, site, provider }) => {
  const end = await holder(site, provider);
  const second = await start(site, { ...COOK, ingredientsOnHand: 'second' });
  await second.until((r) => r.comments.includes('waiting 0'), 'the second to wait');
  await page.cook();
  await page.until('the number before me', () => document.querySelector('#status').textContent === 'The kitchen is full. 1 before you.');
  provider.auto();
  await end();
  await second.over();
  await page.run('done');
  assert.match(await page.status(), /^Finished in [\d.]+ s with all 6 sections\.$/);
}));

test('beyond the queue the page counts down and asks again by itself', table({ limits: { max_runs: 1, max_waiting: 0 }, expect: /503/ }, async ({ page, site, provider }) => {
  const end = await holder(site, provider);
  await page.cook();
  await page.until('a countdown', () => /Asking again in \d+ s\.$/.test(document.querySelector('#status').textContent));
  provider.auto();
  await end();
  await page.run('done');
}));

test('Stop ends a countdown', table({ limits: { max_runs: 1, max_waiting: 0 }, expect: /503/ }, async ({ page, site, provider }) => {
  const end = await holder(site, provider);
  await page.cook();
  await page.until('a countdown', () => /Asking again in \d+ s\.$/.test(document.querySelector('#status').textContent));
  const asked = page.requests.length;
  await page.press('stop');
  await page.until('it to be over', () => document.querySelector('#stop').disabled);
  await end();
  assert.equal(page.requests.length, asked);
}));
