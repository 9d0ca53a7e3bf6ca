// The browser: one Chromium for each test file, in a home of its own, with the
// fonts that the Makefile installs. It knows nothing of pages and of tests.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as playwright from 'playwright-core';
import { atExit } from '../lib/leave.mjs';
import { LIMIT } from '../lib/wait.mjs';

const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // Names of hosts on plain http, which browsers do not trust as they do loopback's.
  '--host-resolver-rules=MAP *.test 127.0.0.1'];

// Those fonts and no others, so that a page is laid out here as on a fresh machine.
export const FONTS = `<?xml version="1.0"?>
<fontconfig>
<dir>/usr/share/fonts/truetype/dejavu</dir>
<dir>/usr/share/fonts/opentype/noto</dir>
<cachedir>~/fonts</cachedir>
<include ignore_missing="yes">/etc/fonts/conf.d</include>
</fontconfig>
`;

/** The browser, once it has been asked for. @type {Promise<import('playwright-core').Browser> | null} */
let running = null;
/** What is removed in the end. */
const homes = [];
const removeHomes = () => {
  for (const dir of homes.splice(0)) rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
};
atExit(removeHomes);

function newHome() {
  homes.push(mkdtempSync(path.join(tmpdir(), 'recipe-browser-')));
  return homes.at(-1);
}

/** How Chromium is started there. */
function start(home, fonts = process.env.BROWSER_FONTS ?? 'few', more = []) {
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, TMPDIR: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  if (fonts === 'few') {
    env.FONTCONFIG_FILE = path.join(home, 'fonts.conf');
    writeFileSync(env.FONTCONFIG_FILE, FONTS);
  }
  return { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...ARGS, ...more], env, timeout: 3 * LIMIT };
}

/** Starts Chromium in a home of its own. `fonts` is 'few', or 'all' for those of this machine; `more` are arguments. */
export function launch({ fonts, more } = {}) {
  return (running = playwright.chromium.launch(start(newHome(), fonts, more)));
}

/** A context that is a Chromium by itself, with settings that visitors make: `preferences`, as it writes them. */
export function launchProfile({ preferences, ...options }) {
  const dir = newHome();
  mkdirSync(path.join(dir, 'profile/Default'), { recursive: true });
  writeFileSync(path.join(dir, 'profile/Default/Preferences'), JSON.stringify(preferences ?? {}));
  return playwright.chromium.launchPersistentContext(path.join(dir, 'profile'), { ...start(dir), ...options });
}

/** The one that runs, started now, with these options of launch, if there is none. */
export const chromium = (options) => running ?? launch(options);

export async function quit() {
  await (await running)?.close();
  removeHomes();
  running = null;
}
