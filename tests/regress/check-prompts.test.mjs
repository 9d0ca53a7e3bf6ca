// What `recipe.fcgi check` says of prompts that can be served and look like a
// mistake all the same: inputs and parts to no use, what may be too long.

import fs from 'node:fs/promises';
import path from 'node:path';
import { PROJECT, assert, check, startProvider, test } from '../lib/harness.mjs';
import { writePrompts, stage } from '../lib/prompts.mjs';

const flat = (output) => output.replace(/\n {14}/g, ' ');
const warnings = (output) => flat(output).split('\n').filter((line) => /^  warning /.test(line));

/** check of these stages, with these inputs beside "what", and a page if there is one. */
async function said({ stages, inputs = {}, page, files = {}, config = {}, ...more }) {
  const result = await check(config, {
    prompts: null, ...more,
    prepare: async (dir) => {
      const prompts = await writePrompts(path.join(dir, 'own'), stages);
      const graph = JSON.parse(await fs.readFile(path.join(prompts, 'stages.json'), 'utf8'));
      Object.assign(graph.inputs, inputs);
      await fs.writeFile(path.join(prompts, 'stages.json'), JSON.stringify(graph, null, 1));
      await fs.mkdir(path.join(prompts, 'demo'), { recursive: true });
      for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(prompts, name), text);
      const htdocs = path.join(dir, 'htdocs');
      await fs.mkdir(htdocs);
      if (page) await fs.writeFile(path.join(htdocs, 'plain.html'), page);
      return { env: { RECIPE_PROMPTS: prompts, RECIPE_HTDOCS: htdocs } };
    },
  });
  return { ...result, lines: warnings(result.output), last: result.output.trimEnd().split('\n').at(-1) };
}

function warnsOnce(r, says) {
  assert.equal(r.status, 0, r.output);
  assert.equal(r.lines.length, 1, r.output);
  assert.match(r.lines[0], says);
  assert.match(r.last, /^  ready +but see the warnings about the prompts$/);
}

function warnsNot(r) {
  assert.equal(r.status, 0, r.output);
  assert.deepEqual(r.lines, []);
  assert.match(r.last, /with nothing to warn of/);
}

const ONE = stage('one');
const plain = (part, more) => ({ part, ...more });
const TONE = { tone: { type: 'text', max: 40 } };
const LIST = { items: 3, fields: ['name', 'tone'], pick: 'it' };

test('an input that no template uses is named, with its line', async () => {
  const r = await said({ stages: [plain('one')], inputs: TONE });
  warnsOnce(r, /stages\.json:\d+: the input "tone" is in no template.*take it out/);
  const line = Number(/stages\.json:(\d+)/.exec(r.lines[0])[1]);
  assert.equal(line, JSON.stringify({ inputs: { what: { type: 'text', min: 2, max: 200, required: true }, tone: 1 } }, null, 1).split('\n').findIndex((l) => l.includes('"tone"')) + 1);
});

const USES = {
  'by a value': { template: '{{what}} {{tone}}' },
  'by a condition': { template: '{{what}}{{#tone}} politely{{/tone}}' },
  'by its absence': { template: '{{what}}{{^tone}} plainly{{/tone}}' },
};
test('an input that is used somehow is not', async (t) => {
  for (const [how, more] of Object.entries(USES)) await t.test(how, async () => warnsNot(await said({ stages: [plain('one', more)], inputs: TONE })));
  await t.test('by a system message', async () => warnsNot(await said({ stages: [plain('one')], inputs: TONE, files: { 'one.system.txt': 'Be {{tone}}.' } })));
  await t.test('by the input of a program', async () => warnsNot(await said({ stages: [plain('one'), plain('two', { run: ['cat'], template: '{{tone}}' })], inputs: TONE })));
});

test('a field of the same name in a template of each is no use of it', async () => {
  const stages = [plain('one', { list: LIST }), plain('rest', { each: 'one', template: '{{tone}}' })];
  warnsOnce(await said({ stages, inputs: TONE }), /the input "tone" is in no template/);
});

