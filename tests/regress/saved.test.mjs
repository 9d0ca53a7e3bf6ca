// What is saved is used: a template, stages.json, a demo text or the page's template,
// by the next request, while open runs keep what they began with. A broken edit keeps
// what was there before, and says file, line and remedy.

import fs from 'node:fs';
import path from 'node:path';
import { assert, proc, run, scene, sleep, start, startSite, test, waitFor } from '../lib/harness.mjs';
import { ASK, stage, writePrompts } from '../lib/prompts.mjs';

const STAGES = [stage('one', '70b'), stage('two', '70b', { needs: ['one'], template: 'What follows from {{one}}?' })];

/** A site of these stages in a directory of its own, which may be edited. */
const edited = (body, more = {}) => async (t) => {
  const dir = fs.mkdtempSync('/tmp/recipe-saved-');
  t.after(() => fs.rmSync(dir, { recursive: true }));
  return scene({ server: 'listen', prompts: await writePrompts(dir, STAGES), ...more }, body)(t);
};

const template = (site, part) => path.join(site.prompts, `${part}.txt`);
const save = (file, text) => fs.writeFileSync(file, text);

/** Until a new run asks "one" with this text; within a second of the save, and some for a slow machine. */
async function asksWith(site, provider, text) {
  await waitFor(async () => {
    await run(site, ASK);
    return provider.exchanges.filter((x) => x.part === 'one').at(-1).prompt.includes(text);
  }, `a prompt with ${text}`, { every: 50, limit: 10_000 });
}

test('a saved template is used by the next request, and no open run is touched', edited(async ({ site, provider }) => {
  provider.auto({ one: false });
  const open = await start(site, ASK);
  const held = await provider.next('one');
  save(template(site, 'one'), 'Part: one\nBRAND-NEW {{what}}');
  save(template(site, 'two'), 'Part: two\nTWO-NEW {{one}}');
  provider.auto();
  await asksWith(site, provider, 'BRAND-NEW');
  held.answer('Begun long ago.');
  await open.over();
  const two = provider.exchanges.filter((x) => x.part === 'two' && x.prompt.includes('Begun long ago.'));
  assert.equal(two.length, 1);
  assert.doesNotMatch(two[0].prompt, /TWO-NEW/, 'the open run keeps its own templates');
}));

// Editors write another file and rename it over the old one.
test('a template that is renamed into place is used', edited(async ({ site, provider }) => {
  provider.auto();
  await run(site, ASK);
  save(`${template(site, 'one')}.new`, 'Part: one\nRENAMED {{what}}');
  fs.renameSync(`${template(site, 'one')}.new`, template(site, 'one'));
  await asksWith(site, provider, 'RENAMED');
}));

test('a prompts directory that is a link is used when the link is replaced', edited(async ({ site, provider }) => {
  provider.auto();
  await run(site, ASK);
  const next = path.join(site.dir, 'next');
  fs.cpSync(site.prompts, next, { recursive: true });
  save(path.join(next, 'one.txt'), 'Part: one\nLINKED {{what}}');
  fs.renameSync(site.prompts, path.join(site.dir, 'before'));
  fs.symlinkSync(next, site.prompts);
  await asksWith(site, provider, 'LINKED');
  save(path.join(next, 'one.txt'), 'Part: one\nAND-AGAIN {{what}}');
  await asksWith(site, provider, 'AND-AGAIN');
}));

test('another graph is used: a stage more, and more processes', edited(async ({ site, provider }) => {
  provider.auto();
  await run(site, ASK);
  const graph = JSON.parse(fs.readFileSync(path.join(site.prompts, 'stages.json'), 'utf8'));
  save(template(site, 'three'), 'Part: three\n{{what}}');
  graph.stages.push(stage('three', '70b'));
  save(path.join(site.prompts, 'stages.json'), JSON.stringify(graph));
  await waitFor(async () => (await run(site, ASK)).stateOf('three') === 'done', 'the third part', { every: 50 });
}));

