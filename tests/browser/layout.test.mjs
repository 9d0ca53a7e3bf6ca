// The page at three sizes, in light and dark: nothing sticks out, nothing that
// is being read moves, nothing comes from elsewhere. It leaves a picture of
// each state in build/screens/, for people to look at.

import { SCHEMES, SIZES, assert, killWorker, table, test, waitFor } from './lib.mjs';
import { FULL, TYPICAL } from './texts.mjs';

const WAITING = ['int', 'add', 'sde', 'ing'];
const pieces = (text) => text.match(/\s*\S+\s?/g);
/** A model's pace is the test's: so many words of each at a time, then a look. */
const STEPS = 6;

/** Writes the n-th of STEPS shares of each text and waits until all of them show. */
async function write(page, open, n, texts = TYPICAL) {
  for (const [part, x] of Object.entries(open)) {
    const all = pieces(texts[part]);
    const cut = (i) => Math.round((i * all.length) / STEPS);
    for (const piece of all.slice(cut(n - 1), cut(n))) x.text(piece);
  }
  for (const part of Object.keys(open)) {
    const all = pieces(texts[part]);
    await page.shows(part, all.slice(0, Math.round((n * all.length) / STEPS)).join(''));
  }
}

const finish = (open) => Object.values(open).forEach((x) => x.finish('stop', { prompt_tokens: 120, completion_tokens: 180 }).done());

for (const width of SIZES) for (const scheme of SCHEMES) {
  test(`${width} px, ${scheme}`, table({ width, scheme, height: width < 500 ? 740 : 900, still: true }, async ({ page, provider }) => {
    const look = async (state) => {
      assert.deepEqual(await page.overflow(), [], `nothing sticks out, ${state}`);
      await page.picture(`${width}-${scheme}-${state}`);
    };
    provider.auto({ init: TYPICAL.init, ...Object.fromEntries([...WAITING, 'ste'].map((part) => [part, false])) });
    await look('idle');
    await page.cook();
    const open = {};
    for (const part of WAITING) open[part] = await provider.next(part);
    for (let n = 1; n <= 3; n++) await write(page, open, n);
    await look('streaming');
    for (let n = 4; n <= STEPS; n++) await write(page, open, n);
    finish(open);
    const steps = { ste: await provider.next('ste') };
    for (let n = 1; n <= 4; n++) await write(page, steps, n);
    await look('steps');
    for (let n = 5; n <= STEPS; n++) await write(page, steps, n);
    finish(steps);
    await page.run('done');
    await look('done');
    const ruled = (inside) => page.tab.locator(`[data-part=add] ${inside}`).evaluate((e) => getComputedStyle(e).backgroundImage !== 'none');
    assert.deepEqual([await ruled('.text'), await ruled('.body')], [true, false], 'a list that has ended has no empty lines below it');
    await page.tab.emulateMedia({ media: 'print' });
    assert.deepEqual(await page.overflow(), []);
    for (const shown of ['#name', '#intro', ...['int', 'add', 'ste', 'sde', 'ing'].map((part) => `[data-part=${part}] .text`)]) assert.ok(await page.visible(shown), shown);
    for (const hidden of ['form', '#bar', '#race', '#tools', '#shelf', '#total', '.acts', '.state', '.timer', '.shop']) assert.equal(await page.tab.locator(hidden).first().isVisible(), false, hidden);
    const pdf = (await page.tab.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
    assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1, 'one sheet');
  }));
}

