// What goes wrong at a provider stays in its part: the visitor is told there,
// and every other part is written to its end. The failing part is answered the
// same at every attempt, so these hold with and without retries.

import net from 'node:net';
import { PARTS, assert, run, scene, start, test } from '../lib/harness.mjs';

const ALL_BUT = (...parts) => PARTS.filter((part) => !parts.includes(part));

/** One of int's answers, and what the visitor must be told of it. */
const FAILURES = [
  ['wrong key', (x) => x.error(401, { error: { message: 'Incorrect API key provided' } }), 'auth', /401/],
  ['forbidden', (x) => x.error(403), 'auth', /403/],
  ['HTTP 500', (x) => x.error(500), 'http_status', /500/],
  ['HTTP 400', (x) => x.error(400, { error: { message: 'the flux is low' } }), 'http_status', /400/],
  ['HTTP 503 with an HTML page', (x) => x.error(503, '<html><h1>Busy</h1></html>'), 'http_status', /503/],
  ['an HTML page at 200', (x) => x.head(200, { 'content-type': 'text/html' }).raw('<html><body>Welcome to the café</body></html>').end(), 'no_stream'],
  ['a JSON object at 200', (x) => x.error(200, { error: 'overloaded' }), 'no_stream'],
  ['an empty body at 200', (x) => x.head(200, { 'content-type': 'text/event-stream', 'content-length': 0 }), /^(cut_off|no_stream)$/],
  ['a connection that breaks before the head', (x) => x.cut(), /^(cut_off|unreachable)$/],
  ['a connection that breaks in the text', (x) => x.text('Half a sen').cut(), 'cut_off'],
  ['a stream that ends without a finish_reason', (x) => x.text('Half a sen').end(), 'cut_off'],
  ['[DONE] without a finish_reason', (x) => x.text('Half a sen').done(), 'cut_off'],
  ['an error event in the stream', (x) => x.text('Half').event({ error: { message: 'engine on fire', code: 500 } }).end(), 'provider_error', /engine on fire/],
  ['the content filter', (x) => x.text('Half').finish('content_filter').done(), 'filtered'],
];

for (const [name, answer, code, says] of FAILURES) {
  test(`${name}: ${code}, in its part alone`, scene({}, async ({ site, provider }) => {
    provider.auto({ int: answer });
    const r = await run(site);
    const state = code === 'filtered' ? 'filtered' : 'failed';
    assert.equal(r.stateOf('int'), state, r.summary());
    const error = r.errorOf('int');
    assert.match(error.code, typeof code === 'string' ? new RegExp(`^${code}$`) : code, error.message);
    if (says) assert.match(error.message, says);
    for (const part of ALL_BUT('int')) assert.equal(r.stateOf(part), 'done', part);
    assert.equal(r.errors.length, 1);
  }));
}

test('text that came before a failure stays', scene({}, async ({ site, provider }) => {
  provider.auto({ int: (x) => x.text('Half a sentence').cut() });
  const r = await start(site);
  await r.over();
  assert.equal(r.stateOf('int'), 'failed');
  assert.equal(r.parts.int, 'Half a sentence');
}));

test('a failed add skips ste, and says why', scene({}, async ({ site, provider }) => {
  provider.auto({ add: (x) => x.error(500) });
  const r = await run(site);
  assert.equal(r.stateOf('add'), 'failed');
  assert.equal(r.stateOf('ste'), 'skipped');
  assert.match(r.states.ste.at(-1).why, /add/);
  assert.equal(r.errorOf('ste').code, 'skipped');
  for (const part of ALL_BUT('add', 'ste')) assert.equal(r.stateOf(part), 'done', part);
  assert.ok(provider.exchanges.every((x) => x.part !== 'ste'), 'ste asks nobody');
}));

test('a filtered add skips ste', scene({}, async ({ site, provider }) => {
  provider.auto({ add: (x) => x.text('2 on').finish('content_filter').done() });
  const r = await run(site);
  assert.equal(r.stateOf('add'), 'filtered');
  assert.equal(r.stateOf('ste'), 'skipped');
}));

test('a failed init skips all that need it, not ing', scene({}, async ({ site, provider }) => {
  provider.auto({ init: (x) => x.error(500) });
  const r = await run(site);
  assert.equal(r.stateOf('init'), 'failed');
  for (const part of ['alt', 'add', 'int', 'sde', 'ste']) assert.equal(r.stateOf(part), 'skipped', part);
  assert.equal(r.stateOf('ing'), 'done');
}));

test('max_tokens: the part is cut, says so, and dependants start', scene({}, async ({ site, provider }) => {
  provider.auto({ add: (x) => x.answer('1 pound of flank, 2 oni', { reason: 'length' }) });
  const r = await run(site);
  assert.equal(r.stateOf('add'), 'cut');
  assert.equal(r.parts.add, '1 pound of flank, 2 oni');
  assert.equal(r.stateOf('ste'), 'done');
  assert.equal(r.errors.length, 0);
}));

test('a missing [DONE] after a finish_reason is fine', scene({}, async ({ site, provider }) => {
  provider.auto({ int: (x) => x.text('All of it.').finish('stop').end() });
  const r = await run(site);
  assert.equal(r.stateOf('int'), 'done', r.summary());
  assert.equal(r.parts.int, 'All of it.');
}));

test('a host that refuses connections: unreachable', scene({
  site: async (set) => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return deadService(set, `http://127.0.0.1:${port}/v1`);
  },
}, async ({ site, provider }) => {
  await assertOnlyIntFails({ site, provider }, /^unreachable$/, /dead/);
}));

