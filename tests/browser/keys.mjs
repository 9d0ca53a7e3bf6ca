// A visitor who has a keyboard and nothing else. Whatever a key does, the focus
// is on something that shows it; where Tab leads, it can be seen.

import { assert } from './lib.mjs';

/** More stops than the page has. */
const MOST = 80;

export class Keys {
  constructor(page) {
    this.page = page;
    this.keyboard = page.tab.keyboard;
  }

  async press(key) {
    await this.keyboard.press(key);
    await this.drawn();
    return this.look(key);
  }

  #find(role, name) {
    const { tab } = this.page;
    if (role === 'summary') return tab.locator('summary', { hasText: name });
    return role === 'field' ? tab.getByLabel(name) : tab.getByRole(role, { name, exact: typeof name === 'string' });
  }

  /** By Tab, or by Shift and Tab, to what has this role and name; 'field' is one of the form, of whatever kind. */
  async to(role, name, key = 'Tab') {
    const wanted = this.#find(role, name);
    for (let n = 0; n < MOST; n++) {
      await this.press(key);
      if (await this.on(wanted)) return;
    }
    assert.fail(`${key} never comes to the ${role} ${name}`);
  }

  back(role, name) {
    return this.to(role, name, 'Shift+Tab');
  }

  /** Whether the focus is there. */
  async on(locator) {
    return (await locator.count()) === 1 && locator.evaluate((e) => e === document.activeElement);
  }

  /** What a key has changed is drawn: only then does the browser take the focus from what has gone. */
  drawn() {
    return this.page.tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  /** The focus is on that, once what it did is drawn. */
  async stays(role, name) {
    await this.drawn();
    assert.ok(await this.on(this.#find(role, name)), `the focus is on the ${role} ${name}, not on ${await this.page.focus()}`);
  }

  /** What has the focus shows it, and after Tab it lies in the window with nothing above it. */
  async look(key) {
    const seen = await this.page.tab.evaluate((tab) => {
      const e = document.activeElement;
      if (!e || e === document.body || e === document.documentElement) return 'nothing has the focus';
      const name = `${e.localName}#${e.id} ${e.getAttribute('aria-label') ?? e.textContent.trim().slice(0, 40)}`;
      // What is too small to be seen may be shown by what stands beside it in its label.
      const outlined = (x) => getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) >= 2 && x.getBoundingClientRect().width >= 16;
      const shows = [e, ...(e.closest('label') ? [e.closest('label'), ...e.closest('label').querySelectorAll('*')] : [])].find(outlined);
      if (!e.matches(':focus-visible') || !shows) return `${name} does not show that it has the focus`;
      if (!tab) return '';
      const box = shows.getBoundingClientRect();
      const top = (x, y) => document.elementFromPoint(x, y);
      const mine = (at) => at && (e === at || e.contains(at) || at.closest('label')?.contains(e));
      const points = [.1, .5, .9].flatMap((x) => [.1, .5, .9].map((y) => [box.left + x * box.width, box.top + y * box.height]));
      return points.some(([x, y]) => mine(top(x, y))) ? '' : `${name} has the focus and cannot be seen`;
    }, key.endsWith('Tab'));
    assert.equal(seen, '', `after ${key}`);
  }
}
