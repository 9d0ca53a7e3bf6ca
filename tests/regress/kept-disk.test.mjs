// A disk that is full, a folder that has gone or is read-only: the run goes on for its visitor,
// who is told once that it is not kept; so is the log. Who reads it is told that it has
// broken, and no file of it stays.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { assert, proc, startProvider, startSite, test, waitFor, within } from '../lib/harness.mjs';
import { ASK, stage, writePrompts } from '../lib/prompts.mjs';
import { postOf } from '../lib/resuming.mjs';
import { backends, cannotMount, makeReadOnly, onDiskOf, onOwnDisk, withFiles } from '../lib/servers.mjs';
import { Tape, messageOf } from '../lib/tape.mjs';

const PIECE = 'A sentence of some length. '.repeat(150);
const mounts = { skip: cannotMount() };

/** Runs f with a site whose only part is written by hand. */
const scene = (server, f, limits = {}) => async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'recipe-disk-'));
  const provider = await startProvider();
  const prompts = await writePrompts(path.join(dir, 'prompts'), [stage('soup', 'one', { template: 'Part: soup\nOf {{what}}.' })]);
  const site = await startSite({ server, prompts, mark: false, config: { services: { one: provider.service('m') }, limits: { linger_ms: 60_000, ...limits } } });
  try {
    await f({ site, provider });
  } finally {
    await site.stop();
    await provider.stop();
    fs.rmSync(dir, { recursive: true });
  }
};

/** The directory of the runs in a folder of sites, once there is one. */
function runsIn(folder) {
  const found = fs.readdirSync(folder, { recursive: true }).find((name) => path.basename(name) === 'runs');
  return found && path.join(folder, found);
}

/** Begins a run that has written its first piece: {run, tape, x}, with what the visitor reads and the hand that answers. */
async function begin({ site, provider }, key = randomUUID()) {
  const run = { key, request: { body: ASK } };
  const response = await postOf(site, run);
  assert.equal(response.status, 200);
  const tape = new Tape().read(response);
  const x = await provider.next('soup');
  x.text(PIECE);
  await waitFor(() => tape.events.some(([, data]) => data.startsWith('soup|')), 'the first piece');
  run.id = messageOf(tape.events[0]).data.id;
  return { run, tape, x };
}

/** Begins one, and lets it end: its events. */
async function one(set) {
  const { run, tape, x } = await begin(set);
  x.finish('stop').done();
  await within(tape.finished, 'the end of the run');
  assert.equal(messageOf(tape.events.at(-1)).data.how, 'done');
  return { run, events: tape.events, kept: messageOf(tape.events[0]).data.kept };
}

/** Writes pieces until the visitor is told that it is not kept, some more, and the end. Returns how many it were. */
async function writeOn({ tape, x }, most = 400) {
  const isTold = () => tape.events.some(([, data]) => data.startsWith('_kept|'));
  let pieces = 1;
  for (; !isTold() && pieces < most; pieces++) {
    const had = tape.events.length;
    x.text(PIECE);
    await waitFor(() => tape.events.length > had, 'the next piece');
  }
  assert.ok(isTold(), 'the visitor is told that it is not kept');
  for (let n = 0; n < 3; n++, pieces++) x.text(PIECE);
  x.finish('stop').done();
  return pieces;
}

const linesOf = async (site) => (await site.stderr()).match(/^.*a run is not kept.*$/gm) ?? [];

/** The visitor has all; he and the log are told once, and why. */
async function checkVisitor(site, { tape }, pieces, why) {
  await within(tape.finished, 'the end of the run');
  const messages = tape.events.map(messageOf);
  assert.deepEqual(messages.map(({ id }) => id), messages.map((_, i) => i + 1));
  assert.ok(messages.filter(({ event }) => event === 'soup').map(({ text }) => text).join('') === PIECE.repeat(pieces), 'all of the text');
  const told = messages.filter(({ event }) => event === '_kept').map(({ data }) => data);
  assert.deepEqual(told.map(({ kept }) => kept), [false]);
  assert.match(told[0].why, why);
  assert.equal(messages.at(-1).data.how, 'done');
  const lines = await linesOf(site);
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], why);
}

/** Whoever reads it meanwhile has the same as the visitor up to some event, and then is told that it has broken. */
async function checkReaders(readers, { tape }) {
  const messages = tape.events.map(messageOf);
  const all = await within(Promise.all(readers.map((reader) => reader.finished)), 'the end of what is read');
  for (const reader of all) {
    const read = reader.events.map(messageOf);
    assert.ok(JSON.stringify(read.slice(0, -2)) === JSON.stringify(messages.slice(0, read.length - 2)), 'the reader has what the visitor has');
    assert.equal(read.at(-2)?.data?.code, 'broken');
    assert.equal(read.at(-1).data.how, 'broken');
    assert.ok(JSON.stringify(reader.events) === JSON.stringify(all[0].events), 'all readers are told the same');
  }
}

