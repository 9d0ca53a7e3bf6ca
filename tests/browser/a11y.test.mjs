// Everybody can use it: axe-core finds nothing, the keyboard is enough, what is
// read aloud is one line, and the focus stays where the visitor put it.

import { createRequire } from 'node:module';
import { SCHEMES, TEXTS, assert, table, test } from './lib.mjs';
import { TYPICAL } from './texts.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LAWS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function axe(page, state) {
  const found = await page.tab.evaluate(async (values) => {
    const { violations, incomplete } = await window.axe.run(document, { runOnly: { type: 'tag', values } });
    const told = (rules) => rules.flatMap((rule) => rule.nodes.map((n) => `${rule.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`));
    return { violations: told(violations), doubts: told(incomplete) };
  }, LAWS);
  assert.deepEqual(found.violations, [], `axe finds nothing, ${state}`);
  // The names in the drawing, which is hidden from readers, have the colour of the caption below it.
  // A step's number stands beside its line, in the same box: the colours are those of any other line.
  assert.deepEqual(found.doubts.filter((doubt) => !/^color-contrast: (<span class="(words|number)">.*overlap|<text )/s.test(doubt)), [], `axe doubts nothing, ${state}`);
}

/** Takes the fold of the book and the rules of the paper away: over a gradient axe does not dare to judge contrast. */
const plain = (page) => page.tab.evaluate(() => {
  for (const rule of ['body::before { content: none !important }', '* { background-image: none !important }']) document.styleSheets[0].insertRule(rule);
});

for (const width of [360, 1440]) for (const scheme of SCHEMES) {
  test(`axe, ${width} px, ${scheme}`, table({ width, scheme, still: true, inject: AXE, expect: /status of 400/ }, async ({ page, provider }) => {
    await plain(page);
    await axe(page, 'idle');
    await page.fill('!');
    await page.press('generate');
    await axe(page, 'with a complaint');
    provider.auto({ ...TYPICAL, sde: false, ing: false });
    await page.cook();
    const [sde, ing] = [await provider.next('sde'), await provider.next('ing')];
    sde.text('Rice\nGreen');
    await page.shows('sde', 'Rice\nGreen');
    await axe(page, 'streaming');
    sde.finish().done();
    ing.answer(TEXTS.ing);
    await page.run('done');
    await axe(page, 'done');
    provider.auto({ ...TYPICAL, add: (x) => x.error(500), ing: (x) => x.finish('content_filter').done() });
    await page.press('generate');
    await page.says('ste', /^skipped/);
    await page.run('done');
    await axe(page, 'failed');
    await page.picture(`${width}-${scheme}-failed`);
    provider.auto(() => false);
    await page.press('generate');
    await page.run('running');
    await page.press('stop');
    await axe(page, 'stopped');
    await page.tab.evaluate(() => (document.querySelector('[name=prepTime]:checked').value = '0'));
    await page.press('generate');
    await page.run('refused');
    await axe(page, 'refused');
    await page.picture(`${width}-${scheme}-refused`);
  }));
}

test('axe, the demo notice', table({ config: {}, inject: AXE, still: true }, async ({ page }) => {
  await page.tab.locator('#demo').waitFor();
  await plain(page);
  await axe(page, 'demo');
}));

test('the keyboard alone runs a whole recipe, stops one, and runs another', table({}, async ({ page, provider }) => {
  const { keyboard } = page.tab;
  provider.auto();
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'lang', 'the first stop');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'ingredients');
  await keyboard.type('leeks and eggs');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), '45');
  await keyboard.press('ArrowRight');
  assert.equal(await page.focus(), '60');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'SUMMARY', 'what else a cook may say');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'generate');
  await keyboard.press('Enter');
  await page.run('done');
  assert.equal(await page.focus(), 'generate', 'the focus stays');
  const { prompt } = provider.exchanges.find((x) => x.part === 'init');
  assert.ok(prompt.includes('leeks and eggs') && prompt.includes('60'), prompt);

  provider.auto({ ing: false });
  await keyboard.press('Space');
  (await provider.next('ing')).text('Leeks');
  await page.shows('ing', 'Leeks');
  await keyboard.press('Tab');
  assert.equal(await page.focus(), 'stop');
  await keyboard.press('Enter');
  await page.run('stopped');
  await provider.allClosed();
  assert.equal(await page.focus(), 'generate');
  provider.auto();
  await keyboard.press('Enter');
  await page.run('done');
  assert.equal(await page.textOf('ing'), TEXTS.ing);
}));

test('the focus stays in the text while a recipe is written', table({}, async ({ page, provider }) => {
  provider.auto({ ing: false });
  await page.fill();
  await page.tab.keyboard.press('Control+Enter');
  const ing = await provider.next('ing');
  ing.text('Beef');
  await page.shows('ing', 'Beef');
  await page.tab.keyboard.type(', and leeks');
  assert.equal(await page.focus(), 'ingredients');
  ing.finish().done();
  await page.run('done');
  assert.equal(await page.focus(), 'ingredients');
  assert.match(await page.tab.inputValue('#ingredients'), /and leeks/);
}));

test('whoever waits on Stop is not dropped when the run ends by itself', table({}, async ({ page, provider }) => {
  provider.auto({ ing: false });
  await page.cook();
  const ing = await provider.next('ing');
  await page.tab.focus('#stop');
  ing.answer('Good.');
  await page.run('done');
  assert.equal(await page.focus(), 'generate');
}));

test('one polite line, one place for alarm, and sections that are not read aloud', table({}, async ({ page, provider }) => {
  const live = () => page.tab.evaluate(() => [...document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log], [role=timer], [role=marquee], output')].map((e) => e.id));
  assert.deepEqual(await live(), ['status', 'problem', 'step']);
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.deepEqual(await live(), ['status', 'problem', 'step']);
  assert.equal(await page.tab.locator('#status [data-part], [aria-live] [data-part], [role=alert] [data-part]').count(), 0);
}));

test('names, headings, landmarks', table({}, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  const seen = (role, name) => page.tab.getByRole(role, { name, exact: true }).waitFor();
  await seen('textbox', 'Ingredients on hand');
  await seen('group', 'Time you have');
  for (const n of [15, 30, 45, 60]) await seen('radio', `${n} min`);
  await seen('button', 'Generate');
  await seen('button', 'Stop');
  await seen('main');
  for (const name of ['Introduction', 'Ingredients', 'Steps', 'Side dishes', 'About your ingredients', 'Other ideas']) {
    await seen('region', name);
    await seen('heading', name);
  }
  await seen('article', await page.text('#name'));
  const levels = await page.tab.evaluate(() => [...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.localName[1])));
  assert.deepEqual(levels, [1, 2, 2, 3, 3, 3, 3, 3, 3]);
}));

test('no motion for those who want none', table({ still: true }, async ({ page, provider }) => {
  provider.auto({ ing: false });
  await page.cook();
  (await provider.next('ing')).text('Beef');
  await page.shows('ing', 'Beef');
  assert.deepEqual(await page.tab.evaluate(() => document.getAnimations().length), 0);
}));
