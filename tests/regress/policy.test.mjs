// The failure policy: what is tried again, where, and what all workers learn
// of it. Services "a" and "b" are providers of their own; stage "one" asks
// them in this order. What a single server can do is in tests/cases.

import zlib from 'node:zlib';
import { assert, sleep, test, waitFor } from '../lib/harness.mjs';
import { always, firstly, policy, refuse, story, well } from '../lib/policy.mjs';
import { listStages, stage } from '../lib/prompts.mjs';
import { bytesOfEvents } from '../lib/script.mjs';

const AT_ONCE = { 'retry-after-ms': '1' };
const busy = refuse(503, { message: 'busy' }, AT_ONCE);

// ---- before the first text

test('a failure that may pass is tried again where it was, and nothing is reset', policy({}, async ({ a, b, run }) => {
  firstly(a, [busy, (x) => x.cut(), (x) => x.head().chunk({ role: 'assistant' }).cut()]);
  const r = await run();
  assert.deepEqual(story(r), [...Array(4).fill('a start'), 'a first', 'a done']);
  assert.deepEqual([...r.states.one.map((s) => s.attempt)].sort(), r.states.one.map((s) => s.attempt));
  assert.equal(r.parts.one, 'All is well.');
  assert.deepEqual([a.requests, b.requests], [4, 0]);
}));

const HINTS = {
  ms: [{ 'retry-after-ms': '700' }], seconds: [{ 'retry-after': '1' }], decimal: [{ 'retry-after': '0.7' }],
  requests: [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '700ms' }],
  tokens: [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '0.7s' }],
  words: [{}, 'Rate limit reached. Please try again in 0.7s. Visit the console.'],
  millis: [{}, 'Please try again in 700ms.'],
};
const FORMS = Object.keys(HINTS);
test('a wait that the server asks for is kept, in every form', policy({
  services: ['a'], stages: FORMS.map((form) => stage(form, 'a')),
}, async ({ a, run }) => {
  const told = new Map();
  const waited = new Map();
  a.auto((x) => {
    if (told.has(x.part)) waited.set(x.part, Date.now() - told.get(x.part));
    if (told.has(x.part)) return x.answer('Done.');
    told.set(x.part, Date.now());
    const [headers, message = 'slow down'] = HINTS[x.part];
    return x.error(429, { error: { message } }, headers);
  });
  const r = await run();
  for (const form of FORMS) {
    assert.equal(r.stateOf(form), 'done', `${form}\n${r.summary()}`);
    assert.ok(waited.get(form) >= 650, `${form} waited ${waited.get(form)} ms`);
  }
}));

test('a date to wait for is kept', policy({ services: ['a'], limits: { retry_wait_ms: 10000 } }, async ({ a, run }) => {
  const date = Math.ceil(Date.now() / 1000 + 2) * 1000;
  let again = 0;
  firstly(a, [refuse(429, { message: 'slow' }, { 'retry-after': new Date(date).toUTCString() }), (x) => {
    again = Date.now();
    x.answer('Done.');
  }]);
  await run();
  assert.ok(again >= date - 1000, `${date - again} ms too soon`); // a date has whole seconds
}));

const NEXT = [
  ['a wait over retry_wait_ms', refuse(429, { message: 'slow' }, { 'retry-after': '30' })],
  ['401', refuse(401)], ['403', refuse(403)], ['402', refuse(402)],
  ['insufficient_quota', refuse(429, { message: 'quota', type: 'insufficient_quota', code: 'insufficient_quota' }, AT_ONCE)],
];
for (const [name, answer] of NEXT) {
  test(`${name}: the next service at once, and all workers know`, policy({}, async ({ a, b, run, start, site }) => {
    always(a, answer);
    always(b, well());
    assert.deepEqual(story(await run()), ['a start', 'b start', 'b first', 'b done']);
    b.auto(() => false);
    const [first, second] = [await start(), await start()]; // one worker each, both at b
    for (const x of [await b.next(), await b.next()]) x.answer('From b.');
    for (const r of [await first.over(), await second.over()]) assert.deepEqual(story(r), ['b start', 'b first', 'b done']);
    assert.ok(site.tree().workers.length >= 2, 'there were two workers');
    assert.equal(a.requests, 1);
  }));
}

