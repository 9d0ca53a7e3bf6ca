// Every application on the page of any graph, in each engine: in both languages, in
// light and dark, at both widths, what a run has written stands on the page, nothing
// sticks out, and axe-core finds nothing at AA.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AXE, ENGINES, PROJECT, TEXTS, assert, assertQuiet, axe, open, run, startProvider, startSite } from './lib.mjs';

/** Its form filled in, and the form's title in each language. */
const APPS = {
  recipe: { dir: 'prompts', give: { ingredientsOnHand: '두부, leeks', prepTime: '30' }, title: { en: 'recipe.fcgi', ko: 'recipe.fcgi' } },
  travel: { dir: 'apps/travel', give: { town: 'Ghent', likes: 'old trains' }, title: { en: 'A day in a town', ko: '도시에서 하루' } },
  study: { dir: 'apps/study', give: { topic: 'Why does ice float?', questions: '4' }, title: { en: 'Understand something', ko: '이해하기' } },
  notes: { dir: 'apps/notes', give: { question: 'What pressure does the boiler need?' }, title: { en: 'Ask your notes', ko: '메모에 묻기' } },
};
const WIDTHS = [360, 1440];

/** What the demo would write, the first of what it chooses from and always of leeks, as a model's answers: without its pace. */
function demo(dir, part) {
  try {
    return readFileSync(path.join(PROJECT, dir, 'demo', `${part}.txt`), 'utf8').replace(/\[\[([^|\]]*)[^\]]*\]\]/g, '$1').replace(/\{\{[#^/].*?\}\}/g, '').replace(/\{\{.*?\}\}/g, 'leeks').trimEnd();
  } catch {
    return TEXTS[part];
  }
}

async function start({ dir }) {
  const provider = await startProvider();
  const service = provider.service();
  provider.auto((x) => x.answer(demo(dir, x.part)));
  const site = await startSite({ prompts: path.join(PROJECT, dir), services: { '70b': service, 'groq-8b': service } });
  return { provider, site };
}

/** {provider, site} by the name of the application. */
const sites = {};
before(async () => {
  for (const [name, app] of Object.entries(APPS)) sites[name] = await start(app);
});
after(async () => {
  for (const { site, provider } of Object.values(sites)) {
    await site.stop();
    await provider.stop();
  }
});

/** What the page shows of each part that the graph says it has. */
const parts = (tab, names) => tab.evaluate((all) => all.map((name) => [name, document.querySelector(`[data-part=${name}] .text`).textContent.length > 10]), names);

async function tryOut(tab, site, { give, title }, language, name) {
  await tab.goto(`http://127.0.0.1:${site.port}/app.html`);
  await tab.until('the form', () => document.querySelector('#order [name]') !== null);
  assert.equal(await tab.text('h1'), title[language]);
  for (const [input, value] of Object.entries(give)) await tab.fill(`#input-${input}`, value);
  await tab.click('#generate');
  await run(tab, 'done');
  const { parts: all } = await (await site.get('/graph')).json();
  const names = all.map((part) => part.name);
  assert.deepEqual(await parts(tab, names), names.map((part) => [part, true]));
  for (const width of WIDTHS) {
    await tab.size(width, 900);
    assert.deepEqual(await tab.overflow(), [], `nothing sticks out at ${width} px`);
    await tab.picture(`engine-${name}-${width}`, { full: true });
    assert.deepEqual(await axe(tab), [], `axe finds nothing at ${width} px`);
  }
  assertQuiet(tab);
}

for (const engine of ENGINES) {
  for (const scheme of ['light', 'dark']) {
    for (const locale of ['en-US', 'ko-KR']) {
      describe(`${engine}, ${scheme}, ${locale}`, () => {
        let tab;
        before(async () => (tab = await open(engine, { scheme, locale, still: true, inject: AXE })));
        after(() => tab?.close());
        for (const [name, app] of Object.entries(APPS)) {
          const language = locale.slice(0, 2);
          test(name, () => tryOut(tab, sites[name].site, app, language, `${name}-${engine}-${scheme}-${language}`));
        }
      });
    }
  }
}
