// In the kitchen: lines that one ticks, what is to buy, timers, the cooking view.

import { SIZES, assert, everywhere, table, test } from './lib.mjs';
import { TYPICAL } from './texts.mjs';

async function done(page, provider, texts = TYPICAL) {
  provider.auto(texts);
  await page.cook();
  await page.run('done');
}

const TICKED = { add: [1, 3], ste: [0, 8] };

test('a line is heard once, and its words tick it', table({}, async ({ page, provider }) => {
  await done(page, provider);
  for (const part of ['add', 'ste']) {
    const list = page.tab.locator(`[data-part=${part}]`).getByRole('list');
    const items = list.getByRole('listitem');
    const lines = TYPICAL[part].split('\n');
    assert.equal(await items.count(), lines.length);
    for (const [i, line] of lines.entries()) {
      const box = items.nth(i).getByRole('checkbox');
      assert.equal(await box.getAttribute('aria-label'), null, 'its words are its label, and are not said a second time');
      assert.ok((await items.nth(i).ariaSnapshot()).includes(line), line);
      assert.equal(await items.nth(i).locator('label').evaluate((e) => e.control?.type), 'checkbox');
    }
    await items.last().locator('.words').click();
    assert.equal(await items.last().getByRole('checkbox').isChecked(), true);
    await items.last().locator('.words').click();
    assert.equal(await items.last().getByRole('checkbox').isChecked(), false);
    const there = await page.tab.evaluate(async ([part, places]) => {
      const { tick, ticked } = await import('./lines.js');
      const holder = document.querySelector(`[data-part=${part}] .text`);
      tick(holder, places);
      return ticked(holder);
    }, [part, TICKED[part]]);
    assert.deepEqual(there, TICKED[part]);
    for (const place of there) assert.equal(await items.nth(place).getByRole('checkbox').isChecked(), true);
    assert.equal(await list.getByRole('checkbox', { checked: true }).count(), there.length);
  }
  for (const part of ['sde', 'ing']) assert.equal(await page.tab.locator(`[data-part=${part}]`).getByRole('listitem').count(), TYPICAL[part].split('\n').length);
}));

everywhere('the box of a step shows', {}, async ({ page, provider }) => {
  await done(page, provider);
  const box = page.tab.locator('[data-part=ste] .tick').first();
  const looks = () => box.evaluate((e) => {
    const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor, opacity } = getComputedStyle(e);
    return { border: `${borderTopWidth} ${borderTopStyle}`, color: borderTopColor, back: backgroundColor, opacity };
  });
  const before = await looks();
  assert.equal(before.border, '1px solid');
  assert.equal(before.opacity, '1');
  await box.check();
  assert.notEqual((await looks()).back, before.back);
});

// ---- what is to buy

const marked = (page) => page.tab.locator('[data-part=add] li:has(.buy) .words').allTextContents();

test('what is to buy is marked, said and copied', table({}, async ({ page, provider }) => {
  await page.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await done(page, provider);
  const buy = TYPICAL.add.split('\n').slice(3, -1);
  assert.deepEqual(await marked(page), buy);
  await page.tab.getByRole('checkbox', { name: '1 lime, halved to buy', exact: true }).waitFor();
  assert.equal(await page.textOf('add'), TYPICAL.add, 'the text is the model\'s alone');
  await page.tab.getByRole('button', { name: 'Copy what is to buy' }).click();
  await page.until('a word about it', () => /^Copied/.test(document.querySelector('[role=status]').textContent));
  assert.equal(await page.tab.evaluate(() => navigator.clipboard.readText()), buy.map((line) => `- ${line}`).join('\n'));
}));

test('nothing is marked where the list is in another language, or all is there', table({}, async ({ page, provider }) => {
  await done(page, provider, { add: '소고기 300g\n양파 2개' });
  assert.deepEqual(await marked(page), []);
  assert.equal(await page.tab.getByRole('button', { name: 'Copy what is to buy' }).count(), 0);
  await done(page, provider, { add: '1 onion\n2 peppers' });
  assert.deepEqual(await marked(page), []);
}));

// ---- timers

