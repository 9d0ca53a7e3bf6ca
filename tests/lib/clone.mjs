// A clone of the project, as somebody has it who says `make run`: what
// tools/serve needs, the program under test in it, and the sites that it starts.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { request, RawClient } from './client.mjs';
import { atExit } from './leave.mjs';
import * as proc from './proc.mjs';
import { isRoot, ownByNobody } from './servers.mjs';
import { PROGRAM, PROJECT, TINY, cleanEnvironment, preparePrompts } from './site.mjs';
import { LIMIT, waitFor, within } from './wait.mjs';

const SERVED = ['tools', 'hosts/lighttpd', 'htdocs'];

/** Resolves when the process `pid` is gone. */
export const gone = (pid) => waitFor(() => !proc.alive(pid), `process ${pid} to leave`);

/** One start: a site that runs, or what it said instead. */
class Start {
  constructor(clone, child, port) {
    this.clone = clone;
    this.child = child;
    this.port = port;
    this.output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    this.ended = new Promise((resolve) => child.once('close', (status, signal) => resolve({ status, signal })));
    this.ended.then((end) => Object.assign(this, end));
  }

  status = null;

  get lastLine() {
    return this.output.trimEnd().split('\n').at(-1);
  }

  /** Resolves when it says where the site is. */
  open() {
    return this.says(`Open http://127.0.0.1:${this.port}/`);
  }

  /** Resolves when it says this, of a site that runs. */
  async says(words) {
    const says = () => this.output.includes(words) && this.output.endsWith('\n');
    await waitFor(() => says() || this.child.exitCode !== null, () => `the site to be served; it says\n${this.output}`);
    if (!says()) throw new Error(`it does not start:\n${this.output}`);
    return this;
  }

  /** Its exit status, when it ends by itself. */
  async end() {
    return (await within(this.ended, () => `the start to end; it says\n${this.output}`)).status;
  }

  /** Ctrl-C, or what a lab does. */
  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    return this.end();
  }

  get(url, headers) {
    return request({ port: this.port, path: url, headers });
  }

  post(body, { headers = {}, path: url = '/generate' } = {}) {
    return request({ port: this.port, method: 'POST', path: url, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  }

  raw() {
    return new RawClient(this.port);
  }

  /** The web server and the program. */
  get lighttpd() {
    return this.clone.processes().find((pid) => proc.stat(pid)?.name === 'lighttpd' && proc.cmdline(pid).some((arg) => arg.includes(`/${this.port}/`)));
  }

  get listener() {
    return proc.children(this.lighttpd).find((pid) => proc.stat(pid)?.name.startsWith('recipe'));
  }

  log(name) {
    return fs.readFile(path.join(this.clone.dir, 'build/run', String(this.port), name), 'utf8');
  }
}

export class Clone {
  marker = randomBytes(12).toString('hex');
  starts = [];

  /** `more` of the project; another program than that under test; `nobody`: not as root, if we are. */
  constructor({ name = 'clone', more = [], program = PROGRAM, nobody = false } = {}) {
    this.options = { name, more, program, nobody: nobody && isRoot };
  }

  async make() {
    this.top = await fs.mkdtemp(path.join(tmpdir(), 'recipe-clone-'));
    this.forget = atExit(() => {
      this.#killAll();
      rmSync(this.top, { recursive: true, force: true });
    });
    this.dir = path.join(this.top, this.options.name);
    await fs.mkdir(this.dir, { recursive: true });
    for (const name of [...SERVED, ...this.options.more]) await fs.cp(path.join(PROJECT, name), path.join(this.dir, name), { recursive: true });
    await preparePrompts(path.join(this.dir, 'prompts'), {});
    // Another graph, where the user who runs the clone can read it.
    this.tiny = path.join(this.top, 'tiny');
    await fs.cp(TINY, this.tiny, { recursive: true });
    this.program = path.join(this.dir, 'recipe.fcgi');
    if (!this.options.more.includes('Makefile')) {
      await fs.copyFile(this.options.program, this.program);
      await fs.chmod(this.program, 0o755);
    }
    if (this.options.nobody) ownByNobody({ dir: this.top });
    return this;
  }

  /** tools/serve as `make run` calls it. */
  serve(port, options = {}) {
    return this.run('tools/serve', ['./recipe.fcgi', String(port)], { ...options, port });
  }

  /** A command of this clone, in it. */
  run(command, args, { env, port, config } = {}) {
    const all = cleanEnvironment(this.top, { RECIPE_TEST_SITE: this.marker, ...env });
    if (config) all.RECIPE_CONFIG = config;
    const user = this.options.nobody ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const [first, ...rest] = [...user, command, ...args];
    const child = spawn(first, rest, { cwd: this.dir, env: all, stdio: ['ignore', 'pipe', 'pipe'] });
    const start = new Start(this, child, port);
    this.starts.push(start);
    return start;
  }

  /** A configuration of its own for a start: the path of a recipe.json. */
  async config(name, config) {
    const file = path.join(this.top, `${name}.json`);
    await fs.writeFile(file, JSON.stringify(config));
    return file;
  }

  processes() {
    const mark = Buffer.from(`RECIPE_TEST_SITE=${this.marker}`);
    return proc.pids().filter((pid) => pid !== process.pid && proc.alive(pid) && proc.environ(pid).includes(mark));
  }

  /** Ends all that was started; fails where that leaves anybody. */
  async remove() {
    try {
      for (const start of this.starts) if (start.child.exitCode === null && start.child.signalCode === null) await start.stop();
      await waitFor(() => this.processes().length === 0, () => `the clone's processes to leave: ${this.processes().map((pid) => proc.cmdline(pid).join(' '))}`, { limit: LIMIT });
    } finally {
      this.forget();
      this.#killAll();
      await fs.rm(this.top, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  #killAll() {
    for (const pid of this.processes()) proc.kill(pid, 'SIGKILL');
  }
}

/** The body of a test that has a clone, and what else the options ask for. */
export function clone(options, body) {
  return async (t) => {
    const it = await new Clone(options).make();
    let failure = null;
    try {
      await body(it, t);
    } catch (e) {
      for (const start of it.starts) t.diagnostic(`a start said:\n${start.output.slice(-3000)}`);
      failure = e;
    }
    await it.remove().catch((e) => (failure ??= e));
    if (failure) throw failure;
  };
}