/** A run that can be kept no longer, with two readers. */
async function loseIt(set, spoil, why) {
  const begun = await begin(set);
  const { site } = set;
  const read = async () => new Tape().read(await site.get(`/runs/${begun.run.id}`));
  const readers = [await read(), await read()];
  for (const reader of readers) await reader.has(2);
  await spoil();
  const pieces = await writeOn(begun);
  await checkVisitor(site, begun, pieces, why);
  await checkReaders(readers, begun);
  assert.equal((await site.get(`/runs/${begun.run.id}`)).status, 404);
  assert.equal((await site.request({ method: 'DELETE', path: `/runs/${begun.run.id}`, headers: { 'idempotency-key': begun.run.key } })).status, 404);
}

const isEmpty = (dir) => waitFor(() => fs.readdirSync(dir).length === 0, () => `no file to stay; there are ${fs.readdirSync(dir)}`);

test('the disk becomes full in mid-run', mounts, scene(onOwnDisk('256k'), async (set) => {
  await loseIt(set, () => {}, /disk is full/);
  await isEmpty(runsIn(onDiskOf(set.site)));
  assert.equal((await one(set)).kept, true, 'there is room for the next one');
}));

test('the disk is full before the run', mounts, scene(onOwnDisk('256k'), async (set) => {
  const disk = onDiskOf(set.site);
  const { run } = await one(set);
  const fill = fs.openSync(path.join(disk, 'fill'), 'w');
  assert.throws(() => {
    for (;;) fs.writeSync(fill, Buffer.alloc(4096));
  }, { code: 'ENOSPC' });
  fs.closeSync(fill);
  assert.equal((await one(set)).kept, false);
  assert.equal((await linesOf(set.site)).length, 1);
  assert.deepEqual(fs.readdirSync(runsIn(disk)), [run.id]);
}));

test('no file may have so many bytes', scene(withFiles(100_000), async (set) => {
  await loseIt(set, () => {}, /disk is full|too large/i);
  await isEmpty(runsIn(set.site.dir));
}));

test('the folder is removed in mid-run', scene('listen', async (set) => {
  await loseIt(set, () => fs.rmSync(runsIn(set.site.dir), { recursive: true }), /was removed/);
  assert.equal(runsIn(set.site.dir), undefined);
  assert.equal((await one(set)).kept, true, 'the next one makes it again');
}));

test('the folder is read-only before the run', mounts, scene(onOwnDisk(null), async (set) => {
  const first = await one(set);
  makeReadOnly(set.site, runsIn(set.site.dir));
  const { run, kept } = await one(set);
  assert.equal(kept, false);
  const lines = await linesOf(set.site);
  assert.equal(lines.length, 1);
  assert.match(lines[0], /read-only/i);
  assert.equal((await set.site.get(`/runs/${run.id}`)).status, 404);
}));

test('a run whose process has died, and that nobody can end', scene('listen', async (set) => {
  const { site } = set;
  const { run, tape } = await begin(set);
  const { listener, workers } = site.tree();
  execFileSync('prlimit', ['--pid', String(listener), '--fsize=1']);
  proc.kill(workers[0].pid, 'SIGKILL');
  const read = async () => within(new Tape().read(await site.get(`/runs/${run.id}`)).finished, 'the end of what is read');
  const [first, second] = [await read(), await read()];
  assert.deepEqual(first.events.slice(0, -2), tape.events);
  assert.equal(messageOf(first.events.at(-2)).data.code, 'broken');
  assert.equal(messageOf(first.events.at(-1)).data.how, 'broken');
  assert.deepEqual(second.events, first.events);
  assert.ok(!fs.readFileSync(path.join(runsIn(site.dir), run.id), 'utf8').includes('data: _done|'), 'it was not written');
}));

test('a listener that is started again removes what the one before has left', scene(backends.multiwatch, async (set) => {
  const { site } = set;
  await one(set);
  const programs = () => site.ours().filter((pid) => proc.executable(pid) === site.program);
  const isListener = (pid) => proc.stat(proc.stat(pid)?.parent)?.name === 'multiwatch';
  const listener = programs().find(isListener);
  proc.kill(listener, 'SIGKILL');
  await waitFor(() => programs().find((pid) => pid !== listener && isListener(pid)), 'another listener');
  await isEmpty(runsIn(site.dir));
}, { keep_s: 2 }));
