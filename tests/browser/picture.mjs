// Makes the pictures of the documentation: docs/page.png, the real page with a recipe of
// the demo cook, docs/phone.png, the same on a phone, docs/page.apng, the page while a
// recipe is written, docs/speed.png, the board, with the figures that TheFastest.ai
// published on 2024-05-03, and docs/bulk.png, a terminal in the middle of a file of
// prompts. `make picture`.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startHome } from '../lib/home.mjs';
import { folderOf, rows, writeLaps } from '../lib/laps.mjs';
import { Kitchen, PROJECT, launch, quit, startSite } from './lib.mjs';
import { Terminal } from '../lib/terminal.mjs';
import { waitFor } from '../lib/wait.mjs';
import { toAnimation, toPalette } from './png.mjs';

const FILE = path.join(PROJECT, 'docs/page.png');
const PHONE = path.join(PROJECT, 'docs/phone.png');
const MOST = 300 * 1024;
const FILM = path.join(PROJECT, 'docs/page.apng');
const MOST_FILM = 1024 * 1024;
const TERMINAL = path.join(PROJECT, 'docs/bulk.png');
const BOARD = path.join(PROJECT, 'docs/speed.png');
const { rows: PUBLISHED } = JSON.parse(readFileSync(path.join(PROJECT, 'tests/bench/speeds-2024-05.json'), 'utf8'));

/** Writes a picture of what a tab shows. */
async function keep(file, tab) {
  const picture = toPalette(await tab.screenshot());
  if (picture.length > MOST) throw new Error(`${picture.length} bytes are more than ${MOST}`);
  writeFileSync(file, picture);
  console.log(`${file}: ${picture.length} bytes`);
}

/** The board of a site that has met these figures. */
async function showBoard() {
  const ids = PUBLISHED.filter(({ model }) => /llama-3-70b|gpt-4-turbo/.test(model));
  const services = Object.fromEntries(ids.map(({ model }) => [model.split('.')[0].split('/')[0], { base_url: 'http://127.0.0.1:9/v1', model: model.split('/')[1] }]));
  const site = await startSite({ config: { services, speed: true } });
  try {
    const page = await new Kitchen(site, { width: 960, height: 640, still: true }).open();
    await page.tab.evaluate(() => fetch('speed'));
    const folder = folderOf(path.join(site.dir, 'recipe'));
    writeLaps(folder, ids.flatMap(({ model, ttft_s, total_s, tps }) => {
      const id = model.split('.')[0].split('/')[0];
      const has = { text_us: 1e6 * ttft_s, total_us: 1e6 * total_s, rate_milli: 1000 * tps };
      return [...rows(40, services[id], id, has), ...rows(5, services[id], id, { ...has, of: 1 })];
    }));
    await page.tab.goto(`${page.url}speed.html`);
    await page.until('the board', () => document.querySelectorAll('#board tbody').length === 4);
    await page.tab.setViewportSize({ width: 960, height: await page.tab.evaluate(() => document.documentElement.scrollHeight) });
    await keep(BOARD, page.tab);
    await page.close();
  } finally {
    await site.stop();
  }
}

/** A terminal, once half of docs/leftovers.jsonl is done, at a service with a limit. */
async function showBulk() {
  const home = await startHome({ slots: 100, gapMs: 5 });
  const service = { ...home.provider.service('llama-3-70b'), parallel: 100, rpm: 6000 };
  const site = await startSite({ config: { services: { '70b': service, 'groq-8b': { ...service, rpm: 2400 } } } });
  const [file, out] = [path.join(PROJECT, 'docs/leftovers.jsonl'), path.join(site.dir, 'recipes.jsonl')];
  const terminal = new Terminal(['bulk', file, out, '--at-once', '16'], { env: site.env, tty: true });
  try {
    const half = () => terminal.output.split(/\r\x1b\[K/).find((line) => /^1\d\d of 200 done/.test(line));
    const line = await waitFor(half, 'half of the file');
    const page = await new Kitchen(site, { width: 820, height: 96, still: true }).open();
    await page.tab.goto('about:blank');
    await page.tab.evaluate((text) => {
      document.body.style = 'margin: 0; padding: 16px; background: #1c1b1a; color: #eee; font: 16px/2 "DejaVu Sans Mono", monospace; white-space: pre';
      document.body.textContent = text;
    }, `$ recipe.fcgi bulk leftovers.jsonl recipes.jsonl\n${line}`);
    await keep(TERMINAL, page.tab);
    await page.close();
  } finally {
    terminal.child.kill();
    await terminal.ended;
    rmSync(out, { force: true });
    await site.stop();
    await home.stop();
  }
}

await launch({ fonts: 'all' });
const site = await startSite({ config: {} });
try {
  mkdirSync(path.dirname(FILE), { recursive: true });
  const show = async (file, width, height) => {
    const page = await new Kitchen(site, { width, height, still: true }).open();
    await page.cook('beef flank, red onion, sweet pepper, tomato');
    await page.run('done');
    // As one comes back to it: nothing is left of the room for what was being written.
    await page.tab.reload();
    await page.run('kept');
    await page.tab.mouse.move(0, 0);
    // The bar is at the foot of the window, which is that of the page on a desk.
    if (width > 1000) await page.tab.setViewportSize({ width, height: await page.tab.evaluate(() => document.documentElement.scrollHeight) });
    else await page.tab.evaluate(() => document.querySelector('#recipe').scrollIntoView());
    page.assertClean();
    await keep(file, page.tab);
    await page.close();
  };
  await show(FILE, 1440, 900);
  await show(PHONE, 360, 740);
  await showBoard();
  await showBulk();

  // All six sections in one view.
  const live = await new Kitchen(site, { width: 1280, height: 1440, still: true }).open();
  await live.fill('beef flank, red onion, sweet pepper, tomato');
  const frames = [await live.tab.screenshot()];
  await live.press('generate');
  for (let n = 0; n < 40 && (await live.tab.evaluate(() => document.body.dataset.run)) !== 'done'; n++) frames.push(await live.tab.screenshot());
  frames.push(await live.tab.screenshot());
  const film = toAnimation(frames, 160, 3000);
  if (film.length > MOST_FILM) throw new Error(`${film.length} bytes are more than ${MOST_FILM}`);
  writeFileSync(FILM, film);
  console.log(`${FILM}: ${film.length} bytes, ${frames.length} frames`);
  await live.close();
} finally {
  await quit();
  await site.stop();
}
