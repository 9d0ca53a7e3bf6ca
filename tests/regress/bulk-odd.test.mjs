// A file of lines for good services and for every odd one of tests/cases: each line is in the
// output or in the errors, once, and no good line suffers from an odd one.
// LINES=10000 for a longer file (`make soak`); the odd ones are about a tenth.

import path from 'node:path';
import { PROJECT, assert, test } from '../lib/harness.mjs';
import { Desk, callOf, startEcho, timesOf } from '../lib/bulk.mjs';
import { readCases } from '../lib/cases.mjs';
import { startScript } from '../lib/script.mjs';

const LINES = Number(process.env.LINES ?? 1500);
const PER_CONFIG = 60; // services beside the good one
// A limit of an hour is too long for a visitor, but a file waits as long as it lasts.
const isHour = (it) => it.name.startsWith('h-') && it.see.state === 'failed';
const cases = readCases(path.join(PROJECT, 'tests/cases')).filter((it) => !it.list && it.service.key === undefined && !isHour(it));

/** As many odd conversations as that, each of its own; every case before one comes again. */
const odd = Array.from({ length: Math.max(cases.length, LINES / 10) }, (_, n) => ({ ...cases[n % cases.length], id: `odd-${n}` }));

async function play(list, good) {
  const echo = await startEcho();
  const server = await startScript({});
  const services = { good: { base_url: echo.base_url, model: 'model-70b', parallel: 16 } };
  for (const it of list) {
    const { base_url = '/v1', ...rest } = it.service;
    services[it.id] = { model: 'scripted', parallel: 2, ...rest, base_url: server.talk(it.id, it.replies) + base_url };
  }
  const lines = [...Array.from({ length: good }, (_, n) => callOf(`good-${n}`, `prompt ${n}`, { model: 'good' })), ...list.map((it) => callOf(it.id, it.name, { model: it.id }))];
  // In an order that is the same each time and mixes them.
  lines.sort((a, b) => (a.custom_id.at(-1) + a.custom_id < b.custom_id.at(-1) + b.custom_id ? -1 : 1));
  const desk = await Desk.open(lines, services, { config: { limits: { idle_ms: 1000, first_token_ms: 2000, run_ms: 20_000 } } });
  try {
    const { status, stderr } = await desk.start(['--at-once', '48']).exit;
    const [out, errors] = [await desk.read(), await desk.errors()];
    assert.ok([0, 1].includes(status), stderr);
    const times = timesOf([...out, ...errors]);
    assert.deepEqual(lines.map(({ custom_id: id }) => [id, times.get(id)]).filter(([, n]) => n !== 1), [], 'each once');
    assert.equal(times.size, lines.length);
    assert.deepEqual(out.filter(({ custom_id: id }) => id.startsWith('good')).length, good, 'no good one suffers');
    assert.ok([...echo.asked.values()].every((n) => n === 1), 'or is paid for twice');
    return { out, errors, stderr };
  } finally {
    await desk.close();
    await server.stop();
    await echo.stop();
  }
}

const groups = Math.ceil(odd.length / PER_CONFIG);
for (let n = 0; n < groups; n++) {
  const list = odd.slice(n * PER_CONFIG, (n + 1) * PER_CONFIG);
  test(`odd services ${n + 1} of ${groups}: ${list[0].name} to ${list.at(-1).name}`, async () => {
    const { out, errors } = await play(list, Math.ceil((LINES - odd.length) / groups));
    for (const { response, error } of out) {
      assert.equal(error, null);
      assert.equal(response.status_code, 200);
      assert.equal(typeof response.body, 'object');
      assert.ok(Array.isArray(response.body.choices));
    }
    for (const { response, error, body } of errors) {
      assert.ok(body.messages.length > 0, 'what failed is an input line again');
      assert.ok((response === null) !== (error === null), 'an answer, or the reason why there is none');
      if (response !== null) assert.ok(response.status_code >= 300 && response.body !== undefined);
    }
  });
}