for (const width of SIZES) for (const [length, texts] of [['a usual', TYPICAL], ['the greatest', FULL]]) {
  test(`nothing moves once it has begun, ${width} px, texts of ${length} length`, table({ width }, async ({ page, provider }) => {
    provider.auto(() => false);
    await page.cook();
    const open = { ing: await provider.next('ing') };
    await write(page, open, 1, texts);
    await tall(page, width);
    const before = await tops(page);
    // The longest of the three, whichever is picked, and in pieces, since the names show as they come.
    const [longest] = JSON.parse(texts.init);
    const init = await provider.next('init');
    for (const piece of pieces(JSON.stringify([longest, longest, longest]))) init.text(piece);
    await page.until('three names', () => document.querySelectorAll('[data-part=init] li').length === 3 || document.querySelector('#intro').textContent !== '');
    init.finish('stop').done();
    for (const part of ['int', 'add', 'sde']) open[part] = await provider.next(part);
    for (let n = 1; n <= STEPS; n++) {
      const { ing: begun, ...others } = open;
      await write(page, n === 1 ? others : open, n, texts);
    }
    finish(open);
    const steps = { ste: await provider.next('ste') };
    for (let n = 1; n <= STEPS; n++) await write(page, steps, n, texts);
    finish(steps);
    await page.run('done');
    assert.deepEqual(await tops(page), before, 'every heading is where it was');
    assert.deepEqual(await page.tab.evaluate(() => window.takeShifts()), []);
  }));
}

for (const width of SIZES) {
  test(`after a run what was reserved is given back, and what is in the window stays, ${width} px`, table({ width, height: 740 }, async ({ page, provider }) => {
    provider.auto({ ...TYPICAL, int: 'Good.', ing: 'Beef.', ste: '1. Cut.', sde: false });
    await page.cook();
    const sde = await provider.next('sde');
    await page.says('ste', /^done/);
    const holes = () => page.tab.evaluate(() => [...document.querySelectorAll('section')].filter((e) => e.querySelector('.body').offsetHeight > e.querySelector('.text').offsetHeight + 1).map((e) => e.dataset.part));
    assert.deepEqual(await holes(), ['add', 'int', 'ste', 'sde', 'ing', 'alt'], 'all have room while it runs');
    // In the middle of the page, where there is something above and below.
    await page.tab.evaluate(() => document.querySelector('#h-ste').scrollIntoView());
    const top = () => page.tab.evaluate(() => document.querySelector('#h-ste').getBoundingClientRect().top);
    const before = await top();
    sde.answer(TYPICAL.sde);
    await page.run('done');
    const seen = () => page.tab.evaluate(() => [...document.querySelectorAll('section')].filter((e) => {
      const { top, bottom } = e.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    }).map((e) => e.dataset.part));
    // Of two columns only what is below the window gives back at once.
    const given = width < 1000 ? ['add', 'int', 'ing', 'alt'] : ['alt'];
    await page.until('the room to be given back', (parts) => parts.every((p) => {
      const e = document.querySelector(`[data-part=${p}]`);
      const { top, bottom } = e.getBoundingClientRect();
      return (bottom > 0 && top < innerHeight) || !('room' in e.dataset);
    }), given);
    assert.ok((await seen()).includes('ste'));
    assert.ok(Math.abs(await top() - before) < 1, `${await top()} was ${before}`);
    // Up again as one scrolls, past all of it.
    await page.until('the top', () => new Promise((done) => {
      scrollBy(0, -300);
      requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY === 0)));
    }));
    await page.until('room for what is in the window alone', () => [...document.querySelectorAll('[data-room]')].every((e) => e.getBoundingClientRect().top < innerHeight));
  }));
}

/** A run that is going on: `ing` has begun, the window shows the whole page, and what moves from now on is told. */
async function watched(page, provider, width) {
  provider.auto({ init: TYPICAL.init, ...Object.fromEntries([...WAITING, 'ste'].map((part) => [part, false])) });
  await page.cook();
  const open = {};
  for (const part of WAITING) open[part] = await provider.next(part);
  await write(page, open, 1);
  await tall(page, width);
  return open;
}

/** A window as tall as the page, so that the browser sees every shift there is; those before are forgotten. */
async function tall(page, width) {
  await page.tab.setViewportSize({ width, height: await page.tab.evaluate(() => document.documentElement.scrollHeight) });
  await page.until('a frame of that size', () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))));
  await page.tab.evaluate(() => window.takeShifts());
}

