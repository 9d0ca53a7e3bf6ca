// What README promises somebody who has just cloned the project on a Debian
// that holds nothing but make, git and CA certificates: `make run`, `make lint`
// and `make test` fetch what they lack, and pass.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test from 'node:test';
import { atExit } from '../lib/leave.mjs';
import { kill } from '../lib/proc.mjs';
import { freePort } from '../lib/servers.mjs';
import { waitFor, within } from '../lib/wait.mjs';

const { HOST_ROOT, HOST_SYSTEM } = process.env;
const SYSTEMS = { 'bookworm-bare': 'Debian 12', 'trixie-bare': 'Debian 13' };
const HOUR = 3_600_000;

/** What of this machine's environment is the way to the archives. */
const WAYS = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'npm_config_registry'];
const ENV = {
  HOME: '/root',
  LANG: 'C.UTF-8',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ...Object.fromEntries(WAYS.filter((name) => process.env[name]).map((name) => [name, process.env[name]])),
  ...(process.env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: '/root/ca.pem' } : {}),
};

/** A shell's line there, in the clone: {output, ended: its exit status or signal, stop()}. */
function begin(line) {
  const child = spawn('chroot', [HOST_ROOT, 'sh', '-c', `cd /root/recipe && ${line}`],
    { env: ENV, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const it = { output: '', status: null };
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (text) => (it.output += text));
  const forget = atExit(() => it.stop());
  it.ended = new Promise((resolve) => child.once('close', (status, signal) => {
    forget();
    resolve(it.status = status ?? signal);
  }));
  it.stop = () => {
    if (it.status === null) kill(-child.pid, 'SIGTERM');
    return it.ended;
  };
  return it;
}

/** The end of what a command says, as all of it would be too much. */
const end = (output) => output.split('\n').slice(-120).join('\n');

async function must(line) {
  const it = begin(line);
  const status = await within(it.ended, `${line} to end`, HOUR);
  assert.equal(status, 0, `${line} ended with ${status}:\n${end(it.output)}`);
  return it.output;
}

// apt-get update succeeds without any archive, too.
const update = begin('apt-get update');
await within(update.ended, 'apt-get update', HOUR);
const lost = /^(W|E): .*(Failed to fetch|Could not resolve|Could not connect|Temporary failure)/m.exec(update.output);
const skip = lost ? 'its archive cannot be reached' : false;

test('make run: the site answers, in everybody\'s language', { skip }, async () => {
  const port = await freePort();
  const it = begin(`PORT=${port} make run`);
  try {
    await waitFor(() => it.status !== null || /^Open http/m.test(it.output), () => `the site:\n${end(it.output)}`, { limit: HOUR, every: 200 });
    assert.equal(it.status, null, end(it.output));
    const site = `http://127.0.0.1:${port}`;
    assert.match(await (await fetch(`${site}/`)).text(), /<form id="order"/);
    const r = await fetch(`${site}/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/plain' },
      body: JSON.stringify({ ingredientsOnHand: '된장, 두부', prepTime: 20 }),
    });
    assert.equal(r.status, 200);
    assert.match(await r.text(), /두부/);
  } finally {
    await within(it.stop(), 'make run to end');
  }
});

test('make lint', { skip }, async () => {
  await must('make lint');
});

test('make test', { skip }, async (t) => {
  const output = await must('make test');
  const [, passed] = /^(\d+) passed, 0 failed$/m.exec(output) ?? [];
  assert.ok(passed > 1000, end(output));
  const versions = await must("dpkg-query -W -f '${Package} ${Version}\\n' gcc libjson-c-dev libcurl4-openssl-dev libssl-dev lighttpd nginx apache2-bin nodejs");
  t.diagnostic(`seen: ${SYSTEMS[HOST_SYSTEM]}: ${passed} passed, with ${versions.trim().replace(/ (\d+:)?([\d.]*\d)\S*\n?/g, ' $2, ').replace(/, $/, '')}`);
});