test('a broken edit keeps what was there, says what is wrong, and is mended by the next one', edited(async ({ site, provider }) => {
  provider.auto();
  await run(site, ASK);
  save(template(site, 'one'), 'Part: one\nHALF {{wha');
  await waitFor(async () => /one\.txt:2: .*what was there before is used on/.test(await site.stderr()), 'the log to say it');
  const after = await run(site, ASK);
  assert.equal(after.stateOf('two'), 'done');
  assert.doesNotMatch(provider.exchanges.at(-2).prompt, /HALF/);
  save(template(site, 'one'), 'Part: one\nWHOLE {{what}}');
  await asksWith(site, provider, 'WHOLE');
}));

// `make run` sets RECIPE_LOCAL: there the visitor is the author.
for (const [env, told] of [[{ RECIPE_LOCAL: '1' }, true], [{}, false]]) {
  test(`a broken edit is ${told ? 'told to a page on its author\'s machine' : 'told to no visitor'}`, edited(async ({ site, provider }) => {
    provider.auto();
    const broken = async () => (await (await site.get('/services')).json()).broken;
    assert.equal(await broken(), undefined);
    save(template(site, 'one'), 'Part: one\nHALF {{wha');
    await waitFor(async () => /one\.txt:2: /.test(await site.stderr()), 'the log to say it');
    if (told) assert.match(await waitFor(broken, 'the page to be told'), /one\.txt:2: /);
    else assert.equal(await broken(), undefined);
    save(template(site, 'one'), 'Part: one\nWHOLE {{what}}');
    await asksWith(site, provider, 'WHOLE');
    assert.equal(await broken(), undefined);
  }, { env }));
}

test('what could not be served at the start is, once it is mended', async (t) => {
  const dir = fs.mkdtempSync('/tmp/recipe-saved-');
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const prompts = await writePrompts(dir, STAGES);
  const site = await startSite({ server: 'lighttpd', prompts, mark: false, edit: (graph, to) => fs.rmSync(path.join(to, 'two.txt')) });
  try {
    assert.equal((await site.post(ASK)).status, 503);
    save(template(site, 'two'), 'Now {{one}}');
    await waitFor(async () => {
      const response = await site.post(ASK);
      await response.text();
      return response.status === 200;
    }, 'it to be served', { every: 50 });
  } finally {
    await site.stop();
  }
});

test('a saved demo text is used', async (t) => {
  const dir = fs.mkdtempSync('/tmp/recipe-saved-');
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const site = await startSite({ server: 'listen', prompts: await writePrompts(dir, STAGES), mark: false });
  try {
    await run(site, ASK);
    fs.mkdirSync(path.join(site.prompts, 'demo'), { recursive: true });
    save(path.join(site.prompts, 'demo', 'one.txt'), 'The demo has changed.');
    await waitFor(async () => (await run(site, ASK)).parts.one === 'The demo has changed.', 'the new demo', { every: 50 });
  } finally {
    await site.stop();
  }
});

test('many edits while many visit: each run is whole, and no worker is left', edited(async ({ site, provider }) => {
  provider.auto();
  let over = false;
  const visitors = Array.from({ length: 4 }, async () => {
    for (let n = 0; !over; n++) for (const part of ['one', 'two']) assert.equal((await run(site, ASK)).stateOf(part), 'done', `run ${n}`);
  });
  for (let n = 0; n < 15; n++) {
    save(template(site, 'one'), `Part: one\nEDIT-${n} {{what}}`);
    await sleep(60); // several edits fall into one look, others do not
  }
  over = true;
  await Promise.all(visitors);
  await asksWith(site, provider, 'EDIT-14');
  await waitFor(() => site.tree().workers.length <= 4, 'the old workers to leave');
  assert.equal(proc.zombiesUnder(site.tree().listener).length, 0);
}));
