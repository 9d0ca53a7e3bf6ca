// A run that outlives the page, in each engine: loaded again in mid-run, gone back to, and
// by a link. browser/resume.test.mjs has the rest.

import { assert, inEach, run } from './lib.mjs';

/** A run in the middle of `ing`. */
async function half({ tab, provider }) {
  provider.auto({ ing: false });
  await tab.until('the page', () => document.querySelector('#order').onsubmit !== null);
  await tab.fill('#ingredients', 'beef flank, onions, peppers');
  await tab.click('#generate');
  const ing = await provider.next('ing');
  ing.text('Beef has');
  await shows(tab, 'Beef has');
  return ing;
}

const shows = (tab, text) => tab.until(text, (t) => document.querySelector('[data-part=ing] .text').textContent === t, text);

async function finish({ tab, provider }, ing) {
  await run(tab, 'running');
  ing.text(' iron.').finish('stop').done();
  await run(tab, 'done');
  await shows(tab, 'Beef has iron.');
  assert.equal(provider.requests, 6);
}

inEach('loaded again in mid-run, it goes on', { width: 360, height: 740 }, async (set) => {
  const ing = await half(set);
  await set.tab.reload();
  await shows(set.tab, 'Beef has');
  assert.doesNotMatch(await set.tab.text('#status'), /lost|broke/i);
  await finish(set, ing);
});

inEach('left, and gone back to', {}, async (set) => {
  const { tab } = set;
  const ing = await half(set);
  const url = await tab.evaluate(() => location.pathname);
  await tab.goto(`${set.url}plain.html`);
  await tab.back();
  assert.equal(await tab.evaluate(() => location.pathname), url);
  await shows(tab, 'Beef has');
  await finish(set, ing);
});
