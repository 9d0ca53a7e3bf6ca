// The page of docs/client.md, as it stands there, on a site as it is shipped.

import { TEXTS, assert, table, test } from './lib.mjs';
import { example, withExamples } from '../lib/documented.mjs';

test('the page of 15 lines has about so many', () => {
  const lines = [...example('my.html').trim().split('\n'), ...example('my.js').trim().split('\n')].filter((line) => !/^(<!doctype|<meta)/.test(line));
  assert.ok(lines.length <= 15, String(lines.length));
});

test('it writes each part as it comes, and again after a reset', table({
  htdocs: withExamples('my.html', 'my.js'),
  site: ({ provider }) => ({ services: { '70b': provider.service('first'), next: provider.service('next') } }),
  edit: (graph) => (graph.stages.find(({ part }) => part === 'int').service = ['70b', 'next']),
}, async ({ page, provider }) => {
  await page.tab.goto(`${page.url}my.html`);
  provider.auto({ int: false });
  const shows = (id, text) => page.until(`${id}: ${text}`, ([i, t]) => document.getElementById(i)?.textContent === t, [id, text]);
  await page.tab.fill('input', 'leeks, <b>eggs</b>');
  await page.tab.click('button');
  const int = await provider.next('int');
  int.text('Soft');
  await shows('int', 'Soft');
  int.text(' & <i>warm');
  await shows('int', 'Soft & <i>warm');
  int.cut();
  const again = await provider.next('int');
  again.text('Anew.');
  await shows('int', 'Anew.');
  again.finish('stop').done();
  for (const part of ['add', 'ste', 'sde', 'ing']) await shows(part, TEXTS[part]);
}));

test('it says why there is no run', table({ htdocs: withExamples('my.html', 'my.js'), expect: /status of 400/ }, async ({ page }) => {
  await page.tab.goto(`${page.url}my.html`);
  await page.tab.fill('input', '!');
  await page.tab.click('button');
  await page.until('the reason', () => /"ingredientsOnHand" has 1 characters/.test(document.getElementById('error')?.textContent ?? ''));
}));
