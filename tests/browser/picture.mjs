// Makes the README's pictures: docs/page.png, the real page after a run of the
// demo cook, and docs/page.apng, the same while it is written. `make picture`.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Kitchen, PROJECT, launch, quit, startSite } from './lib.mjs';
import { toAnimation, toPalette } from './png.mjs';

const FILE = path.join(PROJECT, 'docs/page.png');
const MOST = 300 * 1024;
const FILM = path.join(PROJECT, 'docs/page.apng');
const MOST_FILM = 1024 * 1024;

await launch({ fonts: 'all' });
const site = await startSite({ config: {} });
try {
  const page = await new Kitchen(site, { width: 1440, height: 900, still: true }).open();
  await page.cook('beef flank, red onion, sweet pepper, tomato');
  await page.run('done');
  await page.tab.mouse.move(0, 0);
  page.assertClean();
  const picture = toPalette(await page.tab.screenshot({ fullPage: true }));
  if (picture.length > MOST) throw new Error(`${picture.length} bytes are more than ${MOST}`);
  mkdirSync(path.dirname(FILE), { recursive: true });
  writeFileSync(FILE, picture);
  console.log(`${FILE}: ${picture.length} bytes`);
  await page.close();

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
