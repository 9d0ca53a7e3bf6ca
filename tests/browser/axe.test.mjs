// axe-core finds nothing at AA, whatever the page shows, at every size, in light
// and dark. A state is reached once, and judged in all six.

import { createRequire } from 'node:module';
import path from 'node:path';
import { PROJECT, SCHEMES, SIZES, TEXTS, assert, table, test } from './lib.mjs';
import { TYPICAL } from './texts.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LAWS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe cannot judge and people have: each with its reason. */
const JUDGED = [
  // The names in the drawing, which is hidden from readers, have the colour of the caption below it.
  /^color-contrast: <text /,
  // A step's number stands beside its line, in the same box: the colours are those of any other line.
  /^color-contrast: <span class="(words|number)">.*overlap/s,
  // A star has no letters to compare with its name; it has the colour of the buttons beside it.
  /^(color-contrast|label-content-name-mismatch): <button class="act" [^>]*aria-pressed/,
];

async function judge(page, state) {
  const found = await page.tab.evaluate(async (values) => {
    const { violations, incomplete } = await window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations', 'incomplete'] });
    const told = (rules) => rules.flatMap((rule) => rule.nodes.map((n) => `${rule.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`));
    return { violations: told(violations), doubts: told(incomplete) };
  }, LAWS);
  assert.deepEqual(found.violations, [], `axe finds nothing, ${state}`);
  assert.deepEqual(found.doubts.filter((doubt) => !JUDGED.some((known) => known.test(doubt))), [], `axe doubts nothing, ${state}`);
}

/** In all sizes and schemes; the page ends as it was. */
async function axe(page, state) {
  for (const width of SIZES) for (const colorScheme of SCHEMES) {
    await page.tab.setViewportSize({ width, height: 900 });
    await page.tab.emulateMedia({ colorScheme });
    await judge(page, `${state}, ${width} px, ${colorScheme}`);
  }
}

/**
 * Takes the fold of the book and the rules of the paper away: over a gradient axe does not dare to judge
 * contrast. Nor does it below a bar that stays at the foot of the window, of which the page scrolls free.
 */
const plain = (page) => page.tab.evaluate(() => {
  for (const rule of ['*, ::before { background-image: none !important }', '#bar { position: static !important }']) document.styleSheets[0].insertRule(rule);
});

const judged = (name, options, body) => test(`axe, ${name}`, table({ still: true, inject: AXE, ...options }, async (set) => {
  await plain(set.page);
  await body(set);
}));

judged('the form, and a complaint', {}, async ({ page }) => {
  await axe(page, 'idle');
  await page.tab.locator('form summary').click();
  await page.fill('!');
  await page.press('generate');
  await axe(page, 'a complaint, the options open');
});

judged('a recipe while it is written, finished, cooked and kept', {}, async ({ page, provider }) => {
  provider.auto({ ...TYPICAL, sde: false, ing: false });
  await page.cook();
  const [sde, ing] = [await provider.next('sde'), await provider.next('ing')];
  sde.text('Rice\nGreen');
  await page.shows('sde', 'Rice\nGreen');
  await axe(page, 'in mid-stream');
  sde.finish().done();
  ing.answer(TEXTS.ing);
  await page.run('done');
  for (const part of ['add', 'ste']) await page.tab.getByRole('region', { name: { add: 'Ingredients', ste: 'Steps' }[part], exact: true }).getByRole('checkbox').first().check();
  for (const summary of await page.tab.locator('summary:visible').all()) await summary.click();
  await axe(page, 'finished, everything open, the shelf too');
  await page.press('cook');
  await page.tab.locator('#cooking summary').click();
  await axe(page, 'the cooking view, its ingredients open');
});

judged('a shelf that lasts as long as the page is open', {}, async ({ page, provider }) => {
  await page.tab.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: null }));
  await page.tab.reload();
  await plain(page);
  provider.auto(TYPICAL);
  await page.cook();
  await page.run('done');
  await page.tab.locator('#shelf summary').click();
  await page.until('a word about it', () => document.querySelector('#fleeting').checkVisibility());
  await axe(page, 'nothing may be kept');
});

judged('what failed, was stopped or refused', { expect: /status of 400/ }, async ({ page, provider }) => {
  provider.auto({ ...TYPICAL, add: (x) => x.error(400), ing: (x) => x.finish('content_filter').done() });
  await page.cook();
  await page.run('done');
  await axe(page, 'failed');
  provider.auto(() => false);
  await page.press('generate');
  await page.run('running');
  await page.press('stop');
  await axe(page, 'stopped');
  await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = '0'));
  await page.press('generate');
  await page.run('refused');
  await axe(page, 'refused');
});

judged('in Korean', { locale: 'ko-KR' }, async ({ page, provider }) => {
  provider.auto({ sde: (x) => x.error(401), int: '소개.', add: '두부', ste: '1. 끓인다.', ing: '콩.' });
  await page.cook('두부, 된장');
  await page.run('done');
  await axe(page, 'in Korean');
});

judged('the demo notice', { config: {} }, async ({ page }) => {
  await page.tab.locator('#demo').waitFor();
  await axe(page, 'demo');
});

judged('the answer without JavaScript', { env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } }, async ({ page, provider }) => {
  provider.auto(TYPICAL);
  await page.fill();
  // As a browser without JavaScript sends it: no submit event, a document for an answer.
  await Promise.all([page.tab.waitForURL('**/generate'), page.tab.evaluate(() => HTMLFormElement.prototype.submit.call(document.querySelector('form')))]);
  await page.tab.waitForLoadState();
  await plain(page);
  await axe(page, 'plain.html');
});
