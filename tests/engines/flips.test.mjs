// Nothing that stands on the page moves while more is written, in each engine.

import { fileURLToPath } from 'node:url';
import { TYPICAL } from '../browser/texts.mjs';
import { assert, inEach, run } from './lib.mjs';

const PROBE = fileURLToPath(new URL('flips.js', import.meta.url));
const STEPS = 24;
/** A slow engine on a busy machine draws few frames in a second. */
const LIMITS = { run_ms: 600_000, idle_ms: 600_000 };
const PARTS = ['int', 'add', 'ste', 'sde', 'ing'];

/** A text in so many pieces, cut anywhere. */
const pieces = (text) => Array.from({ length: STEPS }, (_, n) => text.slice(Math.floor((n * text.length) / STEPS), Math.floor(((n + 1) * text.length) / STEPS)));

const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
const shown = (all) => Object.entries(all).every(([part, text]) => document.querySelector(`[data-part=${part}] .text`).textContent === text);

for (const [width, height] of [[360, 740], [1440, 900]]) {
  inEach(`what is written stays in its place, ${width} px`, { width, height, inject: PROBE, limits: LIMITS }, async ({ tab, provider }) => {
    provider.auto({ ...TYPICAL, ...Object.fromEntries(PARTS.map((part) => [part, false])) });
    await tab.fill('#ingredients', 'beef flank, onions, peppers');
    await tab.click('#generate');
    const open = {};
    for (const part of ['int', 'add', 'sde', 'ing']) open[part] = await provider.next(part);
    const written = {};
    const write = async (parts, n) => {
      for (const part of parts) {
        const piece = pieces(TYPICAL[part])[n];
        open[part].text(piece);
        written[part] = (written[part] ?? '') + piece;
      }
      await tab.until('what was written', shown, written);
      await tab.evaluate(settled);
      await tab.evaluate(() => void window.flips.look());
    };
    await write(Object.keys(open), 0);
    for (let n = 1; n < STEPS; n++) await write(['int', 'add', 'sde', 'ing'], n);
    for (const part of ['int', 'add', 'sde', 'ing']) open[part].finish('stop').done();
    open.ste = await provider.next('ste');
    for (let n = 0; n < STEPS; n++) await write(['ste'], n);
    // What was reserved and not needed is given back when the run ends, and not before.
    assert.deepEqual(await tab.evaluate(() => window.flips.all), []);
    open.ste.finish('stop').done();
    await run(tab, 'done');
  });
}

// The probe sees what moves: a line that grows, and a letter that comes and goes.
inEach('the probe sees a flip', { inject: PROBE }, async ({ tab, provider }) => {
  provider.auto(TYPICAL);
  await tab.fill('#ingredients', 'beef flank, onions, peppers');
  await tab.click('#generate');
  await run(tab, 'done');
  const flips = await tab.evaluate(() => {
    window.flips.look();
    const still = window.flips.look().length;
    document.querySelector('[data-part=int] .text').style.paddingTop = '3px';
    return [still, window.flips.look().map(({ part }) => part).includes('int')];
  });
  assert.deepEqual(flips, [0, true]);
});
