// `recipe.fcgi run`: a graph on the terminal. What it writes is what a visitor
// of a site with the same files gets.

import fs from 'node:fs/promises';
import path from 'node:path';
import { COOK, TEXTS, TINY, assert, command, recipes, start, test } from '../lib/harness.mjs';
import { cli } from '../lib/terminal.mjs';

const PIE = { name: 'Leek Pie', intro: 'Soft <leeks> & butter.' };
const pairs = (inputs) => Object.entries(inputs).map(([name, value]) => `${name}=${value}`);
const COOKING = pairs(COOK);
/** Alone, since the pick among several is drawn at random. */
const ONE = JSON.stringify(recipes(1));

/** Text of one part in one piece, and what differs from run to run made the same. */
function sameEvents(stream) {
  const events = [];
  for (const block of stream.split('\n\n')) {
    const [, part, text] = /^data: ([^|]*)\|(.*)$/m.exec(block) ?? [];
    if (part === undefined) continue;
    const last = events.at(-1);
    if (part[0] !== '_' && last?.part === part) last.text += text;
    else events.push({ part, text: part[0] === '_' ? steady(JSON.parse(text)) : text });
  }
  return events;
}

/** Without the run's id and times. */
function steady(json) {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(steady);
  const kept = Object.entries(json).filter(([name]) => !['id', 'ms', 'first_ms'].includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, steady(value)]));
}

const HOW = {
  'a whole run': { auto: { init: ONE }, status: 0 },
  'a run with failures': { auto: { init: ONE, add: (x) => x.error(401, { error: { message: 'no' } }), sde: (x) => x.text('Rice \u001b[31m\r\nand').finish('length').done() }, status: 1 },
  'a run that fails whole': { auto: (x) => x.error(401), status: 1 },
};
for (const [name, { auto, status }] of Object.entries(HOW)) {
  test(`the text is the site's, byte for byte: ${name}`, cli({}, async ({ site, provider, run }) => {
    provider.auto(auto);
    const mine = await run(COOKING).end();
    await fs.rm(path.join(site.dir, 'recipe'), { recursive: true, force: true }); // what was learned of the services
    const theirs = await (await site.post(COOK, { headers: { accept: 'text/plain' } })).text();
    assert.equal(mine.stdout, theirs);
    assert.equal(mine.status, status);
    assert.match(mine.stdout, /\n\(end\)\n$/);
  }));
}

test('the document and the stream are the site\'s, but for ids and times', cli({}, async ({ site, provider, run }) => {
  provider.auto();
  const body = { ...COOK, want: ['sde'], given: { recipe: PIE } };
  await fs.writeFile(path.join(site.dir, 'pie.json'), JSON.stringify(PIE));
  const words = [...COOKING, '--want', 'sde', '--given', 'recipe=pie.json'];
  const get = async (accept) => (await site.post(body, { headers: { accept } })).text();
  const json = await run([...words, '--json']).end();
  assert.deepEqual(steady(JSON.parse(json.stdout)), steady(JSON.parse(await get('application/json'))));
  const stream = await run([...words, '--stream']).end();
  assert.deepEqual(sameEvents(stream.stdout), sameEvents(await get('text/event-stream')));
  assert.match(stream.stdout, /^: ok\n\ndata: _run\|/, 'the same beginning');
  assert.deepEqual([json.status, stream.status, json.stderr, stream.stderr], [0, 0, '', '']);
}));

test('another graph, by --prompts', cli({ prompts: TINY, edit: (graph) => graph.stages.forEach((s) => delete s.service) }, async ({ site, provider, run }) => {
  provider.auto({ names: JSON.stringify([{ title: 'Light', motto: 'On.' }]) });
  const words = ['--prompts', site.prompts, 'place=Skagen'];
  const mine = await run(words, { env: { ...site.env, RECIPE_PROMPTS: '/nowhere' } }).end();
  const theirs = await (await site.post({ place: 'Skagen' }, { headers: { accept: 'text/plain' } })).text();
  assert.equal(mine.stdout, theirs);
  assert.deepEqual([mine.status, mine.stderr], [0, '']);
}));

test('the text comes while it is written', cli({}, async ({ provider, run }) => {
  provider.auto({ init: ONE, ing: false });
  const terminal = run([...COOKING, '--want', 'ing']);
  const x = await provider.next('ing');
  x.text('Iron ');
  await terminal.shows(/Iron $/);
  x.text('and zinc.').finish('stop').done();
  assert.equal((await terminal.end()).status, 0);
}));

