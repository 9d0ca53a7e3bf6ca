// The applications beside the recipe on the page of any graph: each is filled in,
// written by the demo and looked at, in both languages, at both widths.

import { createRequire } from 'node:module';
import path from 'node:path';
import { PROJECT, SCHEMES, assert, table, test } from './lib.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LAWS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const APPS = {
  notes: { title: { en: 'Ask your notes', ko: '메모에 묻기' }, give: { question: 'What pressure does the boiler need?' }, parts: ['passages', 'answer', 'missing'] },
  study: { title: { en: 'Understand something', ko: '이해하기' }, give: { topic: 'Why does ice float?', questions: '4' }, parts: ['explain', 'quiz', 'cards', 'answers'] },
  travel: { title: { en: 'A day in a town', ko: '도시에서 하루' }, give: { town: 'Ghent', likes: 'old trains' }, parts: ['plan', 'food', 'words', 'rain', 'bag'] },
};

const violations = (values) => window.axe.run(document, { runOnly: { type: 'tag', values } })
  .then((r) => r.violations.flatMap((rule) => rule.nodes.map((n) => `${rule.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`)));

for (const [name, { title, give, parts }] of Object.entries(APPS)) {
  for (const [width, locale] of [[360, 'ko-KR'], [1440, 'en-US']]) {
    test(`${name}, ${width} px, ${locale}`, table({
      prompts: path.join(PROJECT, 'apps', name), config: {}, mark: false, width, locale, still: true, inject: AXE,
    }, async ({ page }) => {
      await page.tab.goto(`${page.url}app.html`);
      for (const [input, value] of Object.entries(give)) await page.tab.fill(`#input-${input}`, value);
      assert.equal(await page.text('h1'), title[locale.slice(0, 2)]);
      await page.press('generate');
      await page.run('done');
      for (const part of parts) assert.ok((await page.tab.locator(`[data-part=${part}] .text`).innerText()).length > 20, part);
      await page.tab.evaluate(() => document.styleSheets[0].insertRule('*, ::before { background-image: none !important }'));
      for (const colorScheme of SCHEMES) {
        await page.tab.emulateMedia({ colorScheme });
        assert.deepEqual(await page.tab.evaluate(violations, LAWS), [], colorScheme);
        assert.deepEqual(await page.overflow(), []);
        assert.deepEqual(await page.tooSmall(), []);
        await page.picture(`apps-${name}-${width}-${colorScheme}`);
      }
    }));
  }
}
