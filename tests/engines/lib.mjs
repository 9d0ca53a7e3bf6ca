// What a test in three engines imports. `inEach` makes a test of each engine: a site,
// a provider, and a tab of it that is watched: whatever the test does, anything
// that is written to the console fails it.
//
//   inEach('a thing shows', { width: 360 }, async ({ tab, provider, url }) => { ... });
//
// engine.mjs is the manual of a tab.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { scene } from '../lib/harness.mjs';
import { ENGINES, open, quit } from './engine.mjs';

export * from '../lib/harness.mjs';
export { ENGINES, open };

export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LAWS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

after(quit);

/**
 * Options are those of scene and of open; `path`, what is opened of the site, './' if it is not said;
 * `expect`, the console's messages that this test provokes; `engines`, some of ENGINES,
 * with the reason in a comment.
 */
export function inEach(name, options, body) {
  for (const engine of options.engines ?? ENGINES) {
    test(`${name}, ${engine}`, scene(options, async (set) => {
      const url = `http://127.0.0.1:${set.site.port}/`;
      const tab = await open(engine, options);
      try {
        await tab.goto(new URL(options.path ?? './', url).href);
        if (options.scripts !== false) await listens(tab);
        await body({ ...set, engine, tab, url });
        assertQuiet(tab, options.expect);
      } finally {
        await tab.close();
      }
    }));
  }
}

/** Until a click on the button of the form, if there is one, is the page's: before that the browser sends the form itself. */
const listens = (tab) => tab.until('the page to listen', () => document.querySelector('#order')?.onsubmit !== null);

/** Nothing was written to the console but what was expected. */
export function assertQuiet(tab, expected = /^$/) {
  assert.deepEqual(tab.messages.filter((m) => !expected.test(m)), [], `the console of ${tab.engine} is empty`);
}

/** Until the run is in this state: idle, sent, running, done, stopped, broken, refused. */
export const run = (tab, state) => tab.until(`the run to be ${state}`, (s) => document.body.dataset.run === s, state);

/** Until the section's text is exactly this. */
export const shows = (tab, part, text) => tab.until(`${part} to show ${text.slice(0, 200)}`,
  ([p, t]) => document.querySelector(`[data-part=${p}] .text`).textContent === t, [part, text]);

export const textOf = (tab, part) => tab.text(`[data-part=${part}] .text`);
export const stateOf = (tab, part) => tab.text(`[data-part=${part}] .word`);

/** What axe-core says at AA; the tab must have been opened with it: `inject: AXE`. */
export async function axe(tab) {
  // Over a gradient it does not dare to judge contrast; and what the bar at the foot of the window hides, the page scrolls free.
  await tab.evaluate(() => {
    for (const rule of ['*, ::before { background-image: none !important }', '#bar { position: static !important }']) document.styleSheets[0].insertRule(rule);
  });
  return tab.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })
    .then(({ violations }) => violations.flatMap((rule) => rule.nodes.map((n) => `${rule.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`))), LAWS);
}
