// What a browser test imports. `table` makes the body of a test: a site, a
// provider, and a page of real Chromium that is watched: whatever the test
// does, a console error, an exception, a dialog, a breach of the
// Content-Security-Policy or a request to anywhere but the site fails it.
//
//   test('a thing shows', table({ width: 360 }, async ({ page, provider }) => { ... }));

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { LIMIT, PROJECT, proc, scene, waitFor } from '../lib/harness.mjs';
import { chromium, launchProfile, quit } from './chromium.mjs';

export * from '../lib/harness.mjs';
export { launch, quit } from './chromium.mjs';

/** Kills the worker whose run this exchange is of; another may have said who cooks. Its pid. */
export async function killWorker(site, { connection }) {
  const owns = ({ stages }) => proc.ownerOfPort(connection.socket.remotePort, stages) !== undefined;
  // The system's table of connections is not read in one piece: a line of it may be missed.
  const { pid } = await waitFor(() => site.tree().workers.find(owns), 'the worker of this exchange');
  proc.kill(pid, 'SIGKILL');
  return pid;
}

export const SIX = ['int', 'add', 'ste', 'sde', 'ing', 'alt'];
export const ORDER = 'beef flank, onions, peppers';
export const SIZES = [360, 768, 1440];
export const SCHEMES = ['light', 'dark'];

after(quit);

// ---- a page of a site

/**
 * Options are those of scene, and `width`, `height`, `scheme`; `still: true`
 * for a visitor who wants no motion; `touch: true` for one with a finger; `inject`, a file run in every document;
 * `locale`, the browser's language; `profile`, what launchProfile takes, for a browser of its own;
 * `tls`, of Authority.files, for a page over HTTP/2; `through`, a function of the site's port
 * that starts what stands before it, {port, stop};
 * `expect`, the console errors that this test provokes.
 */
export function table(options, body) {
  return scene(options, async (set) => {
    const before = await options.through?.(set.site.port);
    const page = await new Kitchen(before ?? set.site, options).open();
    try {
      await body({ ...set, before, page });
      page.assertClean(options.expect);
    } finally {
      await page.close();
      await before?.stop();
    }
  });
}

/**
 * The test at every size, in light and dark, some at a time; that nothing sticks out
 * then, or is too small for a finger, is part of it.
 */
export function everywhere(name, options, body) {
  const one = (width, scheme) => table({ ...options, width, scheme, height: width < 500 ? 740 : 900 }, async (set) => {
    const look = async (what) => {
      assert.deepEqual(await set.page.overflow(), [], 'nothing sticks out');
      assert.deepEqual(await set.page.tooSmall(), [], 'a finger finds everything');
      if (what) await set.page.picture(`${width}-${scheme}-${what}`);
    };
    await body({ ...set, look });
    await look();
  });
  describe(name, { concurrency: 3 }, () => {
    for (const width of SIZES) for (const scheme of SCHEMES) test(`${name}, ${width} px, ${scheme}`, one(width, scheme));
  });
}

/** One visitor's page. `tab` is playwright's page. */
export class Kitchen {
  /** Console errors and exceptions, breaches of the CSP included. */
  errors = [];
  dialogs = [];
  requests = [];

  constructor(site, options = {}) {
    this.site = site;
    this.options = options;
    this.url = options.tls ? `https://127.0.0.1:${site.tlsPort}/` : `http://127.0.0.1:${site.port}/`;
  }

