// Each clock of DESIGN §1, set small: it fires, and what it says names it. How
// soon is a matter for the bench. A small clock runs for every part, and on a
// busy machine it may fire for those too: only the part in question is looked
// at, and it is ing, which waits for no other.

import net from 'node:net';
import { COOK, PARTS, assert, run, scene, sleep, start, test, waitFor } from '../lib/harness.mjs';
import { cgiParams } from '../lib/fastcgi.mjs';

const SOON = 200;

function assertFired(r, part, code, clock) {
  const error = r.errorOf(part);
  assert.equal(r.stateOf(part), code === 'run_timeout' ? 'stopped' : 'failed', r.summary());
  assert.equal(error.code, code, error.message);
  assert.ok(error.message.includes(clock), `${JSON.stringify(error.message)} names ${clock}`);
}

// A server that takes the connection and never answers the TLS handshake, so
// that there is no connection to speak of.
test('connect_ms', scene({
  limits: { connect_ms: SOON },
  site: async (set) => {
    set.mute = net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await new Promise((resolve) => set.mute.once('listening', resolve));
    const { provider } = set;
    return {
      services: {
        '70b': provider.service(), 'groq-8b': provider.service(),
        mute: { base_url: `https://127.0.0.1:${set.mute.address().port}/v1`, model: 'm' },
      },
      edit: (graph) => (graph.stages.find((s) => s.part === 'ing').service = 'mute'),
    };
  },
}, async ({ site, provider, mute }) => {
  provider.auto();
  try {
    const r = await run(site);
    assertFired(r, 'ing', 'connect_timeout', 'connect_ms');
  } finally {
    mute.close();
  }
}));

const SILENCES = [
  ['no answer at all', () => {}],
  ['a head alone', (x) => x.head()],
  ['comments and empty chunks', (x) => x.comment('PROCESSING').chunk({ role: 'assistant', content: '' }).comment('keep-alive')],
];
for (const [name, answer] of SILENCES) {
  test(`first_token_ms: ${name}`, scene({ limits: { first_token_ms: SOON } }, async ({ site, provider }) => {
    provider.auto({ ing: answer });
    const r = await run(site);
    assertFired(r, 'ing', 'first_token_timeout', 'first_token_ms');
    await Promise.all(provider.exchanges.filter((x) => x.part === 'ing').map((x) => x.closed));
  }));
}

test('first_token_ms: a token of reasoning counts', scene({ limits: { first_token_ms: 1500, idle_ms: 20000 } }, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const r = await start(site);
  const ing = await provider.next('ing');
  ing.chunk({ reasoning_content: 'The visitor wants' });
  await sleep(2500); // longer than the clock, which has been stopped by the token
  ing.text('Iron.').finish('stop').done();
  await r.over();
  assert.equal(r.stateOf('ing'), 'done', r.summary());
  assert.equal(r.parts.ing, 'Iron.', 'and reasoning is not shown');
}));

test('idle_ms: silence after a token', scene({ limits: { idle_ms: SOON } }, async ({ site, provider }) => {
  provider.auto({ ing: (x) => x.text('Once upon').comment('keep-alive') });
  const r = await run(site);
  assertFired(r, 'ing', 'idle_timeout', 'idle_ms');
  assert.equal(r.parts.ing, 'Once upon');
}));

test('run_ms stops what is open, with _done', scene({ limits: { run_ms: 2000 } }, async ({ site, provider }) => {
  provider.auto({ ing: (x) => x.text('Once upon') });
  const r = await run(site);
  assertFired(r, 'ing', 'run_timeout', 'run_ms');
  assert.equal(r.parts.ing, 'Once upon');
  await Promise.all(provider.exchanges.filter((x) => x.part === 'ing').map((x) => x.closed));
}));

test('run_ms stops what has not started too', scene({ limits: { run_ms: SOON } }, async ({ site, provider }) => {
  const r = await run(site); // nobody answers
  for (const part of PARTS) assert.ok(['stopped', 'skipped'].includes(r.stateOf(part)), r.summary());
  assertFired(r, 'init', 'run_timeout', 'run_ms');
  await provider.allClosed();
}));

for (const [name, begin] of [
  ['in the body', (c) => c.begin().params(cgiParams({ length: 60, headers: { 'content-type': 'application/json' } })).stdin('{"ingr')],
  ['before the body', (c) => c.begin().params(cgiParams({ length: 60, headers: { 'content-type': 'application/json' } }))],
  ['in the middle of a record', (c) => c.begin().params(cgiParams({ length: 60, headers: { 'content-type': 'application/json' } })).raw([1, 5, 0, 1, 0])],
]) {
  test(`body_ms: a visitor who stops ${name}`, scene({ server: 'listen', limits: { body_ms: 1000 } }, async ({ site, provider }) => {
    const client = site.fcgi();
    begin(client);
    const response = await client.response().catch((e) => e);
    // A cut record leaves libfcgi nothing to answer on: then the end of the connection is the answer.
    if (response instanceof Error) assert.equal(name, 'in the middle of a record', response.message);
    else {
      assert.equal(response.status, 408);
      const { error } = await response.json();
      assert.equal(error.code, 'body_timeout');
      assert.ok(error.message.includes('body_ms'), error.message);
    }
    client.leave();
    provider.auto();
    assert.equal((await run(site)).stateOf('ste'), 'done', 'the next visitor is served');
  }));
}

// The visitor's socket is not read, ours fill up, and the worker sees that.
test('stall_ms: a visitor who does not read is dropped, and the log says why', scene({
  server: 'listen', limits: { stall_ms: SOON, stage_bytes: 1 << 26 },
}, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const client = site.fcgi().send({ body: JSON.stringify(COOK), headers: { 'content-type': 'application/json' } });
  const ing = await provider.next('ing');
  client.pause();
  flood(ing, 8 << 20);
  await ing.closed;
  await provider.allClosed();
  await waitFor(async () => (await site.stderr()).includes('stall_ms'), 'the log to name stall_ms');
  client.leave();
}));

test('idle_ms stands still while the visitor does not read', scene({
  server: 'listen', limits: { idle_ms: 1500, stall_ms: 60000, stage_bytes: 1 << 26 },
}, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const client = site.fcgi().send({ body: JSON.stringify(COOK), headers: { 'content-type': 'application/json' } });
  const ing = await provider.next('ing');
  client.pause();
  const size = flood(ing, 8 << 20);
  ing.finish('stop').done();
  // The provider is stuck with most of it for twice the clock: back-pressure, no silence.
  await sleep(3000);
  assert.ok(ing.connection.socket.writableLength > 0, 'the flood is held back');
  client.resume();
  await client.over;
  const text = client.stdout.toString('utf8');
  assert.match(text, /"part":"ing","state":"done"/);
  const got = [...text.matchAll(/^data: ing\|(.*)$/gm)].reduce((sum, m) => sum + m[1].length, 0);
  assert.equal(got, size, 'and nothing is lost');
}));

/** Sends about this many bytes of text; the socket keeps what is not taken. */
function flood(x, bytes) {
  const piece = 'all work and no play '.repeat(400);
  let size = 0;
  for (; size < bytes; size += piece.length) x.text(piece);
  return size;
}
