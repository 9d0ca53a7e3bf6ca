// Text that has been shown and must go: a reset and the next service. Two that
// start together: a race. A stage that is killed.

import { assert, proc, test, waitFor } from '../lib/harness.mjs';
import { always, policy, refuse, story, well } from '../lib/policy.mjs';
import { listStages, stage } from '../lib/prompts.mjs';

const RESET = ['a start', 'a first', 'a reset', 'b start', 'b first', 'b done'];

// ---- after the first text

const BREAKS = [
  ['the connection breaks', (x) => x.cut()],
  ['an error in the stream', (x) => x.event({ error: { message: 'engine on fire', code: 500 } }).end()],
  ['no finish_reason', (x) => x.done()],
  ['a rate limit in the stream', (x) => x.event({ error: { message: 'slow down', code: 429 } }).end()],
  ['silence', () => {}, { idle_ms: 300 }],
];
for (const [name, end, limits] of BREAKS) {
  test(`after the first text, ${name}: reset, and the next service from scratch`, policy({ limits }, async ({ a, b, run }) => {
    always(a, (x) => end(x.text('Half a sen')));
    always(b, well('A whole sentence.'));
    const r = await run();
    assert.deepEqual(story(r), RESET);
    assert.equal(r.parts.one, 'A whole sentence.');
    assert.ok(r.states.one[2].why?.length > 0, 'the reset says why');
    assert.equal(r.errors.length, 0);
    assert.equal(a.requests, 1);
  }));
}

test('all events of the first text come before the reset, all of the second after it', policy({}, async ({ a, b, run }) => {
  always(a, (x) => x.text('Half\r').cut());
  always(b, well('\nWhole.'));
  const r = await run();
  const reset = r.events.findIndex((e) => e.part === '_part' && /"reset"/.test(e.text));
  const texts = (from, to) => r.events.slice(from, to).filter((e) => e.part === 'one').map((e) => e.text).join('');
  assert.match(texts(0, reset), /^Half⮑?$/);
  assert.equal(texts(reset), '⮑Whole.', 'a newline of the second is not taken for half of a CRLF');
}));

test('who needs the text gets that of the second alone', policy({
  stages: [stage('one', ['a', 'b']), stage('two', 'b', { needs: ['one'], template: 'Continue: {{one}}' })],
}, async ({ a, b, run }) => {
  always(a, (x) => x.text('Half a sen').cut());
  always(b, (x) => x.answer(x.part === 'one' ? 'A whole sentence.' : 'And on.'));
  await run();
  const prompt = b.exchanges.find((x) => x.part === 'two').prompt;
  assert.ok(prompt.includes('A whole sentence.') && !prompt.includes('Half'), prompt);
}));

test('with nobody else to ask the text stays, and the visitor is told', policy({ services: ['a'] }, async ({ a, run }) => {
  always(a, (x) => x.text('Half a sen').cut());
  const r = await run();
  assert.equal(r.stateOf('one'), 'failed');
  assert.equal(r.parts.one, 'Half a sen');
  assert.equal(r.errorOf('one').code, 'cut_off');
}));

// Lists of one, so that the pick is the first to close.
const LISTS = { stages: listStages('one', ['a', 'b']).map((s) => (s.list ? { ...s, list: { ...s.list, items: 1 } } : s)) };

test('before the pick has closed the list begins again elsewhere', policy(LISTS, async ({ a, b, run }) => {
  always(a, (x) => x.text('[{"name":"Lost","intro":"Ha').cut());
  always(b, (x) => x.answer(x.part === 'one' ? '[{"name":"Stew","intro":"Warm."},{"name":"Soup","intro":"Hot."}]' : 'More of it.'));
  const r = await run();
  assert.deepEqual(story(r), RESET);
  assert.equal(r.events.filter((e) => e.part === '_pick').length, 1);
  assert.equal(r.pick.name, 'Stew');
  assert.deepEqual(r.alternates.map((e) => e.name), ['Soup']);
  assert.equal(r.stateOf('one_pick'), 'done');
}));

test('a pick that has closed stays the pick', policy(LISTS, async ({ a, b, start }) => {
  always(b, (x) => x.answer(x.part === 'one' ? '[{"name":"Other","intro":"Not this."}]' : 'More of it.'));
  a.auto((x) => (x.part === 'one' ? false : (x.answer('More of it.'), true)));
  const r = await start();
  const x = await a.next('one');
  x.text('[{"name":"Stew","intro":"Warm."},{"name":"Sou');
  await r.until(() => r.pick, 'the pick');
  x.cut();
  await r.over();
  assert.equal(r.events.filter((e) => e.part === '_pick').length, 1);
  assert.equal(r.pick.name, 'Stew');
  assert.equal(r.stateOf('one_pick'), 'done', r.summary());
  assert.ok([...a.exchanges, ...b.exchanges].some((e) => e.part === 'one_pick' && e.prompt.includes('[Stew]')));
  assert.ok([...a.exchanges, ...b.exchanges].every((e) => !e.prompt.includes('[Other]')));
}));

// ---- race

const RACE = { race: 2 };

