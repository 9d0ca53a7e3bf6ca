// A run outlives its connection: it has a name, is kept, can be read again from any event,
// and is stopped by who has its key.

import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { cgid } from '../lib/apache.mjs';
import { COOK, assert, startProvider, startSite, test, waitFor } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';
import { drawing } from '../lib/storm.mjs';

/** Runs f with a site and a home server that writes a token each `gapMs`. */
const at = (options, f) => async () => {
  const { server = 'lighttpd', limits, config, ...pace } = options;
  const home = await startHome({ slots: 100, ...pace });
  const site = await startSite({ server, config: { services: { '70b': home.provider.service('m'), 'groq-8b': home.provider.service('m') }, limits, ...config } });
  try {
    await f({ home, site });
  } finally {
    await site.stop();
    await home.stop();
  }
};

/** The blocks of a stream that have an id: [[id, data]], each whole. */
const eventsOf = (text) => [...text.matchAll(/^data: ([^\n]*)\n(?:retry: \d+\n)?id: (\d+)\n\n/gm)].map(([, data, id]) => [Number(id), data]);
const doneOf = (text) => JSON.parse(eventsOf(text).at(-1)[1].replace(/^_done\|/, ''));
const named = (key, more = {}) => ({ headers: { 'idempotency-key': key, ...more } });
const post = async (site, key, more) => (await site.post(COOK, named(key, more))).text();
const idOf = (text) => /"id":"([0-9a-f]{32})"/.exec(text)[1];

/** Reads a response until f(text so far) is true; resolves to that text. */
async function readUntil(response, f) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (f(text)) break;
  }
  return text;
}

/** Begins a run and leaves it after some events: {key, id, text}. */
async function beginAndLeave(site, after) {
  const key = randomUUID();
  const response = await site.post(COOK, named(key));
  const text = await readUntil(response, (t) => eventsOf(t).length >= after);
  response.leave();
  return { key, id: idOf(text), text };
}

const readRun = async (site, id, headers) => (await site.get(`/runs/${id}`, headers)).text();

for (const server of ['lighttpd', 'apache']) {
  test(`the same key and request attach to the same run, which is paid for once, ${server}`, at({ server }, async ({ home, site }) => {
    const key = randomUUID();
    const [first, second] = await Promise.all([post(site, key), post(site, key)]);
    const { requests } = home;
    const third = await post(site, key.replaceAll('-', '').toUpperCase());
    const quoted = await post(site, `"${key}"`);
    const inBody = await (await site.post({ ...COOK, run: key })).text();
    const read = await readRun(site, idOf(first));
    for (const text of [second, third, quoted, inBody, read]) assert.deepEqual(eventsOf(text), eventsOf(first));
    assert.equal(requests, 6);
    assert.equal(home.requests, 6, 'nothing is asked twice');
    assert.equal(JSON.parse(eventsOf(first)[0][1].replace(/^_run\|/, '')).kept, true);
    assert.equal(doneOf(first).how, 'done');
  }));
}

test('what is asked wrongly', at({}, async ({ home, site }) => {
  const key = randomUUID();
  const id = idOf(await post(site, key));
  const status = async (response) => [(await response).status, (await (await response).text()).match(/"code":"(\w+)"/)?.[1]];
  assert.deepEqual(await status(site.post({ ...COOK, prepTime: '46' }, named(key))), [422, 'other_request']);
  for (const bad of ['short', `${key}0`, key.replace('-', '+'), 'g'.repeat(32)]) assert.deepEqual(await status(site.post(COOK, named(bad))), [400, 'bad_key'], bad);
  assert.deepEqual(await status(site.post({ ...COOK, run: 7 })), [400, 'bad_key']);
  for (const unknown of ['0'.repeat(32), id.slice(1), `${id}0`, id.toUpperCase(), '7/8']) assert.equal((await status(site.get(`/runs/${unknown}`)))[0], 404, unknown);
  assert.equal((await site.request({ method: 'PUT', path: `/runs/${id}` })).status, 405);
  assert.equal((await site.request({ method: 'POST', path: `/runs/${id}` })).status, 405);
  assert.equal((await site.get(`/runs/${id}/stop`)).status, 405);
  assert.equal(home.requests, 6);
}));

