// `recipe.fcgi check`, what it says of the services, and by its exit status and
// last line whether a start serves: `make run` starts by these.

import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { assert, check, makeAuthority, startProvider, test } from '../lib/harness.mjs';

const KEY = 'sk-never-shown-0123456789abcdef';

/** What was said, with the line breaks that a column has taken away. */
const flat = (output) => output.replace(/\n {14}/g, ' ');
const lastLine = (output) => output.trimEnd().split('\n').at(-1);

/** Runs `body` with a provider that answers GET /models so. */
async function listed(answer, body, options) {
  const provider = await startProvider(options);
  try {
    if (typeof answer === 'function') provider.answerModels = answer;
    else provider.answerModels = (x) => x.error(200, answer);
    await body(provider);
  } finally {
    await provider.stop();
  }
}

/** Status 0, with these words, and with a warning or without one. */
async function starts(config, says, { warns = true, env, name = 'home' } = {}) {
  const { status, output } = await check(config, { env });
  assert.equal(status, 0, output);
  assert.match(flat(output), says);
  assert.match(lastLine(output), warns ? new RegExp(`^  ready +but see the warnings about .*${name}`) : /^  ready +with nothing to warn of$/);
  if (warns) assert.match(output, /^  warning /m);
  else assert.doesNotMatch(output, /warning /);
  assert.ok(!output.includes(KEY), 'a key is never said');
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(output, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, 'nothing that a terminal obeys');
  return output;
}

const home = (provider, model = 'llama3.2', extra = {}) => ({ services: { home: provider.service(model, extra) } });
const openai = (...ids) => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });
const LATEST = /llama3\.2 is served as llama3\.2:latest/;

/** A list, what is said of "llama3.2". */
const SERVED = [
  ['as it is', openai('other', 'llama3.2'), /serves llama3\.2$/m],
  ['by Ollama, with its tag', openai('llama3.2:latest'), LATEST],
  ['after a namesake of it', openai('llama3.2-vision:latest', 'llama3.2:3b', 'llama3.2:latest'), LATEST],
  ['as it is, and by a tag', openai('llama3.2:latest', 'llama3.2'), /serves llama3\.2$/m],
  ["in Ollama's own form", { models: [{ name: 'llama3.2:latest', model: 'llama3.2:latest' }] }, LATEST],
  ['in a bare array of objects', [{ id: 'llama3.2' }], /serves llama3\.2$/m],
  ['in a bare array of names', ['x', 'llama3.2:latest'], LATEST],
  ["with Gemini's prefix", openai('models/llama3.2'), /llama3\.2 is served as models\/llama3\.2/],
  ['under an alias', { data: [{ id: 'llama-3.2-2409', aliases: ['llama3.2'] }] }, /llama3\.2 is served as llama-3\.2-2409/],
  ['among thousands', openai(...Array.from({ length: 60_000 }, (_, i) => `vendor/model-number-${i}`), 'llama3.2'), /serves llama3\.2$/m],
  ['beside what has no name', { data: [null, 7, {}, { id: '' }, { id: ['x'] }, { id: 'llama3.2' }] }, /serves llama3\.2$/m],
];
test('a model that is served is said, and under which name', async (t) => {
  for (const [name, answer, says] of SERVED) await t.test(name, () => listed(answer, (provider) => starts(home(provider), says, { warns: false })));
});

test('a model that is asked for by its tag', () => listed(openai('llama3.2'), (provider) => starts(home(provider, 'llama3.2:latest'), /llama3\.2:latest is served as llama3\.2/, { warns: false })));

test('one model of a list is enough', () => listed(openai('b'), (provider) => starts(home(provider, ['a', 'b']), /does not serve a\b.*serves b\b/, { warns: false })));

