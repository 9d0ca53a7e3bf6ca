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

/** What the page of `make run` is told of a broken edit. */
const broken = async (site) => (await (await site.get('/services')).json()).broken;

/** Until a new run asks "one" with this text. */
async function asksWith(site, provider, text) {
  await waitFor(async () => {
    await run(site, ASK);
    return provider.exchanges.filter((x) => x.part === 'one').at(-1).prompt.includes(text);
  }, `a prompt with ${text}`, { every: 50 });
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
    assert.equal(await broken(site), undefined);
    save(template(site, 'one'), 'Part: one\nHALF {{wha');
    await waitFor(async () => /one\.txt:2: /.test(await site.stderr()), 'the log to say it');
    if (told) assert.match(await waitFor(() => broken(site), 'the page to be told'), /one\.txt:2: /);
    else assert.equal(await broken(site), undefined);
    save(template(site, 'one'), 'Part: one\nWHOLE {{what}}');
    await asksWith(site, provider, 'WHOLE');
    assert.equal(await broken(site), undefined);
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

// What mends a broken edit need not be a file that is saved there: a program gets its
// right to be executed, or is installed in $PATH or below a directory that nobody watches.
const SCRIPT = '#!/bin/sh\necho from the program';
const REMEDIES = {
  'a program is made executable': { run: ['./tool'], before: (dir) => fs.writeFileSync(path.join(dir, 'tool'), SCRIPT, { mode: 0o644 }), mend: (dir) => fs.chmodSync(path.join(dir, 'tool'), 0o755), says: /make it executable: chmod \+x/ },
  'a program is put below the prompts': { run: ['./bin/deep/tool'], mend: (dir) => addProgram(path.join(dir, 'bin', 'deep')), says: /cannot be executed: No such file/ },
  'a program is installed in $PATH': { run: ['tool-of-this-test'], mend: (dir, bin) => addProgram(bin, 'tool-of-this-test'), says: /no program "tool-of-this-test" is in \$PATH/ },
  'an interpreter is installed': { run: ['./tool'], before: (dir, bin) => fs.writeFileSync(path.join(dir, 'tool'), `#!${bin}/sh-of-this-test\necho from the program`, { mode: 0o755 }), mend: (dir, bin) => fs.symlinkSync('/bin/sh', path.join(bin, 'sh-of-this-test')), says: /names the interpreter/ },
};
function addProgram(dir, name = 'tool') {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, name), SCRIPT, { mode: 0o755 });
}
for (const [name, { run: program, before, mend, says }] of Object.entries(REMEDIES)) {
  for (const server of ['listen', 'lighttpd']) {
    test(`a broken edit is used once ${name}: ${server}`, async (t) => {
      const bin = fs.mkdtempSync('/tmp/recipe-bin-');
      t.after(() => fs.rmSync(bin, { recursive: true }));
      await edited(async ({ site, provider }) => {
        provider.auto();
        await run(site, ASK); // a web server may start the program at the first visit only
        before?.(site.prompts, bin);
        save(template(site, 'three'), 'Part: three\n{{what}}');
        const graph = JSON.parse(fs.readFileSync(path.join(site.prompts, 'stages.json'), 'utf8'));
        graph.stages.push({ part: 'three', run: program });
        save(path.join(site.prompts, 'stages.json'), JSON.stringify(graph));
        await waitFor(async () => says.test(await broken(site)), 'the page to be told');
        await sleep(1500); // longer than one look: what stays broken is logged once
        assert.equal((await site.stderr()).match(new RegExp(says, 'g')).length, 1);
        assert.equal((await run(site, ASK)).stateOf('two'), 'done', 'the old graph is used');
        mend(site.prompts, bin);
        await waitFor(async () => (await run(site, ASK)).parts.three === 'from the program\u2b91', 'the program to be run', { every: 50 });
        assert.equal(await broken(site), undefined);
        assert.match(await site.stderr(), /are used from now on/);
      }, { server, env: { RECIPE_LOCAL: '1', PATH: `${process.env.PATH}:${bin}` } })(t);
    });
  }
}

test('a template that is a link to nowhere is used once the file is there', async (t) => {
  const far = fs.mkdtempSync('/tmp/recipe-far-');
  t.after(() => fs.rmSync(far, { recursive: true }));
  await edited(async ({ site, provider }) => {
    provider.auto();
    await run(site, ASK);
    fs.rmSync(template(site, 'one'));
    fs.symlinkSync(path.join(far, 'one.txt'), template(site, 'one'));
    await waitFor(async () => /one\.txt: No such file/.test(await broken(site)), 'the page to be told');
    save(path.join(far, 'one.txt'), 'Part: one\nFAR {{what}}');
    await asksWith(site, provider, 'FAR');
  }, { env: { RECIPE_LOCAL: '1' } })(t);
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
  // Of up to 60 old ones; on a slow machine four visitors may have more than four new ones.
  await waitFor(() => site.tree().workers.length <= 8, 'the old workers to leave');
  await waitFor(() => proc.zombiesUnder(site.tree().listener).length === 0, 'no zombie');
}));