const PLAIN = { config: {}, prompts: undefined };
const asked = (words, options = {}) => command(['run', ...words], { ...PLAIN, ...options });
const WRONG = [
  [[], /say ingredientsOnHand, prepTime as NAME=VALUE/],
  [['prepTime=9'], /say ingredientsOnHand as NAME=VALUE/],
  [['ingredientsOnHand=beef', 'prepTime=soon'], /"prepTime" must be a whole number/],
  [['ingredientsOnHand=beef', 'prepTime=9000'], /"prepTime" is 9000; it takes 1 to 1440/],
  [['ingredientsOnHand=', 'prepTime=9'], /"ingredientsOnHand" has 0 characters/],
  [['ingredientsOnHand=be\u0007ef', 'prepTime=9'], /U\+0007/],
  [['ingredientsOnHand=beef', 'prepTime=9', 'drink=tea'], /no input drink; .*stages\.json has ingredientsOnHand, prepTime, servings/],
  [['ingredientsOnHand=beef', 'prepTime=9', 'want=ste'], /no input want/],
  [['ingredientsOnHand=beef', 'ingredientsOnHand=ham'], /ingredientsOnHand is given twice/],
  [['beef'], /"beef" is not NAME=VALUE/],
  [['=beef'], /"=beef" is not NAME=VALUE/],
  [[`${'x'.repeat(80)}=1`], /is not NAME=VALUE/],
  [['--soup'], /no option --soup/],
  [['--want'], /--want needs a word after it/],
  [['--given', 'add'], /"add" is not PART=FILE/],
  [['--json', '--stream'], /one of --json and --stream/],
  [[...COOKING, '--want', 'soup'], /"want" takes no "soup" here, but init, alt, add/],
  [[...COOKING, '--given', 'add=/nowhere/add.txt'], /\/nowhere\/add\.txt: No such file/],
  [[...COOKING, '--given', 'add=/'], /\/: Is a directory/],
  [[...COOKING, '--given', 'recipe=/dev/null'], /\/dev\/null is not JSON, at byte 0: .*; a pick is an object of its fields/],
  [[...COOKING, '--given', 'add=/dev/null'], /given "add" is empty/],
  [[...COOKING, '--prompts', '/nowhere'], /\/nowhere\/stages\.json: No such file/],
];
test('what is wrong is said, and nothing is asked', async (t) => {
  for (const [words, says] of WRONG) {
    await t.test(words.join(' ') || 'no words', async () => {
      const { status, stdout, stderr } = await asked(words);
      assert.match(stderr, says);
      assert.deepEqual([status, stdout], [2, '']);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    });
  }
  const broken = await asked(COOKING, { config: '{ "limits": {"max_runs": -1} }' });
  assert.deepEqual([broken.status, broken.stdout], [2, '']);
  assert.match(broken.stderr, /recipe\.json:1: /);
});

test('a person is asked for what is missing, until it can be taken', cli({}, async ({ provider, run }) => {
  provider.auto({ init: ONE });
  const terminal = run(['diet=vegan', '--want', 'sde'], { tty: true });
  await terminal.shows(/ingredientsOnHand \(text, 2 to 2000 characters\): /);
  terminal.type('\n');
  await terminal.shows(/has 0 characters; it takes 2 to 2000\s+ingredientsOnHand/);
  terminal.type('leeks, eggs\n');
  await terminal.shows(/prepTime \(a number, 1 to 1440\): /);
  terminal.type('soon\n');
  await terminal.shows(/must be a whole number\s+prepTime/);
  terminal.type('30\n');
  const { status, stdout } = await terminal.end();
  assert.equal(status, 0);
  assert.match(stdout, /Side dishes\r\n-+\r\nRice/);
  assert.ok(provider.exchanges.some((x) => x.prompt.includes('leeks, eggs')));
}));

const CHOICES = {
  place: { type: 'text', required: true, choices: ['Skagen', { value: 'Ribe', label: 'the old town' }] },
  days: { type: 'integer', required: true, choices: [1, 2] },
};

test('a question names the choices', cli({ prompts: TINY, edit: (graph) => Object.assign(graph.inputs, CHOICES) }, async ({ site, provider, run }) => {
  provider.auto({ names: JSON.stringify([{ title: 'Light', motto: 'On.' }]) });
  const terminal = run(['--prompts', site.prompts, '--want', 'names'], { tty: true });
  await terminal.shows(/place \(Skagen, Ribe\): /);
  terminal.type('Oslo\nRibe\n2\n');
  await terminal.shows(/days \(1, 2\): /);
  assert.equal((await terminal.end()).status, 0);
}));

test('a person who gives no answer is told which', cli({}, async ({ run }) => {
  const terminal = run(['prepTime=5'], { tty: true });
  await terminal.shows(/ingredientsOnHand/);
  terminal.type('\u0004');
  const { status, stdout } = await terminal.end();
  assert.equal(status, 2);
  assert.match(stdout, /ingredientsOnHand was not answered/);
}));

test('given texts are files', cli({}, async ({ site, provider, run }) => {
  provider.auto();
  await fs.writeFile(path.join(site.dir, 'pie.json'), JSON.stringify(PIE));
  await fs.writeFile(path.join(site.dir, 'add.txt'), '2 leeks\n1 egg\n');
  const { status, stdout } = await run([...COOKING, '--want', 'ste', '--given', 'recipe=pie.json', '--given', 'add=add.txt']).end();
  assert.equal(status, 0);
  assert.equal(stdout, `\n\nSteps\n-----\n${TEXTS.ste}\n\n(end)\n`);
  assert.deepEqual(provider.exchanges.map((x) => x.part), ['ste']);
  for (const text of [PIE.name, PIE.intro, '2 leeks\n1 egg']) assert.ok(provider.exchanges[0].prompt.includes(text));
}));

