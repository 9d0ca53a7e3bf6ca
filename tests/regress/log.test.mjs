// The log stays readable: a condition that lasts, and what visitors can repeat,
// is not a line for each time.

import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { assert, proc, run, scene, sleep, test, underAsan, waitFor } from '../lib/harness.mjs';
import { launch, settleProgram } from '../lib/servers.mjs';

/** Starts the program on a socket, with at most `most` descriptors. */
const withFiles = (most) => async (site) => {
  site.socket = path.join(site.runDir, 'fcgi.sock');
  launch(site, 'prlimit', [`--nofile=${most}`, site.program, '--listen', `unix:${site.socket}`]);
  await waitFor(() => proc.unixListening(site.socket), 'the program to listen');
};

const lines = (text, part) => text.split('\n').filter((line) => line.includes(part));

test('no descriptor is left for another worker: said once, and served again afterwards', scene({ server: withFiles(12) }, async ({ site }) => {
  const visitors = Array.from({ length: 20 }, () => net.connect(site.socket));
  for (const visitor of visitors) visitor.on('error', () => {});
  const said = async () => lines(await site.stderr(), 'new requests wait');
  await waitFor(async () => (await said()).length > 0, 'the log to say it');
  // It is tried ten times a second.
  await sleep(1500);
  assert.equal((await said()).length, 1, (await said()).join('\n'));
  assert.match((await said())[0], /Too many open files/);
  for (const visitor of visitors) visitor.destroy();
  // Until all that the twenty have left are seen to, descriptors may still be short.
  const isServed = () => site.get('/services').then(async (response) => ((await response.text()), response.status === 200), () => false);
  await waitFor(isServed, 'the next visitor to be served');
}));

const alone = process.getuid() !== 0 ? 'a limit of processes counts those of the whole user, who has others' :
  await underAsan() ? 'LeakSanitizer needs a process of its own at the end' : false;
test('no process is left for another worker: said once', { skip: alone }, scene({
  server: async (site) => {
    site.socket = path.join(site.runDir, 'fcgi.sock');
    // Not as root, who is not held to it; and as a user of whom nobody else has a process.
    await fs.chmod(site.dir, 0o755);
    await fs.chmod(site.runDir, 0o777);
    settleProgram(site);
    const user = process.getuid() === 0 ? ['setpriv', '--reuid=61234', '--regid=61234', '--clear-groups'] : [];
    launch(site, 'prlimit', ['--nproc=1', ...user, site.program, '--listen', `unix:${site.socket}`]);
    await waitFor(() => proc.unixListening(site.socket), 'the program to listen');
  },
}, async ({ site }) => {
  const visitor = net.connect(site.socket).on('error', () => {});
  const said = async () => lines(await site.stderr(), 'new requests wait');
  await waitFor(async () => (await said()).length > 0, 'the log to say it');
  await sleep(1500);
  assert.equal((await said()).length, 1, (await said()).join('\n'));
  assert.match((await said())[0], /no worker can be forked.*Resource temporarily unavailable/);
  visitor.destroy();
}));

test('a ca_file without a certificate is read and said once, not by every request', scene({
  limits: { max_runs: 1 },
  site: async ({ provider }) => ({
    server: 'listen',
    services: { home: { ...provider.service(), base_url: `https://127.0.0.1:${provider.port}/v1`, ca_file: '/dev/null' } },
  }),
}, async ({ site }) => {
  for (let n = 0; n < 5; n++) {
    const r = await run(site);
    assert.ok(r.errors.length > 0 && r.errors.every((e) => ['tls', 'skipped'].includes(e.code)), r.summary());
  }
  const said = lines(await site.stderr(), 'certificates for');
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0], /certificates for home: \/dev\/null: the file holds no CA certificate/);
}));

test('a service that is set aside is said once, however many visitors it fails', scene({
  limits: { max_runs: 2 },
  site: ({ provider }) => ({ services: { '70b': provider.service('m') } }),
}, async ({ site, provider }) => {
  provider.auto((x) => x.error(401, { error: { message: 'no' } }));
  for (let n = 0; n < 4; n++) await run(site);
  assert.ok(provider.requests > 4);
  const said = lines(await site.stderr(), 'set aside');
  assert.equal(said.length, 1, said.join('\n'));
}));
