// What an answer has cost: as the provider says it, else an estimate that is
// marked so. Nothing that was paid for is left out of _done, whatever became of
// it; what was never begun costs nothing.

import { assert, test } from '../lib/harness.mjs';
import { always, firstly, policy, refuse, well } from '../lib/policy.mjs';

const USAGE = { prompt_tokens: 50, completion_tokens: 7, total_tokens: 57 };
const told = (text = 'All is well.') => (x) => x.answer(text, { usage: USAGE });
const WORDS = 'Forty bytes of a text that breaks off her';
const est = (bytes) => Math.ceil(bytes / 4);
/** The estimate for this exchange, after it has written `bytes` bytes. */
const estimate = (x, bytes) => ({ in: est(Buffer.byteLength(x.prompt)), out: est(bytes), estimated: true });

const HALVES = [
  ['the connection breaks', (x) => x.cut(), {}],
  ['an end that is a failure', (x) => x.finish('abort').done(), {}],
  ['an error in the stream', (x) => x.event({ error: { message: 'engine on fire', code: 500 } }).end(), {}],
  ['silence', () => {}, { idle_ms: 300 }],
  ['run_ms', () => {}, { run_ms: 2000 }],
];
for (const [name, end, limits] of HALVES) {
  test(`failed or stopped after text: ${name}`, policy({ services: ['a'], limits }, async ({ a, run }) => {
    always(a, (x) => end(x.text(WORDS)));
    const r = await run();
    const last = r.states.one.at(-1);
    assert.equal(last.state, name === 'run_ms' ? 'stopped' : 'failed');
    assert.deepEqual(last.tokens, estimate(a.exchanges[0], WORDS.length));
    assert.deepEqual(r.done.tokens, last.tokens);
  }));
}

test('a usage that came before the break is told, but as an estimate: it may not be all', policy({ services: ['a'] }, async ({ a, run }) => {
  always(a, (x) => x.event({ ...x.chunkOf({ content: WORDS }), usage: USAGE }).cut());
  const r = await run();
  assert.deepEqual(r.states.one.at(-1).tokens, { in: 50, out: 7, estimated: true });
}));

test('_done counts an attempt that was reset', policy({}, async ({ a, b, run }) => {
  always(a, (x) => x.text(WORDS).cut());
  always(b, told());
  const r = await run();
  const lost = estimate(a.exchanges[0], WORDS.length);
  assert.deepEqual(r.states.one.at(-1).tokens, { in: 50, out: 7, estimated: false });
  assert.deepEqual(r.done.tokens, { in: 50 + lost.in, out: 7 + lost.out, estimated: true });
}));

test('and one that had only thought', policy({ services: ['a'] }, async ({ a, run }) => {
  firstly(a, [(x) => x.chunk({ reasoning_content: WORDS }).cut(), told()]);
  const r = await run();
  const lost = estimate(a.exchanges[0], WORDS.length);
  assert.equal(a.requests, 2);
  assert.deepEqual(r.done.tokens, { in: 50 + lost.in, out: 7 + lost.out, estimated: true });
}));

test('and the loser of a race that had begun', policy({ race: 2 }, async ({ a, b, start }) => {
  const r = await start();
  const [ax, bx] = [await a.next(), await b.next()];
  ax.chunk({ role: 'assistant', content: '' }).chunk({ reasoning_content: 'x' });
  // Both have been asked; whose answer is known to have begun is told by its text alone.
  bx.text('From b.');
  await r.text('one', 'From b.');
  bx.finish('stop', USAGE).done();
  await r.over();
  const { tokens } = r.done;
  assert.ok(tokens.in >= 50 && tokens.out >= 7, JSON.stringify(tokens));
  // Its first chunk may still have been on its way when it was closed.
  if (tokens.estimated) assert.equal(tokens.in, 50 + est(Buffer.byteLength(ax.prompt)));
  else assert.deepEqual(tokens, { in: 50, out: 7, estimated: false });
}));

test('what was refused, or not reached, costs nothing', policy({ services: ['a', 'b', 'c'], more: { a: { base_url: 'http://127.0.0.1:1/v1' } } }, async ({ b, c, run }) => {
  always(b, refuse(500));
  always(c, told());
  const r = await run();
  assert.equal(r.stateOf('one'), 'done', r.summary());
  assert.ok(b.requests > 0);
  assert.deepEqual(r.done.tokens, { in: 50, out: 7, estimated: false });
}));

test('a part that was never begun has cost nothing', policy({ services: ['a'] }, async ({ a, run }) => {
  always(a, refuse(401));
  const r = await run();
  assert.deepEqual(r.states.one.at(-1).tokens, { in: 0, out: 0, estimated: false });
  assert.deepEqual(r.done.tokens, { in: 0, out: 0, estimated: false });
}));

test('thoughts are paid for: in tags, apart, and void', policy({ services: ['a'] }, async ({ a, run }) => {
  const ways = [
    (x) => x.text('<think>').text(WORDS).text('</think>').text('Hot.'),
    (x) => x.chunk({ reasoning_text: WORDS }).text('Hot.'),
    (x) => x.text(WORDS).text('</think>').text('Hot.'),
  ];
  const bytes = [WORDS.length + 4 + '<think></think>'.length, WORDS.length + 4, WORDS.length + 4 + '</think>'.length];
  for (const [n, way] of ways.entries()) {
    always(a, (x) => way(x).finish('stop').done());
    const r = await run();
    assert.equal(r.parts.one, 'Hot.');
    assert.deepEqual(r.states.one.at(-1).tokens, estimate(a.exchanges[n], bytes[n]));
    assert.deepEqual(r.done.tokens, r.states.one.at(-1).tokens);
  }
}));

test('the sum of two parts', policy({ services: ['a'], stages: [
  { part: 'one', title: 'One', service: 'a', max_tokens: 72 }, { part: 'two', title: 'Two', service: 'a', max_tokens: 72 },
] }, async ({ a, run }) => {
  always(a, (x) => (a.requests === 1 ? told() : well('A text that nobody counts.'))(x));
  const r = await run();
  const [one, two] = ['one', 'two'].map((part) => r.states[part].at(-1).tokens);
  assert.deepEqual(r.done.tokens, { in: one.in + two.in, out: one.out + two.out, estimated: true });
}));
