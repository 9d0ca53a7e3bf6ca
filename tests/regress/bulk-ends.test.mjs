// `recipe.fcgi bulk`, ended in every way: no line is lost, none has two results, and the
// same command goes on. 200 kills: `make soak` (tests/soak/bulk.mjs).

import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import { assert, command, test, waitFor } from '../lib/harness.mjs';
import { Desk, callOf, killTillDone, startEcho, timesOf } from '../lib/bulk.mjs';
import { drawing } from '../lib/storm.mjs';

const lines = (n) => Array.from({ length: n }, (_, i) => callOf(`id-${i}`, `prompt ${i}`));
const kept = (echo, more = {}) => ({ a: { base_url: echo.base_url, model: 'model-70b', parallel: 16, ...more } });

/** A test with a provider that echoes, and a desk with so many lines. */
const atDesk = (n, options, body) => async () => {
  const echo = await startEcho(options);
  const desk = await Desk.open(lines(n), kept(echo), options);
  try {
    await body({ echo, desk });
  } finally {
    await desk.close();
    await echo.stop();
  }
};
const eachOnce = async (desk, n) => {
  const times = timesOf([...await desk.read(), ...await desk.errors()]);
  assert.equal(times.size, n, 'none is lost');
  assert.deepEqual([...times].filter(([, t]) => t !== 1), [], 'none has two');
};

test('killed again and again: each line has one result, and nothing but what was under way is asked twice', atDesk(400, { ms: 2 }, async ({ echo, desk }) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const { killed, status, stderr } = await killTillDone(desk, drawing(seed), { words: ['--at-once', '8'], kills: 12 });
  assert.equal(status, 0, `seed ${seed}: ${stderr}`);
  await eachOnce(desk, 400);
  const twice = [...echo.asked.values()].reduce((sum, n) => sum + n - 1, 0);
  assert.ok(killed > 0 && twice <= 8 * killed, `seed ${seed}: ${killed} kills, ${twice} asked again`);
  assert.deepEqual((await fs.readdir(desk.dir)).filter((name) => name.endsWith('.underway')), []);
}));

test('what was under way when it was killed is named', atDesk(40, { ms: 20 }, async ({ echo, desk }) => {
  const run = desk.start(['--at-once', '4']);
  await waitFor(() => echo.asked.size >= 8, () => 'some to be asked');
  run.child.kill('SIGKILL');
  await run.exit;
  const again = await desk.start(['--at-once', '4']).exit;
  assert.equal(again.status, 0, again.stderr);
  const [, n, names] = again.stderr.match(/(\d+) lines were under way when an earlier process ended.*twice: (.*)/);
  assert.ok(n >= 1 && n <= 4);
  assert.equal(names.split(', ').length, Number(n));
  await eachOnce(desk, 40);
}));

test('Ctrl-C: no new line, what is under way ends, and the same command goes on', atDesk(60, { ms: 50 }, async ({ echo, desk }) => {
  const run = desk.start(['--at-once', '5']);
  await waitFor(() => echo.asked.size >= 10, () => 'some to be asked');
  run.child.kill('SIGINT');
  const { status, stderr } = await run.exit;
  assert.equal(status, 3, stderr);
  assert.match(stderr, /stopped: \d+ lines done, 0 failed, \d+ left/);
  assert.equal((await desk.read()).length, echo.asked.size, 'what was asked has its result');
  const again = await desk.start().exit;
  assert.equal(again.status, 0, again.stderr);
  assert.ok([...echo.asked.values()].every((n) => n === 1));
  await eachOnce(desk, 60);
}));

test('Ctrl-C twice ends what is under way at once', atDesk(20, { ms: Infinity }, async ({ echo, desk }) => {
  const run = desk.start(['--at-once', '3']);
  await waitFor(() => echo.asked.size === 3, () => 'three to be asked');
  run.child.kill('SIGINT');
  run.child.kill('SIGTERM');
  const { status } = await run.exit;
  assert.equal(status, 3);
  assert.deepEqual(await desk.read(), []);
}));

test('two of them cannot write one file', atDesk(10, { ms: Infinity }, async ({ echo, desk }) => {
  const run = desk.start(['--at-once', '1']);
  await waitFor(() => echo.asked.size === 1, () => 'one to be asked');
  const other = await desk.start().exit;
  assert.equal(other.status, 2);
  assert.match(other.stderr, /another process/);
  run.child.kill('SIGKILL');
  await run.exit;
}));

test('a disk that is full: it stops, and goes on when there is room', atDesk(200, {}, async ({ desk }) => {
  const full = await desk.start(['--at-once', '4'], { before: ['prlimit', '--fsize=20000'] }).exit;
  assert.equal(full.status, 3, full.stderr);
  assert.match(full.stderr, /out\.jsonl.*; the same command goes on/s);
  const size = (await fs.stat(desk.out)).size;
  assert.ok(size <= 20_000 && (await desk.read()).length > 10, 'whole lines');
  const again = await desk.start().exit;
  assert.equal(again.status, 0, again.stderr);
  await eachOnce(desk, 200);
}));

test('an output file that is removed', atDesk(200, { ms: 20 }, async ({ echo, desk }) => {
  const run = desk.start(['--at-once', '2']);
  await waitFor(() => echo.asked.size > 4, () => 'some to be asked');
  await fs.rm(desk.out);
  const { status, stderr } = await run.exit;
  assert.equal(status, 3, stderr);
  assert.match(stderr, /out\.jsonl/);
}));

