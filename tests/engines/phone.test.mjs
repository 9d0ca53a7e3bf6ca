// While a recipe is written nothing moves that is there, in any engine: no
// heading, and no letter of a text that goes on; and what a tap on a phone has
// done is seen.

import { assert, inEach, run, shows } from './lib.mjs';
import { FULL } from '../browser/texts.mjs';

const PHONE = { width: 360, height: 740, touch: true };
const WAITING = ['int', 'add', 'sde', 'ing'];
/** In so many pieces, as tokens come. */
const pieces = (text) => text.match(/\s*\S+\s?/g);

/** Runs in the page: notes the place of every character of the introduction in every frame, and of every heading. */
function watch() {
  const moved = (window.moved = []);
  const places = new Map();
  const note = (name, { left, top }) => {
    const at = [left + scrollX, top + scrollY].map(Math.round).join();
    if ((places.get(name) ?? at) !== at) moved.push(`${name}: ${places.get(name)} to ${at}`);
    places.set(name, at);
  };
  const range = document.createRange();
  const look = () => {
    // Words at the end of a text go to the next line as they grow; what is before them is written.
    const walk = document.createTreeWalker(document.querySelector('[data-part=int] .text'), NodeFilter.SHOW_TEXT);
    let n = 0;
    const all = document.querySelector('[data-part=int] .text').textContent.trimEnd();
    const written = all.lastIndexOf(' ');
    while (walk.nextNode())
      for (let i = 0; i < walk.currentNode.data.length && n < written; i++, n++) {
        range.setStart(walk.currentNode, i);
        range.setEnd(walk.currentNode, i + 1);
        if (all[n].trim()) note(`${n} ${all[n]}`, range.getBoundingClientRect());
      }
    for (const h of document.querySelectorAll('h3')) note(h.id, h.getBoundingClientRect());
    window.looks = (window.looks ?? 0) + 1;
    window.watching = requestAnimationFrame(look);
  };
  look();
}

/** Firefox sends a click to where the page was if it has just scrolled: that is drawn first. */
async function press(tab, selector) {
  await tab.evaluate((s) => {
    document.querySelector(s).scrollIntoView({ block: 'center', behavior: 'instant' });
    window.drawn = false;
    requestAnimationFrame(() => requestAnimationFrame(() => (window.drawn = true)));
  }, selector);
  await tab.until('that to be drawn', () => window.drawn);
  await tab.tap(selector);
}

async function cook(tab) {
  await tab.fill('#ingredients', 'beef flank, onions, peppers');
  await press(tab, '#generate');
}

for (const size of [PHONE, {}])
  inEach(`nothing moves while a recipe of the greatest length is written, ${size.width ?? 1440} px`, size, async ({ tab, provider }) => {
    provider.auto(() => false);
    await cook(tab);
    const init = await provider.next('init');
    const open = { ing: await provider.next('ing') };
    open.ing.text('Beef');
    await shows(tab, 'ing', 'Beef');
    await tab.evaluate(watch);
    for (const piece of pieces(FULL.init)) init.text(piece);
    await tab.until('the dish', () => document.querySelector('#intro').textContent !== '');
    init.finish('stop').done();
    for (const part of ['int', 'add', 'sde']) open[part] = await provider.next(part);
    open.ing.text(FULL.ing.slice(4));
    const all = pieces(FULL.int);
    let come = '';
    for (let n = 0; n < all.length; n += 3) {
      const more = all.slice(n, n + 3).join('');
      open.int.text(more);
      come += more;
      await shows(tab, 'int', come);
    }
    for (const part of ['add', 'sde']) open[part].text(FULL[part]);
    for (const part of WAITING) open[part].finish('stop').done();
    const ste = await provider.next('ste');
    for (const piece of pieces(FULL.ste)) ste.text(piece);
    await shows(tab, 'ste', FULL.ste);
    const { moved, looks } = await tab.evaluate(() => {
      cancelAnimationFrame(window.watching);
      return { moved: window.moved, looks: window.looks };
    });
    assert.deepEqual(moved.slice(0, 5), [], `${moved.length} moves`);
    assert.ok(looks > 5, `${looks} looks`);
    ste.finish('stop').done();
    await run(tab, 'done');
    assert.equal(await tab.text('.initial'), FULL.int[0]);
    assert.deepEqual(await tab.overflow(), []);
    await tab.picture(`${tab.engine}-${size.width ?? 1440}-full`);
  });

const seen = (tab, selector) => tab.evaluate((s) => {
  const { top, bottom, height } = document.querySelector(s).getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= document.querySelector('#bar').getBoundingClientRect().top;
}, selector);

inEach('on a phone the first text is seen after the tap, and another idea too', PHONE, async ({ tab, provider }) => {
  provider.auto((x) => x.part !== 'init' && x.answer(FULL[x.part]));
  await cook(tab);
  const init = await provider.next('init');
  init.text('[{"name": "Leek');
  await tab.until('the first text', () => document.querySelector('[data-part=init] li')?.textContent === 'Leek');
  assert.ok(await seen(tab, '[data-part=init] li'));
  init.text(' pie", "intro": "Good."},{"name":"Leek tart","intro":"Good."},{"name":"Leek soup","intro":"Good."}]').finish('stop').done();
  await run(tab, 'done');
  const [old, idea] = await tab.evaluate(() => ['#name', '#ideas button'].map((s) => document.querySelector(s).textContent));
  await press(tab, '#ideas button');
  await tab.until('the other dish', (name) => document.querySelector('#name').textContent === name && document.body.dataset.run === 'done', idea);
  assert.equal(await tab.text('#ideas button'), old, 'they have changed places');
  assert.ok(await seen(tab, '#name'));
  // The bar, and what is behind More.
  await press(tab, '#more');
  for (const id of ['#print', '#copy', '#markdown']) await tab.until(id, (s) => document.querySelector(s).checkVisibility(), id);
  await press(tab, '#copy');
  await tab.until('word of it', () => /^(Copied|This browser)/.test(document.querySelector('#status').textContent));
  await tab.until('the menu to go', () => !document.querySelector('#print').checkVisibility());
});

inEach('after a run room is given back out of sight, and what is in the window stays', PHONE, async ({ tab, provider }) => {
  provider.auto({ ...FULL, int: 'Good.', ste: '1. Cut.', ing: 'Beef.', sde: false });
  await cook(tab);
  const sde = await provider.next('sde');
  await tab.until('the steps', () => document.querySelector('[data-part=ste]').dataset.state === 'done');
  await tab.evaluate(() => document.querySelector('#h-ste').scrollIntoView());
  const top = () => tab.evaluate(() => document.querySelector('#h-ste').getBoundingClientRect().top);
  const before = await top();
  sde.answer('Rice');
  await run(tab, 'done');
  await tab.until('no room above', () => !document.querySelector('#recipe > header, [data-part=add], [data-part=int]').matches('[data-room]'));
  assert.ok(Math.abs(await top() - before) < 2, `${await top()} was ${before}`);
});
