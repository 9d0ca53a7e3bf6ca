// Plays one entry of golden-runs.mjs in one form and returns the exact bytes of
// the answer, times and random ids masked.
//
// The program runs as plain CGI: its standard output is head and body as they
// leave it, and each answer has a process, a directory and a state of its own.
// The scripted provider is conducted: after each step of a script it waits until
// what it said has gone through the whole program (settled), so the order of
// events never depends on time.

import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cgiParams } from './fastcgi.mjs';
import * as proc from './proc.mjs';
import { writePrompts } from './prompts.mjs';
import { startProvider } from './provider.mjs';
import { PROGRAM, PROJECT, cleanEnvironment, preparePrompts, withPlaces } from './site.mjs';
import { waitFor } from './wait.mjs';

/** The end of a file's name, and what Accept says for it. */
export const FORMS = { sse: 'text/event-stream', json: 'application/json', txt: 'text/plain', html: 'text/html' };

const REPLAYS = 5;
const FAR_MS = 600_000; // no clock fires but those that an entry sets
const LIMITS = { run_ms: FAR_MS, idle_ms: FAR_MS, first_token_ms: FAR_MS, connect_ms: FAR_MS, heartbeat_ms: FAR_MS, body_ms: FAR_MS, stall_ms: FAR_MS, retry_wait_ms: 1 };

/** The run's clock fired before its script was through: the machine was too slow, nothing is proven. */
export class Overtaken extends Error {}

/** A document that shows every part, and of lists the pick, with a condition for each part. */
function pageOf(stages) {
  const picks = stages.filter((s) => s.list).map(({ list }) => list.fields.map((f) => `<p>${f}: {{${list.pick}.${f}}}</p>\n`).join(''));
  const parts = stages.filter((s) => !s.list).map(({ part }) => `<section>{{#${part}}}<h2>${part}</h2>{{/${part}}}{{${part}}}</section>\n`);
  return `<!doctype html>\n<title>{{what}}</title>\n{{#error}}<p class="error">{{error}}</p>\n{{/error}}{{#demo}}<p>{{demo}}</p>\n{{/demo}}${picks.join('')}${parts.join('')}<p>The end.</p>\n`;
}

/** Writes what this run needs into the directory; returns the environment that names it. */
export async function furnish(dir, run, provider) {
  const prompts = path.join(dir, 'prompts');
  const env = { ...run.env, RECIPE_CONFIG: path.join(dir, 'recipe.json'), RECIPE_PROMPTS: prompts, RECIPE_HTDOCS: dir };
  if (run.shipped) {
    await preparePrompts(prompts, { edit: run.shipped });
    await fs.copyFile(path.join(PROJECT, 'htdocs/plain.html'), path.join(dir, 'plain.html'));
  } else {
    await writePrompts(prompts, run.stages);
    await fs.writeFile(path.join(dir, 'plain.html'), pageOf(run.stages));
  }
  for (const [name, words] of Object.entries(run.demo ?? {})) {
    await fs.mkdir(path.join(prompts, 'demo'), { recursive: true });
    await fs.writeFile(path.join(prompts, 'demo', `${name}.txt`), words);
  }
  const services = Object.fromEntries(Object.entries(run.services ?? {}).map(([id, more]) => [id, provider.service(`model-${id}`, more)]));
  const config = { services: withPlaces({ services }).services, limits: { ...LIMITS, ...run.limits }, ...(run.cors ? { cors: run.cors } : {}) };
  await fs.writeFile(env.RECIPE_CONFIG, run.configText ?? JSON.stringify(config));
  return env;
}

/** Starts the program as a web server starts a CGI program, with one visitor's request. */
function visit(dir, env, run, form) {
  const { method = 'POST', path: url = '/generate', headers = {}, body, length } = run.request;
  const bytes = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const said = length === undefined ? (body === undefined ? undefined : Buffer.byteLength(bytes)) : (length ?? undefined);
  const all = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), accept: FORMS[form], ...headers };
  const child = spawn(PROGRAM, [], { cwd: dir, env: { ...cleanEnvironment(dir, env), ...cgiParams({ method, path: url, headers: all, length: said }) } });
  const visitor = {
    child, out: [], log: '',
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    processes: () => [...proc.children(child.pid), child.pid],
  };
  child.stdout.on('data', (piece) => visitor.out.push(piece));
  child.stderr.on('data', (piece) => (visitor.log += piece));
  child.stdin.on('error', () => {}); // it may answer before it has read everything
  child.stdin.end(bytes);
  visitor.over = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return visitor;
}