/** Sounds and vibrations are told, and the clock is the test's. */
async function withClock({ page, provider }, texts) {
  await page.tab.addInitScript(() => {
    window.heard = [];
    const node = { connect: (to) => to, frequency: {}, gain: {}, stop() {} };
    window.AudioContext = class {
      currentTime = 0;
      createGain = () => ({ ...node, gain: {} });
      createOscillator = () => ({ ...node, connect: (gain) => ((node.volume = gain.gain.value), gain), start: () => node.volume && window.heard.push('tone') });
      resume() {}
    };
    navigator.vibrate = () => window.heard.push('vibration');
    const request = async () => {
      const lock = { release: async () => window.locks.delete(lock) };
      window.locks.add(lock);
      return lock;
    };
    window.locks = new Set();
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  });
  await page.tab.reload();
  await done(page, provider, texts);
  await page.tab.clock.install();
}

const timers = (page) => page.tab.locator('#timers li').evaluateAll((rows) => rows.map((row) => [row.querySelector('span').textContent, row.querySelector('b').textContent]));
const heard = (page) => page.tab.evaluate(() => window.heard.splice(0));
const said = (page) => page.text('#timers [aria-live]');

everywhere('minutes are timers: one tap starts, several run, each with its step', {}, async (set) => {
  const { page, look } = set;
  await withClock(set, { ...TYPICAL, ste: '1. Fry for 10–12 minutes.\n2. Chop.\n3. Bake 1½ hours, then 30 seconds.' });
  const names = await page.tab.locator('[data-part=ste] li').evaluateAll((all) => all.map((li) => [...li.querySelectorAll('button')].map((b) => b.ariaLabel)));
  assert.deepEqual(names, [['Timer 10 min'], [], ['Timer 90 min', 'Timer 30 sec']]);
  const start = (name) => page.tab.getByRole('button', { name, exact: true }).click();
  await start('Timer 10 min');
  assert.equal(await said(page), 'A timer of 10 min runs.');
  await start('Timer 90 min');
  await start('Timer 10 min');
  assert.equal((await timers(page)).length, 2, 'a second tap is no second timer');
  assert.equal(await page.tab.evaluate(() => window.locks.size), 1, 'the screen stays on');
  await look('timers');
  await page.tab.clock.fastForward(4 * 60_000);
  const [[step, left], [other]] = await timers(page);
  assert.equal(step, '1. Fry for 10–12 minutes.');
  assert.equal(other, '3. Bake 1½ hours, then 30 seconds.');
  assert.match(left, /^0(6:00|5:5\d)$/);
  assert.deepEqual(await heard(page), []);

  await page.press('cook');
  assert.equal((await timers(page)).length, 2);
  assert.equal(await page.tab.locator('#cooking #timers li').first().isVisible(), true, 'in the cooking view too');
  await look('cooking-timers');
  await page.tab.clock.fastForward(6 * 60_000);
  await page.until('the end', () => document.querySelector('#timers .up'));
  assert.equal(await said(page), 'Time is up: 1. Fry for 10–12 minutes.');
  const sounds = await heard(page);
  assert.ok(sounds.includes('tone') && sounds.includes('vibration'), String(sounds));
  await page.tab.getByRole('button', { name: 'Stop the timer: 1. Fry for 10–12 minutes.' }).click();
  assert.equal((await timers(page)).length, 1);
  assert.equal(await said(page), 'Time is up: 1. Fry for 10–12 minutes.', 'and is said once');
  await page.press('close');
  await page.leavesCooking();
  await page.until('the timer on the page again', () => document.querySelector('#bar #timers li')?.checkVisibility());
  assert.equal(await page.tab.evaluate(() => window.locks.size), 1, 'the timer still needs the screen');
  await page.tab.locator('#timers button').click();
  await page.until('no lock', () => window.locks.size === 0);
});

test('a timer is right after a sleep and after a reload', table({}, async (set) => {
  const { page, provider } = set;
  await withClock(set, { ste: '1. Rest it for 20 minutes.' });
  await page.tab.getByRole('button', { name: 'Timer 20 min' }).click();
  const kept = await page.tab.evaluate(() => sessionStorage.timers);
  assert.deepEqual(Object.keys(JSON.parse(kept)[0]), ['label', 'seconds', 'endsAt']);
  // A page that sleeps misses every call; the clock goes on.
  await page.tab.clock.setSystemTime(await page.tab.evaluate(() => Date.now() + 15 * 60_000));
  await page.tab.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  assert.match((await timers(page))[0][1], /^0(5:00|4:5\d)$/);
  await page.tab.reload();
  assert.equal((await timers(page)).length, 1);
  assert.deepEqual(JSON.parse(await page.tab.evaluate(() => sessionStorage.timers)), JSON.parse(kept));
  await page.tab.evaluate(() => { sessionStorage.timers = '{"not": ['; });
  await page.tab.reload();
  assert.deepEqual(await timers(page), []);
  await done(page, provider);
}));

