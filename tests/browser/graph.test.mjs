// The SVG of `recipe.fcgi graph` as a browser draws it: it is a document, no box
// covers another, no word sticks out of its box, no arrow crosses a box, and all
// can be read in light and in dark.

import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT, SCHEMES, assert, command, launch, test } from './lib.mjs';
import { shippedGraphs, writeOddGraph } from '../lib/graphs.mjs';

/** In the page: what is wrong with the drawing. */
function inspect() {
  const wrong = [];
  const svg = document.documentElement;
  if (svg.nodeName !== 'svg') return [`it is no SVG document but ${svg.nodeName}`];
  const box = (e) => e.getBBox();
  const over = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  const inside = (a, b) => a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
  const sheet = box(document.querySelector('.sheet'));
  const rects = [...document.querySelectorAll('.box')];
  rects.forEach((rect, i) => {
    if (!inside(box(rect), sheet)) wrong.push(`box ${i} is not on the sheet`);
    for (const other of rects.slice(i + 1)) if (over(box(rect), box(other))) wrong.push(`box ${i} covers another`);
    for (const text of rect.parentNode.querySelectorAll('text')) if (!inside(box(text), box(rect))) wrong.push(`"${text.textContent}" sticks out of its box`);
  });
  for (const text of document.querySelectorAll('text')) if (!inside(box(text), sheet)) wrong.push(`"${text.textContent}" is not on the sheet`);
  for (const arrow of document.querySelectorAll('path.arrow')) {
    const length = arrow.getTotalLength();
    for (let at = 4; at < length; at += 4) {
      const p = arrow.getPointAtLength(at);
      const hit = rects.find((r) => p.x > box(r).x + 1 && p.x < box(r).x + box(r).width - 1 && p.y > box(r).y + 1 && p.y < box(r).y + box(r).height - 1);
      if (hit) wrong.push(`an arrow crosses ${hit.parentNode.querySelector('.name').textContent}`);
    }
  }
  // Contrast, as WCAG counts it.
  const light = (color) => {
    const [r, g, b] = color.match(/\d+/g).map((n) => n / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const fill = (e) => getComputedStyle(e).fill;
  for (const text of document.querySelectorAll('text')) {
    const ground = text.parentNode.querySelector(':scope > .box') ?? document.querySelector('.sheet');
    if (ratio(fill(text), fill(ground)) < 4.5) wrong.push(`"${text.textContent}" has too little contrast`);
  }
  for (const arrow of document.querySelectorAll('path.arrow')) if (ratio(getComputedStyle(arrow).stroke, fill(document.querySelector('.sheet'))) < 3) wrong.push('an arrow has too little contrast');
  return [...new Set(wrong)];
}

async function draw(dir) {
  const { status, stdout, stderr } = await command(['graph', '--svg', '--prompts', path.resolve(PROJECT, dir)], { prompts: null });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
}

test('every graph, in light and in dark', async (t) => {
  const browser = await launch();
  const odd = await fs.mkdtemp(path.join(tmpdir(), 'recipe-odd-'));
  try {
    for (const dir of [...(await shippedGraphs()), await writeOddGraph(odd)]) {
      const file = path.join(odd, 'graph.svg');
      await fs.writeFile(file, await draw(dir));
      for (const colorScheme of SCHEMES) {
        await t.test(`${dir === odd ? 'the odd one' : dir}, ${colorScheme}`, async () => {
          const page = await browser.newPage({ colorScheme });
          await page.goto(`file://${file}`);
          const wrong = await page.evaluate(inspect);
          await page.close();
          assert.deepEqual(wrong, []);
        });
      }
    }
  } finally {
    await fs.rm(odd, { recursive: true, force: true });
  }
});
