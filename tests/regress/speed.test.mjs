// `recipe.fcgi speed`: who is asked, how often, with what, and what is printed. How exact
// the times are is measured by `make bench BENCH=speed`; here no figure depends on a clock.

import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { assert, cleanEnvironment, command, test, waitFor } from '../lib/harness.mjs';
import { Terminal } from '../lib/terminal.mjs';

const chunk = (delta, more = {}) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, ...more }] })}\n\n`;
const usage = (n) => `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 30, completion_tokens: n } })}\n\n`;
const FOUR = [chunk({ content: 'one ' }), chunk({ content: 'two ' }), chunk({ content: 'three ' }), chunk({ content: 'four' }, { finish_reason: 'stop' })];

/** Answers by model: `answers[MODEL](body, response)`; what was asked is kept in `asked`. */
async function startModels(answers) {
  const asked = [];
  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const body = JSON.parse(text);
    asked.push({ body, port: request.socket.remotePort });
    await answers[body.model](body, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base_url = `http://127.0.0.1:${server.address().port}/v1`;
  return {
    asked, service: (...model) => ({ base_url, model }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Pieces that a busy machine may read at once; PAUSE is between those that it must not. */
const PAUSE = null;
const stream = (...pieces) => async (body, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const piece of pieces) {
    if (piece !== PAUSE) response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, piece === PAUSE ? 250 : 5));
  }
  response.end('data: [DONE]\n\n');
};
const good = stream(...FOUR, usage(8));
const paused = stream(...FOUR.slice(0, 3), PAUSE, FOUR[3], usage(8));
const refuses = (status, message) => async (body, response) => {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error: { message, code: null } }));
};

/** A test with models that answer so; `speed` runs the command. */
const withModels = (answers, body) => async () => {
  const models = await startModels(answers);
  try {
    await body({ models, speed: (words, config, options) => command(['speed', ...words], { config, prompts: null, ...options }) });
  } finally {
    await models[Symbol.asyncDispose]();
  }
};
const rowsOf = ({ stdout }) => JSON.parse(stdout).rows;

test('in turns, each prompt with a first line of its own, and what is known then', withModels({ a: paused, b: paused }, async ({ models, speed }) => {
  const { base_url } = models.service();
  const done = await speed(['--runs', '3', '--json'], { services: { x: { ...models.service('a'), preconnect: true }, y: { ...models.service('b'), base_url: base_url.replace('127.0.0.1', 'localhost') } } });
  assert.equal(done.status, 0, done.output);
  assert.deepEqual(models.asked.map(({ body }) => body.model), ['a', 'b', 'a', 'b', 'a', 'b']);
  const prompts = models.asked.map(({ body }) => body.messages.at(-1).content);
  assert.equal(new Set(prompts.map((text) => text.split('\n')[0])).size, 6);
  assert.equal(new Set(prompts.map((text) => text.split('\n').slice(1).join())).size, 1);
  assert.ok(models.asked.every(({ body }) => body.max_tokens === 20 && body.stream));
  assert.match(done.stderr, /2 models, 3 times each: 6 requests of about \d+ tokens, for answers of at most 20$/m);
  const rows = rowsOf(done);
  assert.deepEqual(rows.map(({ service, model, asked, answered }) => [service, model, asked, answered]).sort(), [['x', 'a', 3, 3], ['y', 'b', 3, 3]]);
  for (const row of rows) {
    for (const name of ['total_ms', 'first_token_ms', 'first_thought_ms', 'tokens_s']) {
      const { median, least, most, of } = row[name];
      assert.equal(of, 3, name);
      assert.ok(least <= median && median <= most, name);
    }
    assert.ok(row.first_token_ms.median < row.total_ms.median);
    assert.equal(row.tokens_chunk.median, 2);
    assert.equal(row.estimated, false);
    assert.equal(row.error, undefined);
    // One service has connections that are kept.
    assert.deepEqual([row.connect_ms.of, row.kept, row.tls_ms.most], row.service === 'x' ? [1, 2, 0] : [3, 0, 0]);
  }
  assert.ok(rows[0].total_ms.median <= rows[1].total_ms.median, 'the fastest first');
}));

test('each model of a list, and those that are named', withModels({ a: good, b: good, 'c/d': good }, async ({ models, speed }) => {
  const config = { services: { x: models.service('a', 'b'), y: models.service('c/d') } };
  const asked = async (...words) => {
    models.asked.length = 0;
    const done = await speed(['--runs', '1', ...words], config);
    assert.equal(done.status, 0, done.output);
    return models.asked.map(({ body }) => body.model);
  };
  assert.deepEqual(await asked(), ['a', 'c/d']);
  assert.deepEqual(await asked('--models'), ['a', 'b', 'c/d']);
  assert.deepEqual(await asked('y', 'x/b'), ['c/d', 'b']);
  assert.deepEqual(await asked('x', '--models', 'x/b', 'y/c/d'), ['a', 'b', 'c/d']);
}));

test('thoughts are no first token, and without usage the tokens are estimated', withModels({
  thinks: stream(chunk({ reasoning_content: 'hm, ' }), chunk({ reasoning_content: 'well' }), PAUSE, ...FOUR, usage(12)),
  counts: stream(...FOUR),
}, async ({ models, speed }) => {
  const rows = rowsOf(await speed(['--runs', '1', '--json'], { services: { x: models.service('thinks'), y: models.service('counts') } }));
  const [thinks, counts] = ['thinks', 'counts'].map((name) => rows.find(({ model }) => model === name));
  assert.ok(thinks.first_thought_ms.median < thinks.first_token_ms.median);
  assert.equal(thinks.tokens_chunk.median, 2);
  assert.deepEqual([thinks.estimated, counts.estimated], [false, true]);
  assert.equal(counts.first_thought_ms.median, counts.first_token_ms.median);
}));

