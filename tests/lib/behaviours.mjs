// What every host must do: a table of [name, scene, check]. The checks of one
// scene share a site and run in this order. Beats of the program's heart are
// the only clock: they slow down with the machine.
//
//   shipped  the configuration exactly as it is in the tree, and beside the
//            pages some that are named like what the program serves
//   full     two runs at once, and little patience with who does not read
//   silent   the server's clock for silence at a second

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { H2Client } from './h2.mjs';
import * as proc from './proc.mjs';
import { COOK, run, start } from './run.mjs';
import { boundedGrowth } from './site.mjs';
import { sleep, waitFor } from './wait.mjs';

const PAGES = { graph: 'a file', 'speed.html': 'a page', 'services.html': 'a page', runs: 'a file' };

export const SCENES = {
  shipped: { limits: { heartbeat_ms: 400 }, pages: PAGES },
  full: { limits: { heartbeat_ms: 400, max_runs: 2, stall_ms: 1000, stage_bytes: 64 << 20, idle_ms: 60000 } },
  silent: { limits: { heartbeat_ms: 200 } },
};

const TRIES = 4;
const JSON_TYPE = { 'content-type': 'application/json' };
const order = (name) => ({ ...COOK, ingredientsOnHand: name });
const beats = (r) => r.comments.filter((comment) => comment === 'hb').length;
const gone = (pids) => waitFor(() => !pids.some(proc.alive), () => `processes to leave: ${pids.filter(proc.alive)}`);
const post = (body, version = '1.1') => `POST /generate HTTP/${version}\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;

/** The program's processes: stages under workers under listeners; under plain CGI there are no listeners. */
function family(site, stage) {
  const ours = new Set(site.ours().filter((pid) => proc.executable(pid) === site.program));
  const parent = (pid) => (ours.has(proc.stat(pid)?.parent) ? proc.stat(pid).parent : null);
  const worker = parent(stage);
  return { worker, listener: parent(worker), stages: [...ours].filter((pid) => parent(pid) === worker), ours: [...ours] };
}

/** A run with ing in the middle of its text, and who serves it. */
async function inTheMiddle({ site, provider }, visitor = site) {
  provider.rest().auto({ ing: false });
  const r = await start(visitor);
  const ing = await provider.next('ing');
  ing.text('Beef has');
  await r.text('ing', 'Beef has');
  return { r, ing, ...family(site, proc.ownerOfPort(ing.connection.socket.remotePort, site.ours())) };
}

async function finish({ r, ing }) {
  ing.text(' iron.').finish('stop').done();
  await r.over();
  assert.equal(r.parts.ing, 'Beef has iron.');
}

/** The next visitor is served, as soon as anybody is. */
async function served({ site, provider }) {
  const answers = () => site.get('/services').then(async (response) => (await response.text()) && response.status === 200, () => false);
  await waitFor(answers, 'somebody to answer', { every: 50 });
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}

async function live({ site, provider }, visitor = site) {
  provider.rest().auto({ ing: false });
  const r = await start(visitor);
  const ing = await provider.next('ing');
  for (const word of ['Beef ', 'has ', 'iron.']) {
    ing.text(word);
    await r.text('ing', word);
  }
  ing.finish('stop').done();
  await r.over();
}

/** A visitor leaves. Resolves to the beats that another sees until all of it is closed. */
async function beatsToNotice({ site, provider }, { talking, visitor = site }) {
  const of = (name, part) => (x) => x.prompt.includes(name) && (!part || x.part === part);
  provider.rest();
  const stays = await start(site, order('one who stays'));
  const leaves = await start(visitor, order('one who leaves'));
  const open = [await provider.next(of('leaves', 'init')), await provider.next(of('leaves', 'ing'))];
  const [, ing] = open;
  if (talking) {
    ing.text('Beef');
    await leaves.text('ing', 'Beef');
  }
  const before = beats(stays);
  leaves.leave();
  await waitFor(() => {
    if (talking) ing.text(' and more');
    return open.every((x) => x.gone);
  }, 'the provider to be left', { every: 20 });
  const passed = beats(stays) - before;
  stays.leave();
  await provider.allClosed();
  return passed;
}

/**
 * A visitor who leaves is noticed within so many beats. On a busy machine whoever has to notice it may not run for a
 * beat while the other one does, so there are some tries; a host that notices it late does so in each.
 */
async function leaving(set, how) {
  const seen = [];
  do seen.push(await beatsToNotice(set, how));
  while (seen.at(-1) > set.host.beats && seen.length < TRIES);
  assert.ok(seen.at(-1) <= set.host.beats, `noticed after ${seen} heartbeats`);
}

async function withH2(site, f) {
  const visitor = new H2Client(site);
  try {
    await f(visitor);
  } finally {
    visitor.close();
  }
}

/** N runs whose models have all been asked before any of them ends. */
async function atOnce({ site, provider }, n, visitor = site) {
  provider.rest().auto({ ing: false });
  const runs = Promise.all(Array.from({ length: n }, () => run(visitor)));
  await Promise.race([runs, waitFor(() => provider.pending('ing') === n, () => `${n} runs at once; there are ${provider.pending('ing')}`)]);
  provider.auto();
  for (const r of await runs) assert.equal(r.stateOf('ste'), 'done');
}

async function raw(site, bytes, body = '') {
  const client = site.raw();
  client.send(bytes).send(body);
  await client.until((c) => c.status !== 0, 'a status');
  client.leave();
  return client;
}

async function page({ site }) {
  const index = await site.get('/');
  assert.equal(index.status, 200);
  assert.match(index.headers['content-security-policy'], /default-src 'none'/);
  assert.equal(index.headers['referrer-policy'], 'same-origin');
  assert.match(await index.text(), /<!doctype html>/i);
  const script = await site.get('/main.js');
  assert.match(script.headers['content-type'], /javascript/);
  await script.text();
  assert.ok((await (await site.get('/services')).json()).services.length > 0);
  assert.ok((await (await site.get('/graph')).json()).parts.length > 0);
}

/**
 * What is asked, and the code of its 404. /runs has a route and no function yet; what /runs/ is
 * depends on how a server divides a path.
 */
const NOT_FOUND = {
  'GET /speed': 'not_found', 'GET /runs': 'not_found', 'GET /runs/': /^(not_found|no_run)$/, 'GET /runs/0123': 'no_run', 'HEAD /runs/0123': '', 'GET /runs/0123?offset=-1': 'no_run',
  'GET /runs/0123/stop': 'no_run', 'POST /runs/0123/stop': 'no_run', 'DELETE /runs/0123': 'no_run',
};

/** All that the program has routes for reaches it, by each method and whatever files there are; a page's name does not. */
async function routes({ site, provider }) {
  for (const [what, code] of Object.entries(NOT_FOUND)) {
    const [method, path] = what.split(' ');
    const response = await site.request({ method, path, ...(method === 'POST' ? { headers: JSON_TYPE, body: '{}' } : {}) });
    assert.equal(response.status, 404, what);
    assert.match(response.headers['content-type'], /^application\/json/, what);
    if (method === 'HEAD') assert.equal(await response.text(), '');
    else assert.match((await response.json()).error.code, new RegExp(code), what);
  }
  await kept({ site, provider });
  for (const name of ['speed.html', 'services.html']) {
    const response = await site.get(`/${name}`);
    assert.equal(response.status, 200, name);
    assert.equal(await response.text(), PAGES[name]);
  }
}

/** A run that has a name is read again, whole and from some event, and stopped by its key. */
async function kept({ site, provider }) {
  provider.rest().auto();
  const key = randomUUID();
  const named = { ...JSON_TYPE, 'idempotency-key': key };
  const eventsOf = (text) => text.match(/^(data|id): .*$/gm).join('\n');
  const text = await (await site.post(COOK, { headers: named })).text();
  const path = `/runs/${/"id":"([0-9a-f]{32})"/.exec(text)[1]}`;
  assert.equal(eventsOf(await (await site.get(path)).text()), eventsOf(text));
  assert.match(await (await site.get(path, { 'last-event-id': '5' })).text(), /\nid: 6\n/);
  assert.equal((await (await site.get(`${path}?offset=-1`)).json()).length, text.match(/^id: /gm).length);
  assert.equal((await site.request({ method: 'HEAD', path })).status, 200);
  assert.equal((await site.request({ method: 'OPTIONS', path })).status, 204);
  assert.equal((await site.request({ method: 'DELETE', path })).status, 403);
  assert.equal((await site.request({ method: 'DELETE', path, headers: { 'idempotency-key': key } })).status, 204);
  assert.equal((await site.request({ method: 'POST', path: `${path}/stop`, headers: JSON_TYPE, body: JSON.stringify({ run: key }) })).status, 204);
  await keptLive({ site, provider });
}

/** In mid-run: left, read by polls as where the stream is held back, read by a second visitor of the same key, and stopped. */
async function keptLive({ site, provider }) {
  provider.rest().auto({ int: false });
  const own = { 'idempotency-key': randomUUID() };
  const headers = { ...JSON_TYPE, ...own };
  const before = provider.requests;
  const first = await site.post(COOK, { headers });
  const int = await provider.next('int');
  int.text('So');
  const polled = [];
  while (!polled.some(({ text }) => text === 'So')) {
    const offset = polled.length ? String(polled.at(-1).id).padStart(10, '0') : '-1';
    const poll = await site.get(`/runs/mine?live=long-poll&offset=${offset}`, own);
    assert.ok([200, 204].includes(poll.status), String(poll.status));
    if (poll.status === 200) polled.push(...await poll.json());
  }
  first.leave();
  const second = await site.post(COOK, { headers });
  assert.equal((await site.request({ method: 'DELETE', path: '/runs/mine', headers: own })).status, 204);
  await int.closed;
  const whole = await second.text();
  assert.match(whole, /"how":"stopped"/);
  assert.deepEqual(polled.map(({ id }) => id), polled.map((_, i) => i + 1));
  assert.equal(provider.requests - before, 6, 'paid for once');
}

/** Settings, prompts, keys, and the program by its own name. */
async function unreachable({ site }) {
  const paths = ['/recipe.json', '/prompts/', '/prompts/stages.json', '/prompts/demo/add.txt', '/keys/groq', '/recipe.fcgi',
    '/recipe.fcgi/generate', '/.htaccess', '/generate/x', '/../recipe.json', '//recipe.json', '/x/../recipe.json', '/%72ecipe.json',
    '/services/x', '/speed/x', '/run', '/runsx', '/runs/../recipe.json', '/runs/%2e%2e/prompts/stages.json', '/runs/0123/../../keys/groq', '/runs/recipe.fcgi', '/recipe', '/recipe/generate',
    '/recipe.fcgi?a=/graph', '/recipe.json?a=/graph'];
  for (const path of paths) {
    const { status } = await raw(site, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
  }
}

async function bodies({ site, provider, host }) {
  provider.rest().auto();
  const long = await run(site, order(`a${'\u{1F955}'.repeat(1999)}`));
  assert.equal(long.stateOf('ste'), 'done', 'the longest order is taken');
  const over = await site.post(order('x'.repeat(20000)));
  assert.equal(over.status, 413);
  assert.equal((await over.json()).error.code, 'too_large', 'the program says so in words');
  const far = 'x'.repeat(1 << 20);
  assert.equal((await raw(site, post(far), far)).status, host.tooFar ?? 413, 'the server says so before the program is asked');
}

async function http10({ site, provider }) {
  provider.rest().auto({ ing: false });
  const body = JSON.stringify(COOK);
  const client = site.raw().send(post(body, '1.0')).send(body);
  const ing = await provider.next('ing');
  for (const word of ['Beef', 'has', 'iron']) {
    ing.text(word);
    await client.until((c) => c.text.includes(`ing|${word}\n`), word);
  }
  ing.finish('stop').done();
  await client.until((c) => c.ended, 'the end');
  assert.equal(client.status, 200);
  assert.match(client.text, /data: _done\|.*\nid: \d+\n\n(:\.*\n\n)?$/, 'nothing follows, no chunk either');
}

async function head({ site }) {
  const response = await site.request({ method: 'HEAD', path: '/generate' });
  assert.equal(response.status, 405);
  assert.match(response.headers.allow, /POST/);
  assert.equal(await response.text(), '');
  assert.equal((await site.request({ method: 'HEAD' })).status, 200);
}

async function silence(set) {
  const { site, provider } = set;
  provider.rest().auto({ ing: false });
  const r = await start(site);
  const ing = await provider.next('ing');
  const before = beats(r);
  await r.until(() => beats(r) >= before + 15, 'three seconds of heartbeats');
  ing.answer('Iron.');
  await r.over();
  // Without the heart the same silence is the end: the clock was set.
  const stopped = await inTheMiddle(set);
  proc.kill(stopped.worker, 'SIGSTOP');
  try {
    await waitFor(() => stopped.r.ended, 'the server to lose patience');
  } finally {
    proc.kill(stopped.worker, 'SIGCONT');
  }
  await provider.allClosed();
}

async function stalled({ site, provider }) {
  provider.rest().auto({ ing: false });
  const body = JSON.stringify(COOK);
  const client = site.raw().send(post(body)).send(body);
  const ing = await provider.next('ing');
  await client.until((c) => c.text.includes(': ok'), 'the stream to begin');
  client.socket.pause();
  const weight = () => proc.ownBytes(site.ours());
  const before = weight();
  const piece = 'all work and no play '.repeat(400);
  for (let size = 0; size < 32 << 20; size += piece.length) ing.text(piece);
  let most = 0;
  await waitFor(() => {
    most = Math.max(most, weight() - before);
    return provider.open === 0;
  }, 'the provider to be left', { every: 100 });
  client.leave();
  assert.ok(most < (await boundedGrowth()), `our processes have grown by ${most} bytes`);
  await waitFor(async () => /a visitor read nothing for stall_ms/.test(await site.stderr()), 'the log to say why');
}

async function fullHouse({ site, provider }) {
  const VISITORS = 5;
  provider.rest().auto({ ing: false });
  const runs = Promise.all(Array.from({ length: VISITORS }, () => run(site)));
  for (let n = 0; n < VISITORS; n++) {
    const ing = await provider.next('ing');
    assert.ok(provider.exchanges.filter((x) => x.part === 'ing' && !x.gone).length <= 2, 'never more than two');
    ing.answer('Iron.');
    await ing.closed;
  }
  for (const r of await runs) assert.equal(r.stateOf('ste'), 'done');
}

/** The open run goes on while the server has begun anew. */
async function reload(set) {
  const open = await inTheMiddle(set);
  const [signal, heard] = set.host.reload;
  set.site.children.at(-1).child.kill(signal);
  await waitFor(async () => heard.test(await set.site.stderr()), 'the server to hear it');
  const { waits } = set.host;
  for (const next of waits ? [() => finish(open), () => served(set)] : [() => served(set), () => finish(open)]) await next();
}

async function workerKilled(set) {
  const { r, worker, stages } = await inTheMiddle(set);
  proc.kill(worker, 'SIGKILL');
  await waitFor(() => r.ended, 'the stream to break');
  assert.equal(r.done, null);
  await set.provider.allClosed();
  await gone(stages);
  await served(set);
}

async function listenerKilled(set) {
  await served(set);
  const open = await inTheMiddle(set);
  proc.kill(open.listener, 'SIGKILL');
  await gone([open.listener]);
  await finish(open);
  await gone([open.worker, ...open.stages]);
  if (set.host.respawns) await served(set);
}

async function stop(set) {
  const { r } = await inTheMiddle(set);
  for (const { child, exited } of [...set.site.children].reverse()) {
    child.kill('SIGTERM');
    await exited;
  }
  await waitFor(() => r.ended, 'the stream to break');
  await set.provider.allClosed();
  await waitFor(() => set.site.ours().length === 0, 'nobody to be left');
}

export const BEHAVIOURS = [
  ['the page and its policy', 'shipped', page],
  ['live', 'shipped', live],
  ['20 runs at once', 'shipped', (set) => atOnce(set, 20)],
  ['leaves in silence', 'shipped', (set) => leaving(set, { talking: false })],
  ['leaves in the text', 'shipped', (set) => leaving(set, { talking: true })],
  ['HTTP/2: live, runs side by side', 'shipped', (set) => withH2(set.site, async (h2) => {
    await live(set, h2);
    await atOnce(set, set.host.streams ?? 8, h2);
  })],
  ['HTTP/2: leaves in silence', 'shipped', (set) => withH2(set.site, (visitor) => leaving(set, { talking: false, visitor }))],
  ['body limits', 'shipped', bodies],
  ['HTTP/1.0', 'shipped', http10],
  ['HEAD', 'shipped', head],
  ['what is planned reaches the program', 'shipped', routes],
  ['nothing else is reachable', 'shipped', unreachable],
  ['reload during a run', 'shipped', reload],
  ['worker killed', 'shipped', workerKilled],
  ['listener killed', 'shipped', listenerKilled],
  ['a full house', 'full', fullHouse],
  ['a stalled reader', 'full', stalled],
  ['silence beyond the time-out', 'silent', silence],
  ['stop', 'silent', stop],
];
