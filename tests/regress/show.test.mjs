// `recipe.fcgi check --show PART`: what it prints is what is sent.

import { assert, command, startProvider, test } from '../lib/harness.mjs';
import { always, policy, refuse } from '../lib/policy.mjs';
import fs from 'node:fs/promises';
import path from 'node:path';

const KEY = 'sk-never-shown-0123456789abcdef';
const show = (args, options = {}) => command(['check', '--show', ...args], options);
const home = (more = {}) => ({ services: { home: { base_url: 'http://127.0.0.1:9/v1', model: 'm', ...more } }, default_service: 'home' });

/** What was printed, in its pieces. */
function read(stdout) {
  const [head, ...rest] = stdout.split('\n\n');
  const [first, ...lines] = head.split('\n');
  return { first, headers: lines, text: rest.join('\n\n'), body: JSON.parse(rest.join('\n\n')) };
}

async function shown(args, options) {
  const { status, stdout, stderr } = await show(args, options);
  assert.equal(status, 0, stderr);
  return { ...read(stdout), stderr };
}

test('inputs that are given, and placeholders for all else', async () => {
  const { body, stderr } = await shown(['int', 'ingredientsOnHand=beef, "김치"=1', 'prepTime=45', 'diet='], { config: home() });
  const [{ role, content }] = body.messages;
  assert.equal(role, 'user');
  for (const words of ['beef, "김치"=1', 'in 45 minutes', '<recipe.name>', '<recipe.intro>', 'Write in <language>']) assert.ok(content.includes(words), content);
  assert.equal(stderr, '');
  assert.deepEqual([body.model, body.stream, body.max_tokens, body.temperature, body.top_p], ['m', true, 250, 0.55, 0]);
  const ste = await shown(['ste', 'recipe.name=Pie'], { config: home() });
  for (const words of ['Pie', '<recipe.intro>', '<add>']) assert.ok(ste.body.messages[0].content.includes(words), words);
});

test('an input that is given empty is one that is not there', async () => {
  const prompts = async (dir) => {
    await fs.mkdir(path.join(dir, 'own'));
    await fs.writeFile(path.join(dir, 'own/a.txt'), '{{#word}}has {{word}}{{/word}}{{^word}}has none{{/word}}');
    await fs.writeFile(path.join(dir, 'own/a.system.txt'), '{{#word}}Be {{word}}.{{/word}}');
    await fs.writeFile(path.join(dir, 'own/stages.json'), JSON.stringify({ inputs: { word: { type: 'text' } }, stages: [{ part: 'a' }] }));
    return { env: { RECIPE_PROMPTS: path.join(dir, 'own') }, prompts: null };
  };
  const asked = async (...args) => (await shown(['a', ...args], { config: home(), prepare: prompts })).body.messages.map((m) => `${m.role}: ${m.content}`);
  assert.deepEqual(await asked(), ['system: Be <word>.', 'user: has <word>']);
  assert.deepEqual(await asked('word=x'), ['system: Be x.', 'user: has x']);
  assert.deepEqual(await asked('word='), ['user: has none']);
  assert.deepEqual(await asked('word=a', 'word=b'), ['system: Be b.', 'user: has b'], 'the last counts');
});

test('the key is hidden, wherever it stands', async () => {
  const config = home({
    base_url: `https://me:${KEY}@llm.example/v1?api-version=3&api-key=${KEY}&x`, key: 'env:MY_KEY',
    profile: { headers: ['X-Title: cook', 'X-Other-Token: hidden-by-name', `X-Note: ${KEY}`, 'Authorization: Bearer of-another'], extra: { note: `<${KEY}>` } },
  });
  const { status, output, stdout } = await show(['ing'], { config, env: { MY_KEY: KEY } });
  assert.equal(status, 0, output);
  assert.ok(!output.includes(KEY) && !output.includes('hidden-by-name') && !output.includes('of-another'), output);
  const { first, headers, body } = read(stdout);
  assert.equal(first, 'POST https://***@llm.example/v1/chat/completions?api-version=3&api-key=***&x');
  assert.deepEqual(headers, ['Content-Type: application/json', 'Accept: text/event-stream', 'Authorization: Bearer ***',
    'X-Title: cook', 'X-Other-Token: ***', 'X-Note: ***', 'Authorization: ***']);
  assert.equal(body.note, '<***>');
});

test('a header of its own for the key, or no key', async () => {
  const own = home({ key: 'env:MY_KEY', profile: { key_header: 'x-goog-secret' } });
  assert.deepEqual((await shown(['ing'], { config: own, env: { MY_KEY: KEY } })).headers.at(-1), 'x-goog-secret: ***');
  assert.deepEqual((await shown(['ing'], { config: home() })).headers, ['Content-Type: application/json', 'Accept: text/event-stream']);
});

