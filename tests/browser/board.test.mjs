// speed.html: the board of GET /speed, in both languages, at all sizes, and where there
// is nothing to show.

import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { rows, writeLaps } from '../lib/laps.mjs';
import { assert, everywhere, table, test, waitFor } from './lib.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const IDS = ['groq-8b', '70b', 'a-service-with-a-very-long-id-at-home', 'mute'];
const services = (provider) => Object.fromEntries(IDS.map((id) => [id, provider.service(`org/a-model-of-${id}`)]));
const open = { site: ({ provider }) => ({ config: { services: services(provider), speed: true } }) };

/** Goes to the board of a site that knows these rows of its services. */
async function board({ page, site, provider }, knows) {
  await page.tab.evaluate(() => fetch('speed'));
  const [folder] = await waitFor(() => fs.readdirSync(site.dir, { recursive: true }).filter((name) => /(^|\/)[0-9a-f]{16}$/.test(name)), 'the folder of the site');
  const all = services(provider);
  writeLaps(path.join(site.dir, folder), Object.entries(knows).flatMap(([id, list]) => list.flatMap(([n, has]) => rows(n, all[id], id, has))));
  await page.tab.goto(`${page.url}speed.html`);
}

const KNOWN = {
  'groq-8b': [[20, { text_us: 94_000, total_us: 159_000, rate_milli: 291_300 }], [5, { text_us: 105_000, total_us: 170_000, rate_milli: 300_000, of: 1 }]],
  '70b': [[7, { text_us: 423_000, total_us: 954_000, rate_milli: 35_800 }], [2, { text_us: -1, total_us: 100, end: 'failed' }]],
  'a-service-with-a-very-long-id-at-home': [[3, { text_us: 1_423_000, total_us: 61_954_000, rate_milli: 9_876_543, at_ms: Date.now() - 7_200_000 }]],
};
const textOf = (page) => page.tab.locator('#board').innerText();

everywhere('the board', { ...open, inject: AXE }, async (set) => {
  await board(set, KNOWN);
  const { page } = set;
  await page.until('four services', () => document.querySelectorAll('#board tbody').length === 4);
  const groups = await page.tab.locator('#board tbody').allInnerTexts();
  assert.match(groups[0], /^groq-8b\s+org\/a-model-of-groq-8b\s+last hour\s+20 answers, since .+\s+0\.09 s\s+0\.09 s\s+291\s+291\s+0\.16 s/, 'the fastest is the first');
  assert.match(groups[0], /measured\s+5 answers/);
  assert.match(groups[1], /9 answers, 2 failed, since [^\n]+\s+0\.42 s\s+never/);
  assert.doesNotMatch(groups[2], /last hour/);
  assert.match(groups[3], /no answer yet/);
  const { violations } = await page.tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
  await set.look('board');
});

test('the board in Korean, and back', table(open, async (set) => {
  await board(set, KNOWN);
  const { page } = set;
  await page.press('lang');
  await page.until('Korean', () => /지난 1시간/.test(document.querySelector('#board').innerText));
  assert.match(await textOf(page), /20번[\s\S]*실패 2번[\s\S]*아직 없음/);
  assert.match(await page.text('h1'), /얼마나 빠른가/);
  assert.doesNotMatch(await textOf(page), /answers|never|First|Whole/);
  assert.deepEqual(await page.overflow(), []);
  await page.press('lang');
  await page.until('English', () => /last hour/.test(document.querySelector('#board').innerText));
}));

test('of a new site it says how it is filled', table(open, async (set) => {
  await board(set, {});
  await set.page.until('a word', () => /recipe\.fcgi speed/.test(document.querySelector('#status').textContent));
}));

test('where it is not open it says who can open it', table({ expect: /404/ }, async ({ page }) => {
  await page.tab.goto(`${page.url}speed.html`);
  await page.until('a word', () => /"speed": true in recipe\.json/.test(document.querySelector('#status').textContent));
  assert.equal(await page.visible('#board'), false);
}));

test('the page leads to it where it is open', table(open, async (set) => {
  const { page } = set;
  await page.until('the link', () => !document.querySelector('#to-speed').hidden);
  await page.tab.locator('#to-speed').click();
  await page.tab.waitForURL(/speed\.html$/);
  await page.until('a word', () => document.querySelector('#status').textContent !== '');
}));

test('and not where it is closed', table({}, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.equal(await page.visible('#to-speed'), false);
}));