  async open() {
    const { width = 1440, height = 900, scheme = 'light', still, touch = false, inject, profile } = this.options;
    const visitor = {
      viewport: { width, height }, colorScheme: scheme, locale: this.options.locale ?? 'en-US', reducedMotion: still ? 'reduce' : 'no-preference',
      ignoreHTTPSErrors: Boolean(this.options.tls), hasTouch: touch,
    };
    this.context = profile ? await launchProfile({ ...profile, ...visitor }) : await (await chromium()).newContext(visitor);
    this.context.setDefaultTimeout(LIMIT);
    this.tab = await this.context.newPage();
    this.tab.on('console', (m) => m.type() === 'error' && this.errors.push(m.text()));
    this.tab.on('pageerror', (e) => this.errors.push(String(e)));
    this.tab.on('dialog', (d) => {
      this.dialogs.push(d.message());
      d.dismiss();
    });
    this.context.on('request', (r) => this.requests.push(r.url()));
    await this.tab.addInitScript(watchDocument);
    if (inject) await this.tab.addInitScript({ path: inject });
    this.response = await this.tab.goto(this.url);
    await this.listens();
    return this;
  }

  close() {
    return this.context.close();
  }

  /** Nothing happened that never should. */
  assertClean(expected = /^$/) {
    assert.deepEqual(this.errors.filter((e) => !expected.test(e)), [], 'no console error');
    assert.deepEqual(this.dialogs, [], 'no dialog');
    assert.deepEqual(this.requests.filter((url) => !url.startsWith(this.url)), [], 'no request to anywhere else');
  }

  // ---- what a visitor does

  fill(text = ORDER) {
    return this.tab.fill('#ingredients', text);
  }

  /** What stands behind More is looked for there. */
  async press(name) {
    if (await this.tab.locator(`#tools:not(:popover-open) #${name}`).count()) await this.tab.click('button#more');
    await this.tab.click(`button#${name}`);
  }

  async cook(text = ORDER) {
    await this.fill(text);
    await this.press('generate');
  }

  // ---- what a visitor sees

  /**
   * Until a click on the button of the form is the page's; before that the browser sends the form itself. A page in
   * another language than English is loaded before its words have come, for which its scripts wait.
   */
  listens() {
    return this.until('the page to listen', () => document.querySelector('#order')?.onsubmit !== null);
  }

  /** Until the cooking view is left, which is a step back in the history that the browser takes in its own time. */
  leavesCooking() {
    return this.until('the cooking view to be left', () => !document.querySelector('#cooking').open && history.state !== 'cooking');
  }

  /** Waits until the function is true in the page, saying what was shown if it never is. */
  async until(what, predicate, arg) {
    try {
      await this.tab.waitForFunction(predicate, arg, { timeout: LIMIT });
    } catch (e) {
      throw new Error(`waited in vain for ${what}\n${e.message}\n${await this.summary()}`);
    }
  }

  /** Until the section's text is exactly this. */
  shows(part, text) {
    const what = `${part} to show ${JSON.stringify(text.slice(0, 200))}`;
    return this.until(what, ([p, t]) => document.querySelector(`[data-part=${p}] .text`).textContent === t, [part, text]);
  }

  /** What the cookbook has, the newest first. */
  async kept() {
    const all = await this.tab.evaluate(() => new Promise((resolve, reject) => {
      const request = indexedDB.open('cookbook /');
      request.onerror = reject;
      request.onsuccess = () => {
        const found = request.result.transaction('cookbook /').objectStore('cookbook /').getAll();
        found.onsuccess = () => (request.result.close(), resolve(found.result));
      };
    }));
    return all.sort((a, b) => b.made - a.made);
  }

  /** The cookbook, open, when this many are in it. */
  async shelf(count) {
    await this.tab.evaluate(() => (document.querySelector('#shelf').open = true));
    await this.until(`${count} in the cookbook`, (n) => document.querySelectorAll('#kept li').length === n, count);
  }

  /** Until the section says this of itself. */
  says(part, words) {
    return this.until(`${part} to say ${words}`, ([p, source]) =>
      new RegExp(source).test(document.querySelector(`[data-part=${p}] .word`).textContent), [part, words.source]);
  }

  /** Until the run is in this state: idle, sent, running, done, stopped, broken, refused. */
  run(state) {
    return this.until(`the run to be ${state}`, (s) => document.body.dataset.run === s, state);
  }

