// What becomes of a site whose book of the day somebody has changed, moved or emptied, and
// where that book is. tests/unit/test_ledger_book.c has more of it.

import fs from 'node:fs';
import path from 'node:path';
import { booksOf } from '../lib/book.mjs';
import { assert, run, scene, test } from '../lib/harness.mjs';
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