const ELSEWHERE = [
  ['413', refuse(413)], ['404 of a wrong URL', (x) => x.error(404, '<h1>Not Found</h1>')],
  ['an HTML page at 200', (x) => x.head(200, { 'content-type': 'text/html' }).raw('<html>').end()],
  ['an empty answer', (x) => x.finish('stop').done()],
  ['a content coding that is not known', (x) => x.head(200, { 'content-type': 'text/event-stream', 'content-encoding': 'compress' }).raw('?').end()],
  ['a redirection', (x) => x.error(307, '', { location: 'http://127.0.0.1:1/v1/chat/completions' })],
  ['silence before the first token', () => {}, { first_token_ms: 1000 }], // for the one that answers, too
  ['a port where nobody listens', null],
];
for (const [name, answer, limits] of ELSEWHERE) {
  test(`${name}: another host may do better`, policy({ limits }, async ({ a, b, run }) => {
    if (answer) always(a, answer);
    else await a.stop();
    always(b, well());
    const r = await run();
    assert.equal(r.stateOf('one'), 'done', r.summary());
    assert.equal(story(r).at(-1), 'b done');
    assert.equal(r.errors.length, 0);
  }));
}

for (const status of [400, 405, 418, 422]) {
  test(`${status} that names nothing of ours: the next service, and nobody is blamed`, policy({}, async ({ a, b, run }) => {
    always(a, refuse(status, { message: 'the flux is low' }));
    always(b, well('From b.'));
    for (let n = 1; n <= 4; n++) {
      assert.deepEqual(story(await run()), ['a start', 'b start', 'b first', 'b done']);
      assert.deepEqual([a.requests, b.requests], [n, n]);
    }
  }));
}

test('withheld by the provider: not asked for elsewhere', policy({}, async ({ a, b, run }) => {
  always(a, (x) => x.text('Half').finish('content_filter').done());
  assert.equal((await run()).stateOf('one'), 'filtered');
  assert.equal(b.requests, 0);
}));

// ---- what is learned

test('a service set aside is still used where there is no other, and never the demo', policy({ services: ['a'] }, async ({ a, run }) => {
  firstly(a, [refuse(401)]);
  assert.equal((await run()).stateOf('one'), 'failed');
  const r = await run();
  assert.equal(r.stateOf('one'), 'done', r.summary());
  assert.equal(r.run.demo, false);
}));

test('set aside, it goes last but is asked when the others fail', policy({}, async ({ a, b, run }) => {
  firstly(a, [refuse(402)]);
  firstly(b, [well(), (x) => x.text('Half').cut()]);
  await run();
  assert.deepEqual(story(await run()), ['b start', 'b first', 'b reset', 'a start', 'a first', 'a done']);
}));

test('set aside for a while, it comes back by itself', policy({ limits: { retry_wait_ms: 100 } }, async ({ a, b, run }) => {
  firstly(a, [refuse(429, { message: 'slow' }, { 'retry-after': '2' })]);
  always(b, well());
  assert.equal(story(await run()).at(-1), 'b done');
  assert.equal(story(await run())[0], 'b start');
  await waitFor(async () => story(await run())[0] === 'a start', 'a to come back', { every: 100 });
}));