for (const width of SIZES) {
  test(`nothing moves when sections fail, ${width} px`, table({ width }, async ({ page, provider }) => {
    const { int, add, sde, ing } = await watched(page, provider, width);
    const before = await tops(page);
    add.cut();
    sde.finish('content_filter').done();
    finish({ int, ing });
    await page.run('done');
    assert.match(await page.stateOf('ste'), /^skipped/);
    assert.ok(await page.visible('#finish'));
    assert.deepEqual(await tops(page), before, 'every heading is where it was');
    assert.deepEqual(await page.tab.evaluate(() => window.takeShifts()), []);
    await page.picture(`${width}-failed`);
  }));

  test(`nothing moves when the stream breaks, ${width} px`, table({ width, expect: /ERR_(INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|HTTP2_PROTOCOL_ERROR)/ }, async ({ page, provider, site }) => {
    const { add } = await watched(page, provider, width);
    const before = await tops(page);
    await killWorker(site, add);
    await page.run('broken');
    assert.ok(await page.visible('#finish'));
    assert.deepEqual(await tops(page), before, 'every heading is where it was');
    assert.deepEqual(await page.tab.evaluate(() => window.takeShifts()), []);
    await page.picture(`${width}-broken`);
  }));
}

const tops = (page) => page.tab.evaluate(() =>
  Object.fromEntries([...document.querySelectorAll('[data-part] h3')].map((h) => [h.id, Math.round(h.getBoundingClientRect().top + scrollY)])));

for (const width of SIZES) {
  test(`nothing moves while one section is written again, ${width} px`, table({ width }, async ({ page, provider }) => {
    provider.auto(TYPICAL);
    await page.cook();
    await page.run('done');
    await tall(page, width);
    const before = await tops(page);
    provider.auto(() => false);
    await page.tab.getByRole('button', { name: 'Write Introduction again' }).click();
    const open = { int: await provider.next('int') };
    for (let n = 1; n <= STEPS; n++) await write(page, open, n);
    assert.deepEqual(await tops(page), before, 'every heading is where it was');
    finish(open);
    await page.run('done');
    assert.deepEqual(await tops(page), before, 'every heading is where it was');
    assert.deepEqual(await page.tab.evaluate(() => window.takeShifts()), []);
  }));
}

test('the browser would have told of a shift', table({}, async ({ page, provider }) => {
  provider.auto(TYPICAL);
  await page.cook();
  await page.run('done');
  await page.tab.evaluate(() => window.takeShifts());
  await page.tab.evaluate(() => document.querySelector('#recipe').before(document.createElement('hr')));
  await page.tab.evaluate(() => {
    document.querySelector('[data-part=int] .body').style.minBlockSize = '900px';
  });
  await page.until('a shift', () => window.shifts.length > 0);
}));

test('what the page loads, and under which law', table({}, async ({ page, provider }) => {
  const csp = page.response.headers()['content-security-policy'];
  for (const word of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) assert.ok(csp.includes(word), csp);
  assert.doesNotMatch(csp, /unsafe|\*|https?:|data:/);
  assert.equal(page.response.headers()['x-content-type-options'], 'nosniff');
  assert.match(page.response.headers()['permissions-policy'], /camera=\(\).*screen-wake-lock=\(self\)/);
  const meta = await page.tab.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
  assert.equal(csp, `${meta}; frame-ancestors 'none'`, 'the header is the page\'s own law, and frame-ancestors, which only a header can say');
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.ok(page.requests.length > 5 && page.requests.every((url) => url.startsWith(page.url)), String(page.requests));
  assert.deepEqual(await page.context.cookies(), []);
}));

test('the law is in force', table({ expect: /Content Security Policy|CSP: / }, async ({ page }) => {
  await page.tab.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.broken = true';
    document.body.append(script);
    const img = document.createElement('img');
    img.src = 'http://127.0.0.2:9/x.png';
    document.body.append(img);
  });
  for (const law of [/CSP: script-src/, /CSP: img-src/]) await waitFor(() => page.errors.some((e) => law.test(e)), () => `${law} in ${page.errors}`);
  assert.equal(await page.tab.evaluate(() => window.broken), undefined);
  // The image: asked for, and refused by the browser itself.
  const asked = (url) => url.startsWith('http://127.0.0.2');
  await waitFor(() => page.requests.some(asked), 'the image to be asked for');
  page.requests = page.requests.filter((url) => !asked(url));
}));
