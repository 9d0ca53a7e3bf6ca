// The applications beside the recipe, apps/NAME: each runs whole, on the demo and
// by a model, check has nothing to warn of, and what each does for itself.

import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT, assert, check, cleanEnvironment, run, scene, start, test } from '../lib/harness.mjs';

const exec = promisify(execFile);
const dirOf = (name) => path.join(PROJECT, 'apps', name);
const graphOf = (name) => JSON.parse(fs.readFileSync(path.join(dirOf(name), 'stages.json'), 'utf8'));
const names = fs.readdirSync(path.join(PROJECT, 'apps')).sort();

const LEAST = { notes: { question: 'What pressure does the boiler need?' }, study: { topic: 'Why does ice float?' }, travel: { town: 'Ghent' } };
const MOST = {
  notes: { ...LEAST.notes, language: 'French' },
  study: { ...LEAST.study, level: 'a child of ten', known: 'that water freezes', questions: 4, language: 'French' },
  travel: { ...LEAST.travel, season: 'autumn', company: 'a couple', money: 80, likes: 'old trains, markets', language: 'French' },
};
const IDEAS = [{ name: 'Boats', intro: 'By water.' }, { name: 'Stairs', intro: 'Up.' }, { name: 'Bread', intro: 'Eat.' }];
const LISTS = { travel: { ideas: JSON.stringify(IDEAS) } };

const partsOf = (name) => graphOf(name).stages.map((s) => s.part);
const asks = (stage) => !stage.run && !stage.each;

test('each of them is tried here', () => assert.deepEqual(names, Object.keys(LEAST).sort()));

for (const name of names) {
  const demo = (body) => scene({ prompts: dirOf(name), config: {}, mark: false }, body);
  const model = (body, more) => scene({ prompts: dirOf(name), site: ({ provider }) => ({ services: { home: provider.service('m') } }), ...more }, body);

  test(`${name}: check has nothing to warn of`, async () => {
    const { status, output } = await check({}, { prompts: dirOf(name), mark: false, env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } });
    assert.equal(status, 0, output);
    assert.match(output, /ready +with nothing to warn of/);
  });

  for (const [how, inputs] of [['the least', LEAST], ['all', MOST]]) {
    test(`${name}: a whole run on the demo, given ${how}`, demo(async ({ site }) => {
      const r = await run(site, inputs[name]);
      assert.equal(r.run.demo, true);
      for (const part of partsOf(name)) {
        assert.equal(r.stateOf(part), 'done', r.summary());
        assert.ok(r.parts[part].length > 20, `${part}: ${r.parts[part]}`);
        assert.doesNotMatch(r.parts[part], /\{\{|\}\}|\[\[|\]\]/, part);
      }
    }));
  }

  test(`${name}: a whole run by a model`, model(async ({ site, provider }) => {
    provider.auto(LISTS[name]);
    const r = await run(site, MOST[name]);
    for (const part of partsOf(name)) assert.equal(r.stateOf(part), 'done', r.summary());
    for (const s of graphOf(name).stages.filter(asks)) {
      const { body } = provider.exchanges.find((x) => x.part === s.part);
      assert.equal(body.max_tokens, s.max_tokens);
      const hasSystem = fs.existsSync(path.join(dirOf(name), `${s.part}.system.txt`));
      assert.deepEqual(body.messages.map((m) => m.role), hasSystem ? ['system', 'user'] : ['user'], s.part);
      for (const { content } of body.messages) assert.doesNotMatch(content, /\{\{|\}\}| {2}|\n\n\n/, `${s.part} is tidy when filled`);
      assert.match(body.messages.at(-1).content, /French|language of the (explanation|quiz)/, `${s.part} is written in one language`);
    }
  }));

  test(`${name}: a demo text for each part, words in English and Korean for each input and part`, () => {
    const graph = graphOf(name);
    for (const s of graph.stages.filter(asks)) assert.ok(fs.existsSync(path.join(dirOf(name), 'demo', `${s.part}.txt`)), s.part);
    const words = [graph.title, ...graph.stages.map((s) => s.title)];
    for (const input of Object.values(graph.inputs)) words.push(input.label, ...(input.hint ? [input.hint] : []), ...(input.choices ?? []).map((c) => c.label));
    for (const w of words) assert.deepEqual(Object.keys(w), ['en', 'ko'], JSON.stringify(w));
    assert.match(fs.readFileSync(path.join(dirOf(name), 'README.md'), 'utf8'), new RegExp(`make run APP=${name}$`, 'm'));
  });
}

test('study: quiz and cards are asked side by side, once the explanation is there', scene({
  prompts: dirOf('study'), site: ({ provider }) => ({ services: { home: provider.service('m') } }),
}, async ({ site, provider }) => {
  const r = await start(site, LEAST.study);
  const explain = await provider.next('explain');
  assert.equal(provider.requests, 1);
  explain.answer('Ice takes more room.');
  const [quiz, cards] = [await provider.next('quiz'), await provider.next('cards')];
  for (const x of [quiz, cards]) assert.match(x.prompt, /Ice takes more room\./);
  quiz.answer('1. Why?');
  assert.match((await provider.next('answers')).prompt, /1\. Why\?/);
  r.leave();
}));

