// `recipe.fcgi run --watch`: what is saved runs again, with all else as it was.

import fs from 'node:fs/promises';
import path from 'node:path';
import { COOK, assert, recipes, sleep, test, waitFor } from '../lib/harness.mjs';
import { cli } from '../lib/terminal.mjs';

const PIE = { name: 'Leek Pie', intro: 'Soft <leeks> & butter.' };
const pairs = (inputs) => Object.entries(inputs).map(([name, value]) => `${name}=${value}`);
const COOKING = pairs(COOK);
/** One dish, since the pick among several is drawn at random. */
const ONE = JSON.stringify(recipes(1));

const edit = async (site, file, change) => {
  const name = path.join(site.prompts, file);
  await fs.writeFile(name, change(await fs.readFile(name, 'utf8')));
};
const editStages = (site, change) => edit(site, 'stages.json', (text) => {
  const graph = JSON.parse(text);
  change(graph);
  return JSON.stringify(graph, null, 1);
});
const parts = (exchanges) => exchanges.map((x) => x.part).sort();

/** What was asked once this was saved, after the n-th run has ended. */
async function saved(terminal, provider, n, change, says = /saved; running again:.*/g) {
  const before = provider.requests;
  const heard = (terminal.stderr.match(says) ?? []).length;
  await change();
  await waitFor(() => (terminal.stderr.match(says) ?? []).length > heard, () => `a word about the save; it says:\n${terminal.stderr}`);
  await waitFor(() => terminal.output.split('(end)\n').length > n, () => `run ${n} to end; it says:\n${terminal.output}`);
  return provider.exchanges.slice(before);
}

test('a saved template runs again with all that depends on it, and nothing else', cli({ edit: (graph) => (graph.stages[0].list.items = 1) }, async ({ site, provider, run }) => {
  provider.auto({ init: (x) => x.answer(ONE), int: 'A pan,\u001b some fire.' });
  const terminal = run([...COOKING, '--watch']);
  await terminal.says(/watching .*prompts; Ctrl-C ends/);
  assert.deepEqual(parts(provider.exchanges), ['add', 'ing', 'init', 'int', 'sde', 'ste']);

  const first = await saved(terminal, provider, 2, () => edit(site, 'add.txt', (t) => `${t}Metric units.\n`));
  assert.deepEqual(parts(first), ['add', 'ste']);
  assert.ok(first.find((x) => x.part === 'add').prompt.includes('Metric units.'));
  assert.ok(first.find((x) => x.part === 'add').prompt.includes('Dish 0'), 'the dish is the same');
  assert.match(terminal.stderr, /running again: add ste\n/);

  const leaf = await saved(terminal, provider, 3, () => edit(site, 'int.txt', (t) => `${t}Short.\n`));
  assert.deepEqual(parts(leaf), ['int']);

  const list = await saved(terminal, provider, 4, () => edit(site, 'init.txt', (t) => `${t}Warm.\n`));
  assert.deepEqual(parts(list), ['add', 'init', 'int', 'sde', 'ste']);

  const each = await saved(terminal, provider, 5, () => edit(site, 'alt.txt', (t) => `${t}<hr>`));
  assert.deepEqual(parts(each), ['add', 'init', 'int', 'sde', 'ste'], 'the whole list is written again, and with it the dish');

  const setting = await saved(terminal, provider, 6, () => editStages(site, (g) => (g.stages.find((s) => s.part === 'sde').max_tokens = 80)));
  assert.deepEqual(parts(setting), ['sde']);
  assert.equal(setting[0].body.max_tokens, 80);

  const fresh = await saved(terminal, provider, 7, async () => {
    await fs.writeFile(path.join(site.prompts, 'tea.txt'), 'Part: tea\nWhich tea goes with {{recipe.name}}?');
    await editStages(site, (g) => g.stages.push({ part: 'tea', needs: ['recipe'] }));
  });
  assert.deepEqual(parts(fresh), ['tea']);
  assert.ok(fresh[0].prompt.includes('Dish 0'));

  assert.equal(terminal.child.exitCode, null);
  terminal.child.kill('SIGINT');
  assert.equal((await terminal.end()).signal, 'SIGINT');
  await terminal.gone();
}));

