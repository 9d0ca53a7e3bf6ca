// Without JavaScript the form still works, and what comes is text.

import path from 'node:path';
import { PROJECT, SIZES, TEXTS, assert, launch, scene, test } from './lib.mjs';

const browser = launch();

for (const width of SIZES) {
  test(`the form without JavaScript, ${width} px`, scene({ env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } }, async ({ site, provider }) => {
    const context = await (await browser).newContext({ javaScriptEnabled: false, viewport: { width, height: 800 } });
    try {
      const tab = await context.newPage();
      await tab.goto(`http://127.0.0.1:${site.port}/`);
      provider.auto({ sde: '<script>alert(1)</script><b>Rice</b>' });
      await tab.fill('#ingredients', 'leeks\nand eggs');
      await Promise.all([tab.waitForURL('**/generate'), tab.click('#generate')]);
      assert.equal(await tab.textContent('[data-part=ste] .text'), TEXTS.ste);
      assert.equal(await tab.textContent('[data-part=sde] .text'), '<script>alert(1)</script><b>Rice</b>');
      assert.equal(await tab.locator('.ideas li').count(), 2);
      await tab.screenshot({ path: path.join(PROJECT, `build/screens/${width}-plain.png`), fullPage: true });
    } finally {
      await context.close();
    }
  }));
}
