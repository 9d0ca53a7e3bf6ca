// `recipe.fcgi check` and what a bad configuration does to a site.

import fs from 'node:fs/promises';
import net from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { PROGRAM, PROJECT, assert, check, command, scene, startProvider, test } from '../lib/harness.mjs';

const HOME = { base_url: 'http://127.0.0.1:1/v1', model: 'm' };
const lines = (...text) => text.join('\n');

test('nothing at all: the demo, exit 0', async () => {
  const { status, output } = await check(undefined);
  assert.equal(status, 0, output);
  assert.match(output, /demo/);
  assert.match(output, /FIREWORKS_API_KEY/, 'and how to end that');
});

test('a good configuration: exit 0, and what it would do as whom', async () => {
  const provider = await startProvider();
  try {
    const { status, output } = await check({ services: { home: provider.service('model-70b') } });
    assert.equal(status, 0, output);
    for (const word of ['home', 'model-70b', provider.baseUrl, '64', userInfo().username]) assert.ok(output.includes(word), `${word} in:\n${output}`);
    for (const part of ['init', 'add', 'int', 'ing', 'sde', 'ste']) assert.match(output, new RegExp(`\\b${part}\\b`));
  } finally {
    await provider.stop();
  }
});

/** Text of recipe.json, the line of the fault, what must be said. */
const FAULTS = [
  ['half an object', lines('{', '  "services": {'), /:[123]\b/, /./],
  ['a missing comma', lines('{ "limits": { "max_runs": 3 }', '  "cors": [] }'), /:[12]\b/, /./],
  ['an unknown key', lines('{', '  "limits": {},', '  "colour": 1', '}'), /:3\b/, /colour/],
  ['an unknown limit', lines('{ "limits": {', '  "max_runs": 3,', '  "max_fun": 4 } }'), /:3\b/, /max_fun/],
  ['an unknown key of a service', lines('{ "services": { "a": {', '  "base_url": "http://x/v1", "model": "m",', '  "modle": "n" } } }'), /:3\b/, /modle/],
  ['a limit that is no number', lines('{ "limits": {', '  "idle_ms": "soon" } }'), /:2\b/, /idle_ms/],
  ['a limit below zero', lines('{ "limits": {', '', '  "idle_ms": -5 } }'), /:3\b/, /idle_ms/],
  ['no room for a run', lines('{ "limits": {', '  "max_runs": 0 } }'), /:2\b/, /max_runs/],
  ['a base_url that is none', lines('{ "services": {', '  "a": { "base_url": "example.com", "model": "m" } } }'), /:2\b/, /base_url/],
  ['a service without base_url', lines('{ "services": {', '  "a": { "model": "m" } } }'), /:2\b/, /base_url/],
  ['a service without a model', lines('{ "services": {', '  "a": { "base_url": "http://x/v1" } } }'), /:2\b/, /model/],
  ['a key that is the key itself', lines('{ "services": { "a": { "base_url": "http://x/v1", "model": "m",', '  "key": "sk-123456" } } }'), /:2\b/, /env:.*file:/s],
  ['a default_service that is not there', lines('{', '  "default_service": "nowhere" }'), /:2\b/, /nowhere/],
  ['services as a list', lines('{', '  "services": [] }'), /:2\b/, /services/],
  ['cors that is no origin', lines('{', '  "cors": ["cook.example/path"] }'), /:2\b/, /cors|origin/],
  ['an array', '[]', /recipe\.json/, /object/],
  ['an empty file', '', /recipe\.json/, /./],
];
test('check names file, line and fault', async (t) => {
  for (const [name, config, line, says] of FAULTS) {
    await t.test(name, async () => {
      const { status, output } = await check(config);
      assert.notEqual(status, 0, output);
      assert.match(output, new RegExp(`recipe\\.json${line.source.startsWith(':') ? line.source : ''}`), output);
      assert.match(output, says);
      assert.ok(!output.includes('sk-123456'), 'a key is never repeated');
    });
  }
});

test('a RECIPE_CONFIG that is not there is an error', async () => {
  const { status, output } = await command(['check'], { env: { RECIPE_CONFIG: '/no/such/recipe.json' } });
  assert.notEqual(status, 0);
  assert.match(output, /\/no\/such\/recipe\.json/);
});

const keyFile = (mode, text = 'sk-from-a-file\n') => ({
  prepare: async (dir) => {
    const file = path.join(dir, 'key');
    await fs.writeFile(file, text);
    await fs.chmod(file, mode);
    return { config: { services: { home: { ...HOME, key: `file:${file}` } } } };
  },
});

