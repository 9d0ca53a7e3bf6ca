// GET /speed, and the rows of the attempts that it is made of.

import fs from 'node:fs';
import path from 'node:path';
import { LIMIT, assert, run, scene, servicesOf, start, test, waitFor } from '../lib/harness.mjs';

const open = { site: ({ provider }) => ({ config: { services: servicesOf(provider), speed: true } }) };
const board = async (site) => (await fetch(`http://127.0.0.1:${site.port}/speed`)).json();
/** The row of the model that the sites of these tests ask. */
const rowOf = async (site, id = '70b') => (await board(site)).rows.find(({ service }) => service === id);
const lapsOf = (site) => fs.readdirSync(site.dir, { recursive: true }).filter((name) => path.basename(name) === 'laps').map((name) => path.join(site.dir, name))[0];

test('a stranger is not told', scene({}, async ({ site }) => {
  const response = await fetch(`http://127.0.0.1:${site.port}/speed`);
  assert.equal(response.status, 404);
  assert.match((await response.json()).error.message, /"speed": true in recipe\.json/);
}));

test('who runs it for this machine alone is told', scene({ env: { RECIPE_LOCAL: '1' } }, async ({ site }) => {
  assert.equal((await board(site)).version, 1);
}));

test('nothing is known of a new site', scene(open, async ({ site }) => {
  const { version, rows } = await board(site);
  assert.equal(version, 1);
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.deepEqual([row.hour, row.day, row.measured], [{ n: 0 }, { n: 0 }, { n: 0 }]);
    assert.ok(row.service !== 'demo' && row.model);
  }
}));

test('each attempt of a run leaves a row', scene(open, async ({ site, provider }) => {
  provider.auto();
  const before = Date.now();
  await run(site);
  await waitFor(() => lapsOf(site) && fs.statSync(lapsOf(site)).size === 6 * 64, 'six rows');
  const { rows } = await board(site);
  assert.equal(rows.reduce((n, { hour }) => n + hour.n, 0), 6);
  const { hour, day, measured } = await rowOf(site);
  assert.deepEqual(hour, day);
  assert.deepEqual(measured, { n: 0 });
  assert.equal(hour.failed, 0);
  assert.ok(hour.since_ms >= before && hour.since_ms <= Date.now());
  for (const name of ['first_token_ms', 'total_ms']) {
    const { p50, p90 } = hour[name];
    assert.ok(p50 >= 0 && p50 <= p90 && p90 < LIMIT, `${name} ${p50} ${p90}`);
  }
}));

test('an attempt that failed, and one that nobody wanted any more, leave theirs', scene(open, async ({ site, provider }) => {
  provider.auto({ int: false, ste: false });
  const one = await start(site);
  (await provider.next('int')).error(500);
  (await provider.next('int')).answer('Good.');
  (await provider.next('ste')).text('1. Cut');
  for (const part of ['int', 'ing', 'sde']) await one.state(part, 'done');
  await one.text('ste', '1. Cut');
  one.leave();
  await waitFor(() => lapsOf(site) && fs.statSync(lapsOf(site)).size === 7 * 64, 'seven rows');
  const { rows } = await board(site);
  const sum = (value) => rows.reduce((n, { hour }) => n + (hour[value] ?? 0), 0);
  assert.deepEqual([sum('n'), sum('failed')], [7, 1]);
}));

test('the file holds no text, no host and no key', scene(open, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  await waitFor(() => lapsOf(site) && fs.statSync(lapsOf(site)).size > 0, 'rows');
  const bytes = fs.readFileSync(lapsOf(site), 'latin1');
  for (const word of ['beef', '127.0.0.1', 'sk-', '70b']) assert.ok(!bytes.includes(word), word);
  assert.equal(fs.statSync(lapsOf(site)).mode & 0o777, 0o600);
}));