test('a broken edit is named and waited out; what holds the same words is no edit', cli({}, async ({ site, provider, run }) => {
  provider.auto({ init: ONE });
  const terminal = run([...COOKING, '--watch']);
  await terminal.says(/watching/);
  const good = await fs.readFile(path.join(site.prompts, 'stages.json'), 'utf8');

  await fs.writeFile(path.join(site.prompts, 'stages.json'), good.replace('"needs": [', '"needs": ["soup",'));
  await terminal.says(/recipe\.fcgi: .*stages\.json:\d+: .*"soup" is neither a part nor a pick/);
  await edit(site, 'sde.txt', (t) => `${t}{{soup`);
  await fs.writeFile(path.join(site.prompts, 'stages.json'), good);
  await terminal.says(/recipe\.fcgi: .*sde\.txt:\d+: /);
  await edit(site, 'sde.txt', (t) => t.replace('{{soup', '{{soup}}'));
  await terminal.says(/recipe\.fcgi: .*sde\.txt:\d+: \{\{soup\}\} is neither an input nor/);
  await fs.rm(path.join(site.prompts, 'sde.txt'));
  await terminal.says(/sde\.txt: No such file/);
  const before = provider.requests;
  await fs.writeFile(path.join(site.prompts, 'sde.txt'), 'Part: sde\nSides for {{recipe.name}}.');
  await terminal.says(/running again: sde\n/);
  await waitFor(() => provider.requests > before, 'the mended part to be asked');

  await waitFor(() => terminal.stderr.endsWith('Ctrl-C ends\n'), 'it to wait again');
  const [then, said] = [provider.requests, terminal.stderr];
  await edit(site, 'add.txt', (t) => t);
  await fs.writeFile(path.join(site.prompts, '.add.txt.swp'), 'x');
  await fs.writeFile(path.join(site.prompts, 'add.txt~'), 'x');
  const last = await saved(terminal, provider, 3, () => edit(site, 'ing.txt', (t) => `${t}More.\n`));
  assert.deepEqual(parts(last), ['ing']);
  assert.equal(provider.requests, then + 1);
  assert.match(terminal.stderr.slice(said.length), /^recipe\.fcgi: saved; running again: ing\n/, 'the files of an editor are not spoken of');

  await waitFor(() => terminal.stderr.endsWith('Ctrl-C ends\n'), 'it to wait again');
  const sound = await fs.readFile(path.join(site.prompts, 'ing.txt'), 'utf8');
  await fs.writeFile(path.join(site.prompts, 'ing.txt'), '{{#');
  await terminal.says(/ing\.txt:1: /);
  await fs.writeFile(path.join(site.prompts, 'ing.txt'), sound);
  await terminal.says(/saved; all is as it was at the last run/);
}));

