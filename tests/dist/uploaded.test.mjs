// The tarball on another system, uploaded and set up as INSTALL tells, behind
// that system's own Apache: what every host must do (tests/lib/behaviours.mjs),
// and what only this program must: to need nothing of the system.

import { COOK, assert, proc, scene, start, test, waitFor, within } from '../lib/harness.mjs';
import { testHosts } from '../lib/matrix.mjs';
import { AT_A_HOST, NAMES, SYSTEMS, inInstall, must, shell, uploaded, versions } from '../lib/uploaded.mjs';
import { sleep } from '../lib/wait.mjs';

const { HOST_SUITE = '' } = process.env;
const system = SYSTEMS[HOST_SUITE];
const BAR_MS = 10;
const at = (mode, options = {}) => ({ ...AT_A_HOST, server: uploaded(mode), ...options });

/** Answers as models do: word by word. */
async function slowly(x) {
  for (let n = 0; n < 20; n++) {
    x.text(`word ${n} `);
    await sleep(100);
  }
  x.finish('stop').done();
}
const SLOWLY = Object.fromEntries(['add', 'int', 'ing', 'sde', 'ste'].map((part) => [part, slowly]));
const ask = () => shell(inInstall(`public_html/recipe.fcgi check --url https://${NAMES.site}/`).replace('https', 'http'));

test('INSTALL: the program says its version, and that all is well', scene(at({}), async ({ t }) => {
  t.diagnostic(`seen: ${system}: ${await versions()}`);
  assert.match(await must('public_html/recipe.fcgi --version'), /^recipe\.fcgi \d/);
  assert.match(await must(inInstall('public_html/recipe.fcgi check')), /groq-8b/);
}));

for (const [name, mode, limits] of [['plain CGI', {}, {}], ['mod_fcgid with pad', { fastcgi: true }, { pad: 65600 }]]) {
  test(`${name}: check --url says that it is live`, scene(at(mode, { limits }), async ({ provider }) => {
    provider.auto(SLOWLY);
    const { status, output } = await ask();
    assert.match(output, /^LIVE /m);
    assert.equal(status, 0);
  }));

  test(`${name}: nothing of the system is loaded, and it runs as the customer`, scene(at(mode, { limits }), async ({ site, provider }) => {
    provider.auto({ ing: false });
    const r = await start(site);
    const ing = await provider.next('ing');
    assert.equal(ing.key, 'the-key');
    const shared = '/dev/zero (deleted)'; // anonymous memory that a listener and its children share
    const open = site.ours().map((pid) => ({ files: proc.mapped(pid).filter((file) => file !== shared), user: proc.user(pid) })).filter(({ files }) => files.length > 0);
    assert.ok(open.length >= 2, 'a worker and a stage');
    for (const { files, user } of open) assert.deepEqual({ files, user }, { files: [site.program], user: 1000 });
    ing.answer('Iron.');
    await r.over();
  }));
}

test('mod_fcgid without pad: check --url says that it is held, and what to do', scene(at({ fastcgi: true }), async ({ provider }) => {
  provider.auto(SLOWLY);
  const { status, output } = await ask();
  assert.match(output, /^HELD /m);
  assert.match(output, /"pad": 65600/);
  inInstall('"limits": { "pad": 65600 }');
  assert.equal(status, 1);
}));

/** From the connection to ": ok", in milliseconds; the visitor leaves then. */
async function firstByte(site) {
  const body = JSON.stringify(COOK);
  const began = performance.now();
  const client = site.raw().send(`POST /generate HTTP/1.1\r\nHost: ${NAMES.site}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await within(new Promise((resolve) => client.socket.on('data', () => client.text.includes(': ok\n\n') && resolve())), 'the first byte');
  const ms = performance.now() - began;
  client.leave();
  await waitFor(() => site.ours().length === 0, 'the program to leave');
  return ms;
}

// By the demo cook: the provider is this process, which reads the clock.
test('plain CGI, without a key: the first byte', scene(at({}), async ({ t, site }) => {
  await shell('rm recipe.json');
  await firstByte(site); // warms the cache
  const times = [];
  for (let n = 0; n < 20; n++) times.push(await firstByte(site));
  const [least, median] = [0, 10].map((n) => times.toSorted((a, b) => a - b)[n].toFixed(1));
  t.diagnostic(`seen: ${system}: first byte of plain CGI after ${median} ms (median of 20, the least ${least}; the bar is ${BAR_MS})`);
}));

testHosts('The tarball', (host) => host.system === HOST_SUITE);