/** What a start is not stopped by: the answer to GET /models, what is said. */
const DOUBTFUL = [
  ['a list of another model, as llama-server has it', openai('/models/Llama-3.2-3B.gguf'), /llama3\.2 is not in its list, which has \/models\/Llama-3\.2-3B\.gguf; a server of one model .* takes any name/],
  ['a list of others', openai('a', 'b', 'llama3.2:3b'), /llama3\.2 is not in its list, which has llama3\.2:3b, a, b; if it refuses, set "model" of "home" in recipe\.json/],
  ['the nearest of several', openai('llama3.21', 'llama3.2-vision:latest', 'llama3.2:3b'), /which has llama3\.2:3b, llama3\.21, /],
  ['a vendor before it', openai('meta/llama3.2', 'x'), /which has meta\/llama3\.2, x/],
  ['another spelling of it', openai('x', 'Llama3.2'), /which has Llama3\.2, x/],
  ['thousands of others', openai(...Array.from({ length: 5000 }, (_, i) => `m${i}`)), /which has m0, m1, m2, m3, m4 and 4995 more/],
  ['an empty list', openai(), /lists no model; load one/],
  ['null for a list, as Ollama has said it', { object: 'list', data: null }, /lists no model; load one/],
  ['a list beyond all measure', (x) => x.error(200, `[${'"x",'.repeat(6e6)}"llama3.2"]`), /longer than 16 MiB/],
  ['a page in place of a list', (x) => x.error(200, '<html>welcome</html>'), /answers with text\/html, which is no list of models/],
  ['an object that is none', { hello: 1 }, /answers with application\/json, which is no list of models/],
  ['an error at 200', { error: { message: 'the soup is hot' } }, /no list of models: the soup is hot/],
  ['nothing at 200', (x) => x.head(200, { 'content-length': 0 }), /answers with something, which is no list of models/],
  ["a proxy's error page", (x) => x.error(502, '<html><h1>Squid</h1>cannot reach it</html>'), /answers 502 with a page, as a proxy/],
  ["a page for another web server's 404", (x) => x.error(404, '<html>nginx</html>'), /answers 404 with a page/],
  ['a proxy that wants a password', (x) => x.error(407, ''), /the proxy wants a name and a password \(407\)/],
  ['an error', (x) => x.error(500, { error: { message: 'out of soup' } }), /answers 500: out of soup/],
  ['too many requests', (x) => x.error(429, { error: { message: 'slow down' } }), /answers 429: slow down/],
  ['a redirection', (x) => x.error(301, '', { location: 'https://elsewhere.example/v1/models' }), /sends elsewhere \(301\), to https:\/\/elsewhere\.example\/v1\/models/],
  ['a key that may not list', (x) => x.error(403, { error: { message: 'Missing scopes: api.model.read' } }), /refuses the key for its list of models \(403\): Missing scopes/],
  ['the same as a 401', (x) => x.error(401, { error: { message: 'You have insufficient permissions' } }), /refuses the key for its list of models \(401\)/],
  ['a connection that breaks', (x) => x.cut(), /does not answer: /],
  ['control characters in names', openai('a\u001b]0;owned\u0007\u009b31m'), /not in its list, which has a\?\]0;owned\?\?31m/],
  ['the key, repeated', (x) => x.error(200, openai(`<${x.key}>`)), /which has <\*\*\*>/],
  ['the key, in a refusal', (x) => x.error(403, { error: { message: `bad key ${x.key}` } }), /bad key \*\*\*/],
];
test('what may work, or may work later, is warned of and started', async (t) => {
  for (const [name, answer, says] of DOUBTFUL) {
    await t.test(name, () => listed(answer, (provider) => starts(home(provider, 'llama3.2', { key: 'env:MY_KEY' }), says, { env: { MY_KEY: KEY } })));
  }
});

test('a server without a list is nothing to warn of', () => listed((x) => x.error(404, { error: { message: 'no such thing' } }),
  (provider) => starts(home(provider), /has no list of its models \(404\)/, { warns: false })));

test('a base_url without its /v1', () => listed((x) => x.error(404, 'x'), (provider) => starts(
  { services: { home: { base_url: `http://127.0.0.1:${provider.port}`, model: 'm' } } }, /is \/v1 missing at the end of base_url, http:\/\/127\.0\.0\.1:\d+\/v1\?/)));

test('a host that nobody listens on, or that has no name', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  await starts({ services: { home: { base_url: `http://127.0.0.1:${port}/v1`, model: 'm' } } }, /does not answer: .*is it started/);
  await starts({ services: { home: { base_url: 'http://no-such-host.invalid/v1', model: 'm' } } }, /does not answer: /);
});

