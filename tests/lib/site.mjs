// A whole site for one test, in a directory of its own: configuration, prompts,
// a web server or a bare listener, the program. Nothing of it is shared with
// another test or another copy of the tests, and stop() proves that all of it
// has gone.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { request, RawClient } from './client.mjs';
import { FcgiClient } from './fastcgi.mjs';
import { atExit } from './leave.mjs';
import * as proc from './proc.mjs';
import { COOK } from './run.mjs';
import { servers } from './servers.mjs';
import { LIMIT, waitFor } from './wait.mjs';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
export const PROGRAM = path.resolve(PROJECT, process.env.RECIPE_FCGI ?? 'build/test/recipe.fcgi');
export const TINY = path.join(PROJECT, 'tests/graphs/tiny');
const SANITIZER = /AddressSanitizer|LeakSanitizer|runtime error/;

/** Is the program built with AddressSanitizer? Freed memory and address space look different then. */
export const underAsan = async () => (await fs.readFile(PROGRAM)).includes('__asan_init');

/** Bytes by which our processes may grow while a visitor of tens of MiB does not read. AddressSanitizer keeps for a while what was freed. */
export const boundedGrowth = async () => ((await underAsan()) ? 16 << 20 : 4 << 20);

/** The environment that a program under test may see: nothing of ours but where to find tools. */
export function cleanEnvironment(dir, extra = {}) {
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LANG: 'C.UTF-8', HOME: dir, TMPDIR: dir, XDG_STATE_HOME: dir };
  for (const [name, value] of Object.entries(process.env)) if (/^([AUL]SAN)_OPTIONS$/.test(name)) env[name] = value;
  return { ...env, ...extra };
}

export class Site {
  children = [];
  port = null;
  socket = null;
  marker = randomBytes(12).toString('hex');

  constructor(options) {
    this.options = { server: 'lighttpd', program: PROGRAM, ...options };
    this.program = this.options.program;
  }

  async start() {
    this.dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-site-'));
    this.forget = atExit(() => {
      this.#killAll();
      rmSync(this.dir, { recursive: true, force: true });
    });
    this.runDir = path.join(this.dir, 'run');
    await fs.mkdir(this.runDir);
    this.configFile = path.join(this.dir, 'recipe.json');
    const { configText } = this.options;
    await fs.writeFile(this.configFile, configText ?? JSON.stringify(this.config(), null, 2));
    this.prompts = path.join(this.dir, 'prompts');
    await preparePrompts(this.prompts, this.options);
    this.env = cleanEnvironment(this.dir, {
      RECIPE_CONFIG: this.configFile, RECIPE_PROMPTS: this.prompts, RECIPE_TEST_SITE: this.marker, ...this.options.env,
    });
    const { server } = this.options;
    await (typeof server === 'function' ? server : servers[server])(this);
    return this;
  }

  /** recipe.json as an object: given whole, or made of services and limits. */
  config() {
    return this.options.places === 'as they are' ? this.#written() : withPlaces(this.#written());
  }