// Where no name server answers at all, the clock is what ends the search.
test('a host whose name does not resolve: unreachable', scene({
  site: (set) => deadService(set, 'http://no-such-host.invalid/v1'),
}, async ({ site, provider }) => {
  await assertOnlyIntFails({ site, provider }, /^(unreachable|connect_timeout)$/, /no-such-host\.invalid|dead/);
}));

test('something that is not HTTP: the part fails with a message', scene({
  site: async (set) => {
    set.odd = net.createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => set.odd.once('listening', resolve));
    return deadService(set, `http://127.0.0.1:${set.odd.address().port}/v1`);
  },
}, async ({ site, provider, odd }) => {
  provider.auto();
  try {
    const r = await run(site);
    assert.equal(r.stateOf('int'), 'failed');
    for (const part of ALL_BUT('int')) assert.equal(r.stateOf(part), 'done', part);
  } finally {
    odd.close();
  }
}));

test('a model that writes without end is stopped at stage_bytes: too_big', scene({ limits: { stage_bytes: 65536 } }, async ({ site, provider }) => {
  provider.auto({ int: false });
  const r = await start(site);
  const x = await provider.next('int');
  for (let n = 0; n < 64; n++) x.text('word '.repeat(1024)); // 320 KiB
  await r.over();
  assert.equal(r.stateOf('int'), 'failed');
  assert.equal(r.errorOf('int').code, 'too_big', r.errorOf('int').message);
  assert.match(r.errorOf('int').message, /stage_bytes/);
  await x.closed;
  for (const part of ALL_BUT('int')) assert.equal(r.stateOf(part), 'done', part);
}));

test('a prompt over prompt_bytes is not sent: too_big', scene({ limits: { prompt_bytes: 3000 } }, async ({ site, provider }) => {
  provider.auto({ add: 'onion '.repeat(1000) });
  const r = await run(site);
  assert.equal(r.stateOf('ste'), 'failed', r.summary());
  assert.equal(r.errorOf('ste').code, 'too_big', r.errorOf('ste').message);
  assert.match(r.errorOf('ste').message, /prompt_bytes/);
  for (const part of ALL_BUT('ste')) assert.equal(r.stateOf(part), 'done', part);
  assert.ok(provider.exchanges.every((x) => x.part !== 'ste'));
}));

/** The stage int goes to a service of its own, the others stay where they are. */
function deadService({ provider }, base_url) {
  return {
    services: { '70b': provider.service('model-70b'), 'groq-8b': provider.service('model-8b'), dead: { base_url, model: 'm' } },
    edit: (graph) => (graph.stages.find((s) => s.part === 'int').service = 'dead'),
  };
}

async function assertOnlyIntFails({ site, provider }, code, says) {
  provider.auto();
  const r = await run(site);
  assert.equal(r.stateOf('int'), 'failed', r.summary());
  assert.match(r.errorOf('int').code, code, r.errorOf('int').message);
  assert.match(r.errorOf('int').message, says);
  for (const part of ALL_BUT('int')) assert.equal(r.stateOf(part), 'done', part);
}

/** What a provider says, and what of it visitors must not read. */
const SECRETS = [
  [{ error: { message: 'Rate limit reached for model `m` in organization `org-01J8ZKQXAB` on tokens per minute (TPM): Limit 6000' } }, /org-01J8/, /Rate limit reached for model `m` in organization `\*\*\*`.*Limit 6000/],
  [{ error: { message: 'upstream http://gpu-3.lan:8000/v1 at 10.1.2.3:8000 refused, request req_011CQyZ' } }, /gpu-3|10\.1\.2|011CQ/, /upstream \*\*\* at \*\*\* refused/],
  [{ error: { message: 'project proj_abc123XYZ of user-AbCd1234 (me@firm.example) has no access' } }, /abc123|AbCd|firm/, /has no access/],
  ['<html><h1>502</h1>llm-7.internal via [fd00::7]:443</html>', /llm-7|fd00/, /502/],
];
test('hosts, addresses and ids of a provider are not told; the log has service, host and code', async (t) => {
  await scene({}, async ({ site, provider }) => {
    for (const [body, secret, says] of SECRETS) {
      await t.test(secret.source, async () => {
        provider.auto({ int: (x) => x.error(400, body) });
        const r = await run(site);
        assert.doesNotMatch(JSON.stringify([r.errorOf('int'), r.states.int]), secret);
        assert.match(r.errorOf('int').message, says);
        assert.doesNotMatch(await site.stderr(), secret, 'without log_text the words are in no log');
      });
    }
    assert.match(await site.stderr(), /part=int state=failed service=70b host=127\.0\.0\.1 .*status=400 .*why=http_status$/m);
  })(t);
});

test('with log_text the log has the words as they came', scene({ config: null, site: ({ provider }) => ({ config: { log_text: true, default_service: 'a', services: { a: provider.service('m') } } }) }, async ({ site, provider }) => {
  provider.auto({ int: (x) => x.error(400, { error: { message: 'no access for org-01J8ZKQXAB' } }) });
  const r = await run(site);
  assert.doesNotMatch(r.errorOf('int').message, /01J8/);
  assert.match(await site.stderr(), /message=a answered 400: no access for org-01J8ZKQXAB/);
}));

test('a service that cannot be reached is not named by its address', scene({}, async ({ site, provider }) => {
  provider.auto();
  await provider.stop();
  const r = await run(site);
  assert.ok(r.errors.some((e) => e.code === 'unreachable'), r.summary());
  assert.doesNotMatch(JSON.stringify(r.errors), new RegExp(`127\\.0\\.0\\.1|${provider.port}`));
}));
