// The bench's command line, and its --url: a site that runs already is measured,
// with nothing known of it and with the simulator behind it.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { readOptions } from '../bench/options.mjs';
import { PROJECT, assert, scene, test } from '../lib/harness.mjs';
import { freePort } from '../lib/servers.mjs';

/** {status, stdout, stderr} of tests/bench/run. */
function bench(...args) {
  const child = spawn(path.join(PROJECT, 'tests/bench/run'), args.map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (text) => (said[name] += text));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...said })));
}

test('options are read, or refused in words', () => {
  const good = readOptions(['relay', '--rate', '2.5', '--url', 'http://127.0.0.1:8080/', 'flood']);
  assert.deepEqual(good, { rate: 2.5, url: 'http://127.0.0.1:8080/generate', workloads: ['relay', 'flood'], faults: [], peer: false });
  assert.equal(readOptions([]).peer, true);
  assert.equal(readOptions(['--no-peer']).peer, false);
  const bad = [[['--rate', 'fast'], /^--rate needs a number$/], [['--rate='], /^--rate needs a number$/], [['--nothing'], /^Unknown option '--nothing'/],
    [['--url', 'my.site'], /^--url needs an address/], [['--url', 'https://my.site/'], /^--url needs an address/]];
  for (const [args, words] of bad) assert.match(readOptions(args).faults.join('\n'), words, args.join(' '));
});

test('what cannot be done is refused, with the help', async () => {
  const cases = [
    [['nothing', '--rate', 'x'], /^--rate needs a number\nno such workload: nothing\nrun \[OPTION/],
    [['--url', 'http://127.0.0.1:1/', 'relay', 'queue'], /^relay needs --provider-port.*\nqueue needs a site of its own.*\nrun/],
  ];
  for (const [args, words] of cases) {
    const r = await bench(...args);
    assert.match(r.stderr, words, args.join(' '));
    assert.equal(r.status, 2, args.join(' '));
    assert.equal(r.stdout, '');
  }
});

test('help names all workloads', async () => {
  const r = await bench('--help');
  assert.equal(r.status, 0);
  assert.match(r.stdout, /workloads: .*\bvisit\b.*\brelay\b.*\bhosts\b/);
  assert.match(r.stdout, /only when named: grow/);
});

test('a site of which nothing is known', scene({ services: {}, mark: false }, async ({ site }) => {
  const r = await bench('--url', `http://127.0.0.1:${site.port}/`, '--visitors', 2, '--runs', 3, '--pid', site.children[0].child.pid);
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stdout, /^3 whole runs, 2 at once: POST to first byte, median +\d/m);
  for (const what of ['to first text', 'to the end', 'runs a second', 'CPU for a run']) assert.match(r.stdout, new RegExp(`^ +${what} +\\d`, 'm'));
}));

test('one whose runs are wrong', scene({}, async ({ site, provider }) => {
  provider.auto((x) => x.error(401, { error: { message: 'no' } }));
  const r = await bench('--url', `http://127.0.0.1:${site.port}/generate`, '--runs', 2, 'visit');
  assert.equal(r.status, 1, r.stdout);
  assert.match(r.stderr, /visit: ours: 2 runs went wrong/);
}));

/** Known before anybody listens there. */
const PORT = await freePort();
const simulator = { base_url: `http://127.0.0.1:${PORT}/v1`, model: 'bench' };

test('one before our simulator', scene({ services: { '70b': simulator, 'groq-8b': simulator } }, async ({ site }) => {
  const r = await bench('--url', `http://127.0.0.1:${site.port}/`, '--provider-port', PORT, '--first-ms', 5, '--rate', 1000, '--tokens', 20, 'relay');
  assert.equal(r.status, 0, r.stderr);
  const [, p50] = /^relay of a fragment, one visitor: p50 +([\d.]+)/m.exec(r.stdout);
  assert.ok(p50 > 0, 'the time in the tokens was read');
}));