test('a failed part is in the answer; log lines come only if they are asked for', cli({}, async ({ provider, run }) => {
  provider.auto({ init: ONE, ing: (x) => x.error(400, { error: { message: 'not this' } }) });
  const quiet = await run([...COOKING, '--want', 'ing']).end();
  assert.match(quiet.stdout, /Not written: .*not this/);
  assert.doesNotMatch(quiet.stderr, /run=/);
  const loud = await run([...COOKING, '--want', 'ing', '--verbose']).end();
  assert.match(loud.stderr, /recipe\.fcgi: run=[0-9a-f]{8} part=ing state=failed .* why=/);
  assert.match(loud.stderr, /recipe\.fcgi: run=[0-9a-f]{8} state=done /);
  assert.deepEqual([quiet.status, loud.status], [1, 1]);
}));

test('a part that was cut short is no failure', cli({}, async ({ provider, run }) => {
  provider.auto({ ing: (x) => x.text('Iron').finish('length').done() });
  const { status, stdout } = await run([...COOKING, '--want', 'ing']).end();
  assert.equal(status, 0);
  assert.match(stdout, /cut short/);
}));

for (const [what, ready] of [['before the first text', async () => {}], ['in the middle of a text', async (x, terminal) => {
  x.text('Iron');
  await terminal.shows(/Iron/);
}]]) {
  test(`Ctrl-C ends it at once, ${what}, and nothing is left`, cli({}, async ({ provider, run }) => {
    const terminal = run([...COOKING, '--want', 'ing']);
    await ready(await provider.next('ing'), terminal);
    assert.ok(terminal.left().length > 1, 'a stage runs');
    terminal.child.kill('SIGINT');
    assert.equal((await terminal.end()).signal, 'SIGINT');
    await terminal.gone();
    await provider.allClosed();
  }));
}

test('on a terminal Ctrl-C is status 130', cli({}, async ({ provider, run }) => {
  const terminal = run([...COOKING, '--want', 'ing'], { tty: true });
  await provider.next('ing');
  terminal.type('\u0003');
  assert.equal((await terminal.end()).status, 130);
  await terminal.gone();
  await provider.allClosed();
}));

test('it ends without a word once nobody reads', cli({}, async ({ provider, run }) => {
  const terminal = run([...COOKING, '--want', 'ing'], { line: (c) => `{ ${c}; echo "status $?" >&2; } | head -n 6` });
  const x = await provider.next('ing');
  x.text('Iron\nzinc\n');
  await terminal.says(/status 141/);
  await provider.allClosed();
  assert.equal((await terminal.end()).stderr, 'status 141\n');
  await terminal.gone();
}));

test('what standard output does not take is said', cli({}, async ({ provider, run }) => {
  provider.auto({ init: ONE });
  const full = await run(COOKING, { line: (c) => `${c} >/dev/full` }).end();
  assert.deepEqual([full.status, full.stderr], [1, 'recipe.fcgi: standard output: No space left on device\n']);
  const closed = await run(COOKING, { line: (c) => `${c} >&-` }).end();
  assert.equal(closed.status, 2);
  assert.match(closed.stderr, /is closed; open it/);
}));

test('it waits for its turn among the runs of the site', cli({ limits: { max_runs: 1, max_waiting: 1 } }, async ({ site, provider, run }) => {
  provider.auto({ init: ONE, ing: false });
  const visit = await start(site, { ...COOK, ingredientsOnHand: 'holder' });
  const held = await provider.next((x) => x.part === 'ing' && x.prompt.includes('holder'));
  const terminal = run([...COOKING, '--want', 'ing'], { tty: true });
  await terminal.shows(/waiting for a place/);
  assert.equal(provider.pending('ing'), 0);
  held.answer('Iron.');
  await visit.over();
  (await provider.next('ing')).answer('Zinc.');
  const { status, stdout } = await terminal.end();
  assert.equal(status, 0);
  assert.match(stdout, /Zinc\.\r\n\r\n\(end\)/);
}));

test('a visitor waits for a run on the terminal as for any', cli({ limits: { max_runs: 1 } }, async ({ site, provider, run }) => {
  provider.auto({ init: ONE, ing: false });
  const terminal = run([...COOKING, '--want', 'ing']);
  const held = await provider.next('ing');
  const visit = await start(site, { ...COOK, want: ['ing'] });
  await visit.until((r) => r.comments.includes('waiting 0'), 'the visitor to wait');
  held.answer('Zinc.');
  assert.equal((await terminal.end()).status, 0);
  (await provider.next('ing')).answer('Iron.');
  await visit.over();
}));