test('cut after any event, it goes on with the next one', at({}, async ({ site }) => {
  const key = randomUUID();
  const whole = await post(site, key);
  const events = eventsOf(whole);
  const draw = drawing(Number(process.env.SEED ?? 25));
  for (let n = 0; n < 30; n++) {
    const k = n === 0 ? 1 : 1 + draw(events.length - 1);
    const rest = events.slice(k);
    assert.deepEqual(eventsOf(await readRun(site, idOf(whole), { 'last-event-id': String(k) })), rest, `after ${k}`);
    assert.deepEqual(eventsOf(await (await site.get(`/runs/${idOf(whole)}?lastEventId=${k}`)).text()), rest, `after ${k}, in the query`);
    assert.deepEqual(eventsOf(await post(site, key, { 'last-event-id': String(k) })), rest, `POST after ${k}`);
  }
  for (const bad of ['12: ok', '-1', '+5', '5x']) assert.deepEqual(eventsOf(await readRun(site, idOf(whole), { 'last-event-id': bad })), events, `after ${bad}, which is no id`);
  // Within the last event the second would keep who is cut there from ever reading it.
  const again = await readRun(site, idOf(whole), { 'last-event-id': String(events.length - 2) });
  assert.match(again, /\nretry: 1000\nid: \d+\n\ndata: _done\|[^\n]*\nid: \d+\n\nretry: 86400000\n\n$/);
  const last = { 'last-event-id': String(events.length) };
  assert.equal((await site.get(`/runs/${idOf(whole)}`, last)).status, 204);
  assert.equal((await site.post(COOK, named(key, last))).status, 204);
  assert.equal((await site.post(COOK, named(randomUUID(), last))).status, 204, 'a run that is not kept begins nothing');
}));

for (const [name, server] of Object.entries({ lighttpd: 'lighttpd', mod_fcgid: 'apache', 'plain CGI': cgid })) {
  test(`a visitor who has left: the run goes on, and he reads the rest, ${name}`, at({ server, gapMs: 40 }, async ({ home, site }) => {
    const { id, text } = await beginAndLeave(site, 12);
    const last = eventsOf(text).at(-1)[0];
    const rest = await readRun(site, id, { 'last-event-id': String(last) });
    assert.equal(doneOf(rest).how, 'done');
    const all = [...eventsOf(text), ...eventsOf(rest)];
    assert.deepEqual(all.map(([n]) => n), all.map((_, i) => i + 1));
    assert.deepEqual(eventsOf(await readRun(site, id)), all);
    assert.equal(home.givenUp, 0);
    assert.equal(home.requests, 6);
  }));

  test(`a run that nobody reads ends after linger_ms, ${name}`, at({ server, gapMs: 200, limits: { linger_ms: 300 } }, async ({ home, site }) => {
    const { id } = await beginAndLeave(site, 6);
    await waitFor(() => home.writing === 0, 'the services to be closed');
    assert.ok(home.givenUp > 0);
    assert.equal(doneOf(await readRun(site, id)).how, 'left');
  }));

  test(`it is stopped by its key, from another process, ${name}`, at({ server, gapMs: 300 }, async ({ home, site }) => {
    const key = randomUUID();
    const response = await site.post(COOK, named(key));
    let id;
    const text = await readUntil(response, (t) => {
      if (id || eventsOf(t).length < 5) return false;
      id = idOf(t);
      (async () => {
        const stop = (path_, headers) => site.request({ method: 'DELETE', path: path_, headers });
        assert.equal((await stop(`/runs/${id}`)).status, 403);
        assert.equal((await stop(`/runs/${id}`, { 'idempotency-key': randomUUID() })).status, 403);
        assert.equal((await stop(`/runs/${id}`, { 'idempotency-key': key })).status, 204);
      })();
      return false;
    });
    assert.equal(doneOf(text).how, 'stopped');
    await waitFor(() => home.writing === 0, 'the services to be closed');
    assert.ok(home.givenUp > 0);
    const again = await site.post({ run: key }, { path: `/runs/${id}/stop` });
    assert.equal(again.status, 204, 'of a run that is over nothing is left to stop');
  }));
}

