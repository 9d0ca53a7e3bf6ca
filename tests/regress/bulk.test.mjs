// `recipe.fcgi bulk`: a file of prompts becomes a file of answers.

import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { Desk } from '../lib/bulk.mjs';
import { assert, command, startProvider, test } from '../lib/harness.mjs';
import { stage, writePrompts } from '../lib/prompts.mjs';

const call = (id, content, more = {}) => ({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { model: 'model-70b', messages: [{ role: 'user', content }], max_tokens: 50, ...more } });
const said = (x) => x.body.messages.at(-1).content;

/** A test with a provider and a folder; `bulk(lines, words)` runs the command there. */
const withBulk = (options, body) => async () => {
  const provider = await startProvider();
  const dir = await fs.mkdtemp('/tmp/recipe-bulk-');
  const at = (name) => path.join(dir, name);
  const read = async (name) => (await fs.readFile(at(name), 'utf8').catch(() => '')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const config = { services: { '70b': provider.service('model-70b', { parallel: 8, ...options.service }) }, default_service: '70b', ...options.config };
  const bulk = async (lines, words = [], more = {}) => {
    await fs.writeFile(at('in.jsonl'), typeof lines === 'string' ? lines : lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
    return command(['bulk', at('in.jsonl'), at('out.jsonl'), ...words], { config, prompts: null, ...options.command, ...more });
  };
  try {
    await body({ provider, bulk, at, config, out: () => read('out.jsonl'), errors: () => read('out.jsonl.errors.jsonl') });
  } finally {
    await provider.stop();
    await fs.rm(dir, { recursive: true });
  }
};
const byId = (lines) => Object.fromEntries(lines.map((line) => [line.custom_id, line]));

test('calls: the body as it is, streamed; the answer whole, in OpenAI\'s form', withBulk({}, async ({ provider, bulk, out, errors }) => {
  provider.auto((x) => x.answer(`to ${said(x)}`, { usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }));
  const odd = '{"custom_id":"d","url":"/v1/chat/completions","method":"POST","body":{"seed":9007199254740993,"top_k":1.50,"model":"70b","stream":false,"messages":[{"role":"user","content":"d"}]}}';
  const r = await bulk([call('a', 'one'), call('b', 'two\u2028'), odd]);
  assert.equal(r.status, 0, r.output);
  const lines = byId(await out());
  assert.deepEqual(Object.keys(lines).sort(), ['a', 'b', 'd']);
  assert.deepEqual(await errors(), []);
  const { response, error } = lines.a;
  assert.equal(error, null);
  assert.equal(response.status_code, 200);
  assert.match(response.request_id, /^[0-9a-f]{32}$/);
  assert.equal(response.body.object, 'chat.completion');
  assert.equal(response.body.choices[0].message.content, 'to one');
  assert.equal(response.body.choices[0].finish_reason, 'stop');
  assert.deepEqual(response.body.usage, { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
  const asked = provider.exchanges.find((x) => said(x) === 'd');
  assert.match(String(asked.bytes), /"seed":9007199254740993,"top_k":1\.50/);
  assert.equal(asked.body.model, 'model-70b');
  assert.equal(asked.body.stream, true);
  assert.deepEqual(asked.body.stream_options, { include_usage: true });
  assert.equal('max_tokens' in asked.body, false, 'nothing is added');
  assert.match(r.stderr, /done: 3 lines done, 0 failed; .* 9 tokens in, 6 out/);
}));

test('what has a result is not asked again; what failed only by --retry-failed', withBulk({}, async ({ provider, bulk, out, errors }) => {
  let broken = true;
  provider.auto((x) => (broken && said(x) === 'bad' ? x.error(400, { error: { message: 'no such thing', type: 'invalid_request_error', code: 'odd' } }) : x.answer('well')));
  const lines = [call('a', 'good'), call('b', 'bad'), call('c', 'good')];
  const first = await bulk(lines);
  assert.equal(first.status, 1, first.output);
  assert.deepEqual((await out()).map(({ custom_id: id }) => id).sort(), ['a', 'c']);
  const [failed, ...rest] = await errors();
  assert.deepEqual(rest, []);
  assert.equal(failed.custom_id, 'b');
  assert.deepEqual(failed.body, lines[1].body, 'it is an input line again');
  assert.equal(failed.response.status_code, 400);
  assert.equal(failed.response.body.error.code, 'odd');
  assert.equal(failed.error, null);
  const asked = provider.requests;
  assert.equal((await bulk(lines)).status, 1);
  assert.equal(provider.requests, asked);
  broken = false;
  const again = await bulk(lines, ['--retry-failed']);
  assert.equal(again.status, 0, again.output);
  assert.equal(provider.requests, asked + 1);
  assert.deepEqual((await out()).map(({ custom_id: id }) => id).sort(), ['a', 'b', 'c']);
  assert.deepEqual(await errors(), []);
}));

test('a limit is waited for, and costs no attempt', withBulk({}, async ({ provider, bulk, out }) => {
  const refused = new Map();
  provider.auto((x) => {
    const n = refused.get(said(x)) ?? 0;
    refused.set(said(x), n + 1);
    if (n < 12) x.error(429, { error: { message: 'Rate limit reached' } }, { 'retry-after-ms': '5' });
    else x.answer('at last');
  });
  const r = await bulk([call('a', 'one'), call('b', 'two')]);
  assert.equal(r.status, 0, r.output);
  assert.equal((await out()).length, 2);
}));

test('a connection that breaks before the second of two choices has ended is no answer', async () => {
  const piece = (index, content, finish_reason) => `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index, delta: { content }, finish_reason }] })}\n\n`;
  const server = http.createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(piece(0, 'whole', 'stop') + piece(1, 'only the beg', null), () => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const desk = await Desk.open([call('a', 'one', { n: 2 })], { a: { base_url: `http://127.0.0.1:${server.address().port}/v1`, model: 'model-70b' } });
  try {
    const { status, stderr } = await desk.start().exit;
    assert.equal(status, 1, stderr);
    assert.deepEqual(await desk.read(), []);
    const [failed] = await desk.errors();
    assert.equal(failed.error.code, 'cut_off');
  } finally {
    await desk.close();
    server.closeAllConnections();
    server.close();
  }
});

test('faults are named before anything is asked', withBulk({}, async ({ provider, bulk }) => {
  const r = await bulk([call('a', 'one'), call('a', 'two'), '[1]', '{"custom_id":"x"', { ...call('m', 'x'), body: { messages: [] } }, { ...call('n', 'x'), body: { model: 'gpt-9', messages: [] } }, { custom_id: 'r', ingredients: '' }], [], { prompts: undefined });
  assert.equal(r.status, 2);
  for (const words of [/line 2: duplicate_custom_id/, /line 3: line_not_object/, /line 4: invalid_json_line/, /line 5: model_missing/, /line 6: model_not_found.*"gpt-9"/, /line 7: bad_input/, /6 lines of .* cannot be asked; nothing was asked/]) assert.match(r.stderr, words);
  assert.equal(provider.requests, 0);
}));

test('lines of a graph: the document of the run, failures and all', withBulk({
  command: { prepare: async (dir) => ({ prompts: null, env: { RECIPE_PROMPTS: await writePrompts(path.join(dir, 'own'), [stage('one', '70b', { template: 'Part: one\n{{what}}' }), stage('two', '70b', { template: 'Part: two\n{{what}}' })]) } }) },
}, async ({ provider, bulk, out, errors }) => {
  provider.auto((x) => (/nothing/.test(said(x)) || (x.part === 'two' && /leeks/.test(said(x))) ? x.error(400) : x.answer(`text of ${x.part}`)));
  const r = await bulk([{ custom_id: 'good', what: 'onions' }, { what: 'leeks' }, { custom_id: 'bad', what: 'nothing' }]);
  assert.equal(r.status, 1, r.output);
  const lines = byId(await out());
  assert.deepEqual(Object.keys(lines).sort(), ['good', 'line-2']);
  assert.equal(lines.good.error, null);
  assert.equal(lines.good.response.parts.one.state, 'done');
  assert.equal(lines.good.response.parts.two.text, 'text of two');
  assert.equal(lines['line-2'].response.parts.two.state, 'failed');
  assert.equal(lines['line-2'].response.errors[0].part, 'two');
  const [failed] = await errors();
  assert.equal(failed.what, 'nothing');
  assert.equal(failed.response, null);
  assert.equal(failed.error.code, 'http_status');
  assert.match(r.stderr, /2 lines done \(1 of them with a part that failed\), 1 failed/);
  const asked = provider.requests;
  const again = await bulk([{ custom_id: 'good', what: 'onions' }, { what: 'leeks' }]);
  assert.equal(again.status, 1, 'what failed in a part is still no success');
  assert.equal(provider.requests, asked, 'and is not asked again');
}));

test('the demo writes no file of answers, unless it is asked to', withBulk({
  config: { services: { '70b': { base_url: 'https://api.example.invalid/v1', model: 'm', key: 'env:NOT_SET_ANYWHERE' } } },
  command: { prompts: undefined },
}, async ({ bulk, out }) => {
  const line = { custom_id: 'a', ingredientsOnHand: 'leeks', prepTime: 20 };
  const r = await bulk([line]);
  assert.equal(r.status, 2, r.output);
  assert.match(r.stderr, /the demo would write: give a key/);
  assert.deepEqual(await out(), []);
  assert.equal((await bulk([line], ['--demo'])).status, 0);
  assert.equal((await out())[0].response.run.demo, true);
}));

test('what no day has room for is a fault of its line', withBulk({ config: { guard: { site: { tokens_day: 3000 } } } }, async ({ provider, bulk }) => {
  const r = await bulk([call('a', 'one'), call('b', 'two', { max_tokens: 900_000 })]);
  assert.equal(r.status, 2, r.output);
  assert.match(r.stderr, /line 2: never_fits/);
  const unbound = await bulk([call('a', 'one'), call('b', 'two', { max_tokens: undefined })]);
  assert.match(unbound.stderr, /line 2: no_bound/);
  assert.equal(provider.requests, 0);
}));

test('--check counts, and asks nothing', withBulk({ service: { price: { in: 1, out: 2 } } }, async ({ provider, bulk }) => {
  const r = await bulk([call('a', 'one'), call('b', 'two', { max_tokens: undefined })], ['--check']);
  assert.equal(r.status, 0, r.output);
  assert.match(r.stdout, /^2 lines: 0 runs, 2 calls; at most \d+ tokens, a cost of 0\.000\d; 1 calls have no bound/);
  assert.equal(provider.requests, 0);
}));