test('without a service that can be used it is what the first would be sent', async () => {
  const { first, body, stderr, headers } = await shown(['init'], {});
  assert.equal(first, 'POST https://api.groq.com/openai/v1/chat/completions');
  assert.equal(body.model, 'llama-3.1-8b-instant');
  assert.ok(headers.includes('Authorization: Bearer ***'));
  assert.match(stderr, /the demo would write this part; this is what "groq-8b" would be sent/);
});

/** The words, what is said. */
const WRONG = [
  [['soup'], /there is no part "soup"; parts that ask a model are init, add, int, ing, sde, ste$/m],
  [['alt'], /the part "alt" asks no model.*parts that ask a model are init, add/],
  [['ing', 'soup=1'], /"soup=1" is not NAME=VALUE.*ingredientsOnHand prepTime servings diet allergies language$/m],
  [['ing', 'recipe.name=1'], /"recipe\.name=1" is not NAME=VALUE/],
  [['ste', 'recipe=1'], /language recipe\.name recipe\.intro add$/m],
  [['ing', 'prepTime'], /"prepTime" is not NAME=VALUE/],
  [['ing', '=1'], /is not NAME=VALUE/],
  [[], /^recipe\.fcgi: --show needs a word after it$/m],
];
test('what there is is named', async (t) => {
  for (const [args, says] of WRONG) {
    await t.test(args.join(' ') || 'no part', async () => {
      const { status, stdout, stderr } = await show(args, { config: home() });
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, says);
    });
  }
});

test('a program is no model', async () => {
  const edit = (graph) => {
    const ing = graph.stages.find((s) => s.part === 'ing');
    for (const name of ['service', 'max_tokens', 'temperature']) delete ing[name];
    ing.run = ['cat'];
  };
  const { status, stdout, stderr } = await show(['ing'], { config: home(), edit });
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /the part "ing" asks no model, since its stage has "run"; parts that ask a model are init, add, int, sde, ste$/m);
});

test('a configuration that is wrong, and a prompt that is too long', async () => {
  const wrong = await show(['int'], { config: home(), edit: (graph) => (graph.stages[3].top_p = 2) });
  assert.deepEqual([wrong.status, wrong.stdout], [1, '']);
  assert.match(wrong.stderr, /stages\.json:\d+: "stages\.int\.top_p" is 2, but must be from 0 to 1/);
  const long = await show(['int'], { config: { ...home(), limits: { prompt_bytes: 1024 } }, edit: (graph, dir) => fs.writeFile(path.join(dir, 'int.system.txt'), 'x'.repeat(1000)) });
  assert.deepEqual([long.status, long.stdout], [1, '']);
  assert.match(long.stderr, /longer than prompt_bytes, 1024/);
});

// What is sent is said by the provider: the two are compared member by member.
test('it is what a run sends, without what the model has refused', policy({
  services: ['a'], state: true,
  stages: [{ part: 'one', service: 'a', max_tokens: 9, top_p: 0, seed: 7, stop: ['END'], extra: { top_k: 40, deep: { a: [1.5, null, 'é/"'] } }, system: 'Be {{what}}.', template: 'Of {{what}}.' }],
}, async ({ a, dir, run }) => {
  const same = async () => {
    const { stdout, status } = await command(['check', '--show', 'one', 'what=onions'], {
      env: { RECIPE_CONFIG: path.join(dir, 'recipe.json'), RECIPE_PROMPTS: path.join(dir, 'prompts') }, prompts: null });
    assert.equal(status, 0);
    const { first, headers, body } = read(stdout);
    const x = a.exchanges.at(-1);
    assert.equal(first, `POST ${a.baseUrl}/chat/completions`);
    for (const line of headers) {
      const [, name, value] = /^([^:]+): (.*)$/.exec(line);
      assert.equal(x.headers[name.toLowerCase()], value);
    }
    const plain = (b) => ({ ...b, messages: b.messages.map((m) => ({ ...m, content: m.content.replace(/^Part: one\n/, '') })) });
    assert.deepEqual(plain(body), plain(x.body));
    assert.deepEqual(Object.keys(body), Object.keys(x.body));
    return body;
  };
  always(a, (x) => ('seed' in x.body ? refuse(400, { message: 'unknown field seed' })(x) : x.answer('Well.')));
  const before = command(['check', '--show', 'one'], { env: { RECIPE_CONFIG: path.join(dir, 'recipe.json'), RECIPE_PROMPTS: path.join(dir, 'prompts') }, prompts: null });
  assert.equal(read((await before).stdout).body.seed, 7);
  assert.equal((await run()).stateOf('one'), 'done');
  assert.ok(!('seed' in (await same())));
}));

test('nothing is sent', async () => {
  const provider = await startProvider();
  try {
    await shown(['ing'], { config: { services: { home: provider.service('m') } } });
    assert.equal(provider.connections.length, 0);
  } finally {
    await provider.stop();
  }
});
