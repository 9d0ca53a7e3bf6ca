// The program is started again while the web server before it stays: visitors
// of the gap are refused, those after it are served.

import fs from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, proc, scene, test, waitFor } from '../lib/harness.mjs';
import { nginx } from '../lib/nginx.mjs';
import { launch, lighttpd, settleForNobody, startBackend } from '../lib/servers.mjs';

const external = async (site) => {
  settleForNobody(site);
  await startBackend(site, 'listen');
  await lighttpd(site);
};

const ask = async (site) => {
  const response = await site.get('/services');
  await response.text();
  return response.status;
};

/** The program is stopped, a visitor comes, the program is started as before. */
async function gap(site) {
  const [entry] = site.children;
  const { spawnargs } = entry.child;
  assert.equal(await ask(site), 200);
  entry.child.kill('SIGTERM');
  await entry.exited;
  const status = await ask(site);
  const user = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
  launch(site, spawnargs[0], spawnargs.slice(1), user);
  await waitFor(() => proc.unixListening(site.socket), 'the program to listen again');
  return status;
}

test('nginx: the very next visitor is served', scene({ server: nginx('listen'), overwritesEnvironment: true }, async ({ site }) => {
  assert.equal(await gap(site), 502);
  assert.equal(await ask(site), 200);
}));

test('lighttpd, external socket: the next visitors are served before long', scene({ server: external, template: 'hosts/lighttpd/external.conf' }, async ({ site }) => {
  assert.equal(await gap(site), 503);
  await waitFor(async () => (await ask(site)) === 200, 'lighttpd to ask the program again', { every: 50 });
}));

test('lighttpd is told not to wait for longer than its own tick', () => {
  const text = fs.readFileSync(path.join(PROJECT, 'hosts/lighttpd/external.conf'), 'utf8');
  assert.match(text, /^\t\t"disable-time" => 0,$/m);
});
