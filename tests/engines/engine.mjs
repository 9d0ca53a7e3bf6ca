// Three engines behind one face: Debian's Chromium, Firefox ESR and WebKitGTK.
//
//   const tab = await open('webkit', { width: 360, height: 740, scheme: 'dark', locale: 'ko-KR' });
//   await tab.goto(url);
//   await tab.fill('#ingredients', 'leeks');
//   await tab.click('#generate');
//   await tab.until('the end', () => document.body.dataset.run === 'done');
//   await tab.picture('webkit-done');          // build/screens/webkit-done.png
//   assert.deepEqual(tab.messages, []);
//   await tab.close();
//
// Each tab is of a visitor of its own: nothing is stored from another one, and a
// reload or a second goto is the same visitor again. Options, with their defaults:
//
//   width 1440, height 900   of the page in CSS px, exactly; 360 is possible in all three
//   scheme 'light'           or 'dark'
//   locale 'en-US'           or 'ko-KR': navigator.language and Accept-Language
//   still false              true: the visitor wants no motion
//   touch false              true: a coarse pointer. WebKitGTK has none here: tab.touches
//                            says whether there is one
//   scripts true             false: JavaScript is off for pages; the calls below work all the same
//   inject []                files that run in every document before its own scripts
//   fonts 'few'              those of DejaVu and Noto, as on a fresh machine, or 'all' of this one
//
// A tab has:
//
//   engine, touches          'chromium', and see above
//   messages                 all that was written to the console, as 'error: words': also
//                            exceptions, rejected promises and breaches of the
//                            Content-Security-Policy; and 'dialog: words', which are dismissed
//   goto(url) reload() back()    resolve when the document is loaded
//   evaluate(f, ...args)     calls f in the page with copies of args; resolves to a copy of what it
//                            returns or resolves to (undefined may come as null). f sees nothing
//                            of the test's own scope
//   until(what, f, ...args)  evaluates f until it is true and resolves to that; fails in words
//                            after LIMIT. While f throws, it is not true
//   text(selector)           the textContent of the first such element, visible(selector) whether
//                            it can be seen, value(selector) what a field has
//   click(selector)          by mouse, into it, after scrolling there; tap(selector) by finger
//                            if it touches, else by mouse
//   press('Control+Enter')   keys by the names of KeyboardEvent.key; type(text) into what has the focus
//   fill(selector, text)     in place of what the field has
//   size(width, height)      of the page, from now on
//   screenshot({ full })     a PNG of the page or, full, of the whole document
//   picture(name, { full })  the same as build/screens/NAME.png
//   overflow()               what sticks out to the right: [] if nothing does
//   downloads, downloaded()  the folder for them, which is removed at the end, and the path of the
//                            next file there, once it is whole
//   paper(format)            a PDF as it would be printed, on 'A4' or 'Letter', or null: WebKit's driver cannot print
//   close()
//
// quit() ends the engines; a test file calls it in the end (lib.mjs does), and a
// process that is interrupted ends them too.

import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../lib/wait.mjs';
import * as chromium from './chromium.mjs';
import * as firefox from './firefox.mjs';
import { removeHomes } from './home.mjs';
import * as webkit from './webkit.mjs';

const DRIVERS = { chromium, firefox, webkit };
export const ENGINES = Object.keys(DRIVERS);

const WATCH = fileURLToPath(new URL('watch.js', import.meta.url));
const SCREENS = fileURLToPath(new URL('../../build/screens/', import.meta.url));
/** A file that is still being written has such a name; Firefox makes an empty one of its last name before. */
const PARTIAL = /\.part$/;

const call = (f, args) => `(${f})(${args.map((arg) => JSON.stringify(arg) ?? 'undefined').join(', ')})`;

/** @param {string} engine one of ENGINES */
export async function open(engine, options = {}) {
  const settings = {
    width: 1440, height: 900, scheme: 'light', locale: 'en-US', still: false, touch: false, scripts: true, fonts: 'few',
    ...options, inject: [WATCH, ...[options.inject ?? []].flat()],
  };
  const messages = [];
  const driver = await DRIVERS[engine].open(settings, (type, words) => messages.push(`${type}: ${words}`));
  return new Tab(engine, settings, messages, driver);
}

export async function quit() {
  await Promise.all(Object.values(DRIVERS).map((driver) => driver.quit()));
  removeHomes();
}

class Tab {
  #driver;
  #seen;

  constructor(engine, { touch }, messages, driver) {
    this.engine = engine;
    this.touches = touch && driver.touches;
    this.messages = messages;
    this.downloads = driver.downloads;
    this.#seen = new Set(readdirSync(driver.downloads));
    this.#driver = driver;
  }

  async goto(url) { await this.#driver.goto(url); }
  async reload() { await this.#driver.reload(); }
  async back() { await this.#driver.back(); }
  close() { return this.#driver.close(); }
  press(key) { return this.#driver.press(key); }
  type(text) { return this.#driver.type(text); }
  click(selector) { return this.#driver.click(selector); }
  tap(selector) { return this.touches ? this.#driver.tap(selector) : this.click(selector); }
  size(width, height) { return this.#driver.size(width, height); }
  screenshot({ full = false } = {}) { return this.#driver.screenshot(full); }
  paper(format = 'A4') { return this.#driver.paper(format); }

  evaluate(f, ...args) {
    return this.#driver.evaluate(call(f, args));
  }

  async until(what, f, ...args) {
    let why = '';
    const holds = () => this.evaluate(f, ...args).catch((e) => (why = `, which threw ${e.message}`, false));
    return waitFor(holds, () => `${what} in ${this.engine}${why}`, { every: 20 });
  }

  text(selector) {
    return this.evaluate((s) => document.querySelector(s).textContent, selector);
  }

  value(selector) {
    return this.evaluate((s) => document.querySelector(s).value, selector);
  }

  visible(selector) {
    return this.evaluate((s) => Boolean(document.querySelector(s)?.checkVisibility({ visibilityProperty: true })), selector);
  }

  async fill(selector, text) {
    await this.evaluate((s) => {
      const field = document.querySelector(s);
      field.focus();
      field.select();
    }, selector);
    await this.press('Delete');
    await this.type(text);
  }

  async picture(name, options) {
    mkdirSync(SCREENS, { recursive: true });
    writeFileSync(path.join(SCREENS, `${name}.png`), await this.screenshot(options));
  }

  overflow() {
    return this.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > clientWidth + 0.5);
      return [`${scrollWidth} px in ${clientWidth}`, ...out.map((e) => `${e.localName}#${e.id}.${e.className}`)];
    });
  }

  async downloaded() {
    const whole = () => {
      const names = readdirSync(this.downloads);
      const isWhole = (name) => !this.#seen.has(name) && statSync(path.join(this.downloads, name)).size > 0;
      return !names.some((n) => PARTIAL.test(n)) && names.find(isWhole);
    };
    const name = await waitFor(whole, `a download in ${this.engine}`);
    this.#seen.add(name);
    return path.join(this.downloads, name);
  }
}