test('who reads keeps it going, also after some event', at({ gapMs: 120, limits: { linger_ms: 200 } }, async ({ home, site }) => {
  const { id, text } = await beginAndLeave(site, 10);
  const rest = await readRun(site, id, { 'last-event-id': '5' });
  assert.equal(doneOf(rest).how, 'done');
  assert.deepEqual(eventsOf(rest)[0], eventsOf(text)[5]);
  assert.equal(home.givenUp, 0);
}));

test('a worker that is killed: all readers are told the same', at({ gapMs: 100 }, async ({ site }) => {
  const key = randomUUID();
  const response = await site.post(COOK, named(key));
  const readers = [];
  await readUntil(response, (t) => {
    if (eventsOf(t).length < 8) return false;
    readers.push(readRun(site, idOf(t)), readRun(site, idOf(t)));
    return readers.length > 0;
  });
  const runs = await findRuns(site.dir);
  const [id] = runs.files;
  process.kill(await writerOf(path.join(runs.dir, id)), 'SIGKILL');
  const [one, two] = await Promise.all(readers);
  assert.deepEqual(eventsOf(one), eventsOf(two));
  assert.match(eventsOf(one).at(-2)[1], /^_error\|.*"code":"broken"/);
  assert.equal(doneOf(one).how, 'broken');
  assert.deepEqual(eventsOf(await readRun(site, id)), eventsOf(one));
  response.leave();
}));

