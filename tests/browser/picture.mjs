// Makes the README's picture, docs/page.png: the real page after a run of the
// demo cook. `node tests/browser/picture.mjs` needs build/test/recipe.fcgi.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Kitchen, PROJECT, launch, quit, startSite } from './lib.mjs';
import { toPalette } from './png.mjs';

const FILE = path.join(PROJECT, 'docs/page.png');
const MOST = 300 * 1024;

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
} finally {
  await quit();
  await site.stop();
}
