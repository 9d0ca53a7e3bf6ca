// Files of lines for `recipe.fcgi bulk`, a provider that knows what it was asked, and kills.

import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROGRAM, cleanEnvironment } from './site.mjs';
import { sleep } from './wait.mjs';

export const MODEL = 'model-70b';

/** A line of OpenAI's Batch format. */
export const callOf = (id, content, more = {}) => ({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { model: MODEL, messages: [{ role: 'user', content }], max_tokens: 50, ...more } });

const chunk = (content, finish_reason = null) => `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: MODEL, choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;

/**
 * A provider that answers each prompt with "to PROMPT" in three pieces, after `ms`
 * milliseconds (Infinity: never); `asked` has how often each prompt came, `refuse(prompt, n)` may return
 * a [status, body, headers] for the n-th time that a prompt comes.
 */
export async function startEcho({ ms = 0, refuse, headers = () => ({}) } = {}) {
  const asked = new Map();
  const server = http.createServer(async (request, response) => {
    let text = '';
    try {
      for await (const piece of request) text += piece;
    } catch {
      return undefined; // who asked was killed in the middle of it
    }
    const prompt = JSON.parse(text).messages.at(-1).content;
    asked.set(prompt, (asked.get(prompt) ?? 0) + 1);
    const no = refuse?.(prompt, asked.get(prompt));
    if (no) {
      const [status, body, headers] = no;
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      return response.end(JSON.stringify(body));
    }
    if (ms === Infinity) return undefined;
    if (ms > 0) await sleep(ms);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers() });
    response.write(chunk('to ') + chunk(prompt));
    return response.end(`${chunk('', 'stop')}data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })}\n\ndata: [DONE]\n\n`);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked, base_url: `http://127.0.0.1:${server.address().port}/v1`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * A provider's limit as a token bucket: `perSecond` requests and, if it is given,
 * `tokensPerSecond` of prompts and answers, each with room for `seconds` of them. For
 * startEcho's `refuse`; `headers` tells with each answer what remains.
 */
export function bucket({ perSecond = Infinity, tokensPerSecond = Infinity, seconds = 1, tokens = 5, retryAfter }) {
  const full = { requests: perSecond * seconds, tokens: tokensPerSecond * seconds };
  const has = { ...full };
  let last = performance.now();
  const seen = { taken: 0, refused: 0, first: 0, last: 0 };
  const refuse = () => {
    const now = performance.now();
    const passed = (now - last) / 1000;
    last = now;
    if (full.requests !== Infinity) has.requests = Math.min(full.requests, has.requests + passed * perSecond);
    if (full.tokens !== Infinity) has.tokens = Math.min(full.tokens, has.tokens + passed * tokensPerSecond);
    if (has.requests < 1 || has.tokens < tokens) {
      seen.refused++;
      return [429, { error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } }, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }];
    }
    has.requests -= 1;
    has.tokens -= tokens;
    seen.first ||= now;
    seen.last = now;
    seen.taken++;
    return undefined;
  };
  const headers = () => ({
    ...(full.requests === Infinity ? {} : { 'x-ratelimit-remaining-requests': String(Math.floor(has.requests)), 'x-ratelimit-reset-requests': `${Math.ceil((full.requests - has.requests) / perSecond * 1000)}ms` }),
    ...(full.tokens === Infinity ? {} : { 'x-ratelimit-remaining-tokens': String(Math.floor(has.tokens)), 'x-ratelimit-reset-tokens': `${Math.ceil((full.tokens - has.tokens) / tokensPerSecond * 1000)}ms` }),
  });
  return { refuse, headers, seen };
}

/** A folder with a file of lines, where bulk can be started, ended and started again. */
export class Desk {
  static async open(lines, services, { config } = {}) {
    const desk = new Desk();
    desk.dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-bulk-'));
    desk.in = path.join(desk.dir, 'in.jsonl');
    desk.out = path.join(desk.dir, 'out.jsonl');
    await fs.writeFile(desk.in, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const file = path.join(desk.dir, 'recipe.json');
    await fs.writeFile(file, JSON.stringify({ services, ...config }));
    desk.env = { ...cleanEnvironment(desk.dir, {}), RECIPE_CONFIG: file };
    return desk;
  }

  /** Starts it; `exit` resolves to {status, signal, stdout, stderr}. */
  start(words = [], { program = PROGRAM, before = [], stdin = 'ignore' } = {}) {
    const [command, ...args] = [...before, program, 'bulk', this.in, this.out, ...words];
    const child = spawn(command, args, { cwd: this.dir, env: this.env, stdio: [stdin, 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
    const exit = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => resolve({ status, signal, ...said }));
    });
    return { child, said, exit };
  }

  async read(file = this.out) {
    const text = await fs.readFile(file, 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  errors() {
    return this.read(`${this.out}.errors.jsonl`);
  }

  close() {
    return fs.rm(this.dir, { recursive: true, force: true });
  }
}

/** How often each id is there. */
export const timesOf = (lines) => lines.reduce((all, { custom_id: id }) => all.set(id, (all.get(id) ?? 0) + 1), new Map());

/**
 * Starts the command again and again, and kills it (SIGKILL) as soon as it has written some
 * more results, until it ends by itself. Resolves to how many kills that took, and the last exit.
 */
export async function killTillDone(desk, draw, { words = [], kills = Infinity, step = 8 } = {}) {
  let killed = 0;
  for (;;) {
    const run = desk.start(words);
    const ended = run.exit.then(() => true);
    if (killed < kills) {
      const size = async () => (await fs.stat(desk.out).catch(() => ({ size: 0 }))).size;
      const from = await size();
      const goal = from + 1 + draw(step * 300);
      while (!(await Promise.race([ended, sleep(draw(4)).then(() => false)])) && (await size()) < goal);
      if (run.child.exitCode === null && run.child.kill('SIGKILL')) killed++;
    }
    const exit = await run.exit;
    if (exit.signal === null) return { killed, ...exit };
  }
}