test('race: both start, the first to give text wins, the other is closed', policy(RACE, async ({ a, b, start }) => {
  const r = await start();
  const [ax, bx] = [await a.next(), await b.next()];
  ax.chunk({ role: 'assistant', content: '' }).chunk({ reasoning_content: 'I am first, but this is no text.' });
  bx.text('From b');
  await r.text('one', 'From b');
  await ax.closed;
  bx.text(' alone.').finish('stop').done();
  await r.over();
  assert.equal(r.parts.one, 'From b alone.');
  for (const s of r.states.one.slice(-2)) assert.equal(s.service, 'b', JSON.stringify(r.states.one));
  assert.equal(r.states.one.filter((s) => s.state === 'first').length, 1);
  assert.ok(r.states.one.every((s) => s.state !== 'reset'));
  assert.deepEqual([a.requests, b.requests], [1, 1]);
}));

test('race: who fails before any text has lost', policy(RACE, async ({ a, b, start }) => {
  const r = await start();
  const [ax, bx] = [await a.next(), await b.next()];
  ax.error(401, { error: { message: 'no' } });
  bx.answer('From b.');
  await r.over();
  assert.equal(r.parts.one, 'From b.');
  assert.equal(r.errors.length, 0);
}));

test('race: both fail, the third has its turn', policy({ services: ['a', 'b', 'c'], race: 2 }, async ({ a, b, c, run }) => {
  for (const provider of [a, b]) always(provider, refuse(402));
  always(c, well('From c.'));
  const r = await run();
  assert.equal(r.parts.one, 'From c.', r.summary());
  assert.equal(story(r).at(-1), 'c done');
}));

for (const reason of ['content_filter', 'SAFETY', 'sensitive']) {
  test(`race: who may not write (${reason}) has not won`, policy(RACE, async ({ a, b, start }) => {
    const r = await start();
    const [ax, bx] = [await a.next(), await b.next()];
    ax.finish(reason).done();
    await ax.closed;
    bx.answer('From b.');
    await r.over();
    assert.equal(r.parts.one, 'From b.');
    assert.equal(r.stateOf('one'), 'done', r.summary());
    assert.equal(r.errors.length, 0);
  }));
}

test('race: neither may write: filtered', policy(RACE, async ({ a, b, run }) => {
  for (const provider of [a, b]) always(provider, (x) => x.finish('content_filter').done());
  const r = await run();
  assert.equal(r.stateOf('one'), 'filtered', r.summary());
  assert.equal(r.errors.length, 1);
}));

test('race: all fail: one _error', policy(RACE, async ({ a, b, run }) => {
  for (const provider of [a, b]) always(provider, refuse(402));
  const r = await run();
  assert.equal(r.stateOf('one'), 'failed');
  assert.equal(r.errors.length, 1);
}));

test('race: a winner that breaks off is reset, and another begins from scratch', policy({ services: ['a', 'b', 'c'], race: 2 }, async ({ a, b, c, start }) => {
  for (const provider of [a, c]) provider.auto((x) => (provider.requests > (provider === a ? 1 : 0) ? (x.answer('A whole sentence.'), true) : false));
  const r = await start();
  const [ax, bx] = [await a.next(), await b.next()];
  b.auto((x) => (x.answer('A whole sentence.'), true));
  bx.text('Half a sen');
  await r.text('one', 'Half');
  await ax.closed;
  bx.cut();
  await r.over();
  assert.equal(r.stateOf('one'), 'done', r.summary());
  assert.equal(r.parts.one, 'A whole sentence.');
  assert.equal(r.states.one.filter((s) => s.state === 'reset').length, 1);
}));

test('race: with one service it is an ordinary stage', policy({ services: ['a'], race: 2 }, async ({ a, run }) => {
  always(a, well());
  assert.deepEqual(story(await run()), ['a start', 'a first', 'a done']);
  assert.equal(a.requests, 1);
}));

test('race: who leaves closes both', policy(RACE, async ({ a, b, start }) => {
  const r = await start();
  const both = [await a.next(), await b.next()];
  r.leave();
  await Promise.all(both.map((x) => x.closed));
}));

// ---- kill -9

const stageOf = (site, x) => proc.ownerOfPort(x.connection.socket.remotePort, site.tree().workers.flatMap((w) => w.stages));

for (const [name, services, text] of [['before the text', ['a', 'b'], ''], ['in the text', ['a', 'b'], 'Half a sen'], ['in the text, with nobody else', ['a'], 'Half a sen']]) {
  test(`kill -9 of a stage ${name}`, policy({ services }, async ({ a, b, start, site }) => {
    if (b) always(b, well('A whole sentence.'));
    const r = await start();
    const x = await a.next();
    if (text) x.text(text);
    if (text) await r.text('one', text);
    a.auto((y) => (y.answer('A whole sentence.'), true));
    proc.kill(await waitFor(() => stageOf(site, x), 'its stage'), 'SIGKILL');
    await r.over();
    assert.equal(r.stateOf('one'), services.length > 1 ? 'done' : 'failed', r.summary());
    assert.equal(r.parts.one, services.length > 1 ? 'A whole sentence.' : text);
    if (services.length === 1) assert.equal(r.errorOf('one').code, 'lost');
    await waitFor(() => site.zombies().length === 0, 'no zombie');
  }));
}
