// What becomes of a site whose book of the day somebody has changed, moved or emptied, and
// where that book is. tests/unit/test_ledger_book.c has more of it.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { booksOf } from '../lib/book.mjs';
import { assert, run, scene, test, waitFor } from '../lib/harness.mjs';
import * as proc from '../lib/proc.mjs';
import { launch } from '../lib/servers.mjs';
import { folder, guarded, ofCommand, refused, spent } from '../lib/guarded.mjs';

const fileOf = (site) => path.join(folder(site), booksOf(folder(site))[0]);

test('foreign bytes close the site, and the log names the file', scene(guarded({ site: { runs_day: 900 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  const file = fileOf(site);
  const size = fs.statSync(file).size;
  fs.appendFileSync(file, Buffer.alloc(1000, '_'));
  const asked = provider.requests;
  for (let n = 0; n < 3; n++) {
    const { code, message } = await refused(await site.post());
    assert.equal(code, 'limit_site');
    assert.match(message, /cannot write down what it spends/);
  }
  assert.equal(provider.requests, asked);
  const told = (await site.stderr()).match(/spend-\d{8} has bytes in it .*/g);
  assert.match(told[0], /remove that file.*or mend it/);
  const said = await ofCommand(site, ['spend']);
  assert.equal(said.status, 1);
  assert.ok(said.stderr.includes(`${file} has bytes in it`), said.stderr);
  fs.truncateSync(file, size);
  await run(site);
  assert.equal((await spent(site)).runs, 2);
}));

test('a book that was moved away is missed, and begins anew', scene(guarded({ site: { runs_day: 2 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  await run(site);
  await refused(await site.post());
  const file = fileOf(site);
  fs.renameSync(file, `${file}.old`);
  await run(site);
  await run(site);
  await refused(await site.post());
  assert.equal((await spent(site)).runs, 2);
}));

test('a state directory that cannot be used closes the site: nothing is counted elsewhere', scene(guarded({ site: { runs_day: 9 } }, { config: { state: '/dev/null/state' } }), async ({ site, provider }) => {
  provider.auto();
  for (let n = 0; n < 2; n++) assert.equal((await refused(await site.post())).code, 'limit_site');
  assert.equal(provider.requests, 0);
  assert.match(await site.stderr(), /what is spent cannot be written down in the state directory, which cannot be used, so no run begins/);
  assert.match((await ofCommand(site, ['check'])).stdout.replace(/\s+/g, ' '), /no run begins, because what is spent cannot be written down in "state"/);
}));

test('without limits it is served', scene(guarded(false, { config: { state: '/dev/null/state' } }), async ({ site, provider }) => {
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));

/** The program, which may make no file longer than nothing. */
async function withoutFiles(site) {
  site.socket = path.join(site.runDir, 'fcgi.sock');
  launch(site, 'sh', ['-c', 'ulimit -f 0; exec "$1" --listen "unix:$2"', 'sh', site.program, site.socket]);
  await waitFor(() => proc.unixListening(site.socket), 'the program to listen');
}

test('a limit of the size of files is a full disk, and kills nobody', scene(guarded({ site: { runs_day: 9 } }, {}, { server: withoutFiles }), async ({ site, provider }) => {
  provider.auto();
  /* Its log is such a file, too. */
  for (let n = 0; n < 3; n++) assert.match((await refused(await site.post())).message, /cannot write down what it spends/);
  assert.equal(provider.requests, 0);
}));

const CHOSEN = fs.mkdtempSync(path.join(os.tmpdir(), 'recipe-chosen-'));
after(() => fs.rmSync(CHOSEN, { recursive: true, force: true }));
const EMPTIED = /emptied now and then, as when the machine starts.* the count begins anew: set "state" in recipe\.json/;

test('a folder for temporary files that nobody has chosen: the log and check say so', scene(guarded({ site: { runs_day: 9 } }), async ({ site, provider }) => {
  assert.ok(site.dir.startsWith(os.tmpdir()));
  provider.auto();
  await run(site);
  await run(site);
  assert.equal((await site.stderr()).match(new RegExp(EMPTIED, 'g')).length, 1);
  assert.match((await ofCommand(site, ['check'])).stdout.replace(/\s+/g, ' '), EMPTIED);
}));

test('one that was chosen is the operator\'s business', scene(guarded({ site: { runs_day: 9 } }, { config: { state: path.join(CHOSEN, 'state') } }), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  assert.doesNotMatch(await site.stderr(), EMPTIED);
  assert.doesNotMatch((await ofCommand(site, ['check'])).stdout.replace(/\s+/g, ' '), EMPTIED);
}));
