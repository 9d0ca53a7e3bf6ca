// Coming back, where engines differ: IndexedDB when a page goes, history within
// a document, files out and in.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assert, inEach, run, shows, textOf } from './lib.mjs';

const WORDS = { add: '2 leeks\n1 egg', ste: '1. Cut.\n2. Fry.\n3. Serve.', int: 'Good.' };
const named = (name) => JSON.stringify([0, 1, 2].map(() => ({ name, intro: 'Of the day.' })));

async function cook({ tab, provider }, name, words = {}) {
  provider.auto({ ...WORDS, init: named(name), ...words });
  await tab.fill('#ingredients', 'leeks, eggs');
  await tab.click('#generate');
}

const shown = (tab, name) => tab.until(name, (n) => document.querySelector('#name').textContent === n && !document.querySelector('#recipe').hidden, name);
const kept = (tab, n) => tab.until(`${n} in the cookbook`, (count) => {
  document.querySelector('#shelf').open = true;
  return document.querySelectorAll('#kept li').length === count;
}, n);

inEach('a page that goes in the middle of a run has kept what came', { width: 360, limits: { idle_ms: 60_000 } }, async (set) => {
  const { tab, provider } = set;
  await cook(set, '된장찌개', { ste: false });
  const ste = await provider.next('ste');
  ste.text('1. Half\n2. ');
  await shows(tab, 'ste', '1. Half\n2. ');
  await tab.reload();
  await shown(tab, '된장찌개');
  await shows(tab, 'ste', '1. Half\n2. ');
  await kept(tab, 1);
  provider.auto(WORDS);
  await tab.click('#finish');
  await run(tab, 'done');
  assert.equal(await textOf(tab, 'ste'), WORDS.ste);
  await kept(tab, 1);
});

inEach('ticks, the step of the cooking view, and Back', {}, async (set) => {
  const { tab, url } = set;
  await cook(set, 'First Pan');
  await run(tab, 'done');
  await tab.evaluate(() => document.querySelector('[data-part=add] .tick').click());
  await cook(set, 'Second Pan');
  await run(tab, 'done');
  await tab.click('#cook');
  await tab.click('#next');
  await tab.reload();
  await shown(tab, 'Second Pan');
  await tab.until('the step', () => document.querySelector('#cooking').open && document.querySelector('#step').textContent === 'Fry.');
  await tab.back();
  await tab.until('no view', () => !document.querySelector('#cooking').open);
  assert.equal(await tab.text('#name'), 'Second Pan');
  await tab.back();
  await shown(tab, 'First Pan');
  assert.equal(await tab.evaluate(() => document.querySelector('[data-part=add] .tick').checked), true);
  await tab.goto('about:blank');
  await tab.goto(url);
  await shown(tab, 'First Pan');
});

inEach('the cookbook leaves as a file and comes in again, and so does a recipe under its name', {}, async (set) => {
  const { tab } = set;
  await cook(set, '된장찌개: 오늘');
  await run(tab, 'done');
  await kept(tab, 1);
  await tab.evaluate(() => document.querySelector('#markdown').click());
  assert.equal(path.basename(await tab.downloaded()).normalize('NFC'), '된장찌개 오늘.md');
  await tab.click('#save');
  const text = readFileSync(await tab.downloaded(), 'utf8');
  await tab.click('#clear');
  await kept(tab, 0);
  await tab.evaluate((json) => {
    const files = new DataTransfer();
    files.items.add(new File([json], 'cookbook.json'));
    const field = document.querySelector('#file');
    field.files = files.files;
    field.dispatchEvent(new Event('change'));
  }, text);
  await kept(tab, 1);
  await tab.until('a word about it', () => document.querySelector('#status').textContent === '1 added.');
  await tab.reload();
  await kept(tab, 1);
});

inEach('the language is switched in the middle of a run, which goes on', { limits: { idle_ms: 60_000 } }, async (set) => {
  const { tab, provider } = set;
  await cook(set, 'Leek Pan', { ste: false });
  const ste = await provider.next('ste');
  ste.text('1. Half');
  await shows(tab, 'ste', '1. Half');
  await tab.click('#lang');
  await tab.until('Korean', () => document.documentElement.lang === 'ko' && document.querySelector('#stop').textContent === '멈춤');
  ste.text(' a leek.').finish('stop').done();
  await run(tab, 'done');
  assert.equal(await textOf(tab, 'ste'), '1. Half a leek.');
  assert.match(await tab.text('#status'), /6개 중 6개를 완성했습니다/);
});
