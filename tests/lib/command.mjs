// The program on a command line: `recipe.fcgi check` and its like, in a
// directory of its own with a configuration and prompts made for the test.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atExit } from './leave.mjs';
import { PROGRAM, cleanEnvironment, preparePrompts } from './site.mjs';
import { within } from './wait.mjs';

/**
 * Runs `recipe.fcgi ARGS` and resolves to {status, signal, stdout, stderr,
 * output}. `config` is an object or the text of recipe.json (undefined: there
 * is none); `prepare(dir)` may put more into the directory, and may return
 * options that replace these.
 */
export async function command(args, options = {}) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-cmd-'));
  const forget = atExit(() => rmSync(dir, { recursive: true, force: true }));
  try {
    const more = { ...options, ...(await options.prepare?.(dir)) };
    const env = cleanEnvironment(dir, more.env);
    if (more.config !== undefined) {
      const text = typeof more.config === 'string' ? more.config : JSON.stringify(more.config, null, 2);
      env.RECIPE_CONFIG ??= path.join(dir, 'recipe.json');
      await fs.writeFile(env.RECIPE_CONFIG, text);
    }
    if (more.prompts !== null) {
      env.RECIPE_PROMPTS ??= path.join(dir, 'prompts');
      await preparePrompts(env.RECIPE_PROMPTS, more);
    }
    const child = spawn(more.program ?? PROGRAM, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    return await within(outcome(child), `recipe.fcgi ${args.join(' ')} to end`);
  } finally {
    forget();
    await fs.rm(dir, { recursive: true, force: true });
  }
}

function outcome(child) {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, ...said, output: said.stdout + said.stderr }));
  });
}

/** `recipe.fcgi check` with this configuration. */
export const check = (config, options = {}) => command(['check'], { config, ...options });