test('a key that others can read is refused, with the chmod that mends it', async () => {
  const { status, output } = await check(undefined, keyFile(0o644));
  assert.notEqual(status, 0);
  assert.match(output, /chmod\b.*\/key/);
});

test('of a key that the group can read it is warned', async () => {
  const { output } = await check(undefined, keyFile(0o640));
  assert.match(output, /group/);
});

test('an empty or missing key file is named', async () => {
  const empty = await check(undefined, keyFile(0o600, '\n'));
  assert.match(empty.output, /\/key/);
  const missing = await check({ services: { home: { ...HOME, key: 'file:/no/such/key' } } });
  assert.match(missing.output, /\/no\/such\/key/);
});

test('a variable that is not set is named', async () => {
  const { output } = await check({ services: { home: { ...HOME, key: 'env:MY_COOK_KEY' } } });
  assert.match(output, /MY_COOK_KEY/);
});

test("check asks the host's /models, with the key", async () => {
  const provider = await startProvider();
  try {
    const config = { services: { home: provider.service(['retired-model', 'model-8b'], { key: 'env:MY_COOK_KEY' }) } };
    const { output } = await check(config, { env: { MY_COOK_KEY: 'sk-asks-models' } });
    assert.equal(provider.modelRequests[0]?.key, 'sk-asks-models', output);
    assert.match(output, /retired-model/);
    assert.ok(!output.includes('sk-asks-models'));
  } finally {
    await provider.stop();
  }
});

test('check does not wait for ever for a host that is mute', async () => {
  const mute = net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await new Promise((resolve) => mute.once('listening', resolve));
  const { port } = mute.address();
  try {
    const config = {
      services: { mute: { base_url: `https://127.0.0.1:${port}/v1`, model: 'm' } },
      limits: { connect_ms: 300, first_token_ms: 300 },
    };
    const { output } = await check(config);
    assert.match(output, /mute[^]*(does not answer|cannot be reached|timed out)/);
  } finally {
    mute.close();
  }
});

test('recipe.json is found beside the program, and in the directory above', async () => {
  for (const under of ['.', 'bin']) {
    const { status, output } = await command(['check'], {
      prompts: null,
      prepare: async (dir) => {
        await fs.mkdir(path.join(dir, under), { recursive: true });
        const program = path.join(dir, under, 'recipe.fcgi');
        await fs.copyFile(PROGRAM, program);
        await fs.chmod(program, 0o755);
        await fs.cp(path.join(PROJECT, 'prompts'), path.join(dir, 'prompts'), { recursive: true });
        await fs.writeFile(path.join(dir, 'recipe.json'), JSON.stringify({ services: { found: HOME } }));
        return { program };
      },
    });
    assert.match(output, /\bfound\b/, output);
    void status; // the host of this service is not there
  }
});

test('--help and --version', async () => {
  const help = await command(['--help']);
  assert.equal(help.status, 0);
  for (const word of ['--listen', 'check']) assert.ok(help.output.includes(word), help.output);
  const version = await command(['--version']);
  assert.equal(version.status, 0);
  assert.match(version.stdout, /\d+\.\d+/);
});

test('an unknown option or command is refused', async () => {
  for (const args of [['--frobnicate'], ['frobnicate'], ['--listen']]) {
    const { status, stderr } = await command(args);
    assert.ok(status > 0, `${args}: ${status}`);
    assert.ok(stderr.length > 0);
  }
});

test('under a web server a bad configuration is 503 to everybody', scene({ configText: '{ "colour": 1 }' }, async ({ site }) => {
  for (let n = 0; n < 10; n++) {
    for (const response of [await site.post(), await site.get('/services')]) {
      const answer = await response.text();
      assert.equal(response.status, 503, answer);
      const { error } = JSON.parse(answer);
      assert.equal(error.code, 'config');
      assert.match(error.message, /recipe\.fcgi check/);
      assert.ok(!answer.includes(site.dir), 'and tells no path to strangers');
    }
  }
}));

test('max_runs is lowered to what the process limit leaves room for', async () => {
  const { output } = await command(['--nproc=100', PROGRAM, 'check'], { program: 'prlimit', config: { services: { home: HOME } } });
  const [, runs] = /runs\D*(\d+)/.exec(output) ?? [];
  assert.ok(Number(runs) >= 1 && Number(runs) <= 100 / 7, output);
  assert.match(output, /RLIMIT_NPROC|ulimit -u/, 'it names the limit');
});

test('on a command line a bad configuration ends the program', async () => {
  const { status, stderr } = await command(['--listen', 'unix:never.sock'], { config: '{ "colour": 1 }' });
  assert.ok(status > 0);
  assert.match(stderr, /recipe\.json:1\b.*colour/s);
});