test('the steps of a run that goes on have their timers when they are whole, and nothing moves', table({}, async ({ page, provider }) => {
  provider.auto({ ...TYPICAL, ste: false });
  await page.cook();
  const ste = await provider.next('ste');
  const write = async (all, piece) => {
    ste.text(piece);
    await page.shows('ste', all + piece);
    return all + piece;
  };
  const place = () => page.tab.evaluate(() => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector('[data-part=ste] .words'));
    return [...range.getClientRects()].map(({ x, y, width }) => [x, y, width].map(Math.round));
  });
  let all = await write('', '1. Fry the onions for 10 minutes, until they are golden');
  assert.equal(await page.tab.locator('.timer').count(), 0);
  await page.tab.evaluate(() => window.takeShifts());
  const before = await place();
  all = await write(all, '\n');
  assert.equal(await page.tab.locator('.timer').count(), 1);
  assert.deepEqual(await place(), before);
  await write(all, '2. Serve.');
  assert.deepEqual(await place(), before);
  ste.finish().done();
  await page.run('done');
  assert.deepEqual(await page.tab.evaluate(() => window.takeShifts()), []);
}));

test('a language that is not English has its own words for it', table({ locale: 'ko-KR' }, async ({ page, provider }) => {
  provider.auto({ add: '두부 1모\n대파 1대', ste: '1. 10분 끓인다.\n2. 1시간 30분 둔다.' });
  await page.cook('두부, 된장');
  await page.run('done');
  await page.tab.getByRole('checkbox', { name: '대파 1대 살 것', exact: true }).waitFor();
  await page.tab.getByRole('button', { name: '타이머 10분' }).click();
  assert.equal(await said(page), '10분 타이머를 시작했습니다.');
  assert.equal(await page.tab.getByRole('button', { name: '타이머 90분' }).count(), 1);
}));

// ---- the cooking view

for (const width of SIZES) {
  test(`a finger turns the steps, ${width} px`, table({ width, height: 740, touch: true }, async ({ page, provider }) => {
    await done(page, provider, { add: '1 onion\n2 eggs', ste: '1. One, 5 minutes.\n2. Two.\n3. Three.' });
    await page.press('cook');
    const cdp = await page.context.newCDPSession(page.tab);
    const swipe = async (...points) => {
      for (const [i, [x, y]] of points.entries()) await cdp.send('Input.dispatchTouchEvent', { type: i ? 'touchMove' : 'touchStart', touchPoints: [{ x, y }] });
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    const shows = (step) => page.until(`the step ${step}`, (s) => document.querySelector('#step').textContent === s, step);
    await shows('One, 5 minutes.');
    // The browser takes what a finger may do from what it has drawn.
    await page.tab.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await swipe([300, 300], [250, 302], [150, 305]);
    await shows('Two.');
    await swipe([100, 300], [150, 302], [300, 305]);
    await shows('One, 5 minutes.');
    await page.tab.click('#step');
    await shows('Two.');
    await swipe([200, 300], [190, 200], [180, 100]);
    assert.equal(await page.text('#step'), 'Two.', 'up and down it is the page that moves');
    const { width: w, height: h } = await page.tab.locator('#step').boundingBox();
    assert.ok(w > width * 0.8 && h > 150, `the whole middle can be tapped, ${w} x ${h}`);
    assert.match(await page.text('#step-of'), /2.*3/);
    await page.tab.locator('#cooking summary').click();
    assert.deepEqual(await page.tab.locator('#needs li').allTextContents(), ['1 onion', '2 eggs']);
    assert.equal(await page.tab.locator('#needs').isVisible(), true);
    assert.deepEqual(await page.tooSmall(), []);
    assert.deepEqual(await page.overflow(), []);
    await page.tab.keyboard.press('Escape');
    await page.leavesCooking();
  }));
}
