// What a web server would never let through, said to the program directly; and
// the ways to start it without lighttpd.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { COOK, PROGRAM, assert, proc, run, scene, sleep, test, waitFor, within } from '../lib/harness.mjs';
import { cgiParams, pairs, record, TYPE } from '../lib/fastcgi.mjs';

const headers = { 'content-type': 'application/json' };
const BODY = JSON.stringify(COOK);

const LENGTHS = [
  ['missing', undefined, 411, 'length_required'],
  ['empty', '', [400, 411], /length/],
  ['no number', 'many', 400, 'bad_length'],
  ['a sign alone', '-', 400, 'bad_length'],
  ['a number with a tail', `${BODY.length}x`, 400, 'bad_length'],
  ['too small', BODY.length - 3, 400, 'bad_length'],
  ['too large', BODY.length + 3, 400, 'bad_length'],
  ['over the limit', 16385, 413, 'too_large'],
  ['beyond 64 bits', '99999999999999999999999', [400, 413], /bad_length|too_large/],
];

test('CONTENT_LENGTH', async (t) => {
  await scene({ server: 'listen' }, async ({ site, provider }) => {
    for (const [name, length, status, code] of LENGTHS) {
      await t.test(name, async () => {
        const client = site.fcgi().begin().params(cgiParams({ headers, length })).stdin(BODY).stdinEnd();
        const response = await client.response();
        const { error } = await response.json();
        assert.ok([status].flat().includes(response.status), `${response.status} ${error.message}`);
        assert.match(error.code, new RegExp(code));
        assert.ok(await client.over, 'the request is ended, not just dropped');
      });
    }
    provider.auto();
    assert.equal((await run(site)).stateOf('ste'), 'done');
    assert.equal(provider.requests, 6);
  })(t);
});

const PATHS = [['/nothing', 404, 'not_found'], ['/', 404, 'not_found'], ['/generate/more', 404, 'not_found'], ['/generated', 404, 'not_found']];
test('paths', async (t) => {
  await scene({ server: 'listen' }, async ({ site }) => {
    for (const [path, status, code] of PATHS) {
      await t.test(path, async () => {
        const response = await site.post(COOK, { path });
        const { error } = await response.json();
        assert.equal(response.status, status, error.message);
        assert.equal(error.code, code);
      });
    }
  })(t);
});

test('a negative CONTENT_LENGTH, Caddy\'s of a chunked body, means that the end says it', scene({ server: 'listen' }, async ({ site, provider }) => {
  provider.auto();
  const client = site.fcgi().begin().params(cgiParams({ headers, length: '-1' })).stdin(BODY.slice(0, 20)).stdin(BODY.slice(20)).stdinEnd();
  assert.match(await (await client.response()).text(), /data: _done\|/);
  const long = site.fcgi().begin().params(cgiParams({ headers, length: '-1' })).stdin(' '.repeat(20000)).stdinEnd();
  const response = await long.response();
  assert.equal(response.status, 413);
  assert.equal((await response.json()).error.code, 'too_large');
}));

test('a negative CONTENT_LENGTH under plain CGI', scene({ limits: { body_ms: 20000 } }, async ({ site, provider }) => {
  provider.auto();
  const child = spawn(PROGRAM, { env: { ...site.env, ...cgiParams({ headers, length: '-1' }) } });
  const said = text(child.stdout);
  child.stdin.end(BODY);
  assert.match(await within(said, 'the answer'), /data: _done\|/);
}));

