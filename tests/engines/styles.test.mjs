// What style.css says is understood by each engine: one drops, without a word, a
// declaration or a whole rule that it does not know.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, inEach } from './lib.mjs';

/** Not known everywhere, and why that does no harm. */
const SPARED = [
  // Of phones: Firefox there has it, and no other Firefox or WebKitGTK needs it.
  '-webkit-text-size-adjust: 100%',
  // Of Windows' high contrast.
  'forced-color-adjust: none',
];

const css = readFileSync(path.join(PROJECT, 'htdocs/style.css'), 'utf8').replace(/\/\*.*?\*\//gs, '');
/** What a script sets: paper.js, the size of a sheet's letters. */
const SET = { '--size': '8pt' };
const variables = Object.fromEntries([...css.matchAll(/(--[\w-]+):\s*([^;}]+)/g)].reverse().map(([, name, value]) => [name, value.trim()]));

/** With variables in place of their names: with one in it any value is taken for good. */
function plain(value) {
  const flat = value.replace(/var\((--[\w-]+)(?:,\s*([^()]+))?\)/g, (_, name, other) => variables[name] ?? SET[name] ?? other);
  return flat === value ? value.replace('!important', '').trim() : plain(flat);
}

const declarations = [...css.matchAll(/(?<=[{;]\s*)([a-z-]+):\s*([^;{}]+)(?=[;}])/g)].map(([, name, value]) => [name, plain(value)]).filter(([name]) => !name.startsWith('--'));
const selectors = [...css.matchAll(/(?<=^|[{}])\s*([^@{};]+)(?=\{)/g)].map(([, selector]) => selector.trim()).filter((s) => !/^(\d+%|from|to)$/.test(s));

inEach('each declaration and each selector is known', {}, async ({ tab }) => {
  assert.ok(declarations.length > 200 && selectors.length > 100, `${declarations.length} declarations, ${selectors.length} selectors`);
  const unknown = await tab.evaluate((pairs, all) => [
    ...pairs.filter(([name, value]) => !CSS.supports(name, value)).map(([name, value]) => `${name}: ${value}`),
    ...all.filter((selector) => !CSS.supports(`selector(${selector.split(/,(?![^(]*\))/)[0]})`)),
  ], declarations, selectors);
  assert.deepEqual([...new Set(unknown)].filter((one) => !SPARED.includes(one)), []);
});

inEach('what looks like a link is underlined', {}, async ({ tab, provider }) => {
  provider.auto();
  await tab.fill('#ingredients', 'leeks');
  await tab.click('#generate');
  await tab.until('the end', () => document.body.dataset.run === 'done');
  const lines = await tab.evaluate(() => Object.fromEntries(['#lang', '.act', '.idea'].map((s) => [s, getComputedStyle(document.querySelector(s)).textDecorationLine])));
  assert.deepEqual(lines, { '#lang': 'underline', '.act': 'underline', '.idea': 'underline' });
});
