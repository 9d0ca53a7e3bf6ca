// HTTPS to a provider with a certificate of our own authority: verified always,
// opened before it is needed, and kept for the next run.

import { PARTS, assert, makeAuthority, proc, run, scene, start, startProvider, test, waitFor } from '../lib/harness.mjs';
import { startGate } from '../lib/proxy.mjs';

const KEPT = { limits: { max_runs: 1 } }; // one worker, so that the second run meets the first one's stages

test('a whole run with ca_file', scene({ https: true }, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
}));

test('by name, with SSL_CERT_FILE', scene({
  https: true,
  site: ({ provider, authority }) => ({
    config: { services: { home: { base_url: `https://localhost:${provider.port}/v1`, model: 'm' } } },
    env: { SSL_CERT_FILE: authority.file },
  }),
}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.equal(r.stateOf('ste'), 'done', r.summary());
}));

const REFUSED = [
  ['an authority that nobody knows', async ({ provider }) => ({ home: { base_url: provider.baseUrl, model: 'm' } })],
  ['another authority than ca_file', async (set) => {
    set.other = await makeAuthority();
    return { home: set.provider.service('m', { ca_file: set.other.file }) };
  }],
  ['a name that is not in the certificate', async (set) => {
    set.second = await startProvider({ tls: await set.authority.certificate({ names: ['DNS:elsewhere.example'] }) });
    return { home: set.second.service('m') };
  }],
];
for (const [name, services] of REFUSED) {
  test(`${name}: tls, and not a byte is sent`, scene({
    https: true, site: async (set) => ({ services: await services(set) }),
  }, async (set) => {
    try {
      const r = await run(set.site);
      for (const part of ['init', 'ing']) {
        assert.equal(r.stateOf(part), 'failed');
        assert.equal(r.errorOf(part).code, 'tls', r.errorOf(part).message);
        assert.match(r.errorOf(part).message, /home/, 'the message names the service');
      }
      assert.equal(set.provider.requests + (set.second?.requests ?? 0), 0);
    } finally {
      await set.other?.remove();
      await set.second?.stop();
    }
  }));
}

test('connections are open before their prompts are known', scene({ https: true }, async ({ site, provider }) => {
  provider.auto();
  provider.auto({ init: false });
  const r = await start(site);
  const init = await provider.next('init');
  await r.state('ing', 'done');
  await provider.waitOpen(5);
  assert.deepEqual(provider.exchanges.map((x) => x.part).sort(), ['ing', 'init'], 'three connections wait for init');
  const waiting = provider.connections.filter((c) => c.requests === 0);
  assert.equal(waiting.length, 3);
  init.answer(JSON.stringify([{ name: 'Stew', intro: 'Warm.' }]));
  await r.over();
  assert.equal(provider.connections.length, 5, 'no other connection was opened');
  assert.ok(waiting.every((c) => c.requests > 0));
  assert.equal(provider.exchanges.find((x) => x.part === 'ste').connection.requests, 2, 'ste takes over from a part that has ended');
}));

test('a host that refuses while a stage still waits: its part alone fails', scene({
  https: true,
  site: ({ provider }) => ({
    services: { '70b': provider.service('m'), 'groq-8b': provider.service('m'), dead: { base_url: 'https://127.0.0.1:1/v1', model: 'm' } },
    edit: (graph) => (graph.stages.find((s) => s.part === 'int').service = 'dead'),
  }),
}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.equal(r.errorOf('int')?.code, 'unreachable', r.summary());
  for (const part of PARTS.filter((p) => p !== 'int')) assert.equal(r.stateOf(part), 'done', part);
}));

test('preconnect can be switched off', scene({
  https: true,
  site: ({ provider }) => ({ services: { '70b': provider.service('m', { preconnect: false }), 'groq-8b': provider.service('m', { preconnect: false }) } }),
}, async ({ site, provider }) => {
  provider.auto({ init: false });
  const r = await start(site);
  const init = await provider.next('init');
  await r.state('ing', 'done');
  assert.equal(provider.connections.length, 2, 'who has no prompt has no connection');
  init.answer(JSON.stringify([{ name: 'Stew', intro: 'Warm.' }]));
  await r.over();
}));

test('http is not preconnected, unless asked for', scene({}, async ({ site, provider }) => {
  provider.auto({ init: false });
  const r = await start(site);
  await provider.next('init');
  await r.state('ing', 'done');
  assert.equal(provider.connections.length, 2);
  await provider.waitOpen(1); // ing's connection closes when done: a small home server has few threads
  r.leave();
}));

