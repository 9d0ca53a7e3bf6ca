// htdocs/client.js against servers that do one odd thing each, with its clocks run faster.

import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { startCutter as startHost } from '../browser/cutter.mjs';
import { COOK, PROJECT, assert, scene, test } from '../lib/harness.mjs';

const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'recipe-client-'));
after(() => fs.rm(dir, { recursive: true }));
await fs.copyFile(path.join(PROJECT, 'htdocs/client.js'), path.join(dir, 'client.mjs'));
const { Refused, generate } = await import(path.join(dir, 'client.mjs'));

const ID = 'ab'.repeat(16);
const STREAM = { 'content-type': 'text/event-stream' };
const RUN = `data: _run|{"id":"${ID}","kept":true,"parts":[]}\nid: 1\n\n`;
const messages = (...all) => JSON.stringify(all.map(([id, event, data]) => ({ id, event, data })));
const json = (response, status, text, more) => response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text);

/** A server that answers so, and its clients' clocks, so many times as fast. */
async function odd(speed, answer, body) {
  const seen = [];
  const server = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume();
    answer(request, response, seen);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { setTimeout: later, setInterval: often } = globalThis;
  globalThis.setTimeout = (f, ms, ...rest) => later(f, ms / speed, ...rest);
  globalThis.setInterval = (f, ms, ...rest) => often(f, ms / speed, ...rest);
  try {
    return await body(`http://127.0.0.1:${server.address().port}/`, seen);
  } finally {
    Object.assign(globalThis, { setTimeout: later, setInterval: often });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function readAll(run) {
  const names = [];
  for await (const { name } of run) names.push(name);
  return names;
}

test('a run that has begun and cannot be read any more is no refusal, as who hears one begins another', () => odd(50, (request, response) => {
  if (request.method === 'POST') response.writeHead(200, STREAM).write(RUN, () => response.destroy());
  else json(response, 503, '{"error":{"code":"busy","message":"too many read"}}', { 'retry-after': '1' });
}, async (base, seen) => {
  const error = await readAll(generate(COOK, { base })).then(() => null, (e) => e);
  assert.equal(error.message, 'too many read');
  assert.ok(!(error instanceof Refused));
  const begun = seen.filter((line) => line === 'POST /generate');
  assert.equal(begun.length, 1, seen.join(', '));
  assert.ok(seen.filter((line) => line === `GET /runs/${ID}`).length >= 8, seen.join(', '));
}));

test('a poll without an answer is asked again', () => odd(50, (request, response, seen) => {
  if (!request.url.includes('live=long-poll')) return; // it is mute
  const isFirst = seen.filter((line) => line.includes('long-poll')).length === 1;
  json(response, 200, messages(isFirst ? [1, '_run', { id: ID, kept: true }] : [2, '_done', { how: 'done' }]));
}, async (base, seen) => {
  const { fetch } = globalThis;
  let polls = 0;
  // A line that is dead without a word; Node's fetch would give up by itself, a browser's does not.
  globalThis.fetch = (url, init) => !url.includes('live=long-poll') || ++polls !== 2 ? fetch(url, init)
    : new Promise((_, reject) => init.signal.addEventListener('abort', () => reject(init.signal.reason)));
  try {
    const names = await readAll(generate(COOK, { base }));
    assert.deepEqual(names, ['_run', '_lost', '_resumed', '_done']);
    assert.ok(polls > 2);
    assert.equal(seen.filter((line) => line === 'POST /generate').length, 1);
  } finally {
    globalThis.fetch = fetch;
  }
}));

test('Stop while a host holds the first event back: the run ends, and not by itself', scene({ limits: { linger_ms: 600_000, idle_ms: 600_000, first_token_ms: 600_000, run_ms: 3_600_000 } }, async ({ site, provider }) => {
  const host = await startHost(site.port);
  host.isMute = true;
  try {
    provider.auto({ init: false });
    const run = generate(COOK, { base: `http://127.0.0.1:${host.port}/` });
    const read = readAll(run);
    const init = await provider.next('init');
    run.stop();
    await init.closed;
    assert.deepEqual((await read).filter((name) => name === '_done'), []);
  } finally {
    await host.stop();
  }
}));