test('standard input and output; a line that comes late is asked at once', atDesk(1, {}, async ({ echo, desk }) => {
  [desk.in, desk.out] = ['-', '-'];
  const run = desk.start(['--at-once', '2'], { stdin: 'pipe' });
  run.child.stdin.write(`${JSON.stringify(callOf('a', 'first'))}\n`);
  await waitFor(() => /"custom_id":"a"/.test(run.said.stdout), () => 'the first result while the pipe is open');
  run.child.stdin.end(`${JSON.stringify(callOf('b', 'second'))}\n${JSON.stringify(callOf('a', 'third'))}\n[]`);
  const { status, stdout, stderr } = await run.exit;
  assert.equal(status, 1, stderr);
  assert.deepEqual(stdout.trim().split('\n').map((line) => JSON.parse(line).custom_id), ['a', 'b']);
  assert.match(stderr, /line 3: duplicate_custom_id/);
  assert.match(stderr, /line 4: line_not_object/);
  assert.equal(echo.asked.has('third'), false);
}));

test('--max-tokens-total stops it; the rest is left', atDesk(100, { ms: 2 }, async ({ desk }) => {
  const r = await desk.start(['--at-once', '2', '--max-tokens-total', '50']).exit;
  assert.equal(r.status, 3, r.stderr);
  assert.match(r.stderr, /--max-tokens-total 50 is reached; the same command goes on/);
  const done = (await desk.read()).length;
  assert.ok(done >= 10 && done <= 13, `${done} of 5 tokens each`);
}));

test('a limit stops it, but an answer under way is kept, even if it takes longer than Ctrl-C would let it', async () => {
  const [quick, slow] = [await startEcho(), await startEcho({ ms: 11_000 })];
  const desk = await Desk.open([callOf('slow', 'x', { model: 'slow' }), callOf('quick', 'y', { model: 'a' }), callOf('left', 'z', { model: 'a' })], { ...kept(quick), slow: kept(slow).a });
  try {
    const { status, stderr } = await desk.start(['--at-once', '2', '--max-tokens-total', '1']).exit;
    assert.equal(status, 3, stderr);
    assert.deepEqual((await desk.read()).map(({ custom_id: id }) => id), ['quick', 'slow']);
  } finally {
    await desk.close();
    await quick.stop();
    await slow.stop();
  }
});

test('a limit of the site holds: what it leaves no room for is left, not failed', async () => {
  const echo = await startEcho();
  const desk = await Desk.open(lines(20), kept(echo), { config: { guard: { site: { runs_day: 5 } } } });
  const r = await desk.start(['--at-once', '3']).exit;
  assert.equal(r.status, 3, r.stderr);
  assert.equal((await desk.read()).length, 5);
  assert.deepEqual(await desk.errors(), []);
  assert.match(r.stderr, /used up what it may spend today/);
  await desk.close();
  await echo.stop();
});

test('a line of a stream that waits until a limit has room is no duplicate of itself', async () => {
  const echo = await startEcho({ ms: 50 });
  const desk = await Desk.open([], kept(echo), { config: { guard: { site: { tokens_day: 5000 } } } });
  try {
    desk.in = '-';
    const run = desk.start(['--at-once', '4'], { stdin: 'pipe' });
    // There is room for two answers of 2000 tokens at a time, and each is 5 tokens.
    run.child.stdin.end([0, 1, 2, 3].map((n) => `${JSON.stringify(callOf(`id-${n}`, `prompt ${n}`, { max_tokens: 2000 }))}\n`).join(''));
    const { status, stderr } = await run.exit;
    assert.equal(status, 0, stderr);
    assert.equal((await desk.read()).length, 4);
  } finally {
    await desk.close();
    await echo.stop();
  }
});

test('the errors file of an output is no input for that output', atDesk(2, { refuse: () => [400, { error: { message: 'no' } }] }, async ({ desk }) => {
  await desk.start().exit;
  const errors = `${desk.out}.errors.jsonl`;
  const before = await fs.readFile(errors, 'utf8');
  desk.in = errors;
  const { status, stderr } = await desk.start(['--retry-failed']).exit;
  assert.equal(status, 2, stderr);
  assert.match(stderr, /are the same file/);
  assert.equal(await fs.readFile(errors, 'utf8'), before, 'no failed line is lost');
}));

test('--retry-failed cannot be heeded for a stream, and says so', atDesk(1, {}, async ({ desk }) => {
  desk.in = '-';
  const { status, stderr } = await desk.start(['--retry-failed']).exit;
  assert.equal(status, 2, stderr);
  assert.match(stderr, /needs an input that can be read twice/);
}));

test('no process is left', atDesk(30, { ms: 5 }, async ({ desk }) => {
  const run = desk.start(['--at-once', '10']);
  const { pid } = run.child;
  await run.exit;
  await waitFor(() => spawnSync('pgrep', ['-g', String(pid)]).status === 1, () => 'all of its group to end');
}));

test('words', async () => {
  for (const [words, said] of [[['in'], /needs two files/], [['a', 'b', 'c'], /one word too many/], [['a', 'b', '--at-once', '0'], /--at-once needs a whole number/], [['a', 'b', '--max-cost', 'x'], /--max-cost needs an amount/], [['a', 'b', '--nope'], /there is no option --nope/], [['/nowhere', 'b'], /nowhere/], [['a', 'b', '--model'], /--model needs a word/]]) {
    const r = await command(['bulk', ...words], { prompts: null });
    assert.equal(r.status, 2, r.output);
    assert.match(r.stderr, said);
  }
});