test('http is preconnected where asked for', scene({
  site: ({ provider }) => ({ services: { '70b': provider.service('m', { preconnect: true }), 'groq-8b': provider.service('m', { preconnect: true }) } }),
}, async ({ site, provider }) => {
  provider.auto({ init: false });
  const r = await start(site);
  const init = await provider.next('init');
  await provider.waitOpen(5);
  init.answer(JSON.stringify([{ name: 'Stew', intro: 'Warm.' }]));
  await r.over();
  assert.equal(provider.connections.length, 5);
}));

test('kept stages use their connections again', scene({ https: true, ...KEPT }, async ({ site, provider }) => {
  provider.auto();
  for (let n = 0; n < 3; n++) {
    await run(site);
    await site.idle();
  }
  assert.equal(provider.requests, 18);
  assert.equal(provider.connections.length, 5, 'five connections for three runs');
  assert.ok(provider.exchanges.slice(6).every((x) => x.tlsReused));
}));

test('a connection that died while it waited is opened again at once', scene({ https: true }, async ({ site, provider }) => {
  provider.auto({ init: false });
  const r = await start(site);
  const init = await provider.next('init');
  await r.state('ing', 'done');
  await provider.waitOpen(5);
  for (const c of provider.connections.filter((c) => c.requests === 0)) c.socket.destroy();
  init.answer(JSON.stringify([{ name: 'Stew', intro: 'Warm.' }]));
  await r.over();
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
}));

test('a kept connection that died between two runs is opened again', scene({ https: true, ...KEPT }, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  for (const c of provider.connections) c.socket.destroy();
  await provider.allClosed();
  const r = await run(site);
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
}));

test('each piece of a TLS stream is relayed before the next is sent', scene({ https: true }, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const r = await start(site);
  const ing = await provider.next('ing');
  let sent = '';
  for (let n = 0; n < 50; n++) {
    ing.text(`${n} `);
    sent += `${n} `;
    await r.until(() => r.parts.ing === sent, `fragment ${n}`);
  }
  ing.finish('stop').done();
  await r.over();
}));

// TLS reads ahead: what has left the socket must not wait for more to come to it.
test('pieces of a TLS stream that come together are all relayed, though nothing follows', scene({
  https: true,
  site: async (set) => {
    set.gate = await startGate(set.provider.port);
    return {
      services: {
        '70b': set.provider.service('m'), 'groq-8b': set.provider.service('m'),
        gate: set.provider.service('m', { base_url: `https://127.0.0.1:${set.gate.port}/v1` }),
      },
      edit: (graph) => (graph.stages.find((s) => s.part === 'ing').service = 'gate'),
    };
  },
}, async ({ site, provider, gate }) => {
  try {
    provider.auto({ ing: false });
    const r = await start(site);
    const ing = await provider.next('ing');
    ing.text('0 ');
    const words = (n) => Array.from({ length: n }, (_, i) => `${i} `).join('');
    const shown = (n) => r.until(() => r.parts.ing === words(n), `${n} pieces`);
    await shown(1);
    gate.shut();
    // A record each; the framing of a chunk has records of its own.
    const pieces = Array.from({ length: 49 }, (_, i) => `data: ${JSON.stringify(ing.chunkOf({ content: `${i + 1} ` }))}\n\n`);
    const records = pieces.flatMap((piece) => [`${piece.length.toString(16)}`, '\r\n', piece, '\r\n']);
    for (const [i, record] of records.entries()) {
      ing.wire(record);
      await waitFor(() => gate.records === i + 1, () => `${i + 1} records at the gate; there are ${gate.records}`);
    }
    gate.release(40); // of the last piece too
    await shown(49);
    gate.open();
    await shown(50);
    ing.finish('stop').done();
    await r.over();
  } finally {
    await gate.stop();
  }
}));

test('a kept site has one worker and its stages between runs', scene({ https: true, ...KEPT }, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  await site.idle();
  const pids = () => site.tree().workers.flatMap((w) => [w.pid, ...w.stages]).sort();
  const first = pids();
  assert.equal(first.length, 6);
  await run(site);
  await site.idle();
  assert.deepEqual(pids(), first, 'the same processes serve the next run');
  assert.ok(first.every(proc.alive));
}));
