// Makes the README's pictures: docs/page.png, the real page with a recipe of the
// demo cook, docs/phone.png, the same on a phone, and docs/page.apng, the page
// while a recipe is written. `make picture`.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Kitchen, PROJECT, launch, quit, startSite } from './lib.mjs';
import { toAnimation, toPalette } from './png.mjs';

const FILE = path.join(PROJECT, 'docs/page.png');
const PHONE = path.join(PROJECT, 'docs/phone.png');
const MOST = 300 * 1024;
const FILM = path.join(PROJECT, 'docs/page.apng');
const MOST_FILM = 1024 * 1024;

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
    const picture = toPalette(await page.tab.screenshot());
    if (picture.length > MOST) throw new Error(`${picture.length} bytes are more than ${MOST}`);
    writeFileSync(file, picture);
    console.log(`${file}: ${picture.length} bytes`);
    await page.close();
  };
  await show(FILE, 1440, 900);
  await show(PHONE, 360, 740);

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
