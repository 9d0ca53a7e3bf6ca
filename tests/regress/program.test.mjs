// A program as a stage ("run"): what it is given, what becomes of what it
// writes, and how it ends.

import fs from 'node:fs';
import path from 'node:path';
import { assert, check, proc, run, scene, start, test, waitFor } from '../lib/harness.mjs';
import { noneLeft, programs, script, writePrograms } from '../lib/programs.mjs';
import { ASK, stage } from '../lib/prompts.mjs';
import { isRoot, limitedTo } from '../lib/servers.mjs';

const lines = (text) => text.replaceAll('⮑', '\n');
const of = (stages, body, more) => scene(programs(stages, more), body);
/** A program without a script of its own. */
const plain = (part, run, more = {}) => ({ part, run, template: 'About {{what}}.', ...more });

test('its template is its input, its output is the text, and it feeds others', of([
  script('first', 'tr a-z A-Z'),
  script('next', 'echo "got:"; cat', { needs: ['first'], template: '<{{first}}>' }),
], async ({ site }) => {
  const r = await run(site, ASK);
  assert.equal(r.parts.first, 'ABOUT ONIONS.');
  assert.equal(lines(r.parts.next), 'got:\n<ABOUT ONIONS.>');
  assert.equal(r.run.demo, false);
  assert.deepEqual(r.states.first.map((s) => s.state), ['start', 'first', 'done']);
  for (const told of r.states.first) assert.deepEqual([told.service, told.model, told.tokens], [undefined, undefined, undefined]);
  assert.equal(r.done.tokens.out, 0);
  assert.match(await site.stderr(), /part=first state=done service=- host=- attempt=1 /);
}));

test('a program and models in one graph, from one to the other', of([
  stage('poem', 'pen'),
  script('count', 'wc -w', { needs: ['poem'], template: '{{poem}}' }),
  stage('end', 'pen', { needs: ['count'], template: 'It has [{{count}}] words. {{what}}' }),
], async ({ site, provider }) => {
  const r = await start(site, ASK);
  (await provider.next(() => true)).answer('one two three');
  const end = await provider.next((x) => x.prompt.includes('words'));
  assert.match(end.prompt, /It has \[\s*3\s*\] words\. onions/);
  end.answer('Three.');
  await r.over();
  assert.equal(r.states.poem[0].service, 'pen');
}, { config: undefined, site: ({ provider }) => ({ services: { pen: provider.service('m') } }) }));

test('where the models are the demo cook it runs all the same', of([
  stage('poem', '70b'), script('shout', 'cat; echo !', { needs: ['poem'], template: '{{poem}}' }),
], async ({ site }) => {
  const r = await run(site, ASK);
  assert.equal(r.run.demo, true);
  assert.equal(r.states.poem[0].service, 'demo');
  assert.equal(lines(r.parts.shout), `${lines(r.parts.poem)}!\n`);
}));

test('a program beside a service that has failed before', of([
  stage('poem', 'pen'), script('slow', 'cat; sleep 0.3; echo !'),
], async ({ site, provider }) => {
  provider.auto((x) => x.error(401));
  for (let n = 0; n < 2; n++) {
    const r = await run(site, ASK);
    assert.equal(r.stateOf('poem'), 'failed');
    assert.equal(lines(r.parts.slow), 'About onions.!\n');
  }
  assert.match(await site.stderr(), /service=pen set aside/);
}, { config: undefined, site: ({ provider }) => ({ services: { pen: provider.service('m') } }) }));

test('its text is shown while it still writes', of([
  script('slow', 'echo one; while [ ! -e go ]; do sleep 0.01; done; echo two'),
], async ({ site }) => {
  const r = await start(site, ASK);
  await r.text('slow', 'one');
  assert.equal(r.stateOf('slow'), 'first');
  fs.writeFileSync(path.join(site.prompts, 'go'), '');
  await r.over();
  assert.equal(lines(r.parts.slow), 'one\ntwo\n');
}));

