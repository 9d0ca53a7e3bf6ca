// WebKitGTK: a driver of its own (WebDriver over HTTP) and a bare window for each
// tab, on one display.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { atExit } from '../lib/leave.mjs';
import * as proc from '../lib/proc.mjs';
import { LIMIT, waitFor } from '../lib/wait.mjs';
import { display, quit as quitDisplay } from './display.mjs';
import { environment, newHome, removeHome } from './home.mjs';

const WINDOW = fileURLToPath(new URL('webkit-window.py', import.meta.url));
const KEYS = {
  Enter: '\uE007', Tab: '\uE004', Escape: '\uE00C', Backspace: '\uE003', Delete: '\uE017', Home: '\uE011', End: '\uE010', PageUp: '\uE00E', PageDown: '\uE00F',
  ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Shift: '\uE008', Control: '\uE009', Alt: '\uE00A', Space: ' ',
};

export const quit = quitDisplay;

/** A request to the driver. */
function ask(port, method, url, body) {
  const data = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(data) };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path: url, headers }, async (response) => {
      let text = '';
      for await (const piece of response.setEncoding('utf8')) text += piece;
      const { value } = JSON.parse(text);
      if (value?.error) reject(new Error(`${value.error}: ${value.message}`));
      else resolve(value);
    });
    request.on('error', reject).setTimeout(2 * LIMIT, () => request.destroy(new Error(`no answer from WebKitWebDriver to ${url}`)));
    request.end(data);
  });
}

/** Of the lines that the window writes, those of the console: [type, words]. */
export function consoleLine(line) {
  const [, source, type, words] = /^(?:.*?:\d+:\d+: )?CONSOLE (?:(\w+) )?(LOG|INFO|DEBUG|WARN|ERROR)(?: (.*))?$/.exec(line) ?? [];
  return type && [type.toLowerCase(), `${source ?? ''} ${words ?? ''}`.trim()];
}

/** The driver, in a home and a process group of its own: {port, downloads, stop}. */
async function startDriver(fonts, say) {
  const home = newHome('webkit');
  const env = environment(home, fonts, {
    DISPLAY: await display(), GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', GSETTINGS_BACKEND: 'memory', PYTHONUNBUFFERED: '1', LIBGL_ALWAYS_SOFTWARE: '1',
    // Containers have no namespaces for its sandbox.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  });
  const child = spawn('WebKitWebDriver', ['--port=0', '--host=127.0.0.1'], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const exited = once(child, 'exit').catch((e) => say('error', e));
  const end = () => proc.kill(-child.pid, 'SIGKILL');
  const forget = atExit(() => {
    end();
    removeHome(home);
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const found = consoleLine(line);
      if (found) say(...found);
    });
  }
  const [port] = await waitFor(() => {
    const ports = proc.listeningPorts(child.pid);
    return ports.length > 0 && ports;
  }, 'WebKitWebDriver to listen');
  const downloads = path.join(home, 'downloads');
  mkdirSync(downloads);
  const stop = async () => {
    end();
    await exited;
    forget();
    removeHome(home);
  };
  return { port, downloads, stop };
}

export async function open({ fonts, ...visitor }, say) {
  const driver = await startDriver(fonts, say);
  const browser = { binary: WINDOW, args: [JSON.stringify({ ...visitor, downloads: driver.downloads })] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browser, unhandledPromptBehavior: 'dismiss', timeouts: { script: LIMIT, pageLoad: LIMIT } } };
  try {
    const { sessionId } = await ask(driver.port, 'POST', '/session', { capabilities });
    const session = (method, url, body) => ask(driver.port, method, `/session/${sessionId}${url}`, body);
    const tab = new WebKit(session, driver, visitor);
    await tab.size(visitor.width, visitor.height);
    return tab;
  } catch (e) {
    await driver.stop();
    throw e;
  }
}

class WebKit {
  touches = false;
  #ask;
  #driver;
  #scripts;

  constructor(session, driver, { scripts }) {
    this.#scripts = scripts;
    this.#ask = session;
    this.#driver = driver;
    this.downloads = driver.downloads;
  }

  goto(url) { return this.#ask('POST', '/url', { url }); }
  reload() { return this.#ask('POST', '/refresh', {}); }
  back() { return this.#ask('POST', '/back', {}); }
  paper() { return null; }

  async evaluate(source) {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${source})).then((value) => done({ value }), (e) => done({ error: String(e?.stack ? \`\${e}\\n\${e.stack}\` : e) }));`;
    const { value, error } = await this.#ask('POST', '/execute/async', { script, args: [] });
    if (error) throw new Error(error);
    return value;
  }

  async press(key) {
    const all = key.split('+').map((k) => KEYS[k] ?? k);
    await this.#keys([...all.map((value) => ({ type: 'keyDown', value })), ...all.reverse().map((value) => ({ type: 'keyUp', value }))]);
  }

  type(text) {
    return this.#keys([...text].flatMap((c) => ['keyDown', 'keyUp'].map((type) => ({ type, value: c === '\n' ? KEYS.Enter : c }))));
  }

  #keys(actions) {
    return this.#ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  async click(selector) {
    const [element] = Object.values(await this.#ask('POST', '/element', { using: 'css selector', value: selector }));
    await this.#ask('POST', `/element/${element}/click`, {});
  }

  /** The window has no frame, but the driver may count one. Resolves when the page is drawn in that size. */
  async size(width, height) {
    const inner = () => this.evaluate('[innerWidth, innerHeight]');
    const [w, h] = await inner();
    const rect = await this.#ask('GET', '/window/rect');
    await this.#ask('POST', '/window/rect', { x: 0, y: 0, width: rect.width + width - w, height: rect.height + height - h });
    let now;
    await waitFor(async () => {
      now = await inner();
      return now[0] === width && now[1] === height;
    }, () => `a page of ${width} x ${height} px in webkit: it is ${now}`);
    if (this.#scripts) await this.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
  }

  async screenshot(full) {
    const shot = async () => Buffer.from(await this.#ask('GET', '/screenshot'), 'base64');
    if (!full) return shot();
    const [width, height, tall] = await this.evaluate('[innerWidth, innerHeight, document.documentElement.scrollHeight]');
    await this.size(width, Math.max(height, tall));
    const png = await shot();
    await this.size(width, height);
    return png;
  }

  async close() {
    await this.#ask('DELETE', '').catch(() => {});
    await this.#driver.stop();
  }
}