test('a POST that was answered before: 204, no service is asked, no body read', scene({ server: 'listen', cors: ['https://cook.example'] }, async ({ site, provider }) => {
  const origin = 'https://cook.example';
  for (const more of [{ headers: { 'last-event-id': '7' } }, { path: '/generate?lastEventId=7' }, { headers: { 'last-event-id': '7', accept: 'application/json' } }]) {
    const response = await site.post(COOK, { ...more, headers: { origin, ...more.headers } });
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
    assert.equal(response.headers['content-type'], undefined);
    assert.equal(response.headers['access-control-allow-origin'], origin, 'its page may read that');
  }
  const asked = await site.request({ method: 'OPTIONS', path: '/generate', headers: { origin, 'access-control-request-headers': 'last-event-id' } });
  assert.match(asked.headers['access-control-allow-headers'], /Last-Event-ID/i);
  assert.equal(provider.requests, 0);
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));

test('no answer to HEAD has a body', scene({ server: 'listen' }, async ({ site }) => {
  for (const path of ['/generate', '/services', '/nothing', '/']) {
    const response = await site.request({ method: 'HEAD', path });
    assert.ok([404, 405].includes(response.status), `${path}: ${response.status}`);
    assert.equal(await response.text(), '', path);
  }
}));

test('nor has that of a program that is not configured well', scene({ server: 'spawn-fcgi', configText: '{' }, async ({ site }) => {
  const response = await site.request({ method: 'HEAD', path: '/services' });
  assert.equal(response.status, 503);
  assert.equal(await response.text(), '');
  assert.equal((await (await site.get('/services')).json()).error.code, 'config');
}));

/*
 * A record that nobody reads, and then an end: the end is seen all the same,
 * and the worker sleeps until something happens.
 */
for (const [name, extra] of [['an unread record', record(TYPE.stdin, Buffer.alloc(8))], ['two of them', Buffer.concat([record(TYPE.stdin, Buffer.alloc(8)), record(TYPE.stdin, Buffer.alloc(64))])], ['half of one', Buffer.from([1, 5, 0])], ['nothing', Buffer.alloc(0)]]) {
  test(`${name}, then the connection is half closed: the visitor has left`, scene({ server: 'listen', limits: { max_runs: 1 } }, async ({ site, provider }) => {
    const client = site.fcgi().send({ body: BODY, headers });
    await provider.next('ing');
    client.raw(extra);
    client.socket.end();
    await provider.allClosed();
    provider.auto();
    await run(site);
  }));
  test(`${name}, and the connection stays: the run goes on, asleep`, scene({ server: 'listen', limits: { max_runs: 1, heartbeat_ms: 60000 } }, async ({ site, provider }) => {
    provider.auto({ ing: false, init: false });
    const client = site.fcgi().send({ body: BODY, headers });
    const [ing, init] = [await provider.next('ing'), await provider.next('init')];
    const [worker] = site.tree().workers;
    client.raw(extra);
    await sleep(100);
    const before = proc.cpuTicks(worker.pid);
    await sleep(500);
    assert.ok(proc.cpuTicks(worker.pid) - before < 15, 'hundredths of a second of CPU in half a second');
    ing.answer('Iron.');
    init.answer('nothing of use');
    await client.over;
  }));
}

test('a body in many small records', scene({ server: 'listen' }, async ({ site, provider }) => {
  provider.auto();
  const client = site.fcgi().begin().params(cgiParams({ headers, length: BODY.length }));
  for (const byte of BODY) client.stdin(byte);
  const response = await client.stdinEnd().response();
  assert.equal(response.status, 200);
  assert.match(await response.text(), /data: _done\|/);
  assert.deepEqual(await client.over, { appStatus: 0, protocolStatus: 0 });
}));

test('records with padding, params in two records', scene({ server: 'listen' }, async ({ site, provider }) => {
  provider.auto();
  const params = pairs(cgiParams({ headers, length: BODY.length }));
  const client = site.fcgi().begin();
  client.raw(record(TYPE.params, params.subarray(0, 20), { padding: 5 })).raw(record(TYPE.params, params.subarray(20))).raw(record(TYPE.params));
  client.raw(record(TYPE.stdin, BODY, { padding: 7 })).stdinEnd();
  const response = await client.response();
  assert.match(await response.text(), /data: _done\|/);
}));

const NONSENSE = [
  ['nothing', (c) => c],
  ['half a header', (c) => c.raw([1, 1, 0])],
  ['another protocol', (c) => c.raw('GET / HTTP/1.1\r\n\r\n')],
  ['version 9', (c) => c.raw([9, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])],
  ['params without a begin', (c) => c.params(cgiParams())],
  ['a role that is not ours', (c) => c.begin({ role: 3 }).params({})],
  ['no params at all', (c) => c.begin().params({}).stdinEnd()],
];
test('nonsense costs its own connection only', async (t) => {
  await scene({ server: 'listen', limits: { body_ms: 1000 } }, async ({ site, provider }) => {
    provider.auto();
    for (const [name, send] of NONSENSE) {
      await t.test(name, async () => {
        const client = site.fcgi();
        await new Promise((resolve) => client.socket.once('connect', resolve));
        send(client);
        client.socket.end();
        await waitFor(() => client.socket.destroyed || client.stdout.length > 0, 'an answer or the end');
        client.leave();
        assert.equal((await run(site)).stateOf('ste'), 'done');
      });
    }
  })(t);
});

test('a connection that says nothing ends at body_ms', scene({ server: 'listen', limits: { body_ms: 1000 } }, async ({ site, provider }) => {
  const client = site.fcgi();
  await client.closed;
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));

test('--listen unix: serves', scene({ server: 'listen' }, async ({ site, provider }) => {
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));

test('spawn-fcgi serves', scene({ server: 'spawn-fcgi' }, async ({ site, provider }) => {
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));

test('--listen HOST:PORT serves', scene({ server: 'listen-tcp' }, async ({ site, provider }) => {
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));