/** Where a site keeps its runs, and their journals. */
async function findRuns(dir) {
  const walk = async (at_) => {
    for (const entry of await fs.readdir(at_, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const inner = path.join(at_, entry.name);
      if (entry.name === 'runs') return inner;
      const found = await walk(inner);
      if (found) return found;
    }
    return undefined;
  };
  const found = await walk(dir);
  return { dir: found, files: (await fs.readdir(found)).filter((name) => /^[0-9a-f]{32}$/.test(name)) };
}

/** The process that writes this journal. */
async function writerOf(file) {
  for (const pid of (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const fds = await fs.readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const fd of fds) {
      // It was opened under another name, and then linked to its own.
      if (!(await fs.readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')).startsWith(`${file}.`)) continue;
      return Number(pid);
    }
  }
  throw new Error(`nobody writes ${file}`);
}

test('a visitor\'s text is nobody else\'s, and is gone after keep_s', at({ server: 'listen', limits: { keep_s: 2 } }, async ({ site }) => {
  const key = randomUUID();
  const text = await post(site, key);
  const runs = await findRuns(site.dir);
  assert.deepEqual(runs.files, [idOf(text)]);
  assert.equal((await fs.stat(runs.dir)).mode & 0o777, 0o700);
  assert.equal((await fs.stat(path.join(runs.dir, runs.files[0]))).mode & 0o777, 0o600);
  const kept = await fs.readFile(path.join(runs.dir, runs.files[0]), 'utf8');
  assert.ok(!kept.includes(key) && !kept.includes(key.replaceAll('-', '')), 'the key is not in the journal');
  assert.deepEqual(eventsOf(kept), eventsOf(text));
  assert.ok(!(await site.log?.() ?? '').includes(key));
  await waitFor(async () => (await fs.readdir(runs.dir)).length === 0, 'the listener to remove it');
  assert.equal((await site.get(`/runs/${idOf(text)}`)).status, 404);
}));

test('what cannot be kept runs all the same, and ends with its visitor', at({ gapMs: 30 }, async ({ home, site }) => {
  await post(site, randomUUID());
  const { dir } = await findRuns(site.dir);
  await fs.rm(dir, { recursive: true });
  await fs.writeFile(dir, 'a file in its place');
  const text = await post(site, randomUUID());
  assert.equal(JSON.parse(eventsOf(text)[0][1].replace(/^_run\|/, '')).kept, false);
  assert.equal(doneOf(text).how, 'done');
  assert.equal((await site.get(`/runs/${idOf(text)}`)).status, 404);
  const before = home.givenUp;
  await beginAndLeave(site, 6);
  await waitFor(() => home.givenUp > before && home.writing === 0, 'the run to end with its visitor');
}));

test('"journal": false keeps nothing', at({ config: { journal: false } }, async ({ home, site }) => {
  const key = randomUUID();
  const text = await post(site, key);
  assert.equal(JSON.parse(eventsOf(text)[0][1].replace(/^_run\|/, '')).kept, false);
  assert.equal((await site.get(`/runs/${idOf(text)}`)).status, 404);
  assert.equal(home.requests, 6);
}));

test('too many readers get a stream that ends cleanly', at({ limits: { max_readers: 0 } }, async ({ site }) => {
  const text = await post(site, randomUUID());
  const response = await site.get(`/runs/${idOf(text)}`);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), ': ok\n\nretry: 1000\n\n');
}));

test('whatever a model writes is read again as it was sent', async () => {
  const provider = await startProvider();
  provider.auto({ int: 'a\u0000b \u2B91 | c\u2028d \uFEFF data: x\r\nid: 7\r\n\r\n: e' });
  const site = await startSite({ server: 'lighttpd', provider });
  try {
    const text = await post(site, randomUUID());
    assert.match(text, /^data: int\|a\0b/m);
    assert.deepEqual(eventsOf(await readRun(site, idOf(text))), eventsOf(text));
    assert.equal((await (await site.get(`/runs/${idOf(text)}?offset=-1`)).json()).length, eventsOf(text).length);
  } finally {
    await site.stop();
    await provider.stop();
  }
});

test('a document of the run, and its head', at({}, async ({ site }) => {
  const key = randomUUID();
  const text = await post(site, key);
  const response = await site.get(`/runs/${idOf(text)}`, { accept: 'application/json' });
  assert.match(response.headers['cache-control'], /no-store/);
  const document = await response.json();
  assert.equal(document.run.id, idOf(text));
  assert.deepEqual(Object.keys(document.parts).sort(), ['add', 'alt', 'ing', 'init', 'int', 'sde', 'ste']);
  for (const accept of ['text/html,application/xhtml+xml,*/*;q=0.8', 'TEXT/HTML', 'text/plain']) {
    const words = await site.get(`/runs/${idOf(text)}`, { accept });
    assert.match(words.headers['content-type'], /^text\/plain/, accept);
    assert.match(await words.text(), /\(end\)\n$/);
  }
  const head = await site.request({ method: 'HEAD', path: `/runs/${idOf(text)}` });
  assert.equal(head.status, 200);
}));

test('plain CGI: what the process logs that goes on is in the server\'s log', at({ server: cgid }, async ({ site }) => {
  await post(site, randomUUID());
  await waitFor(async () => (await site.stderr()).match(/part=ing state=done/g)?.length === 1, 'the log to have the parts of the run');
}));

test('who has the key reads and stops by it, and needs no id', at({ gapMs: 200 }, async ({ home, site }) => {
  const key = randomUUID();
  const mine = (query, method = 'GET') => fetch(`http://127.0.0.1:${site.port}/runs/mine${query}`, { method, headers: { 'idempotency-key': key } });
  assert.equal((await mine('?offset=-1&live=long-poll')).status, 204, 'it may begin yet');
  assert.equal((await mine('')).status, 404);
  assert.equal((await site.get('/runs/mine')).status, 404, 'without a key');
  const { id } = await (async () => {
    const response = await site.post(COOK, named(key));
    const text = await readUntil(response, (t) => eventsOf(t).length >= 5);
    response.leave();
    return { id: idOf(text) };
  })();
  const poll = await mine('?offset=-1&live=long-poll');
  const [first] = await poll.json();
  assert.equal(first.data.id, id);
  assert.equal((await mine('', 'DELETE')).status, 204);
  const whole = await (await mine('')).text();
  assert.equal(doneOf(whole).how, 'stopped');
  assert.deepEqual(eventsOf(whole), eventsOf(await readRun(site, id)));
  await waitFor(() => home.writing === 0, 'the services to be closed');
}));
