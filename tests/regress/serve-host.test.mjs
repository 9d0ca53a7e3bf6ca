// `make run HOST=...`: for the phone in the kitchen. In a network namespace of its
// own, whose loopback has an address as of a network, so that nobody else is served.

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { assert, test } from '../lib/harness.mjs';
import { clone } from '../lib/clone.mjs';
import { freePort } from '../lib/servers.mjs';

const ADDRESS = '198.51.100.7';
const NAMESPACE = ['unshare', process.getuid() === 0 ? '-n' : '-rn'];
const INSIDE = ['sh', '-c', `ip link set lo up && ip address add ${ADDRESS}/32 dev lo && exec "$@"`, 'sh'];
const cannot = spawnSync(NAMESPACE[0], [NAMESPACE[1], ...INSIDE, 'true']).status !== 0 && 'this machine gives no network namespace';

const serve = (it, port, host) => it.run(NAMESPACE[0], [NAMESPACE[1], ...INSIDE, 'tools/serve', './recipe.fcgi', String(port), host], { port });

/** What is answered there, asked under that name. */
async function ask(start, host, name = host, path = '/services') {
  const pid = String(start.lighttpd);
  const { stdout } = await promisify(execFile)('nsenter', ['-t', pid, ...process.getuid() === 0 ? ['-n'] : ['-U', '-n', '--preserve-credentials'],
    'curl', '-s', '-w', '\n%{http_code}', '-H', `Host: ${name}`, `http://${host}:${start.port}${path}`]);
  const [, body, status] = /^([^]*)\n(\d+)$/.exec(stdout);
  return { body, status: Number(status) };
}

test('all addresses: the phone is told where, the owner what that means, and a stranger\'s name leads nowhere', { skip: cannot }, clone({}, async (it) => {
  const port = await freePort();
  const start = serve(it, port, '0.0.0.0');
  await start.says('Everybody in this network'); // its last line
  assert.match(start.output, new RegExp(`^On a phone in this network: http://${ADDRESS}:${port}/$`, 'm'));
  assert.match(start.lastLine, /^Everybody in this network can use it now, and spend what your keys allow\.$/);
  for (const host of ['127.0.0.1', ADDRESS]) {
    for (const name of ['localhost', '127.0.0.1', ADDRESS, `${ADDRESS}:${port}`]) assert.equal((await ask(start, host, name)).status, 200, `${name} at ${host}`);
    for (const name of ['evil.example', `${ADDRESS}.evil.example`, ADDRESS.replaceAll('.', 'x'), '198.51.100.8', '0.0.0.0']) {
      assert.equal((await ask(start, host, name)).status, 403, `${name} at ${host}`);
    }
  }
  assert.match((await ask(start, ADDRESS, 'evil.example', '/')).body, new RegExp(`answers to the names localhost, 127\\.0\\.0\\.1, \\[::1\\], ${ADDRESS}`));
  assert.equal(JSON.parse((await ask(start, ADDRESS)).body).local, undefined, 'it is not its owner\'s alone');
  assert.match((await ask(start, ADDRESS, ADDRESS, '/')).body, /<title>recipe/);
}));

test('one address, and no other', { skip: cannot }, clone({}, async (it) => {
  const port = await freePort();
  const start = serve(it, port, ADDRESS);
  await start.says(`Open http://${ADDRESS}:${port}/`);
  assert.equal((await ask(start, ADDRESS)).status, 200);
  await assert.rejects(ask(start, '127.0.0.1'));
}));

test('an address that is not this machine\'s', { skip: cannot }, clone({}, async (it) => {
  for (const host of ['198.51.100.8', 'everywhere', '198.51.100', '::']) {
    const start = serve(it, await freePort(), host);
    assert.equal(await start.end(), 1, host);
    assert.equal(start.lastLine, `HOST is 0.0.0.0, for all addresses of this machine, or one of them: ${ADDRESS}. It is not "${host}".`);
  }
}));

test('another loopback address is this machine\'s alone', clone({}, async (it) => {
  const port = await freePort();
  const start = it.run('tools/serve', ['./recipe.fcgi', String(port), '127.0.0.2'], { port });
  await start.says(`Open http://127.0.0.2:${port}/`);
  assert.doesNotMatch(start.output, /phone|Everybody/);
  const response = await fetch(`http://127.0.0.2:${port}/services`);
  assert.equal((await response.json()).local, true);
}));