  /** Its address, as the page itself has it now. */
  place() {
    return this.tab.evaluate(() => location.href);
  }

  /** From now on window.said has what this says, each time that it has changed, however short it is shown. */
  hear(selector) {
    return this.tab.evaluate((s) => {
      const e = document.querySelector(s);
      window.said = [];
      new MutationObserver(() => window.said.push(e.textContent)).observe(e, { childList: true, characterData: true, subtree: true });
    }, selector);
  }

  text(selector) {
    return this.tab.locator(selector).evaluate((e) => e.textContent);
  }

  textOf(part) {
    return this.text(`[data-part=${part}] .text`);
  }

  stateOf(part) {
    return this.text(`[data-part=${part}] .word`);
  }

  noteOf(part) {
    return this.tab.locator(`[data-part=${part}] .note`).evaluate((e) => (e.hidden ? null : e.textContent));
  }

  status() {
    return this.text('[role=status]');
  }

  visible(selector) {
    return this.tab.locator(selector).isVisible();
  }

  focus() {
    return this.tab.evaluate(() => document.activeElement.id || document.activeElement.value || document.activeElement.tagName);
  }

  /** How far the page is wider than the window, with whatever sticks out. */
  async overflow() {
    return this.tab.evaluate(() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5);
      return [`${root.scrollWidth} px in ${root.clientWidth}`, ...out.map((e) => `${e.tagName}.${e.className}`)];
    });
  }

  /** What can be pressed and is smaller than WCAG 2.5.8 wants it; a label's place belongs to its field, whichever is larger. */
  async tooSmall(least = 24) {
    return this.tab.evaluate((px) => {
      const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('dialog:not([open])');
      return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(shown).map((e) => [e, [e, e.closest('label') ?? e].map((x) => x.getBoundingClientRect()).reduce((a, b) => (a.width * a.height > b.width * b.height ? a : b))])
        .filter(([, box]) => box.width < px - 0.01 || box.height < px - 0.01)
        .map(([e, box]) => `${e.localName}#${e.id} ${(e.getAttribute('aria-label') ?? e.textContent).trim().slice(0, 40)}: ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);
    }, least);
  }

  /** The whole page, or the window where a dialog fills it, as build/screens/NAME.png. */
  async picture(name, options) {
    options ??= { fullPage: (await this.tab.locator('dialog[open]').count()) === 0 };
    const dir = path.join(PROJECT, 'build/screens');
    mkdirSync(dir, { recursive: true });
    await this.tab.screenshot({ path: path.join(dir, `${name}.png`), ...options });
  }

  summary() {
    return this.tab.evaluate(() => [document.body.dataset.run, ...['#status', '#problem', '[data-part]'].flatMap((s) =>
      [...document.querySelectorAll(s)].map((e) => `${e.dataset.part ?? s}| ${e.textContent.replace(/\s+/g, ' ').slice(0, 300)}`))].join('\n  '));
  }
}

// Runs in the page before any script of its own.
function watchDocument() {
  window.shifts = [];
  document.addEventListener('securitypolicyviolation', (e) => {
    console.error(`CSP: ${e.effectiveDirective} ${e.blockedURI}`);
  });
  const observer = new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(describe)));
  observer.observe({ type: 'layout-shift' });
  window.takeShifts = () => {
    window.shifts.push(...observer.takeRecords().map(describe));
    return window.shifts.splice(0);
  };
  const name = (node) => {
    const e = node?.nodeType === 1 ? node : node?.parentElement;
    return e ? `${e.closest('[data-part]')?.dataset.part ?? ''} ${e.tagName.toLowerCase()}.${e.className}#${e.id}` : 'gone';
  };
  const rect = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(',');
  const describe = (entry) => `${entry.value.toFixed(4)}: ${entry.sources.map((s) => `${name(s.node)} ${rect(s.previousRect)} to ${rect(s.currentRect)}`).join('; ')}`;
}