test('a failure is a row with its words, and the rest goes on', withModels({ a: refuses(401, 'no such key'), b: good }, async ({ models, speed }) => {
  const config = { services: { x: models.service('a'), y: models.service('b'), z: { base_url: 'http://127.0.0.1:9/v1', model: 'm' } } };
  const done = await speed(['--runs', '2', '--json'], config);
  assert.equal(done.status, 1);
  const rows = rowsOf(done);
  assert.deepEqual(rows.map(({ service }) => service)[0], 'y', 'those that failed come last');
  assert.deepEqual(rows.slice(1).map(({ service, answered, error }) => [service, answered, error.code]).sort(), [['x', 0, 'auth'], ['z', 0, 'unreachable']]);
  const table = await speed(['--runs', '2'], config);
  assert.match(table.stdout, /^x a +.*no such key/m);
  assert.match(table.stdout, /^z m +.*z cannot be reached/m);
  assert.match(table.stdout, /^y b +\d+ \(\d+ to \d+\)/m);
}));

test('a parameter that a model refuses is left out, and the request is not counted', withModels({
  a: async (body, response) => ('max_tokens' in body ? refuses(400, "Unsupported parameter: 'max_tokens' is not supported with this model.")(body, response) : good(body, response)),
}, async ({ models, speed }) => {
  const rows = rowsOf(await speed(['--runs', '1', '--json'], { services: { x: models.service('a') } }));
  assert.deepEqual([rows[0].asked, rows[0].answered, models.asked.length], [1, 1, 2]);
  assert.equal(models.asked[1].body.max_completion_tokens, 20);
}));

test('each answer leaves a row for the site', withModels({ a: good }, async ({ models, speed }) => {
  const state = await fs.mkdtemp('/tmp/recipe-speed-');
  try {
    const done = await speed(['--runs', '2'], { services: { x: models.service('a') }, state });
    assert.equal(done.status, 0, done.output);
    const [site] = await fs.readdir(state);
    const { size, mode } = await fs.stat(path.join(state, site, 'laps'));
    assert.deepEqual([size, mode & 0o777], [128, 0o600]);
  } finally {
    await fs.rm(state, { recursive: true });
  }
}));

test('a folder that cannot be written is named, and the rest goes on', withModels({ a: good }, async ({ models, speed }) => {
  const done = await speed(['--runs', '1'], { services: { x: models.service('a') }, state: '/proc/none' });
  assert.equal(done.status, 0, done.output);
  assert.match(done.stderr, /state directory \/proc\/none/);
  assert.match(done.stdout, /^x a +\d+/m);
}));

test('a prompt of a file, and how many tokens', withModels({ a: good }, async ({ models, speed }) => {
  const prepare = (dir) => fs.writeFile(path.join(dir, 'mine.txt'), 'Tell me\nabout owls.\n').then(() => ({}));
  const done = await speed(['--runs', '1', '--tokens', '400', '--prompt', 'mine.txt'], { services: { x: models.service('a') } }, { prepare });
  assert.equal(done.status, 0, done.output);
  assert.ok(models.asked[0].body.messages.at(-1).content.endsWith('\n\nTell me\nabout owls.\n'));
  assert.equal(models.asked[0].body.max_tokens, 400);
}));

const HOME = { services: { x: { base_url: 'http://127.0.0.1:9/v1', model: ['m'] } } };
for (const [words, says] of [
  [['--runs', '0'], /--runs takes a number from 1 to 1000/],
  [['--tokens'], /--tokens takes a number from 1/],
  [['--fast'], /"--fast" is none of --runs N, --tokens N/],
  [['none'], /there is no service "none"; known are .*x/],
  [['demo'], /there is no service "demo"/],
  [['x/n'], /x has no model "n"; add it to its "model" in recipe.json/],
  [['groq-8b'], /groq-8b cannot be asked: .*GROQ_API_KEY/],
  [['--prompt', '/nowhere'], /\/nowhere: No such file/],
  [['--prompt', '/dev/null'], /\/dev\/null is empty/],
]) {
  test(`nothing is asked: ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await command(['speed', ...words], { config: HOME, prompts: null });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, says);
  });
}

test('nobody can be asked', async () => {
  const { status, stderr } = await command(['speed'], { config: {}, prompts: null });
  assert.equal(status, 2);
  assert.match(stderr, /no service can be asked: none has a key/);
});

test('Ctrl-C prints what there is', async () => {
  let held = false;
  const models = await startModels({ a: good, b: (body, response) => {
    held = true;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(FOUR[0]);
  } });
  const dir = await fs.mkdtemp('/tmp/recipe-speed-');
  const env = { ...cleanEnvironment(dir), RECIPE_CONFIG: path.join(dir, 'recipe.json') };
  await fs.writeFile(env.RECIPE_CONFIG, JSON.stringify({ services: { x: models.service('a'), y: models.service('b') } }));
  const terminal = new Terminal(['speed'], { env, cwd: dir });
  try {
    await waitFor(() => held, 'the second to be asked');
    terminal.child.kill('SIGINT');
    const { status, stdout, stderr } = await terminal.end();
    assert.equal(status, 3);
    assert.match(stdout, /^x a +\d+/m);
    assert.match(stderr, /stopped; above is what was measured until then/);
    await terminal.gone();
  } finally {
    await terminal.stop();
    await models[Symbol.asyncDispose]();
    await fs.rm(dir, { recursive: true });
  }
});