const TWO = [plain('one'), plain('two')];
const needing = [plain('one'), plain('two', { needs: ['one'], template: '{{one}}' })];
const listed = [plain('one', { list: LIST }), plain('two', { needs: ['it'], template: '{{it.name}}' })];
const others = [plain('one', { list: LIST }), plain('two', { each: 'one', template: '{{name}}' })];
const PAGES = [
  ['names one of two', TWO, '<p>{{one}}</p>', /stages\.json:\d+: the part "two" is not on the page without JavaScript, and no stage needs it; .*plain\.html/],
  ['names both', TWO, '<p>{{one}}</p><p>{{two}}</p>'],
  ['names it in a condition', TWO, '<p>{{one}}</p>{{#two}}<p>two is there</p>{{/two}}'],
  ['names what needs the other', needing, '<p>{{two}}</p>'],
  ['names what is needed alone', needing, '<p>{{one}}</p>', /the part "two"/],
  ['names a field of the pick', [listed[0]], '<h1>{{it.name}}</h1>'],
  ['names what needs the pick', listed, '<p>{{two}}</p>'],
  ['names the others of a list', others, '<ul>{{two}}</ul>'],
  ['does not name the others of a list', others, '<ul>{{one}}</ul>', /the part "two"/],
];
test('a part that the page does not show and nobody needs', async (t) => {
  for (const [name, stages, page, says] of PAGES) {
    await t.test(`a page that ${name}`, async () => {
      const r = await said({ stages, page });
      if (says) warnsOnce(r, says);
      else warnsNot(r);
    });
  }
  await t.test('no page at all', async () => warnsNot(await said({ stages: TWO })));
});

test('a page that names what is not there', async () => warnsOnce(await said({ stages: TWO, page: '<p>{{one}}</p>\n<p>{{two}}{{three}}</p>' }), /plain\.html.*\{\{three\}\}/));

/** A service whose model has a window of so many tokens. */
async function windowed(tokens, body, entry = { id: 'm', context_window: tokens }) {
  const provider = await startProvider();
  provider.answerModels = (x) => x.error(200, { data: [{ id: 'x', context_window: 10 }, entry] });
  try {
    await body({ services: { home: provider.service('m') }, default_service: 'home' });
  } finally {
    await provider.stop();
  }
}

const LONG = { ...ONE, service: undefined, max_tokens: 100, template: `${'word '.repeat(400)}{{what}}` };
const WORDS = 501; // the template, at four bytes a token
const MOST = WORDS + 200 / 4 + 100; // and "what" at its longest, and the answer
test('a prompt that may not fit into the window of a model', async () => {
  await windowed(MOST - 20, async (config) => warnsOnce(await said({ stages: [LONG], config }), /stage "one" may need about \d+ tokens: \d+ for its templates, 50 for inputs .* max_tokens 100; the window of "home" has \d+: shorten/));
  await windowed(MOST + 20, async (config) => warnsNot(await said({ stages: [LONG], config })));
});

test('what the parts that it needs may have, and its system message, count as well', async () => {
  const stages = [{ ...LONG, template: '{{what}}' }, { ...LONG, part: 'two', needs: ['one'], template: '{{one}}' }];
  await windowed(190, async (config) => warnsOnce(await said({ stages, config }), /stage "two" .* 100 for parts that it needs/));
  await windowed(260, async (config) => {
    warnsNot(await said({ stages, config }));
    warnsOnce(await said({ stages, config, files: { 'two.system.txt': 'word '.repeat(100) } }), /stage "two"/);
  });
});

test('no window is known: nothing is said', () => windowed(0, async (config) => warnsNot(await said({ stages: [LONG], config })), { id: 'm' }));

// ---- a service that there is not

const KNOWN = 'known are 70b, groq-70b, together-70b, openai, 8b, groq-8b';
test('a service that there is not is named, with what is asked instead', async (t) => {
  const misspelt = [plain('one'), plain('two', { service: 'gpt4' })];
  await t.test('the demo', async () => {
    const r = await said({ stages: misspelt });
    warnsOnce(r, new RegExp(`stages\\.json:\\d+: there is no service "gpt4", so demo is asked instead; ${KNOWN}$`));
  });
  await t.test('one of recipe.json', async () => windowed(0, async (config) => warnsOnce(await said({ stages: misspelt, config }), /no service "gpt4", so home is asked instead; known are .*\bhome\b/), { id: 'm' }));
  await t.test('one of several', async () => windowed(0, async (config) => warnsOnce(await said({ stages: [plain('one', { service: ['hoem', 'home'] })], config }), /no service "hoem", so home is asked/), { id: 'm' }));
  await t.test('built-in ones without a key are no mistake', async () => warnsNot(await said({ stages: [plain('one', { service: '70b' }), plain('two', { service: ['groq-8b', '8b'] })] })));
});

// ---- inputs that are longer than a request may be

