// Firefox ESR, by puppeteer and WebDriver BiDi, without geckodriver. What a visitor
// prefers are preferences of the whole browser: there is one at a time, which
// stays for the next tab that wants the same.

import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { atExit } from '../lib/leave.mjs';
import { LIMIT, waitFor } from '../lib/wait.mjs';
import { environment, newHome, removeHome } from './home.mjs';

/** Those of @page, in whose place the driver puts its own. */
const PAPER = { top: '10mm', bottom: '10mm', left: '13mm', right: '13mm' };

/** The one that runs: {key, home, browser, downloads, forget}. */
let running = null;

const preferences = ({ scheme, locale, still, touch, scripts }) => ({
  'intl.accept_languages': `${locale}, ${locale.split('-')[0]}`,
  'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1,
  'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0,
  'ui.prefersReducedMotion': still ? 1 : 0,
  'javascript.enabled': scripts,
  'browser.download.folderList': 2,
  'browser.translations.enable': false,
  // As in the other two: the page is as wide as the window.
  'ui.useOverlayScrollbars': 1,
  // Coarse, or fine and able to hover.
  'dom.w3c_touch_events.enabled': Number(touch),
  'ui.primaryPointerCapabilities': touch ? 1 : 6,
  'ui.allPointerCapabilities': touch ? 1 : 6,
});

async function firefox({ fonts, ...settings }) {
  const wanted = preferences(settings);
  const key = JSON.stringify([fonts, wanted]);
  if (running?.key === key) return running;
  await quit();
  const home = newHome('firefox');
  const downloads = path.join(home, 'downloads');
  mkdirSync(downloads);
  const browser = await puppeteer.launch({
    browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', headless: true,
    userDataDir: path.join(home, 'profile'), extraPrefsFirefox: { ...wanted, 'browser.download.dir': downloads }, timeout: 3 * LIMIT, protocolTimeout: LIMIT,
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
    // Containers have no namespaces for its sandbox.
    env: environment(home, fonts, { MOZ_DISABLE_CONTENT_SANDBOX: '1' }),
  });
  const { pid } = browser.process();
  const end = () => {
    process.kill(pid, 'SIGKILL');
    removeHome(home);
  };
  running = { key, home, browser, downloads, forget: atExit(end) };
  return running;
}

export async function quit() {
  const { browser, home, forget } = running ?? {};
  running = null;
  await browser?.close();
  forget?.();
  if (home) removeHome(home);
}

async function chord(keyboard, key) {
  const held = key.split('+');
  const last = held.pop();
  for (const k of held) await keyboard.down(k);
  await keyboard.press(last);
  for (const k of held) await keyboard.up(k);
}

/** A step back, within a document or to another one. */
async function back(page) {
  const gone = () => new Promise((done) => {
    addEventListener('popstate', () => done(), { once: true });
    addEventListener('pagehide', () => done(), { once: true });
    history.back();
  });
  await page.evaluate(gone).catch(() => {});
  await waitFor(() => page.evaluate(() => document.readyState === 'complete').catch(() => false), 'the document before, in firefox');
}

/**
 * Presses an element where it is at that moment, which coordinates from before may
 * miss; and puppeteer's own click needs promises, which a page without scripts has not.
 */
async function press(page, selector, pointerType) {
  const element = await page.evaluateHandle((s) => {
    const found = document.querySelector(s);
    found.scrollIntoView({ block: 'center', behavior: 'instant' });
    return found;
  }, selector);
  const { sharedId } = element.remoteValue();
  const actions = [
    { type: 'pointerMove', x: 0, y: 0, origin: { type: 'element', element: { sharedId } } },
    { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 },
  ];
  await page.mainFrame().browsingContext.performActions([{ type: 'pointer', id: pointerType, parameters: { pointerType }, actions }]);
}

export async function open(settings, say) {
  const { width, height, inject } = settings;
  const { browser, downloads } = await firefox(settings);
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  page.on('console', (m) => say(m.type(), m.text()));
  page.on('pageerror', (e) => say('error', e));
  page.on('dialog', (d) => (say('dialog', d.message()), d.dismiss()));
  for (const file of inject) await page.evaluateOnNewDocument(readFileSync(file, 'utf8'));
  await page.setViewport({ width, height });
  return {
    touches: true,
    downloads,
    // Puppeteer's own waits for a document also if the step is within one.
    goto: (url) => page.mainFrame().browsingContext.navigate(url, 'complete'),
    reload: () => page.mainFrame().browsingContext.reload({ wait: 'complete' }),
    back: () => back(page),
    evaluate: (source) => page.evaluate(source),
    press: (key) => chord(page.keyboard, key),
    type: (text) => page.keyboard.type(text),
    click: (selector) => press(page, selector, 'mouse'),
    tap: (selector) => press(page, selector, 'touch'),
    size: (w, h) => page.setViewport({ width: w, height: h }),
    screenshot: async (fullPage) => Buffer.from(await page.screenshot({ fullPage })),
    // Without a format puppeteer takes inches for centimetres.
    paper: async (format) => Buffer.from(await page.pdf({ format, margin: PAPER })),
    close: () => context.close(),
  };
}