const WAITS = [
  ['named by the service', ['a'], { a: refuse(429, { message: 'slow' }, { 'retry-after': '30' }) }, 30],
  ['that of the first of two to come back', ['a', 'b'], { a: refuse(429, { message: 'slow' }, { 'retry-after': '300' }), b: refuse(429, { message: 'slow' }, { 'retry-after': '30' }) }, 30],
  ['of an hour at most', ['a'], { a: refuse(429, { message: 'slow' }, { 'retry-after': '90000' }) }, 3600],
  ['not said if one can be asked at once', ['a', 'b'], { a: refuse(429, { message: 'slow' }, { 'retry-after': '300' }), b: (x) => x.head().finish('stop').done() }, undefined],
  ['not said of a key, which no wait mends', ['a'], { a: refuse(401) }, undefined],
];
for (const [name, services, answers, expected] of WAITS) {
  test(`a part that failed says when it is worth asking again: ${name}`, policy({ services, stages: [stage('one', services)] }, async (set) => {
    for (const [service, answer] of Object.entries(answers)) always(set[service], answer);
    const { retry_s } = (await set.run()).errorOf('one');
    // The clock goes on between the answer and the event.
    assert.ok(expected === undefined ? retry_s === undefined : retry_s === expected || retry_s === expected - 1, String(retry_s));
  }));
}

test('repeated 5xx set a service aside', policy({}, async ({ a, b, run }) => {
  always(a, busy);
  always(b, well());
  assert.equal(story(await run()).at(-1), 'b done');
  assert.deepEqual(story(await run()), ['b start', 'b first', 'b done']);
}));

const TWO = [stage('one', ['a', 'b']), stage('two', ['a', 'b'], { needs: ['one'] })];
test('a limit that a good answer says is used up: elsewhere before it says 429', policy({ stages: TWO }, async ({ a, b, run }) => {
  always(a, (x) => x.head(200, {
    'content-type': 'text/event-stream', 'x-ratelimit-limit-requests': '30',
    'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '30s',
  }).answer('From a.'));
  always(b, well());
  const r = await run();
  assert.deepEqual([story(r).at(-1), story(r, 'two')[0]], ['a done', 'b start'], 'within the run');
  assert.equal(story(await run())[0], 'b start', 'and in the next');
  assert.equal(a.requests, 1);
}));

// One answer's head says what is left; three more stages are ready at once.
const FAN = [stage('one', ['a', 'b']), ...['two', 'three', 'four'].map((part) => stage(part, ['a', 'b'], { needs: ['one'] }))];
const withLeft = (headers) => (x) => x.head(200, { 'content-type': 'text/event-stream', ...headers }).answer('From a.');

test('a run does not ask for more than is left: the rest goes elsewhere', policy({ stages: FAN }, async ({ a, b, run }) => {
  firstly(a, [withLeft({ 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '30s' })]);
  always(b, well());
  const r = await run();
  assert.deepEqual(['two', 'three', 'four'].map((part) => story(r, part)[0]).sort(), ['a start', 'b start', 'b start']);
  assert.deepEqual([a.requests, b.requests], [2, 2]);
}));

test('nor for more tokens', policy({ stages: FAN }, async ({ a, b, run }) => {
  firstly(a, [withLeft({ 'x-ratelimit-remaining-tokens': '200', 'x-ratelimit-reset-tokens': '30s' })]); // a stage may write 72
  always(b, well());
  await run();
  assert.deepEqual([a.requests, b.requests], [3, 1]);
}));

const ALONE = FAN.map((s) => ({ ...s, service: 'a' }));
test('where there is nobody else it queues until there is more', policy({ services: ['a'], stages: ALONE }, async ({ a, run }) => {
  const asked = [];
  a.auto((x) => {
    asked.push(Date.now());
    const left = asked.length === 1 ? '1' : '8';
    withLeft({ 'x-ratelimit-remaining-requests': left, 'x-ratelimit-reset-requests': '700ms' })(x);
  });
  const r = await run();
  for (const part of ['one', 'two', 'three', 'four']) assert.deepEqual(story(r, part), ['a start', 'a first', 'a done'], part);
  assert.equal(asked.filter((at) => at >= asked[0] + 650).length >= 1, true, 'one waited');
}));

test('a limit that lasts too long is not waited for: the server may have been wrong', policy({ services: ['a'], stages: ALONE }, async ({ a, run }) => {
  always(a, withLeft({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '30s' }));
  const r = await run();
  for (const part of ['one', 'two', 'three', 'four']) assert.equal(r.stateOf(part), 'done', part);
}));