const long = (max, more) => ({ post: { type: 'text', max, ...more } });
const POST = [plain('one', { template: '{{what}} {{post}}' })];
test('an input that does not fit into a request at its longest', async (t) => {
  await t.test('is named with the limit', async () => warnsOnce(await said({ stages: POST, inputs: long(100000) }), /stages\.json:\d+: the input "post" may have 100000 characters, up to 400000 bytes, but limits\.body_bytes is 16384: set that to 401824 in recipe\.json, or "max" lower$/));
  await t.test('what is advised helps', async () => warnsOnce(await said({ stages: POST, inputs: long(100000), config: { limits: { body_bytes: 401824 } } }), /but limits\.prompt_bytes is 262144: set that to 401824/));
  await t.test('both', async () => warnsNot(await said({ stages: POST, inputs: long(100000), config: { limits: { body_bytes: 401824, prompt_bytes: 401824 } } })));
  await t.test('of any language', async () => warnsOnce(await said({ stages: POST, inputs: long(6000) }), /up to 24000 bytes/));
  for (const [name, inputs] of Object.entries({ short: long(4000), 'no bound': { post: { type: 'text' } }, choices: long(100000, { choices: ['a'] }), number: { post: { type: 'integer', max: 100000 } } })) {
    await t.test(`not of ${name}`, async () => warnsNot(await said({ stages: POST, inputs })));
  }
});

// ---- files that nobody reads, templates without text, names that stand twice

const FILES = [
  ['a system message of no part', [plain('one')], { 'oen.system.txt': 'x' }, /oen\.system\.txt: no part has this name, so nobody reads the file; rename it/],
  ['a system message of no part beside a program', [plain('one', { run: ['cat'] })], { 'oen.system.txt': 'x' }, /oen\.system\.txt: no part/],
  ['a template of no part', [plain('one')], { 'old.txt': 'x' }, /old\.txt: no part has this name/],
  ['a text that a program may read', [plain('one', { run: ['cat'] })], { 'facts.txt': 'x' }],
  ['a file of another kind', [plain('one')], { 'README.md': 'x', 'list.csv': 'x', '.txt': 'x' }],
  ['a demo of no part', [plain('one')], { 'demo/oen.txt': 'x' }, /demo\/oen\.txt: no part has this name/],
  ['a demo of a program', [plain('one', { run: ['cat'] })], { 'demo/one.txt': 'x' }, /demo\/one\.txt: no demo writes this part/],
  ['a demo of a part', [plain('one')], { 'demo/one.txt': 'x', 'one.system.txt': 'x' }],
  ['an empty template', [plain('one'), plain('two', { template: ' \n\n' })], {}, /two\.txt:1: the template is empty, so a model is asked nothing; write into it/],
  ['no input for a program', [plain('one'), plain('two', { template: '', run: ['ls'] })], {}],
];
test('files that do nothing', async (t) => {
  for (const [name, stages, files, says] of FILES) {
    await t.test(name, async () => {
      const r = await said({ stages, files });
      if (says) warnsOnce(r, says);
      else warnsNot(r);
    });
  }
});

const TWICE = {
  'a member of an input': (text) => text.replace('"min": 2', '"min": 2,\n"max": 7'),
  'a stage\'s part': (text) => text.replace('"part": "one"', '"part": "three",\n"part": "one"'),
  'a member with the same word as a value': (text) => text.replace('"min": 2', '"label": "min",\n"hint": "a \\\\\\\" : b",\n"min": 1, "min": 2'),
};
test('a name that stands twice in one object', async (t) => {
  for (const [name, change] of Object.entries(TWICE)) {
    await t.test(name, async () => {
      const result = await check({}, {
        prompts: null,
        prepare: async (dir) => {
          const prompts = await writePrompts(path.join(dir, 'own'), [plain('one'), plain('two')]);
          const file = path.join(prompts, 'stages.json');
          const text = await fs.readFile(file, 'utf8');
          assert.notEqual(change(text), text);
          await fs.writeFile(file, change(text));
          return { env: { RECIPE_PROMPTS: prompts, RECIPE_HTDOCS: dir } };
        },
      });
      const lines = warnings(result.output);
      assert.equal(lines.length, 1, result.output);
      assert.match(lines[0], /stages\.json:\d+: "(max|part|min)" stands in line \d+ already, and only the last one counts/);
    });
  }
  await t.test('in recipe.json', async () => {
    const r = await said({ stages: [plain('one')], config: '{"limits": {"max_runs": 3,\n"max_runs": 4}}' });
    assert.match(r.lines.join(), /recipe\.json:2: "max_runs" stands in line 1 already/);
    assert.match(r.last, /see the warnings about recipe\.json$/);
  });
});

test('the recipe and its page have nothing to warn of', async () => {
  const r = await check({}, { env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } });
  assert.deepEqual(warnings(r.output), []);
  assert.match(r.output, /with nothing to warn of/);
});
