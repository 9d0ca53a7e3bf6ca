// `recipe.fcgi graph`: the graph as a picture. What a browser makes of the SVG is
// tested in ../browser/graph.test.mjs.

import fs from 'node:fs/promises';
import path from 'node:path';
import { PROJECT, assert, command, test } from '../lib/harness.mjs';
import { shippedGraphs, writeOddGraph } from '../lib/graphs.mjs';
import { stage, writePrompts } from '../lib/prompts.mjs';

const draw = (dir, ...words) => command(['graph', '--prompts', path.resolve(PROJECT, dir), ...words], { prompts: null });

async function drawn(dir, ...words) {
  const { status, stdout, stderr } = await draw(dir, ...words);
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
}

test('the recipe, as text', async () => {
  assert.equal(await drawn('prompts'), `\
* init ─▶ recipe          groq-8b; 500 tokens
    alt ◀─ init           a template, no model
*   add ◀─ recipe         70b; 200 tokens
    int ◀─ recipe         70b; 250 tokens
  ing                     70b; 200 tokens
    sde ◀─ recipe         70b; 72 tokens
*     ste ◀─ recipe, add  70b; 400 tokens

* the longest way: init ─▶ add ─▶ ste, at most 1100 tokens
`);
});

test('a program has its name, and no tokens', async () => {
  const words = ['ls', '-l', 'a b'];
  const edit = (graph) => {
    graph.stages.find((s) => s.part === 'ing').run = words;
    for (const name of ['service', 'max_tokens', 'temperature']) delete graph.stages.find((s) => s.part === 'ing')[name];
  };
  const { status, stdout } = await command(['graph'], { edit });
  assert.equal(status, 0);
  assert.match(stdout, /^  ing +runs ls$/m);
  assert.match((await command(['graph', '--svg'], { edit })).stdout, />runs ls</);
});

test('all graphs, both ways, the same bytes each time', async (t) => {
  for (const dir of await shippedGraphs()) {
    await t.test(dir, async () => {
      const { stages } = JSON.parse(await fs.readFile(path.join(PROJECT, dir, 'stages.json'), 'utf8'));
      const [text, svg] = [await drawn(dir), await drawn(dir, '--svg')];
      assert.deepEqual([await drawn(dir), await drawn(dir, '--svg')], [text, svg]);
      for (const { part, service } of stages) {
        assert.match(text, new RegExp(`^[* ] +${part}( |$)`, 'm'));
        assert.ok(svg.includes(`>${part}</text>`), part);
        for (const id of [service ?? []].flat()) assert.ok(text.includes(id) && svg.includes(id), id);
      }
      assert.doesNotMatch(svg, /https?:(?!\/\/www\.w3\.org\/2000\/svg")|url\(|@import|<script|<image/);
    });
  }
});

test('the picture of the documentation is of these prompts', async () => {
  assert.equal(await drawn('prompts', '--svg'), await fs.readFile(path.join(PROJECT, 'docs/graph.svg'), 'utf8'));
});

test('an odd graph cannot speak to the terminal', async () => {
  const { status, stdout } = await command(['graph'], {
    prompts: null, prepare: async (dir) => ({ env: { RECIPE_PROMPTS: await writeOddGraph(dir) } }),
  });
  assert.equal(status, 0);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.match(stdout, /a<b against b&c\?\[2J, then the-long-name/);
});

test('of several services it says which is asked when', async () => {
  const stages = [
    stage('one', ['a', 'b']), stage('two', ['a', 'b'], { race: 2 }), stage('three', ['a', 'b', 'c'], { race: 'late' }),
    stage('four', { fastest: ['a', 'b', 'c'] }),
  ];
  const { stdout } = await command(['graph'], { prompts: null, prepare: async (dir) => ({ env: { RECIPE_PROMPTS: await writePrompts(path.join(dir, 'p'), stages) } }) });
  for (const order of ['a, then b;', 'a against b;', 'a, if late b, then c;', 'the fastest of a or b or c;']) assert.ok(stdout.includes(`  ${order}`), stdout);
});

const WRONG = [
  [['--png'], /"--png" is neither --svg nor --prompts DIR/],
  [['--svg', '--prompts'], /--prompts needs a word after it/],
  [['init'], /"init" is neither/],
  [['--prompts', '/nowhere'], /\/nowhere\/stages\.json: No such file/],
];
test('what is wrong is said', async () => {
  for (const [words, says] of WRONG) {
    const { status, stdout, stderr } = await command(['graph', ...words]);
    assert.match(stderr, says);
    assert.deepEqual([status, stdout], [2, '']);
  }
  const { status, stderr } = await command(['graph'], { edit: (graph) => (graph.stages[2].needs = ['soup']) });
  assert.equal(status, 2);
  assert.match(stderr, /stages\.json:\d+: .*"soup" is neither/);
});
