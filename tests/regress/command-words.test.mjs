// The words after `recipe.fcgi`: a wrong one is named, with what may stand there.

import fs from 'node:fs/promises';
import path from 'node:path';
import { assert, check, command, test } from '../lib/harness.mjs';
import { stage, writePrompts } from '../lib/prompts.mjs';

const OPTIONS = /it takes --prompts DIR, --show PART or --url URL$/m;
const WRONG = [
  [['chek'], /there is no command "chek"; the commands are run, bulk, graph, speed, spend and check, and "recipe\.fcgi --help"/],
  [['--check'], /there is no command "--check"/],
  [['check', 'foo'], /"foo" is not an option of check/, OPTIONS],
  [['check', '.'], /"\." is not an option of check/, OPTIONS],
  [['check', '--prompt', '.'], /check has no option --prompt;/, OPTIONS],
  [['check', '--prompts'], /--prompts needs a word after it/],
  [['check', '--prompts', 'a', '--prompts', 'b'], /--prompts is given twice/],
  [['check', '--show'], /--show needs a word after it/],
  [['check', 'one', 'topic=1'], /"one" is not an option of check/],
  [['check', '--url'], /--url needs a word after it/],
  [['check', '--url', 'http://a/', '--wait', 'x'], /--wait takes seconds, 0 to 3600, not "x"/],
  [['check', '--url', 'http://a/', '--wait', '3601'], /--wait takes seconds.*"3601"/],
  [['check', '--url', 'http://a/', '--wait', ''], /--wait takes seconds.*""/],
  [['check', '--url', 'http://a/', '--show', 'one'], /--url asks a site, so it takes no --show/],
  [['check', '--url', 'http://a/', '--prompts', '.'], /so it takes no --prompts/],
  [['check', '--body', '{}'], /--body is for --url URL/],
  [['check', '--wait', '3'], /--wait is for --url URL/],
  [['graph', 'foo'], /"foo" is neither --svg nor --prompts DIR/],
  [['graph', '--prompts'], /--prompts needs a word after it/],
  [['run', 'foo'], /"foo" is not NAME=VALUE/],
  [['run', '--foo'], /there is no option --foo/],
  [['--listen'], /--listen needs unix:PATH or HOST:PORT after it/],
  [['--listen', 'unix:/x', 'y'], /"y" cannot stand after --listen/],
  [['--version', 'x'], /"x" cannot stand after --version/],
  [['--help', 'run'], /"run" cannot stand after --help/],
];
for (const [words, ...says] of WRONG) {
  test(`recipe.fcgi ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await command(words);
    for (const one of says) assert.match(stderr, one);
    assert.equal(stderr.trimEnd().split('\n').length, 1, 'one line, and not the whole usage');
    assert.deepEqual([status, stdout], [2, '']);
  });
}

test('check and check --show take --prompts, before or after', async () => {
  const prepare = async (dir) => {
    await writePrompts(path.join(dir, 'own'), [stage('one', '70b', { template: 'Of {{what}}.' })]);
    await writePrompts(path.join(dir, 'other'), [stage('two', '70b')]);
    return { env: { RECIPE_PROMPTS: path.join(dir, 'other') } };
  };
  const asked = async (...words) => command(['check', ...words], { prompts: null, prepare });
  const plain = await asked('--prompts', 'own');
  assert.equal(plain.status, 0, plain.output);
  assert.match(plain.output, /^ {2}prompts +own$/m);
  assert.match(plain.output, /^ {2}stage +one /m);
  for (const words of [['--prompts', 'own', '--show', 'one', 'what=leeks'], ['--show', 'one', 'what=leeks', '--prompts', 'own']]) {
    const { status, stdout, output } = await asked(...words);
    assert.equal(status, 0, output);
    assert.match(stdout, /"content": "Of leeks\."/);
  }
});

test('a directory that is not there is named as a whole', async () => {
  const { status, output } = await command(['check', '--prompts', '.'], { prompts: null, prepare: async (dir) => ({ env: { HOME: await fs.realpath(dir) } }) });
  assert.equal(status, 1);
  assert.match(output, /wrong +\/.+\/stages\.json: No such file or directory; that is what RECIPE_PROMPTS=\. means here: write the whole path, as "\$PWD"/);
});

// ---- what is not JSON is told as people meet it

const BROKEN = [
  ['a trailing comma', '{"inputs": {"a": {"type": "text"}},\n"stages": [{"part": "x"},]\n}', /:2: this is not JSON: a value is missing, or the comma before this \] is one too many/],
  ['a trailing comma in an object', '{"inputs": {"a": {"type": "text",\n}}}', /:2: .*the comma before this } is one too many/],
  ['a comment', '{\n// mine\n"inputs": {}}', /:2: .*JSON has no comments/],
  ['a comment after a value', '{"inputs": {} // mine\n}', /:1: .*JSON has no comments/],
  ['a comment of a shell', '{"inputs": {}, # mine\n"stages": []}', /:1: .*JSON has no comments/],
];
for (const [name, text, says] of BROKEN) {
  test(`${name} is named`, async () => {
    const prepare = (dir) => fs.writeFile(path.join(dir, 'stages.json'), text).then(() => ({ env: { RECIPE_PROMPTS: dir } }));
    const { status, output } = await check({}, { prompts: null, prepare });
    assert.equal(status, 1, output);
    assert.match(output, says);
  });
}