/** Bytes on their way in either direction between the program and this port. */
function inFlight(text, port) {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text.split('\n').slice(1).some((line) => {
    const [, local = '', remote = '', state, queues] = line.trim().split(/\s+/);
    return (local.endsWith(hex) || remote.endsWith(hex)) && state !== '0A' && queues !== '00000000:00000000';
  });
}

const waits = (pid) => ['S', 'Z', undefined].includes(proc.stat(pid)?.state);

/**
 * Whether all that the provider has said has gone through the program: nothing
 * is left to send or to read at any socket, then every stage waits, then the
 * worker does. In this order, since each can only wake the next.
 */
async function isSettled(visitor, provider) {
  if (visitor.child && !waits(visitor.child.pid)) return false; // the cheapest look first
  if (provider.connections.some((c) => c.open && c.socket.writableLength > 0)) return false;
  if (inFlight(await fs.readFile('/proc/net/tcp', 'latin1'), provider.port)) return false;
  return visitor.processes().every(waits);
}

const settled = (visitor, provider) => waitFor(() => isSettled(visitor, provider), 'the program to wait', { every: 2 });

/** The next request of this part; "PART@SERVICE" is the one that went to that service. */
async function nextOf(name, visitor, provider) {
  const [part, service] = name.split('@');
  const asked = provider.next((x) => x.part === part && (!service || x.body.model === `model-${service}`));
  const x = await Promise.race([asked, visitor.over.then(() => null)]);
  if (!x) throw new Overtaken(`the run ended before ${name} was asked for\n${visitor.log}`);
  return x;
}

/**
 * Plays the script: steps [PART, VERB of Exchange, ARGUMENT...], or ["", "clock"] before one fires. Of a visitor it wants
 * `over`, a promise, isOver(), `log`, processes(), stages before the worker, and stepped(), if it is to be told of each step.
 */
export async function conduct(steps, visitor, provider) {
  const open = new Map();
  for (const [name, verb, ...args] of steps) {
    if (verb === 'clock') {
      if (visitor.isOver() || visitor.log.includes('state=stopped')) throw new Overtaken('the clock was faster');
      continue;
    }
    if (!open.has(name) || open.get(name).ended) open.set(name, await nextOf(name, visitor, provider));
    if (verb !== 'asked') await open.get(name)[verb](...args);
    await settled(visitor, provider);
    await visitor.stepped?.();
  }
}

/** Waits for the end; what the script does not know is not asked. */
export async function ended(visitor, provider, { name, unanswered = 0 }) {
  await waitFor(() => visitor.isOver() || provider.pending() > unanswered, () => `the end of ${name}\n${visitor.log}`);
  if (provider.pending() > unanswered) throw new Error(`${name}: a request that its script does not know\n${visitor.log}`);
  await visitor.over;
}

/** Times, the run's random id, and libcurl's own words, which differ with its version. */
function masked(bytes) {
  return bytes.toString('latin1')
    .replace(/"(ms|first_ms)":\d+/g, '"$1":MS')
    .replace(/"retry_s":\d+/g, '"retry_s":S')
    .replace(/("id":")[0-9a-f]{32}"/g, '$1ID"')
    .replace(/((?:cannot be reached|broke the connection|was finished): )[^"<\n]*/g, '$1(LIBCURL)');
}

async function playOnce(run, form) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-golden-'));
  const provider = await startProvider();
  let visitor;
  try {
    visitor = visit(dir, await furnish(dir, run, provider), run, form);
    await conduct(run.steps ?? [], visitor, provider);
    await ended(visitor, provider, run);
    if (/Sanitizer|runtime error/.test(visitor.log)) throw new Error(visitor.log);
    return masked(Buffer.concat(visitor.out));
  } finally {
    if (visitor?.child.exitCode === null) visitor.child.kill('SIGKILL');
    await visitor?.over;
    await provider.stop();
    await fs.rm(dir, { recursive: true, maxRetries: 5 });
  }
}

/** The answer as a string of its bytes (latin1). */
export async function play(run, form) {
  for (let replays = 0; ; replays++) {
    try {
      return await playOnce(run, form);
    } catch (e) {
      if (!(e instanceof Overtaken) || !run.clock || replays === REPLAYS) throw e;
    }
  }
}
