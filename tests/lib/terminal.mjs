// `recipe.fcgi run` as a person has it: a process that is watched while it runs,
// with pipes or on a terminal of its own (script(1) makes one). And tests with a site
// whose files it has.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { scene } from './harness.mjs';
import * as proc from './proc.mjs';
import { PROGRAM } from './site.mjs';
import { waitFor, within } from './wait.mjs';

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Starts the program with these words. `env` is its environment, `tty` gives it a
 * terminal, for which `output` has both what it wrote and what was typed.
 * `line`, a function of the command, makes a line for the shell of it.
 */
export class Terminal {
  output = '';
  stderr = '';
  marker = randomBytes(12).toString('hex');

  constructor(words, { env, tty = false, line, cwd } = {}) {
    const whole = { ...env, RECIPE_TEST_RUN: this.marker };
    const command = [PROGRAM, ...words].map(quoted).join(' ');
    const [file, args] = tty ? ['script', ['-qefc', command, '/dev/null']] : line ? ['sh', ['-c', line(command)]] : [PROGRAM, words];
    this.child = spawn(file, args, { env: whole, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.child.stdin.on('error', () => {});
    if (!tty) this.child.stdin.end();
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (status, signal) => resolve({ status, signal, stdout: this.output, stderr: this.stderr }));
    });
  }

  type(text) {
    this.child.stdin.write(text);
  }

  end() {
    return within(this.ended, () => `the command to end; it wrote:\n${this.output}${this.stderr}`);
  }

  shows(words, what = `the terminal to show ${words}`) {
    return waitFor(() => words.test(this.output), () => `${what}; it shows:\n${this.output}${this.stderr}`);
  }

  says(words) {
    return waitFor(() => words.test(this.stderr), () => `standard error to say ${words}; it says:\n${this.stderr}`);
  }

  /** Its processes that are alive, stages included. */
  left() {
    const mark = Buffer.from(`RECIPE_TEST_RUN=${this.marker}`);
    return proc.pids().filter((pid) => pid !== process.pid && proc.alive(pid) && proc.environ(pid).includes(mark));
  }

  gone() {
    return waitFor(() => this.left().length === 0, () => `all processes of the command to leave: ${this.left().map((pid) => proc.cmdline(pid).join(' '))}`);
  }

  async stop() {
    this.child.kill('SIGKILL');
    for (const pid of this.left()) proc.kill(pid, 'SIGKILL');
    await this.ended;
  }
}

/** A site's own directories, so that the command and the site are one house. */
const inside = (site) => ({ env: site.env, cwd: site.dir });

/** A test with a site, and with run(words, options), which starts the command; all of them are ended. */
export const cli = (options, body) => scene({ server: 'listen', ...options }, async (set) => {
  const all = [];
  const run = (words, more = {}) => {
    const terminal = new Terminal(['run', ...words], { ...inside(set.site), ...more });
    all.push(terminal);
    return terminal;
  };
  try {
    await body({ ...set, run });
  } finally {
    for (const terminal of all) await terminal.stop();
  }
});