/** The part "ing" is written by a program beside stages.json. */
const byProgram = (script) => ({
  edit: async (graph, dir) => {
    const stage = graph.stages.find((s) => s.part === 'ing');
    for (const name of ['service', 'max_tokens', 'temperature']) delete stage[name];
    stage.run = ['./look'];
    await fs.writeFile(path.join(dir, 'look'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  },
});

test('a saved program runs again', cli(byProgram('echo first'), async ({ site, run }) => {
  const terminal = run([...COOKING, '--want', 'ing', '--watch']);
  await terminal.shows(/first\n\n\(end\)\n/);
  await terminal.says(/watching/);
  await edit(site, 'look', (t) => t.replace('first', 'second'));
  await terminal.says(/running again: ing\n/);
  await terminal.shows(/second\n\n\(end\)\n/);
}));

test('Ctrl-C ends a program too, and what it has started', cli(byProgram('trap "" INT TERM; setsid sleep 1000 & echo begun; sleep 1000'), async ({ run }) => {
  const terminal = run([...COOKING, '--want', 'ing'], { tty: true });
  await terminal.shows(/begun/);
  terminal.type('\u0003');
  assert.equal((await terminal.end()).status, 130);
  await terminal.gone();
}));

test('what was not wanted or was given does not run later', cli({}, async ({ site, provider, run }) => {
  provider.auto();
  await fs.writeFile(path.join(site.dir, 'pie.json'), JSON.stringify(PIE));
  const terminal = run([...COOKING, '--want', 'ste', '--given', 'recipe=pie.json', '--watch']);
  await terminal.says(/watching/);
  assert.deepEqual(parts(provider.exchanges), ['add', 'ste']);
  await edit(site, 'int.txt', (t) => `${t}Short.\n`);
  await terminal.says(/no part that runs here/);
  await edit(site, 'init.txt', (t) => `${t}Short.\n`);
  await waitFor(() => terminal.stderr.match(/no part that runs here/g).length === 2, 'the second to be left out, too');
  const again = await saved(terminal, provider, 2, () => edit(site, 'add.txt', (t) => `${t}Short.\n`));
  assert.deepEqual(parts(again), ['add', 'ste']);
  assert.ok(again.every((x) => x.prompt.includes(PIE.name)));
}));

test('a part that failed is written when one that needs it runs again', cli({}, async ({ site, provider, run }) => {
  let good = false;
  provider.auto({ init: ONE, add: (x) => (good ? x.answer('2 leeks') : x.error(400, { error: { message: 'no' } })) });
  const terminal = run([...COOKING, '--watch']);
  await terminal.says(/watching/);
  good = true;
  const again = await saved(terminal, provider, 2, () => edit(site, 'ste.txt', (t) => `${t}Short.\n`));
  assert.deepEqual(parts(again), ['add', 'ste']);
}));

// No file that is watched is saved then: a program outside of the graph's directory gets its right to be executed.
test('what mends a broken edit is seen, also where nobody watches', cli({ server: 'listen' }, async ({ site, provider, run }) => {
  provider.auto({ init: ONE });
  const terminal = run([...COOKING, '--want', 'ing', '--watch']);
  await terminal.says(/watching/);
  const tool = path.join(site.dir, 'tool');
  await fs.writeFile(tool, '#!/bin/sh\necho from the program', { mode: 0o644 });
  const file = path.join(site.prompts, 'stages.json');
  const before = await fs.readFile(file, 'utf8');
  const graph = JSON.parse(before);
  const ing = graph.stages.find((s) => s.part === 'ing');
  graph.stages[graph.stages.indexOf(ing)] = { part: 'ing', needs: ing.needs, run: [tool] };
  await fs.writeFile(file, JSON.stringify(graph));
  await terminal.says(/make it executable: chmod \+x/);
  await sleep(1500); // longer than one look: it is said once
  assert.equal(terminal.stderr.match(/chmod \+x/g).length, 1);
  await fs.chmod(tool, 0o755);
  await terminal.shows(/from the program/);
  // The same without a change of what is written.
  await fs.chmod(tool, 0o644);
  await fs.writeFile(file, `${JSON.stringify(graph)}\n`);
  await waitFor(() => terminal.stderr.match(/chmod \+x/g).length === 2, 'the second to be told');
  await fs.chmod(tool, 0o755);
  await terminal.says(/mended; all is as it was at the last run/);
}));

test('a save during a run is seen after it', cli({}, async ({ site, provider, run }) => {
  provider.auto({ init: ONE, ing: false });
  const terminal = run([...COOKING, '--want', 'ing', '--watch']);
  const x = await provider.next('ing');
  await edit(site, 'ing.txt', (t) => `${t}In one line.\n`);
  x.answer('Iron.');
  const again = await provider.next('ing');
  assert.ok(again.prompt.includes('In one line.'));
  again.answer('Zinc.');
  await terminal.shows(/Zinc\.\n\n\(end\)\n/);
}));

test('it ends once nobody reads, also while it waits for a save', cli({}, async ({ provider, run }) => {
  provider.auto({ init: ONE });
  const terminal = run([...COOKING, '--want', 'ing', '--watch'], { line: (c) => `{ ${c}; echo "status $?" >&2; } | head -n 9` });
  await terminal.says(/status 141/);
  await terminal.gone();
}));