test('a prompt that one service will not answer is asked of the next, which all may go on using', policy({}, async ({ a, b, run }) => {
  firstly(a, [refuse(403, { message: 'Your input was flagged', code: 403, metadata: { flagged_input: 'x' } })]);
  always(b, well('From b.'));
  assert.deepEqual(story(await run()), ['a start', 'b start', 'b first', 'b done']);
  assert.equal(story(await run())[0], 'a start');
}));

test('a model whose thoughts begin without a tag is known the next time', policy({ services: ['a'] }, async ({ a, run }) => {
  always(a, (x) => x.text('A secret ').text('thought.').text('</think>').answer('\n\nHot.'));
  const first = await run();
  assert.match(first.parts.one, /^⮑*Hot\.$/);
  const second = await run();
  assert.deepEqual(story(second), ['a start', 'a first', 'a done']);
  assert.ok(second.events.every((e) => !/secret|thought/.test(e.text)), 'and no thought was ever shown');
}));

const GONE = refuse(404, { message: 'The model `gone` does not exist', code: 'model_not_found' });
test('a model that is gone makes way for the next of the list', policy({ more: { a: { model: ['gone', 'there'] } } }, async ({ a, b, run }) => {
  always(a, (x) => (x.body.model === 'gone' ? GONE(x) : x.answer('Here.')));
  const r = await run();
  assert.deepEqual(r.states.one.map((s) => `${s.model} ${s.state}`), ['gone start', 'there start', 'there first', 'there done']);
  assert.equal(b.requests, 0);
}));

test('a whole list that is gone makes way for the next service', policy({ more: { a: { model: ['gone', 'gone-too'] } } }, async ({ a, b, run }) => {
  always(a, GONE);
  always(b, well());
  assert.deepEqual(story(await run()), ['a start', 'a start', 'b start', 'b first', 'b done']);
}));

test('a parameter refused by name is mended, and remembered by all', policy({ services: ['a'], state: true }, async ({ a, run, open, sites }) => {
  const say = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  always(a, (x) => ('max_tokens' in x.body ? x.error(400, { error: { message: say, param: 'max_tokens' } }) : x.answer('Done.')));
  assert.deepEqual(story(await run()), ['a start', 'a start', 'a first', 'a done']);
  assert.equal(a.requests, 2);
  assert.deepEqual(story(await run()), ['a start', 'a first', 'a done']);
  await sites[0].stop();
  const other = await open();
  sites.shift();
  assert.deepEqual(story(await run(other)), ['a start', 'a first', 'a done'], 'a program started later knows too');
  assert.equal(a.requests, 4);
  assert.ok(a.exchanges.slice(1).every((x) => x.body.max_completion_tokens === 72 && !('max_tokens' in x.body)));
}));

test('what an interim answer says is left is not what is left', policy({ services: ['a', 'b'] }, async ({ a, b, run }) => {
  const left = 'x-ratelimit-limit-requests: 30\r\nx-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 30s\r\n';
  always(a, (x) => x.wire(`HTTP/1.1 103 Early Hints\r\n${left}\r\n`).answer('From a.'));
  for (let n = 0; n < 2; n++) assert.deepEqual(story(await run()), ['a start', 'a first', 'a done']);
  assert.equal(b.requests, 0);
}));

test('deflate without the head of zlib is decoded', policy({ services: ['a'] }, async ({ a, run }) => {
  const body = zlib.deflateRawSync(bytesOfEvents([{ text: 'From a.' }, { finish: 'stop' }, '[DONE]']));
  always(a, (x) => x.head(200, { 'content-type': 'text/event-stream', 'content-encoding': 'deflate' }).raw(body).end());
  assert.equal((await run()).parts.one, 'From a.');
}));

// ---- the end of it