test('a list may come from a program', of([
  script('ideas', `echo '[{"name": "A", "intro": "a"}, {"name": "B", "intro": "b"}]'`, { list: { items: 2, fields: ['name', 'intro'], pick: 'it' } }),
  { part: 'others', each: 'ideas', template: '{{name}};' },
  script('more', 'cat', { needs: ['it'], template: '{{it.name}}{{it.intro}}' }),
  script('none', 'echo nothing of the kind', { list: { items: 2, fields: ['name'], pick: 'that' } }),
], async ({ site }) => {
  const r = await run(site, ASK);
  assert.equal(r.parts.more, `${r.pick.name}${r.pick.intro}`);
  assert.equal(r.parts.others, r.pick.name === 'A' ? 'B;' : 'A;');
  assert.equal(r.errorOf('none').code, 'bad_list');
  assert.match(r.errorOf('none').message, /^the program did not write the list/);
}));

// ---- what it is given

test('its environment, arguments, descriptors, directory, group and signals', of([
  plain('env', ['cat', '/proc/self/environ']),
  plain('args', ['printf', '<%s>', '{{what}}', '$HOME; `id`', '*', '', 'a b']),
  plain('fds', ['ls', '-l', '/proc/self/fd']),
  plain('where', ['pwd']),
  plain('stat', ['cat', '/proc/self/stat', '/proc/self/status']),
], async ({ site }) => {
  const r = await run(site, { what: '$(touch hacked) `id` \' " ; | & {{env}}' });
  const env = r.parts.env.split('\ufffd').filter(Boolean);
  assert.deepEqual(env.map((line) => line.split('=')[0]).sort(), ['HOME', 'LANG', 'PATH', 'RECIPE_PART', 'TZ']);
  assert.ok(env.includes('RECIPE_PART=env'));
  assert.ok(env.includes(`PATH=${site.env.PATH}`));
  assert.ok(env.includes('TZ=Asia/Seoul'));
  assert.equal(r.parts.args, '<{{what}}><$HOME; `id`><*><><a b>');
  const fds = lines(r.parts.fds).trim().split('\n').slice(1);
  assert.deepEqual(fds.map((line) => /(\d+) -> (.*?)[[:/]/.exec(line).slice(1)), [['0', 'pipe'], ['1', 'pipe'], ['2', 'pipe'], ['3', '']]);
  assert.match(fds[3], /\/proc\/\d+\/fd$/, 'which is that of ls itself');
  assert.equal(lines(r.parts.where).trim(), fs.realpathSync(site.prompts));
  const [pid, parent, group, session] = /^(\d+) \(cat\) \S (\d+) (\d+) (\d+)/.exec(r.parts.stat).slice(1);
  assert.equal(group, pid);
  assert.equal(session, parent, 'the stage leads the session');
  /* glibc keeps signals 32 and 33 for itself: its posix_spawn(3) leaves them ignored, and its signal(2) refuses them. */
  const glibc = 0x180000000n;
  for (const name of ['SigBlk', 'SigIgn', 'SigCgt']) {
    const mask = BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(lines(r.parts.stat))[1]}`);
    assert.equal(mask & ~glibc, 0n, name);
  }
  assert.match(lines(r.parts.stat), /^NoNewPrivs:\s*1$/m);
  assert.ok(!fs.existsSync(path.join(site.prompts, 'hacked')));
}, { env: { TZ: 'Asia/Seoul', OPENAI_API_KEY: 'sk-never-to-be-seen', SECRET: 'x' }, config: {} }));

test('what it does not have: an input that nobody reads does not hold it up', of([
  script('big', 'head -c 1000000 /dev/zero | tr "\\0" x'),
  script('deaf', 'echo done', { needs: ['big'], template: '{{big}}' }),
  script('shut', 'exec <&-; sleep 0.1; echo shut', { needs: ['big'], template: '{{big}}' }),
  script('read', 'wc -c', { needs: ['big'], template: '{{big}}' }),
  script('late', 'sleep 0.1; wc -c', { needs: ['big'], template: '{{big}}' }),
  script('both', 'cat', { needs: ['big'], template: '{{big}}' }),
], async ({ site }) => {
  const r = await run(site, ASK);
  assert.deepEqual(['deaf', 'shut', 'read', 'late', 'both'].map((part) => lines(r.parts[part]).trim().slice(0, 7)), ['done', 'shut', '1000000', '1000000', 'xxxxxxx']);
  assert.equal(r.parts.both.length, 1_000_000);
}, { limits: { stage_bytes: 2_000_000, prompt_bytes: 2_000_000 }, config: undefined }));

// ---- what it writes

test('bytes that are no UTF-8, cut code points, NULs, newlines', of([
  script('bad', "printf 'a\\377b\\303'"),
  script('cut', "printf '\\355\\225'; sleep 0.1; printf '\\234\\360\\237'; sleep 0.1; printf '\\215\\262.'"),
  script('nul', "printf 'x\\0y'"),
  script('lines', "printf 'one\\r'; sleep 0.1; printf '\\ntwo\\rthree\\r\\n'"),
], async ({ site }) => {
  const r = await run(site, ASK);
  assert.equal(r.parts.bad, 'a\ufffdb\ufffd');
  assert.equal(r.parts.cut, '한🍲.');
  assert.equal(r.parts.nul, 'x\ufffdy');
  assert.equal(lines(r.parts.lines), 'one\ntwo\nthree\n');
}));

test('standard error is in the log, bounded and harmless', of([
  script('noisy', "printf 'plain\\n\\033[31mred\\033[0m\\r\\nrecipe.fcgi: forged\\377\\302\\205\\n' >&2; echo ok"),
  script('flood', 'i=0; while [ $i -lt 3000 ]; do echo "line $i of many"; i=$((i + 1)); done >&2; echo ok'),
  script('wide', 'head -c 5000 /dev/zero | tr "\\0" w >&2; echo ok'),
], async ({ site }) => {
  const r = await run(site, ASK);
  for (const part of ['noisy', 'flood', 'wide']) assert.equal(lines(r.parts[part]), 'ok\n');
  const log = await site.stderr();
  assert.match(log, /recipe\.fcgi: part=noisy program says: plain\n/);
  assert.match(log, /part=noisy program says: \\x1b\[31mred\\x1b\[0m\\x0d\n/);
  assert.match(log, /part=noisy program says: recipe\.fcgi: forged\\xff\\xc2\\x85\n/);
  assert.match(log, /part=flood program says: line 0 of many\n/);
  assert.equal(log.match(/part=flood program says more than 8192 bytes; the rest of this run is dropped/g).length, 1);
  assert.ok(log.match(/part=flood/g).length < 700);
  assert.match(log, /part=wide program says: w{200}\n/);
  assert.doesNotMatch(log, /w{201}|line 2999/);
}));

// ---- how it ends

const FAILS = [
  ['status', 'echo a; exit 3', 'program_failed', /ended with exit status 3$/],
  ['silent', 'exit 77', 'program_failed', /ended with exit status 77$/],
  ['missing', 'exec nowhere-to-be-found', 'program_failed', /ended with exit status 127: a command in it was not found$/],
  ['signal', 'echo a; kill -SEGV $$', 'program_failed', /ended by signal 11 \(/],
  ['killed', 'kill -KILL $$', 'program_failed', /ended by signal 9 \(/],
  ['nothing', 'exit 0', 'empty', /^the program wrote nothing$/],
  ['blank', 'echo; echo "  "', 'empty', /^the program wrote nothing$/],
  ['endless', 'yes', 'too_big', /^the program wrote more than stage_bytes, 20000$/],
  ['mute', 'sleep 1000', 'first_token_timeout', /^the program wrote nothing within first_token_ms, 400 ms$/, { first_token_ms: 400 }],
  ['stalls', 'echo a; sleep 1000', 'idle_timeout', /^the program wrote nothing more within idle_ms, 500 ms$/, { idle_ms: 500 }],
  ['closed', 'echo a; exec >&-; sleep 1000', 'idle_timeout', /idle_ms/, { idle_ms: 500 }],
];
// A program may end the stage beside it, which is the leader of its session, before or after its first text.
const KILLS = [
  ['parent', 'echo x >>runs; kill -KILL $PPID; sleep 1000'],
  ['late', 'echo x >>runs; echo text; sleep 0.1; kill -TERM $PPID; sleep 1000'],
];
for (const [part, lines] of KILLS) {
  test(`${part}: ${lines}: it is lost, and not run again`, of([script(part, lines)], async ({ site }) => {
    const r = await run(site, ASK);
    assert.equal(r.errorOf(part).code, 'lost', r.summary());
    assert.equal(fs.readFileSync(path.join(site.prompts, 'runs'), 'utf8'), 'x\n');
    await noneLeft(site);
  }));
}

for (const [part, lines, code, says, clock] of FAILS) {
  test(`${part}: ${lines}`, of([script(part, lines), script('after', 'cat', { needs: [part], template: `{{${part}}}` })], async ({ site }) => {
    const r = await run(site, ASK);
    assert.equal(r.errorOf(part).code, code);
    assert.match(r.errorOf(part).message, says);
    assert.equal(r.stateOf(part), 'failed');
    assert.equal(r.errorOf('after').code, 'skipped');
    if (code === 'program_failed') assert.equal(r.errorOf(part).retryable, false);
    assert.equal(r.states[part].filter((s) => s.state === 'start').length, 1, 'it is not run again');
    await noneLeft(site);
  }, { config: { limits: { ...clock, stage_bytes: 20000 } } }));
}

test('run_ms ends it', of([script('long', 'trap "" TERM; while :; do echo x; sleep 0.05; done')], async ({ site }) => {
  const r = await run(site, ASK);
  assert.equal(r.stateOf('long'), 'stopped');
  await noneLeft(site);
}, { config: { limits: { run_ms: 500 } } }));

test('a program that has gone since the start, or is none, says so', of([
  script('gone', 'echo x'), script('none', 'echo x'),
], async ({ site }) => {
  assert.equal((await site.get('/services')).status, 200);
  fs.rmSync(path.join(site.prompts, 'gone.sh'));
  fs.writeFileSync(path.join(site.prompts, 'none.sh'), 'no first line\n');
  const r = await run(site, ASK);
  assert.match(r.errorOf('gone').message, /could not be executed: No such file/);
  assert.match(r.errorOf('none').message, /could not be executed: Exec format error; a script begins with a line such as #!\/bin\/sh/);
}));

test('it may have ended with others still there: they end as well, and nobody waits for them', of([
  script('left', 'sleep 1000 & (setsid sleep 1001 &) ; setsid sh -c "setsid sleep 1002 & sleep 1003" & echo text'),
], async ({ site }) => {
  const r = await run(site, ASK);
  assert.equal(lines(r.parts.left), 'text\n');
  await noneLeft(site);
}));

test('a stage that has run a program is used again, also by a model', of([
  script('first', '(setsid sleep 1000 &); echo $PPID'),
  stage('next', 'pen', { needs: ['first'], template: '{{first}} {{what}}' }),
], async ({ site, provider }) => {
  const served = { program: [], model: [] };
  provider.auto((x) => {
    served.model.push(proc.ownerOfPort(x.connection.socket.remotePort, site.ours()));
    x.answer('Yes.');
  });
  // A worker that is not idle yet leaves the next run to another one, so the stages are those of two or three.
  for (let n = 0; n < 12; n++) served.program.push(Number(lines((await run(site, ASK)).parts.first)));
  assert.ok(new Set(served.program).size < 6, `${served.program}`);
  await waitFor(() => served.program.every((pid) => proc.children(pid).length === 0), 'what the programs have started to end');
  assert.ok(served.program.some((pid) => served.model.includes(pid)), `${served.program}; ${served.model}`);
}, { config: undefined, limits: { max_runs: 1 }, site: ({ provider }) => ({ services: { pen: provider.service('m', { preconnect: false }) } }) }));

test('an account that has processes for one program at a time', async (t) => {
  if (!isRoot) return t.skip('only root can start it as a user of its own, whose processes are counted');
  const parts = ['one', 'two', 'three'];
  await of(parts.map((part) => plain(part, ['cat'])), async ({ site }) => {
    const r = await run(site, ASK);
    for (const part of parts) assert.equal(r.parts[part], 'About onions.', r.summary());
  }, { server: limitedTo(5), env: { ASAN_OPTIONS: 'detect_leaks=0' } })(t);
});

// ---- what check says

test('check names the program, and needs no service for it', async () => {
  const stages = [script('found', 'cat'), plain('sorted', ['sort', '-u'], { needs: ['found'], template: '{{found}}' })];
  const prompts = await writePrograms(stages);
  const { status, output } = await check({}, { prompts, mark: false });
  assert.equal(status, 0, output);
  assert.match(output, /^ {2}stage +found +the program \.\/found\.sh$/m);
  assert.match(output, /^ {2}stage +sorted +the program sort$/m);
  assert.match(output, /5 processes each/);
});

const interpreted = (dir, lines) => fs.writeFileSync(path.join(dir, 'found.sh'), lines);

for (const line of ['#!/bin/sh', '#! /bin/sh -e', '#!/usr/bin/env sh', '#!/usr/bin/env -S sh -e', '#!/usr/bin/env A=b sh']) {
  test(`a program that begins with ${line} can be executed`, async () => {
    const prompts = await writePrograms([script('found', 'cat')]);
    const { status, output } = await check({}, { prompts, mark: false, edit: (graph, dir) => interpreted(dir, `${line}\n`) });
    assert.equal(status, 0, output);
  });
}

const WRONG = [
  ['not there', (s) => (s.run = ['./nowhere']), /stages\.json:\d+: the program .*\/\.\/nowhere cannot be executed: No such file or directory; a path is relative/],
  ['without its interpreter', (s, dir) => interpreted(dir, '#!/usr/bin/nowhere -u\n'), /stages\.json:\d+: .*its first line names the interpreter "\/usr\/bin\/nowhere": No such file or directory; install that/],
  ['whose interpreter is no program', (s, dir) => interpreted(dir, '#! /etc/passwd\n'), /names the interpreter "\/etc\/passwd": Permission denied/],
  ['that env does not find', (s, dir) => interpreted(dir, '#!/usr/bin/env nowhere\n'), /the first line of the program .* names "nowhere", which is not in \$PATH/],
  ['with lines of another system', (s, dir) => interpreted(dir, '#!/bin/sh\r\necho x\r\n'), /the first line of the program .* ends in CR LF/],
  ['one string with its arguments', (s) => (s.run = ['./found.sh --top 5']), /No such file or directory; each argument is a string of its own: \["\.\/lookup", "--top", "5"\]/],
  ['one string, of $PATH', (s) => (s.run = ['cat -n']), /no program "cat -n" is in \$PATH; each argument is a string of its own/],
  ['not executable', (s, dir) => fs.chmodSync(path.join(dir, 'found.sh'), 0o644), /stages\.json:\d+: .*Permission denied; make it executable: chmod \+x/],
  ['a string', (s) => (s.run = './found.sh'), /stages\.json:\d+: "run" must be an array of 1 to 64 strings/],
  ['with a service', (s) => (s.service = '8b'), /stages\.json:\d+: a stage with "run" asks no model, so it takes no "service"/],
  ['without a template', (s, dir) => fs.rmSync(path.join(dir, 'found.txt')), /found\.txt: No such file/],
];
for (const [name, edit, says] of WRONG) {
  test(`a program that is ${name} is refused with file and line`, async () => {
    const prompts = await writePrograms([script('found', 'cat')]);
    const { status, output } = await check({}, { prompts, mark: false, edit: (graph, dir) => edit(graph.stages[0], dir) });
    assert.equal(status, 1, output);
    assert.match(output, says);
  });
}
