// The bytes of a stream, DESIGN §3.

import { TEXTS, assert, partNames, run, scene, start, test } from '../lib/harness.mjs';

// A run in which `ing` is the test's to write.
const byHand = (body, options = {}) => scene(options, async (set) => {
  set.provider.auto({ ing: false });
  set.r = await start(set.site);
  set.ing = await set.provider.next('ing');
  await body(set);
});

const NEWLINES = [
  ['LF', ['a\nb'], 'a⮑b'],
  ['CRLF', ['a\r\nb'], 'a⮑b'],
  ['CR', ['a\rb'], 'a⮑b'],
  ['a CRLF cut in two', ['a\r', '\nb'], 'a⮑b'],
  ['CR, then CRLF', ['a\r\r\nb'], 'a⮑⮑b'],
  ['LF, then CR', ['a\n\rb'], 'a⮑⮑b'],
  ['two CRLF cut between', ['a\r\n', '\r\nb'], 'a⮑⮑b'],
  ['a CR at the very end', ['a', '\r'], 'a⮑'],
  ['a newline alone', ['\n', '\n'], '⮑⮑'],
  ['a ⮑ of the model', ['a⮑b'], 'a⮑b'],
];
for (const [name, fragments, wanted] of NEWLINES) {
  test(`newlines: ${name}`, byHand(async ({ r, ing }) => {
    for (const text of fragments) ing.text(text);
    ing.finish('stop').done();
    await r.over();
    assert.equal(r.parts.ing, wanted);
  }));
}

test('text arrives unharmed: bars, quotes, braces, markup, tabs, emoji, Korean', byHand(async ({ r, ing }) => {
  const pieces = ['a|b||c', ' "quoted" \\ ', '{{name}} ${x} %s', '<b>&amp;</b>', '\ttab', ' 👩‍🍳🍲 ', '김치찌개', 'é\u0301', ' \u2028 \u00a0 '];
  for (const text of pieces) ing.text(text);
  ing.finish('stop').done();
  await r.over();
  assert.equal(r.parts.ing, pieces.join(''));
}));

test('code points are never cut, wherever the network cuts the bytes', byHand(async ({ r, ing }) => {
  const text = '된장 👩‍🍳 é ⮑ ß 🍲';
  await ing.head().pieces(`data: ${JSON.stringify(ing.chunkOf({ content: text }))}\n\n`);
  ing.finish('stop').done();
  await r.over(); // the reader refuses every event that is not UTF-8 by itself
  assert.equal(r.parts.ing, text);
}));

test('a large fragment arrives whole', byHand(async ({ r, ing }) => {
  const text = '가나다라마바사 '.repeat(8000);
  ing.text(text).finish('stop').done();
  await r.over();
  assert.equal(r.parts.ing, text);
}));

test('the head: types, caching, buffering', scene({}, async ({ site, provider }) => {
  provider.auto();
  const response = await site.post();
  const { status, headers } = response;
  await response.text();
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(headers['cache-control'], 'no-cache, no-transform');
  assert.equal(headers['x-accel-buffering'], 'no');
  assert.equal(headers['access-control-allow-origin'], undefined);
}));

test('head and ": ok" come before any model has said a word', scene({}, async ({ site, provider }) => {
  const r = await start(site);
  await r.until(() => r.run, '_run');
  assert.equal(r.comments[0], 'ok');
  assert.ok(provider.exchanges.every((x) => !x.begun));
  r.leave();
}));

test('_run: a fresh id, the parts, no demo', scene({}, async ({ site, provider }) => {
  provider.auto();
  const [one, two] = [await run(site), await run(site)];
  assert.match(one.run.id, /^[0-9a-f]{32}$/);
  assert.notEqual(one.run.id, two.run.id);
  assert.equal(one.run.demo, false);
  assert.equal(partNames(one).length, 7);
}));

test('_part: start, first, done with service, model, ms and tokens', byHand(async ({ r, ing }) => {
  ing.text('Beef has iron.');
  await r.state('ing', 'first');
  ing.finish('stop', { prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 }).done();
  await r.over();
  const list = r.states.ing;
  assert.deepEqual(list.map((s) => s.state), ['start', 'first', 'done']);
  for (const s of list) {
    assert.equal(s.service, '70b');
    assert.equal(s.model, 'model-70b');
    assert.ok(Number.isInteger(s.ms) && s.ms >= 0);
  }
  assert.ok(list[0].ms <= list[1].ms && list[1].ms <= list[2].ms);
  assert.equal(list[0].attempt, 1);
  assert.deepEqual(list[2].tokens, { in: 120, out: 7, estimated: false });
}));

test('tokens are estimated, and marked so, where the provider tells none', byHand(async ({ r, ing }) => {
  ing.text('Beef has iron and much else.').finish('stop').done();
  await r.over();
  const { tokens } = r.states.ing.at(-1);
  assert.equal(tokens.estimated, true);
  assert.ok(tokens.out > 0);
}));

test('_done: ms, first_ms, tokens', scene({}, async ({ site, provider }) => {
  provider.auto();
  const { done } = await run(site);
  assert.ok(Number.isInteger(done.ms) && Number.isInteger(done.first_ms) && done.first_ms <= done.ms, JSON.stringify(done));
  assert.equal(typeof done.tokens, 'object');
}));

test('silence is broken by ": hb"', scene({ limits: { heartbeat_ms: 100 } }, async ({ site, provider }) => {
  const r = await start(site);
  await provider.next('ing');
  await r.until(() => r.comments.filter((c) => c === 'hb').length >= 3, 'three heartbeats');
  assert.equal(r.run.heartbeat_ms, 100);
  assert.deepEqual(new Set(r.comments), new Set(['ok', 'hb']));
  r.leave();
}));

test('the pick is told before the text of those who need it', scene({}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  const at = (part) => r.events.findIndex((e) => e.part === part);
  assert.ok(at('_pick') > 0);
  for (const part of ['add', 'int', 'sde', 'ste']) assert.ok(at('_pick') < at(part), part);
}));

test('init streams its raw text', scene({}, async ({ site, provider }) => {
  const raw = 'Sure!\n```json\n' + TEXTS.init + '\n```\n';
  provider.auto({ init: raw });
  const r = await run(site);
  assert.equal(r.parts.init, raw.replaceAll('\n', '⮑'));
}));
