// The way to a provider, as a user meets it: certificates that are not right,
// names that do not resolve, IPv6, and the proxy of the environment. Nothing
// listens at far.invalid, so who gets there got there by the proxy.

import net from 'node:net';
import os from 'node:os';
import tls from 'node:tls';
import { ASKING, PARTS, assert, makeAuthority, run, scene, startProvider, test } from '../lib/harness.mjs';
import { startProxy, startRelay } from '../lib/proxy.mjs';

/** What a web server says to a hello of TLS where it speaks plain HTTP. */
async function startPlainHttp() {
  const server = net.createServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** A scene that stops, after all else, what its `site` gave to keep(). */
function keeping(options, body) {
  const helpers = [];
  const keep = async (promise) => {
    const helper = await promise;
    helpers.push(helper);
    return helper;
  };
  const inner = scene({ ...options, site: (set) => options.site(Object.assign(set, { keep })) }, body);
  return async (t) => {
    try {
      await inner(t);
    } finally {
      for (const helper of helpers) await (helper.stop ?? helper.remove).call(helper);
    }
  };
}

// A name server that is slow, or none at all, says the same as one that knows there is no such name.
const UNKNOWN = { limits: { connect_ms: 60_000 } };
const RES_OPTIONS = 'timeout:1 attempts:1';

const home = (base_url, extra = {}) => ({ services: { home: { base_url, model: 'm', ...extra } } });

async function assertAllDone(site) {
  const r = await run(site);
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
}

// Whatever a visitor reads must be the same with every libcurl and OpenSSL, and name nobody's hosts.
const HOSTS = /localhost|127\.0\.0\.1|\.invalid|\.example|:\d/;

/** Every part that asked says this, names the service and ends with the reason. */
async function assertRefused(site, code, reason) {
  const r = await run(site);
  for (const part of ['init', 'ing']) {
    assert.equal(r.stateOf(part), 'failed', r.summary());
    const { code: got, message } = r.errorOf(part);
    assert.equal(got, code, message);
    assert.match(message, /\bhome\b/, 'the message names the service');
    assert.ok(message.endsWith(`: ${reason}`), message);
    assert.doesNotMatch(message, HOSTS);
  }
}

// ---- certificates

/** Name, the certificate, the host that is asked for, the reason told. */
const CERTIFICATES = [
  ['an expired certificate', { days: 0 }, '127.0.0.1', 'its certificate has expired'],
  ['a certificate for another host name', { names: ['DNS:elsewhere.example'] }, 'localhost', 'its certificate is for another host name or address'],
  ['a certificate for another address', { names: ['DNS:elsewhere.example'] }, '127.0.0.1', 'its certificate is for another host name or address'],
];
for (const [name, certificate, host, reason] of CERTIFICATES) {
  test(`${name}: tls, and why`, keeping({
    https: true,
    site: async (set) => {
      set.bad = await set.keep(startProvider({ tls: await set.authority.certificate(certificate) }));
      return home(`https://${host}:${set.bad.port}/v1`, { ca_file: set.authority.file });
    },
  }, async ({ site, bad }) => {
    await assertRefused(site, 'tls', reason);
    assert.equal(bad.requests, 0, 'not a byte of a prompt was sent');
  }));
}

test('a certificate of an unknown authority: tls, and why', keeping({
  https: true,
  site: async (set) => home(set.provider.baseUrl, { ca_file: (await set.keep(makeAuthority())).file }),
}, async ({ site, provider }) => {
  await assertRefused(site, 'tls', 'the issuer of its certificate is not trusted here');
  assert.equal(provider.requests, 0, 'not a byte of a prompt was sent');
}));

test('a self-signed certificate: tls, and why', keeping({
  https: true,
  site: async (set) => {
    set.bad = await set.keep(startProvider({ tls: await (await set.keep(makeAuthority())).own() }));
    return home(`https://127.0.0.1:${set.bad.port}/v1`, { ca_file: set.authority.file });
  },
}, async ({ site, bad }) => {
  await assertRefused(site, 'tls', 'its certificate is self-signed, or by an authority that is not trusted here');
  assert.equal(bad.requests, 0, 'not a byte of a prompt was sent');
}));

test('https to a port of http: tls, and why', keeping({
  site: async (set) => home(`https://127.0.0.1:${(await set.keep(startPlainHttp())).port}/v1`),
}, async ({ site }) => {
  await assertRefused(site, 'tls', 'it does not speak TLS there');
}));
// ---- HTTP/2 alone: HTTP/1.1 is spoken here, as for one request at a time HTTP/2 costs and gives nothing

for (const [name, options, reason] of [
  ['refuses HTTP/1.1 in the handshake', { ALPNProtocols: ['h2'] }, 'the TLS handshake failed'],
  ['speaks HTTP/2 whatever was agreed', {}, 'what it says is not HTTP'],
]) {
  test(`a server that ${name}: no_stream, asked once, and why`, keeping({
    https: true,
    site: async (set) => {
      const { key, cert } = await set.authority.certificate();
      set.asked = 0;
      const server = tls.createServer({ key, cert, ...options }, (socket) => {
        socket.on('error', () => {}).once('data', () => socket.write(Buffer.from('000006040000000000000300000064', 'hex'))).once('data', () => set.asked++);
      });
      server.on('tlsClientError', () => {});
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      await set.keep({ stop: () => new Promise((resolve) => server.close(resolve)) });
      return home(`https://127.0.0.1:${server.address().port}/v1`, { ca_file: set.authority.file });
    },
  }, async (set) => {
    await assertRefused(set.site, 'no_stream', reason);
    assert.equal(set.asked, 'ALPNProtocols' in options ? 0 : 2, 'by init and ing, once each');
  }));
}

// ---- names and addresses

test('a name that does not resolve: unreachable, and why', scene({
  ...UNKNOWN,
  site: () => ({ ...home('http://no-such-host.invalid/v1'), env: { RES_OPTIONS } }),
}, async ({ site }) => {
  await assertRefused(site, 'unreachable', 'its host name cannot be resolved');
}));

const NO_IPV6 = Object.values(os.networkInterfaces()).flat().some((i) => i.address === '::1') ? false : 'this machine has no ::1';

test('IPv6', { skip: NO_IPV6 }, keeping({
  site: async ({ keep, provider }) => home(`http://[::1]:${(await keep(startRelay({ host: '::1', to: provider.port }))).port}/v1`),
}, async ({ site, provider }) => {
  provider.auto();
  await assertAllDone(site);
  assert.match(provider.exchanges[0].headers.host, /^\[::1\]:\d+$/);
}));

test('IPv6 over HTTPS', { skip: NO_IPV6 }, keeping({
  https: true,
  site: async (set) => {
    set.six = await set.keep(startProvider({ tls: await set.authority.certificate({ names: ['IP:::1'] }) }));
    const relay = await set.keep(startRelay({ host: '::1', to: set.six.port }));
    return home(`https://[::1]:${relay.port}/v1`, { ca_file: set.authority.file });
  },
}, async ({ site, six }) => {
  six.auto();
  await assertAllDone(site);
}));

// ---- proxies

test('http_proxy', keeping({
  site: async (set) => {
    set.proxy = await set.keep(startProxy({ to: set.provider.port }));
    return { ...home('http://far.invalid/v1'), env: { http_proxy: set.proxy.url } };
  },
}, async ({ site, provider, proxy }) => {
  provider.auto();
  await assertAllDone(site);
  assert.deepEqual(proxy.requests, ASKING.map(() => 'http://far.invalid/v1/chat/completions'));
  assert.deepEqual(proxy.tunnels, []);
}));

/** A provider whose certificate is for far.invalid alone, and a proxy to it. */
async function far(set, options) {
  set.far = await set.keep(startProvider({ tls: await set.authority.certificate({ names: ['DNS:far.invalid'] }) }));
  set.proxy = await set.keep(startProxy({ to: set.far.port, ...options }));
  return home('https://far.invalid/v1', { ca_file: set.authority.file });
}

test('https_proxy: a tunnel, and TLS to the provider itself', keeping({
  https: true,
  site: async (set) => ({ ...await far(set), env: { https_proxy: set.proxy.url } }),
}, async (set) => {
  set.far.auto();
  await assertAllDone(set.site);
  assert.deepEqual(set.proxy.tunnels, ASKING.slice(1).map(() => 'far.invalid:443'), 'ste goes by the tunnel of add');
  assert.deepEqual(set.proxy.requests, [], 'the proxy read nothing');
}));

test('http_proxy is not for https', keeping({
  ...UNKNOWN,
  https: true,
  site: async (set) => ({ ...await far(set), env: { http_proxy: set.proxy.url, RES_OPTIONS } }),
}, async ({ site, proxy }) => {
  await assertRefused(site, 'unreachable', 'its host name cannot be resolved');
  assert.deepEqual([...proxy.tunnels, ...proxy.requests], []);
}));

test('a proxy that refuses the tunnel: unreachable, and its status', keeping({
  https: true,
  site: async (set) => ({ ...await far(set, { refuse: 403 }), env: { https_proxy: set.proxy.url } }),
}, async (set) => {
  await assertRefused(set.site, 'unreachable', 'the proxy refused to connect to it, with status 403');
  assert.equal(set.far.connections.length, 0);
}));

test('a proxy whose name does not resolve: unreachable, and why', scene({
  ...UNKNOWN,
  site: ({ provider }) => ({ ...home(provider.baseUrl), env: { http_proxy: 'http://no-such-proxy.invalid:3128', RES_OPTIONS } }),
}, async ({ site, provider }) => {
  await assertRefused(site, 'unreachable', 'the host name of the proxy cannot be resolved');
  assert.equal(provider.connections.length, 0);
}));

test('no_proxy: the hosts that it names are asked directly, the others by the proxy', keeping({
  site: async (set) => {
    set.proxy = await set.keep(startProxy({ to: set.provider.port }));
    return {
      services: { '70b': { base_url: 'http://far.invalid/v1', model: 'far' }, 'groq-8b': set.provider.service('near') },
      env: { http_proxy: set.proxy.url, no_proxy: 'elsewhere.example,127.0.0.1' },
    };
  },
}, async ({ site, provider, proxy }) => {
  provider.auto();
  await assertAllDone(site);
  const near = provider.exchanges.filter((x) => x.body.model === 'near');
  assert.deepEqual(near.map((x) => x.part), ['init']);
  assert.deepEqual(proxy.requests, Array(ASKING.length - 1).fill('http://far.invalid/v1/chat/completions'));
}));