test('notes: the passages reach both models with their files', scene({
  prompts: dirOf('notes'), site: ({ provider }) => ({ services: { home: provider.service('m') } }),
}, async ({ site, provider }) => {
  const r = await start(site, LEAST.notes);
  const [answer, missing] = [await provider.next('answer'), await provider.next('missing')];
  for (const x of [answer, missing]) assert.match(x.prompt, /\[heating\.txt, line 3\]\nThe boiler stands in the cellar/);
  await r.state('passages', 'done');
  assert.match(r.parts.passages, /^\[heating\.txt, line 3\]⮑The boiler/);
  r.leave();
}));

// ---- find-passages, by itself

const SCRIPT = path.join(dirOf('notes'), 'find-passages');

/** What it prints about a question, of these files. */
async function find(question, files, args = []) {
  const dir = fs.mkdtempSync(path.join(tmpdir(), 'recipe-notes-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(dir, 'n', name)), { recursive: true });
      fs.writeFileSync(path.join(dir, 'n', name), text);
    }
    const child = spawn(SCRIPT, [...args, 'n'], { cwd: dir, env: { PATH: process.env.PATH }, stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (s) => (said.out += s));
    child.stderr.setEncoding('utf8').on('data', (s) => (said.err += s));
    child.stdin.on('error', () => {}); // it may end before it has read
    child.stdin.end(question);
    said.status = await new Promise((resolve) => child.once('close', resolve));
    said.left = fs.readdirSync(dir).sort();
    return said;
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

const places = ({ out }) => [...out.matchAll(/^\[(.*), line \d+\]$/gm)].map((m) => m[1]);
const NOTES = {
  'bread.txt': 'Bread\n\nThe oven is slow.\nBake for an hour.\n\nFlour is in the cellar.\n',
  'deep/er/wine.md': '# Wine\r\n\r\nThe red wine is in the cellar.\r\nAsk the boilers.\r\n',
  'kim chi.txt': '김치\n\n배추를 소금에 절인다.\n\n냉장고에 둔다.',
  'x=1.txt': 'Odd\n\nA name that awk would take for a variable; it has saffron.',
  'picture.jpg': 'saffron saffron',
};

test('find-passages: what is found, best first', async (t) => {
  const cases = [
    ['the passage with the rarest words', 'flour in the cellar?', ['bread.txt', 'deep/er/wine.md']],
    ['the words of the first line of its file count', 'how is bread baked', ['bread.txt', 'bread.txt', 'bread.txt']],
    ['without regard to endings and capitals', 'BOILER', ['deep/er/wine.md']],
    ['Korean, whatever the endings', '배추는 어떻게 절이나요?', ['kim chi.txt']],
    ['a name that awk would take for a variable, and no other kinds of file', 'saffron', ['x=1.txt']],
    ['nothing', 'xylophone', []],
    ['only common words', 'what is the of and', []],
    ['no words', '?!', []],
  ];
  for (const [name, question, files] of cases) {
    await t.test(name, async () => {
      const r = await find(question, NOTES, ['--top', '3']);
      assert.equal(r.status, 0, r.err);
      assert.deepEqual(places(r), files, r.out);
      if (files.length === 0) assert.equal(r.out, 'No passage has a word of the question.\n');
    });
  }
});

test('find-passages: line, text and number of passages', async () => {
  const r = await find('cellar', NOTES);
  assert.match(r.out, /\[bread\.txt, line 6\]\nFlour is in the cellar\.\n\n\[deep/);
  assert.match(r.out, /\[deep\/er\/wine\.md, line 3\]\nThe red wine is in the cellar\.\nAsk the boilers\.\n$/, 'CRLF becomes LF');
  assert.deepEqual(places(await find('cellar', NOTES, ['--top', '1'])).length, 1);
});

test('find-passages: a question is never read as anything else', async () => {
  for (const question of ['$(touch pwned) `touch pwned` cellar', '"; system("touch pwned"); "cellar', '\\n%s%n cellar', '--top 99 cellar', '-e cellar']) {
    const r = await find(question, NOTES);
    assert.equal(r.status, 0, r.err);
    assert.ok(places(r).length >= 2, `${question}: ${r.out}`);
    assert.deepEqual(r.left, ['n']);
  }
});

test('find-passages: long passages are cut, and no notes are said', async () => {
  const long = await find('onion', { 'a.txt': `Long\n\n${'An onion is an onion.\n'.repeat(5000)}` });
  assert.ok(long.out.length < 3000, `${long.out.length}`);
  const none = await find('onion', { 'b.jpg': 'onion' });
  assert.match(none.out, /^No \.txt or \.md file is in n\/ yet\.\n$/);
  const gone = await find('onion', {});
  assert.equal(gone.status, 1);
  assert.match(gone.err, /no such directory: n/);
});

// ---- make

test('make run APP=NAME', async () => {
  const env = cleanEnvironment(tmpdir());
  const make = (...args) => exec('make', ['-C', PROJECT, ...args], { env }).catch((e) => e);
  assert.match((await make('-n', 'run', 'APP=study')).stdout, new RegExp(`RECIPE_PROMPTS='${dirOf('study')}' tools/serve`));
  assert.doesNotMatch((await make('-n', 'run')).stdout, /RECIPE_PROMPTS=/);
  const wrong = await make('run', 'APP=studdy');
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.stderr, /no directory apps\/studdy.*APP is one of: notes study travel\..*RECIPE_PROMPTS=/);
});