test('a proxy of the environment is named, but not its password', async () => {
  const squid = http.createServer((req, res) => res.writeHead(503, { 'content-type': 'text/html' }).end('<html>no</html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => squid.once('listening', resolve));
  const proxy = `http://cook:${KEY}@127.0.0.1:${squid.address().port}`;
  try {
    const config = { services: { home: { base_url: 'http://127.0.0.1:9/v1', model: 'm' } } };
    await starts(config, /answers 503 with a page, as a proxy.* http_proxy is set, so it is asked through that proxy unless no_proxy/s, { env: { http_proxy: proxy } });
  } finally {
    squid.close();
  }
});

test('a service of another key header, with a query', () => listed(openai('m'), async (provider) => {
  const service = { ...provider.service('m', { key: 'env:MY_KEY', profile: { key_header: 'api-key', headers: ['x-extra: 1'] } }), base_url: `${provider.baseUrl}?api-version=3` };
  /* With limits there would be a warning of the folder, which is in /tmp. */
  await starts({ services: { home: service }, guard: false }, /serves m$/m, { env: { MY_KEY: KEY }, warns: false });
  const [x] = provider.modelRequests;
  assert.deepEqual([x.target, x.headers['api-key'], x.headers['x-extra'], x.headers.authorization], ['/v1/models?api-version=3', KEY, '1', undefined]);
  assert.match(x.headers.accept, /json/);
}));

// ---- several services, and none

test('one of several services without a key is left out, and the rest starts', () => listed(openai('m'), async (provider) => {
  const output = await starts({ services: { home: provider.service('m'), '70b': { base_url: 'https://api.example/v1', model: 'x', key: 'env:NOT_SET' } } },
    /"70b" is left out: its key is not there; set NOT_SET, or take it out/, { name: '70b' });
  for (const part of ['init', 'add', 'ste']) assert.match(output, new RegExp(`stage +${part} +home$`, 'm'));
}));

test('without any key the demo cook writes, and says so', () => starts({ services: { '70b': { base_url: 'https://api.example/v1', model: 'x', key: 'env:NOT_SET' } } },
  /"70b" is left out.*This is the built-in demo cook/s, { name: '70b' }));

/** Hopeless on its own: the answer, or what the service has; the last line. */
const HOPELESS = [
  ['a refused key', (x) => x.error(401, { error: { message: 'Incorrect API key provided' } }), {}, 'refuses the key'],
  ['a refused key, as a 400', (x) => x.error(400, [{ error: { code: 400, message: 'API key not valid. Please pass a valid API key.' } }]), {}, 'refuses the key'],
  ['a key that is wanted', (x) => x.error(401, { error: 'no key' }), { key: undefined }, 'wants a key'],
];
test('where nothing at all can work, the last line says why', async (t) => {
  for (const [name, answer, extra, why] of HOPELESS) {
    await t.test(name, () => listed(answer, async (provider) => {
      const { status, output } = await check(home(provider, 'm', { key: 'env:MY_KEY', ...extra }), { env: { MY_KEY: KEY } });
      assert.equal(status, 1, output);
      assert.equal(lastLine(output), `  wrong       nothing can work: home ${why}`);
      assert.match(output, /stage +ste +home; it will fail$/m);
      assert.ok(!output.includes(KEY));
      if (extra.key === undefined && 'key' in extra) assert.match(flat(output), /give it a "key"/);
      else assert.match(flat(output), /set a key that it takes in MY_KEY/);
    }));
  }
});

test('a refused key beside a service that works: it starts, and says which stages fail', () => listed((x) => (x.key ? x.error(401, {}) : x.error(200, openai('m'))), async (provider) => {
  const config = { services: { home: provider.service('m'), '70b': provider.service('m', { key: 'env:MY_KEY' }) }, default_service: 'home' };
  const output = await starts(config, /refuses the key \(401\)/, { env: { MY_KEY: KEY }, name: '70b' });
  assert.match(output, /stage +init +home$/m);
  assert.match(output, /stage +add +70b; it will fail$/m);
}));

test('a ca_file that holds no certificate', async () => {
  const authority = await makeAuthority();
  try {
    await listed(openai('m'), async (provider) => {
      const prepare = async (dir) => {
        const file = path.join(dir, 'empty.pem');
        await fs.writeFile(file, 'nothing\n');
        return { config: home(provider, 'm', { ca_file: file }) };
      };
      const { status, output } = await check(undefined, { prepare });
      assert.equal(status, 1, output);
      assert.match(flat(output), /its certificates, \S+empty\.pem: the file holds no CA certificate/);
      assert.equal(lastLine(output), '  wrong       nothing can work: home has no certificates to be checked by');
      await starts(home(provider, 'm'), /serves m$/m, { warns: false });
    }, { tls: await authority.certificate() });
  } finally {
    await authority.remove();
  }
});

test('a certificate of somebody else is warned of', async () => {
  const [ours, theirs] = [await makeAuthority(), await makeAuthority()];
  try {
    const other = await theirs.certificate();
    await listed(openai('m'), (provider) => starts(home(provider, 'm', { ca_file: other.caFile }), /is not trusted: /), { tls: await ours.certificate() });
  } finally {
    await ours.remove();
    await theirs.remove();
  }
});

test('a configuration that is wrong: its last line says where', async () => {
  const { status, output } = await check('{ "limits": {},\n "colour": 1 }');
  assert.equal(status, 1);
  assert.match(lastLine(output), /^  wrong +\S+recipe\.json:2: .*colour/);
});
