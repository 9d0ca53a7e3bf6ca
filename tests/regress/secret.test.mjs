// A key is in no log, on no wire, in no argument and in no environment, even
// where the provider throws it back.

import fs from 'node:fs/promises';
import path from 'node:path';
import { COOK, assert, check, proc, run, scene, start, test } from '../lib/harness.mjs';

const KEYS = { env: 'sk-env-9b1d3f77aa', file: 'sk-file-4c2e8d11bb', standard: 'gsk-standard-7f6a5b4c' };

const withKeys = async ({ provider, t }) => {
  const dir = await fs.mkdtemp('/tmp/recipe-key-');
  t.after(() => fs.rm(dir, { recursive: true }));
  const file = path.join(dir, 'key');
  await fs.writeFile(file, `${KEYS.file}\n`, { mode: 0o600 });
  return {
    env: { COOK_KEY: KEYS.env, TOGETHER_API_KEY: KEYS.standard },
    services: {
      '70b': provider.service('model-70b', { key: 'env:COOK_KEY' }),
      'groq-8b': provider.service('model-8b', { key: `file:${file}` }),
    },
  };
};

const assertSecret = (text, where) => {
  for (const key of Object.values(KEYS)) assert.ok(!text.includes(key), `${where} holds ${key}`);
};

test('keys reach their hosts', scene({ site: withKeys }, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  for (const x of provider.exchanges) assert.equal(x.key, x.part === 'init' ? KEYS.file : KEYS.env);
}));

test('no environment and no argument of our processes shows one', scene({ site: withKeys }, async ({ site, provider }) => {
  const r = await start(site);
  await provider.next('ing');
  await provider.next('init');
  const pids = site.ours();
  assert.ok(pids.length >= 4, 'listener, worker and stages');
  for (const pid of pids) {
    assertSecret(proc.environ(pid).toString('latin1'), `environ of ${pid}`);
    assertSecret(proc.cmdline(pid).join(' '), `cmdline of ${pid}`);
  }
  r.leave();
}));

test('a provider that echoes the key tells it to nobody', scene({ site: withKeys }, async ({ site, provider }) => {
  const echo = (x) => `Incorrect API key provided: ${x.key}. Authorization: Bearer ${x.key}`;
  provider.auto({
    int: (x) => x.error(401, { error: { message: echo(x) } }),
    ing: (x) => x.error(500, `<html>${echo(x)}</html>`),
    sde: (x) => x.text('Rice').event({ error: { message: echo(x) } }).end(),
    add: (x) => x.head(200, { 'content-type': 'text/html' }).raw(echo(x)).end(),
  });
  const response = await site.post(COOK);
  assertSecret(await response.text(), 'the stream');
  const json = await site.post(COOK, { headers: { accept: 'application/json' } });
  assertSecret(await json.text(), 'the document');
  const text = await site.post(COOK, { headers: { accept: 'text/plain' } });
  assertSecret(await text.text(), 'the text');
  assertSecret(await (await site.get('/services')).text(), '/services');
  assertSecret(await site.stderr(), 'the log');
}));

// Without the standard variable: with it, check would ask the real host.
test('check tells no key', scene({ site: withKeys }, async ({ site }) => {
  const { output } = await check(await fs.readFile(site.configFile, 'utf8'), { env: { COOK_KEY: KEYS.env } });
  assert.match(output, /model-70b/);
  assertSecret(output, 'check');
}));

test("the log holds no visitor's and no model's words", scene({}, async ({ site, provider }) => {
  provider.auto({ ing: 'moonlitparsnip', int: (x) => x.text('velvethatchet').cut() });
  await run(site, { ...COOK, ingredientsOnHand: 'zebrafishquince' });
  await (await site.post({ ingredientsOnHand: 'cobblestonestew', prepTime: -1 })).text();
  assert.doesNotMatch(await site.stderr(), /moonlitparsnip|velvethatchet|zebrafishquince|cobblestonestew/);
}));
