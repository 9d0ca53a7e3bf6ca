// Directories for what an engine keeps, removed in the end; and the environment
// of one that has such a home.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FONTS } from '../browser/chromium.mjs';
import { atExit } from '../lib/leave.mjs';

/** Of each, how its last will is taken back. */
const homes = new Map();

export function newHome(what) {
  const home = mkdtempSync(path.join(tmpdir(), `recipe-${what}-`));
  homes.set(home, atExit(() => removeHome(home)));
  return home;
}

/** Whoever lived there may still be dying, and write. */
export function removeHome(home) {
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  homes.get(home)?.();
  homes.delete(home);
}

export function removeHomes() {
  for (const home of [...homes.keys()]) removeHome(home);
}

/** What a program sees that lives there: nothing of the one who runs the tests. */
export function environment(home, fonts, more = {}) {
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, TMPDIR: home, ...more };
  for (const kind of ['CONFIG', 'CACHE', 'DATA', 'STATE', 'RUNTIME']) {
    env[`XDG_${kind}_${kind === 'RUNTIME' ? 'DIR' : 'HOME'}`] = path.join(home, kind.toLowerCase());
    mkdirSync(path.join(home, kind.toLowerCase()), { recursive: true, mode: 0o700 });
  }
  if (fonts === 'few') {
    env.FONTCONFIG_FILE = path.join(home, 'fonts.conf');
    writeFileSync(env.FONTCONFIG_FILE, FONTS);
  }
  return env;
}
