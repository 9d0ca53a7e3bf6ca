// Without JavaScript, in each engine: the form, what is sent, and the answer.

import path from 'node:path';
import { PROJECT, TEXTS, assert, inEach, textOf } from './lib.mjs';

const HTDOCS = { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') };
// WebKit warns of modules that were fetched early and then not used, as there are no scripts.
const EXPECT = /was preloaded using link preload but not used/;
const HOSTILE = '<script>alert(1)</script><b>Rice</b>';
const at = (tab, end) => tab.until(`the page ${end}`, (e) => location.pathname.endsWith(e) && document.readyState === 'complete', end);

for (const [width, locale, scheme] of [[360, 'ko-KR', 'dark'], [1440, 'en-US', 'light']]) {
  inEach(`the recipe, ${width} px`, { scripts: false, width, locale, scheme, env: HTDOCS, expect: EXPECT }, async ({ tab, provider }) => {
    provider.auto({ sde: HOSTILE });
    await tab.fill('#ingredients', 'leeks\nand eggs');
    await tab.click('#generate');
    await at(tab, '/generate');
    assert.equal(await textOf(tab, 'ste'), TEXTS.ste);
    assert.equal(await textOf(tab, 'sde'), HOSTILE);
    assert.equal(await tab.evaluate(() => document.querySelectorAll('.ideas li').length), 2);
    assert.ok(provider.exchanges.some((x) => x.prompt.includes('leeks\nand eggs')));
    assert.deepEqual(await tab.overflow(), []);
    await tab.picture(`engine-plain-${tab.engine}-${width}`, { full: true });
  });

  inEach(`any other application, ${width} px`, {
    scripts: false, width, locale, scheme, env: HTDOCS, expect: EXPECT, path: 'app.html', prompts: path.join(PROJECT, 'apps/study'),
    site: ({ provider }) => ({ services: { pen: provider.service('pen') } }),
  }, async ({ tab, provider }) => {
    provider.auto({ explain: 'Ice is light.', quiz: '1. Why?', cards: HOSTILE, answers: '1. So.' });
    await tab.click('noscript a');
    await at(tab, '/graph');
    assert.ok(await tab.text('label'));
    assert.deepEqual(await tab.overflow(), []);
    await tab.fill('[name=topic]', 'Why does ice float?');
    await tab.click('#generate');
    await at(tab, '/generate');
    assert.equal(await textOf(tab, 'explain'), 'Ice is light.');
    assert.equal(await textOf(tab, 'cards'), HOSTILE);
    assert.ok(provider.exchanges.some((x) => x.prompt.includes('Why does ice float?')));
    assert.deepEqual(await tab.overflow(), []);
    await tab.picture(`engine-any-${tab.engine}-${width}`, { full: true });
  });
}