const PAID = {
  thoughts: (x) => x.chunk({ reasoning_content: 'hm ' }).cut(),
  text: (x) => x.text('Half').cut(),
  'an unknown shape': (x) => x.event({ output: { text: 'Well.' } }).done(),
  'what is compressed unsaid': (x) => x.head().raw(zlib.gzipSync('data: [DONE]\n\n')).end(),
};
for (const [name, answer] of Object.entries(PAID)) {
  test(`at most three answers are paid for: ${name}`, policy({ services: ['a', 'b', 'c', 'd'], limits: { retry_wait_ms: 20 } }, async ({ a, b, c, d, run }) => {
    for (const provider of [a, b, c, d]) always(provider, answer);
    const r = await run();
    assert.equal(r.stateOf('one'), 'failed');
    assert.deepEqual([a.requests, b.requests, c.requests, d.requests], [1, 1, 1, 0], r.summary());
  }));
}

test('with nobody else to ask thoughts that break off are bought three times', policy({ services: ['a'], limits: { retry_wait_ms: 20 } }, async ({ a, run }) => {
  firstly(a, [PAID.thoughts, PAID.thoughts]);
  assert.equal((await run()).stateOf('one'), 'done');
  always(a, PAID.thoughts);
  assert.equal((await run()).errorOf('one').code, 'cut_off');
  assert.equal(a.requests, 6);
}));

test('at most eight attempts, every service has its turn, and the visitor is told', policy({ services: ['a', 'b', 'c'] }, async ({ a, b, c, run }) => {
  for (const provider of [a, b, c]) always(provider, busy);
  const r = await run();
  assert.equal(r.stateOf('one'), 'failed');
  assert.match(r.errorOf('one').message, /503/);
  assert.equal(r.errorOf('one').retryable, true);
  const counts = [a.requests, b.requests, c.requests];
  assert.ok(counts.reduce((x, y) => x + y) <= 8, `${counts}`);
  assert.ok(counts.every((n) => n >= 1), `${counts}`);
}));

test('with nobody else to ask all eight attempts are its own', policy({ services: ['a'] }, async ({ a, run }) => {
  firstly(a, Array(7).fill(busy));
  assert.equal((await run()).stateOf('one'), 'done');
  assert.equal(a.requests, 8);
}));

test('a wait of our own choice stays below retry_wait_ms and never ends the attempts', policy({ services: ['a'], limits: { retry_wait_ms: 250 } }, async ({ a, run }) => {
  firstly(a, Array(6).fill(refuse(503)));
  const r = await run();
  assert.equal(r.stateOf('one'), 'done', r.summary());
}));

test('everybody refuses the key: one _error, from the last', policy({}, async ({ a, b, run }) => {
  for (const provider of [a, b]) always(provider, refuse(401, { message: 'Incorrect key' }));
  const r = await run();
  assert.equal(r.errorOf('one').code, 'auth');
  assert.equal(r.errors.length, 1);
  assert.deepEqual([a.requests, b.requests], [1, 1]);
}));

test('who leaves while a part waits for its next attempt is not asked for again', policy({ services: ['a'], limits: { retry_wait_ms: 60000 } }, async ({ a, start, site }) => {
  always(a, refuse(429, { message: 'slow' }, { 'retry-after': '1' }));
  const r = await start();
  await waitFor(() => a.requests === 1 && a.exchanges[0].ended, 'the first attempt');
  r.leave();
  a.auto((x) => (x.answer('For the next visitor.'), true));
  await waitFor(() => a.open === 0, 'the connection to close');
  await sleep(1500); // longer than the wait
  assert.equal(a.requests, 1);
  await waitFor(() => site.zombies().length === 0, 'no zombie');
}));

test('a list is asked for again like any part', policy({ stages: listStages('one', ['a', 'b']) }, async ({ a, b, run }) => {
  always(a, busy);
  always(b, (x) => x.answer(x.part === 'one' ? '[{"name":"Stew","intro":"Warm."}]' : 'More of it.'));
  const r = await run();
  assert.equal(r.pick.name, 'Stew');
  assert.equal(r.parts.one_pick, 'More of it.');
}));
