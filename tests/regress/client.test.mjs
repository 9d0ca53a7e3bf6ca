// htdocs/client.js in Node: the script of docs/client.md as it stands there, and
// what a program may rely on. browser/client.test.mjs has it in a page.

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCutter as startHost } from '../browser/cutter.mjs';
import { startCutter } from '../lib/cutter.mjs';
import { COOK, TEXTS, assert, scene, test, waitFor } from '../lib/harness.mjs';
import { drawing } from '../lib/storm.mjs';
import { withExamples } from '../lib/documented.mjs';

const dir = withExamples('supper.mjs');
await fs.copyFile(path.join(dir, 'client.js'), path.join(dir, 'client.mjs'));
const { Refused, follow, generate, graph, revisit, services } = await import(path.join(dir, 'client.mjs'));
const at = (site) => `http://127.0.0.1:${site.port}/`;
const supper = (site, ...words) => promisify(execFile)(process.execPath, [path.join(dir, 'supper.mjs'), at(site), ...words]);

test('the script of the documentation', scene({}, async ({ site, provider }) => {
  provider.auto({ sde: (x) => x.error(400) });
  const { stdout, stderr } = await supper(site, 'beef,', 'onions');
  assert.equal(stdout, TEXTS.int);
  assert.match(stderr, /^sde .*\n$/);
  await assert.rejects(supper(site, '!'), /Refused.*: "ingredientsOnHand" has 1 characters/);
}));

test('follow gives whole texts, and what _done says', scene({}, async ({ site, provider }) => {
  provider.auto({ int: 'Soft.\nWarm.' });
  const texts = {};
  const done = await follow(generate(COOK, { base: at(site) }), (part, text) => (texts[part] = text));
  assert.equal(texts.int, 'Soft.\nWarm.');
  assert.equal(texts.ste, TEXTS.ste);
  assert.ok(done.ms >= 0 && done.tokens.out > 0, JSON.stringify(done));
}));

test('a stop ends the run without an error, and every model with it', scene({}, async ({ site, provider }) => {
  provider.auto({ int: false, add: false });
  const run = generate(COOK, { base: at(site) });
  const shown = [];
  const followed = follow(run, (part, text) => shown.push([part, text]));
  const int = await provider.next('int');
  int.text('So');
  await waitFor(() => shown.some(([part]) => part === 'int'), 'the first text');
  run.stop();
  assert.equal(await followed, null);
  await int.closed;
}));

test('a signal ends it with its error, also before it has begun', scene({}, async ({ site, provider }) => {
  provider.auto({ int: false });
  const controller = new AbortController();
  const followed = follow(generate(COOK, { base: at(site), signal: controller.signal }), () => {});
  const int = await provider.next('int');
  controller.abort();
  await assert.rejects(followed, { name: 'AbortError' });
  await int.closed;
  await assert.rejects(follow(generate(COOK, { base: at(site), signal: AbortSignal.abort() }), () => {}), { name: 'AbortError' });
}));

test('a loop that is left ends the run', scene({}, async ({ site, provider }) => {
  provider.auto({ int: false });
  for await (const { name, value } of generate(COOK, { base: at(site) })) {
    if (name === '_part' && value.part === 'int' && value.state === 'start') break;
  }
  await (await provider.next('int')).closed;
}));

test('what was refused says how, and by whom', scene({ htdocs: dir }, async ({ site }) => {
  const refused = async (promise) => {
    const error = await promise.then(() => null, (e) => e);
    assert.ok(error instanceof Refused, String(error));
    const { status, code, retry_s } = error;
    return { status, code, retry_s };
  };
  const base = at(site);
  const first = (order, options) => generate(order, options).next();
  assert.deepEqual(await refused(first({}, { base })), { status: 400, code: 'bad_input', retry_s: 0 });
  assert.deepEqual(await refused(first(COOK, { base: `${base}nothing/` })), { status: 404, code: '', retry_s: 0 });
  assert.deepEqual(await refused(graph({ base: `${base}nothing/` })), { status: 404, code: '', retry_s: 0 });
}));

test('graph and services', scene({ config: {} }, async ({ site }) => {
  assert.equal((await graph({ base: at(site) })).version, 1);
  assert.equal((await services({ base: at(site) })).demo, true);
}));

test('a line that breaks again and again: the run is read on, without a word lost or doubled, and paid for once', scene({}, async ({ site, provider }) => {
  provider.auto();
  const draw = drawing(Number(process.env.SEED ?? 7));
  const cutter = await startCutter(site.port, () => 900 + draw(1500));
  try {
    const texts = {};
    const done = await follow(generate(COOK, { base: cutter.base }), (part, text) => (texts[part] = text));
    assert.equal(done.how, 'done');
    for (const part of ['int', 'add', 'ing', 'sde', 'ste']) assert.equal(texts[part], TEXTS[part], part);
    assert.ok(cutter.cuts > 2, `${cutter.cuts} cuts`);
    assert.equal(provider.requests, 6);
  } finally {
    await cutter.stop();
  }
}));

test('a host that holds every stream back: the text comes by polls while it is written, and a stop stops', scene({}, async ({ site, provider }) => {
  const host = await startHost(site.port);
  host.isMute = true;
  const base = `http://127.0.0.1:${host.port}/`;
  try {
    provider.auto({ int: false });
    const texts = {};
    const followed = follow(generate(COOK, { base }), (part, text) => (texts[part] = text));
    const int = await provider.next('int');
    for (const text of ['A', ' pan', '.']) {
      int.text(text);
      await waitFor(() => texts.int?.endsWith(text), text);
    }
    int.finish('stop').done();
    assert.equal((await followed).how, 'done');
    assert.equal(texts.int, 'A pan.');
    assert.equal(texts.ste, TEXTS.ste);
    assert.equal(provider.requests, 6);
    const run = generate(COOK, { base });
    const stopped = follow(run, (part) => part === 'int' && run.stop());
    const next = await provider.next('int');
    next.text('So');
    assert.equal(await stopped, null);
    await next.closed;
  } finally {
    await host.stop();
  }
}));

test('a run that is left goes on, and is read again by its key; by its id it cannot be stopped', scene({}, async ({ site, provider }) => {
  provider.auto({ int: false });
  const base = at(site);
  const first = generate(COOK, { base });
  let id = '';
  for await (const event of first) {
    if (event.name === '_run') ({ id } = event.value);
    if (event.name === '_part' && event.value.state === 'done') first.leave();
  }
  const int = await provider.next('int');
  const guest = revisit({ id }, { base });
  await follow(guest, () => guest.stop());
  int.text('So it goes.').finish('stop').done();
  const texts = {};
  const done = await follow(revisit({ key: first.key }, { base }), (part, text) => (texts[part] = text));
  assert.equal(done.how, 'done');
  assert.equal(texts.int, 'So it goes.');
  assert.equal(provider.requests, 6);
  await assert.rejects(follow(revisit({ id: '0'.repeat(32) }, { base }), () => {}), { name: 'Error', status: 404, code: 'no_run' });
}));
