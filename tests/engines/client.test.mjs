// The page of docs/client.md, as it stands there, in each engine.

import { withExamples } from '../lib/documented.mjs';
import { TEXTS, assert, inEach } from './lib.mjs';

const shows = (tab, id, text) => tab.until(`${id}: ${text}`, (i, t) => document.getElementById(i)?.textContent === t, id, text);

inEach('the page in 15 lines writes as it comes, and again after a reset', {
  htdocs: withExamples('my.html', 'my.js'), path: 'my.html',
  site: ({ provider }) => ({ services: { '70b': provider.service('first'), next: provider.service('next') } }),
  edit: (graph) => (graph.stages.find(({ part }) => part === 'int').service = ['70b', 'next']),
}, async ({ tab, provider }) => {
  provider.auto({ int: false });
  await tab.fill('input', 'leeks, <b>eggs</b>');
  await tab.click('button');
  const int = await provider.next('int');
  for (const [piece, all] of [['Soft', 'Soft'], [' & <i>warm', 'Soft & <i>warm']]) {
    int.text(piece);
    await shows(tab, 'int', all);
  }
  int.cut();
  const again = await provider.next('int');
  again.text('Anew.');
  await shows(tab, 'int', 'Anew.');
  again.finish('stop').done();
  for (const part of ['add', 'ste', 'sde', 'ing']) await shows(tab, part, TEXTS[part]);
});

// Chromium and WebKit write of the status that was not 200; that is what is expected.
inEach('it says why there is no run', { htdocs: withExamples('my.html', 'my.js'), path: 'my.html', expect: /\b400\b/ }, async ({ tab }) => {
  await tab.fill('input', '!');
  await tab.click('button');
  await tab.until('the reason', () => /"ingredientsOnHand"/.test(document.getElementById('error')?.textContent ?? ''));
  assert.equal(await tab.evaluate(() => document.querySelectorAll('pre').length), 1);
});