  #written() {
    const { config, provider, limits, cors, guard, journal } = this.options;
    if (config) return config;
    const services = this.options.services ?? (provider ? servicesOf(provider) : {});
    const names = Object.keys(services);
    return {
      services,
      ...(names.length ? { default_service: names[0] } : {}),
      ...(limits ? { limits } : {}),
      ...(cors ? { cors } : {}),
      ...(guard === undefined ? {} : { guard }),
      ...(journal === undefined ? {} : { journal }),
    };
  }

  // ---- visitors

  request(options) {
    if (this.port !== null) return request({ port: this.port, ...options });
    const { method = 'GET', path: url = '/', headers, body } = options;
    return this.fcgi().send({ method, path: url, headers, body }).response();
  }

  get(url, headers) {
    return this.request({ path: url, headers });
  }

  /** A visitor's request. An object is sent as JSON, a string or Buffer as it is. */
  post(body = COOK, { headers = {}, path: url = '/generate', method = 'POST', signal } = {}) {
    const raw = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined;
    return this.request({
      method, path: url, signal, body: raw ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  raw() {
    return new RawClient(this.port);
  }

  /** Speaks FastCGI to the program's socket; for the servers that leave it to us. */
  fcgi() {
    return new FcgiClient(this.socket);
  }

  // ---- processes

  /** Every process of this site, web server included: by its environment, and by its parents where that is gone. */
  processes() {
    if (this.options.processes) return this.options.processes();
    const mark = Buffer.from(`RECIPE_TEST_SITE=${this.marker}`);
    const mine = new Set(this.children.map(({ child }) => child.pid));
    const found = proc.pids().filter((pid) => pid !== process.pid && proc.environ(pid).includes(mark));
    // nginx writes its workers' titles over their environment.
    if (!this.options.overwritesEnvironment) return found;
    const below = proc.pids().map(proc.stat).filter((p) => p && p.state !== 'Z' && (mine.has(p.pid) || mine.has(p.parent)));
    return [...new Set([...found, ...below.map((p) => p.pid)])];
  }

  /** The program's own processes. */
  ours() {
    return this.processes().filter((pid) => this.#isProgram(pid));
  }

  #isProgram(pid) {
    return proc.executable(pid) === this.program || proc.cmdline(pid).includes(this.program);
  }

  /** {listener, workers: [{pid, stages: [pid]}]} of a site whose listener lives. */
  tree() {
    const mine = new Set(this.ours());
    const under = (pid) => proc.children(pid).filter((p) => mine.has(p));
    const listener = [...mine].find((pid) => !mine.has(proc.stat(pid)?.parent));
    const workers = listener ? under(listener).map((pid) => ({ pid, stages: under(pid) })) : [];
    return { listener, workers };
  }

  /**
   * Whether no stage is left, but the listener and workers that wait. These may be two after runs in turn: a visitor who
   * comes before the last one's worker has said that it is idle is heard by another, which stays for worker_idle_ms.
   */
  rests() {
    const { listener, workers } = this.tree();
    return !!listener && workers.length <= 2 && this.ours().length === 1 + workers.length;
  }

  /**
   * Resolves when each worker waits for a visitor again, which is some time after the last one has read the end of his
   * answer. Without this the next visitor may be heard by another worker, which has stages and connections of its own.
   */
  async idle() {
    const ppoll = { x64: 271, arm64: 73 }[process.arch];
    await waitFor(() => this.tree().workers.every(({ pid }) => ppoll === undefined || proc.syscall(pid) === ppoll), 'the workers to wait for a visitor');
  }

  zombies() {
    return this.ours().flatMap((pid) => proc.children(pid)).filter((pid) => proc.stat(pid)?.state === 'Z');
  }

  // ---- what it said, and its end

  /** Everything that the program and its server wrote outside of responses. */
  async stderr() {
    const logs = (await fs.readdir(this.runDir)).filter((name) => /\.log/.test(name)).map((name) => path.join(this.runDir, name));
    const texts = await Promise.all([path.join(this.dir, 'stderr.txt'), ...logs].map((f) => fs.readFile(f, 'utf8').catch(() => '')));
    return texts.join('');
  }

  /** Ends all it started, and fails if anything is left or a sanitizer spoke. */
  async stop({ sanitizer = 'silent' } = {}) {
    try {
      for (const { child, exited } of this.children.reverse()) {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
        await waitFor(() => child.exitCode !== null || child.signalCode !== null, `${child.spawnfile} to leave after TERM`);
        await exited;
      }
      await this.#assertGone();
      const said = await this.stderr();
      if (sanitizer === 'silent') assert.doesNotMatch(said, SANITIZER, said);
      else assert.match(said, SANITIZER, 'the sanitizer was expected to speak');
    } finally {
      this.forget();
      this.#killAll();
      if (!process.env.KEEP_SITE) await fs.rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  #killAll() {
    for (const pid of this.processes()) proc.kill(pid, 'SIGKILL');
  }

  async #assertGone() {
    const left = () => this.processes().map((pid) => `${pid} ${proc.cmdline(pid).join(' ')}`);
    await waitFor(() => this.processes().length === 0, () => `the site's processes to leave: ${left()}`, { limit: LIMIT });
  }
}

/**
 * The same configuration, in which servers over http answer any number of requests at
 * once, as the providers of the tests do; the program would find that out by and by.
 */
export function withPlaces(config) {
  const known = (service) => service?.parallel !== undefined || !/^http:/.test(service?.base_url ?? '');
  const services = Object.entries(config.services ?? {}).map(([id, service]) => [id, known(service) ? service : { ...service, parallel: 1000 }]);
  return config.services ? { ...config, services: Object.fromEntries(services) } : config;
}

/** The two services that the stages of recipes name, both at one provider. */
export function servicesOf(provider) {
  return { '70b': provider.service('model-70b'), 'groq-8b': provider.service('model-8b') };
}

// The prompts of a site are a copy whose every template says in its first line
// which part it is, so that the provider knows. Templates without a model stay.
export async function preparePrompts(to, { prompts = path.join(PROJECT, 'prompts'), edit, mark = true }) {
  await fs.cp(prompts, to, { recursive: true });
  const file = path.join(to, 'stages.json');
  const graph = JSON.parse(await fs.readFile(file, 'utf8'));
  for (const stage of mark ? graph.stages : []) {
    if (stage.each) continue;
    const template = path.join(to, `${stage.part}.txt`);
    await fs.writeFile(template, `Part: ${stage.part}\n${await fs.readFile(template, 'utf8')}`);
  }
  if (edit) {
    await edit(graph, to);
    await fs.writeFile(file, JSON.stringify(graph, null, 2));
  }
}

/** Resolves to the Site; nothing is left of one that does not start. */
export async function startSite(options = {}) {
  const site = new Site(options);
  try {
    return await site.start();
  } catch (e) {
    await site.stop().catch(() => {});
    throw e;
  }
}
