// An X display that nobody sees: one Xvfb for a test file, which finds a free
// number by itself.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { atExit } from '../lib/leave.mjs';
import { within } from '../lib/wait.mjs';

/** The one that runs, or will: {display, child}. */
let running = null;

async function start() {
  // Larger than any page: a window that sticks out is not drawn whole.
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const forget = atExit(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(forget);
  const broken = once(child, 'error').then(([e]) => { throw e; });
  const [number] = await within(Promise.race([once(child.stdio[3], 'data'), broken]), 'the number of a display of Xvfb');
  return { display: `:${String(number).trim()}`, child, exited };
}

/** ':99', say. */
export const display = async () => (await (running ??= start())).display;

export async function quit() {
  const { child, exited } = (await running) ?? {};
  running = null;
  child?.kill('SIGTERM');
  await exited;
}
