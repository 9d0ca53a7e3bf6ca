// Chromium, by playwright: one for a test file, and a context for each tab.

import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import * as browser from '../browser/chromium.mjs';
import { LIMIT } from '../lib/wait.mjs';
import { newHome } from './home.mjs';

export const quit = browser.quit;

export async function open(settings, say) {
  const { width, height, scheme, locale, still, touch, scripts, inject, fonts } = settings;
  const chromium = await browser.chromium(fonts === 'few' ? undefined : { fonts });
  const downloads = newHome('downloads');
  const context = await chromium.newContext({
    viewport: { width, height }, colorScheme: scheme, locale, reducedMotion: still ? 'reduce' : 'no-preference',
    hasTouch: touch, isMobile: touch, javaScriptEnabled: scripts,
  });
  context.setDefaultTimeout(LIMIT);
  const page = await context.newPage();
  page.on('console', (m) => say(m.type(), m.text()));
  page.on('pageerror', (e) => say('error', e));
  page.on('dialog', (d) => (say('dialog', d.message()), d.dismiss()));
  page.on('download', async (download) => {
    const file = path.join(downloads, download.suggestedFilename());
    await download.saveAs(`${file}.part`);
    renameSync(`${file}.part`, file);
  });
  for (const file of inject) await page.addInitScript({ content: readFileSync(file, 'utf8') });
  return {
    touches: true,
    downloads,
    goto: (url) => page.goto(url),
    reload: () => page.reload(),
    back: () => page.goBack(),
    evaluate: (source) => page.evaluate(source),
    press: (key) => page.keyboard.press(key),
    type: (text) => page.keyboard.type(text),
    click: (selector) => page.locator(selector).first().click(),
    tap: (selector) => page.locator(selector).first().tap(),
    size: (w, h) => page.setViewportSize({ width: w, height: h }),
    screenshot: (fullPage) => page.screenshot({ fullPage }),
    paper: () => page.pdf({ preferCSSPageSize: true }),
    close: () => context.close(),
  };
}
