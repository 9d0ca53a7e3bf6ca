// On paper: one sheet that holds the recipe, with boxes to tick, and nothing of
// the machine. The files are in build/screens/, for people to look at.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sheetsOf } from '../lib/pdf.mjs';
import { PROJECT, assert, table, test } from './lib.mjs';
import { LONGEST, LONGEST_KO, TYPICAL } from './texts.mjs';

const TEXTS = { typical: TYPICAL, longest: LONGEST, 'longest-ko': LONGEST_KO };
const WIDTHS = [360, 1440];

async function sheets(page, name, format) {
  const pdf = await page.tab.pdf({ format });
  const dir = path.join(PROJECT, 'build/screens');
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, `${name}-${format}.pdf`), pdf);
  return sheetsOf(pdf);
}

for (const [name, texts] of Object.entries(TEXTS)) for (const width of WIDTHS) {
  test(`one sheet: ${name}, from ${width} px`, table({ width, scheme: width < 500 ? 'dark' : 'light', locale: name === 'longest-ko' ? 'ko-KR' : 'en-US' }, async ({ page, provider }) => {
    provider.auto(texts);
    await page.cook(name === 'longest-ko' ? '소고기' : 'beef flank, onions, peppers');
    await page.run('done');
    for (const format of ['A4', 'Letter']) assert.equal(await sheets(page, `print-${name}-${width}`, format), 1, format);
    await page.tab.emulateMedia({ media: 'print' });
    for (const part of ['add', 'ste']) {
      const boxes = page.tab.locator(`[data-part=${part}] .tick`);
      assert.equal(await boxes.count(), texts[part].split('\n').length);
      assert.equal(await boxes.first().isVisible(), true, `boxes to tick, ${part}`);
    }
    for (const hidden of ['.timer', '#timers', '[data-part=alt]']) assert.equal(await page.tab.locator(hidden).first().isVisible(), false, hidden);
  }));
}

test('what is to buy is marked on paper too', table({}, async ({ page, provider }) => {
  provider.auto(TYPICAL);
  await page.cook();
  await page.run('done');
  await page.tab.emulateMedia({ media: 'print' });
  assert.equal(await page.tab.locator('.buy').first().isVisible(), true);
  assert.equal(await page.tab.locator('.shop').isVisible(), false);
}));
