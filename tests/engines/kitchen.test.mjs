// In the kitchen and on paper, in each engine: lines that one ticks by their words,
// timers, the cooking view, and one sheet.

import { TYPICAL, LONGEST, LONGEST_KO } from '../browser/texts.mjs';
import { sheetsOf } from '../lib/pdf.mjs';
import { assert, inEach, run } from './lib.mjs';

/** Until it is all there. */
async function cook({ tab, provider }, texts, order = 'beef flank, onions, peppers') {
  provider.auto(texts);
  await tab.until('the page', () => document.querySelector('#order').onsubmit !== null);
  await tab.fill('#ingredients', order);
  await tab.click('#generate');
  await run(tab, 'done');
}

inEach('a tap on the words ticks, and what is to buy is marked', { width: 360, height: 740, touch: true }, async (set) => {
  const { tab } = set;
  await cook(set, TYPICAL);
  for (const part of ['add', 'ste']) {
    await tab.tap(`[data-part=${part}] .words`);
    await tab.until(`a tick in ${part}`, (p) => document.querySelector(`[data-part=${p}] li > label > .tick`).checked, part);
  }
  const marks = await tab.evaluate(() => [...document.querySelectorAll('.buy')].map((e) => [e.ariaLabel, e.getBoundingClientRect().width > 20]));
  assert.deepEqual(marks, Array(7).fill(['to buy', true]));
  const box = await tab.evaluate(() => {
    const { borderTopWidth, opacity } = getComputedStyle(document.querySelector('[data-part=ste] .tick:not(:checked)'));
    return [parseFloat(borderTopWidth) >= 1, opacity];
  });
  assert.deepEqual(box, [true, '1'], 'the box of a step shows');
  assert.deepEqual(await tab.overflow(), []);
});

inEach('a timer runs on the page, in the cooking view and after a reload', { width: 360, height: 740 }, async (set) => {
  const { tab } = set;
  await cook(set, { ...TYPICAL, ste: '1. Fry for 10–12 minutes.\n2. Serve.' });
  await tab.click('.timer');
  await tab.until('the timer', () => document.querySelector('#timers li') !== null);
  const label = () => tab.text('#timers li span');
  assert.equal(await label(), '1. Fry for 10–12 minutes.');
  assert.match(await tab.text('#timers b'), /^(10:00|09:5\d)$/);
  await tab.click('#cook');
  await tab.until('the timers in the cooking view', () => document.querySelector('#cooking').contains(document.querySelector('#timers')));
  assert.deepEqual(await tab.overflow(), []);
  await tab.press('ArrowRight');
  await tab.until('the second step', () => document.querySelector('#step').textContent === 'Serve.');
  await tab.press('Escape');
  await tab.until('the page', () => !document.querySelector('#cooking').open && document.querySelector('#bar #timers') !== null);
  await tab.reload();
  await tab.until('the timer', () => document.querySelector('#timers li') !== null);
  assert.equal(await label(), '1. Fry for 10–12 minutes.');
  await tab.click('#timers button');
  await tab.until('no timer', () => document.querySelector('#timers li') === null);
});

// WebKit's driver cannot print.
const PRINTERS = ['chromium', 'firefox'];
for (const [name, texts] of Object.entries({ TYPICAL, LONGEST, LONGEST_KO })) {
  inEach(`one sheet, ${name}`, { engines: PRINTERS, locale: name === 'LONGEST_KO' ? 'ko-KR' : 'en-US' }, async (set) => {
    await cook(set, texts, name === 'LONGEST_KO' ? '소고기' : undefined);
    for (const format of ['A4', 'Letter']) assert.equal(sheetsOf(await set.tab.paper(format)), 1, format);
  });
}
