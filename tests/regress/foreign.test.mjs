// The whole job against an OpenAI-compatible server that nobody here wrote:
// aimock of npm, which answers from a script of ours in a stream of its own.
// It needs Node 20.15; npm leaves it out where it cannot have it.

import { ASKING, PARTS, TEXTS, assert, run, startSite, test } from '../lib/harness.mjs';

const NAME = '@copilotkit/aimock';
const [major, minor] = process.versions.node.split('.').map(Number);
const { LLMock } = major < 20 || (major === 20 && minor < 15) ? {} : await import(NAME).catch((e) => {
  if (e.code === 'ERR_MODULE_NOT_FOUND' && e.message.includes(NAME)) return {};
  throw e;
});
const skip = LLMock ? false : `${NAME} is missing: "npm ci" in tests puts it there, with Node 20.15 or newer (this is ${process.versions.node})`;

const KEY = 'sk-foreign-71b0';
const TEXT = { ...TEXTS, int: 'Une poêle, du feu — et 30 minutes. 🍳\n\n“Smell” comes first: \\o/ "so".' };
const ALL_BUT = (...parts) => PARTS.filter((part) => !parts.includes(part));
const dishOf = ({ name, intro }) => ({ name, intro });
const byName = (a, b) => (a.name < b.name ? -1 : 1);
const ofPart = (part) => new RegExp(`^Part: ${part}$`, 'm');

/**
 * A site whose every service is the mock. `script` is what the model "first"
 * answers in place of the plain text of a part: part to [response, options].
 * `more` is added to that service in recipe.json. int alone asks by `order`.
 */
function foreign({ script = {}, more = {}, order = ['first', '70b'] }, body) {
  return async () => {
    const mock = new LLMock({ host: '127.0.0.1', port: 0, chunkSize: 5, auth: { apiKeys: [KEY] } });
    for (const [part, [response, how]] of Object.entries(script)) mock.on({ model: 'first', userMessage: ofPart(part) }, response, how);
    for (const part of ASKING) mock.onMessage(ofPart(part), { content: TEXT[part] });
    await mock.start();
    const at = (model, more) => ({ base_url: `${mock.url}/v1`, model, key: 'env:FOREIGN_KEY', ...more });
    const ofInt = () => mock.getRequests().filter((x) => ofPart('int').test(x.body?.messages?.at(-1).content));
    let site;
    try {
      site = await startSite({
        services: { '70b': at('model-70b'), 'groq-8b': at('model-8b'), first: at('first', more) },
        env: { FOREIGN_KEY: KEY, WRONG_KEY: 'sk-foreign-none' },
        edit: (graph) => (graph.stages.find((s) => s.part === 'int').service = order),
      });
      await body({ site, mock, ofInt });
    } finally {
      await site?.stop();
      await mock.stop();
    }
  };
}

/** Each of these parts is done, with the text of the script. */
function assertScripted(r, parts) {
  for (const part of parts) assert.equal(r.stateOf(part), 'done', r.summary());
  for (const part of parts.filter((p) => !['init', 'alt'].includes(p))) assert.equal(r.parts[part].replaceAll('⮑', '\n'), TEXT[part]);
  const dishes = JSON.parse(TEXT.init);
  assert.deepEqual([r.pick, ...r.alternates].map(dishOf).sort(byName), dishes.map(dishOf).sort(byName));
}

test('a whole run has the text of its script', { skip }, foreign({ order: '70b' }, async ({ site, mock }) => {
  const r = await run(site);
  assertScripted(r, PARTS);
  assert.deepEqual(r.errors, []);
  const asked = mock.getRequests();
  assert.equal(asked.length, ASKING.length, 'each part asked once');
  assert.ok(asked.every((x) => x.path === '/v1/chat/completions' && x.body.stream === true));
  assert.deepEqual(asked.map((x) => x.body.model).sort(), [...Array(5).fill('model-70b'), 'model-8b']);
}));

/** Name, the script of int at its first service. */
const FALLBACKS = [
  ['429 with Retry-After: 30', { int: [{ error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429, retryAfter: 30 }] }],
  ['a model that is missing', { int: [{ error: { message: 'The model `first` does not exist', code: 'model_not_found' }, status: 404 }] }],
  ['credit that is spent', { int: [{ error: { message: 'You exceeded your current quota', code: 'insufficient_quota' }, status: 429 }] }],
];
for (const [name, script] of FALLBACKS) {
  test(`${name}: the next service writes it`, { skip }, foreign({ script }, async ({ site, ofInt }) => {
    const r = await run(site);
    assertScripted(r, PARTS);
    assert.deepEqual(ofInt().map((x) => x.body.model), ['first', 'model-70b']);
  }));
}

// `latency` is before each chunk, so that text is out before the break.
test('a stream that breaks in the text: reset, and the next service from scratch', { skip }, foreign({
  script: { int: [{ content: 'Half of another text' }, { truncateAfterChunks: 3, latency: 20 }] },
}, async ({ site, ofInt }) => {
  const r = await run(site);
  assertScripted(r, PARTS);
  assert.ok(r.states.int.some((s) => s.state === 'reset'), r.summary());
  assert.equal(ofInt().at(-1).body.model, 'model-70b');
}));

/** Name, the script of int at its only service, more of that service, its code, its message; the rest is written. */
const FAILURES = [
  ['a wrong key', {}, { key: 'env:WRONG_KEY' }, 'auth', /first.*401/],
  ['a request that is refused', { int: [{ error: { message: 'the flux is low', type: 'invalid_request_error' }, status: 400 }] }, {}, 'http_status', /first.*400.*the flux is low/],
];
for (const [name, script, more, code, says] of FAILURES) {
  test(`${name}: ${code}, in its part alone`, { skip }, foreign({ script, more, order: 'first' }, async ({ site }) => {
    const r = await run(site);
    assert.equal(r.stateOf('int'), 'failed', r.summary());
    assert.equal(r.errorOf('int').code, code, r.errorOf('int').message);
    assert.match(r.errorOf('int').message, says);
    assertScripted(r, ALL_BUT('int'));
  }));
}

test('its thoughts do not show', { skip }, foreign({
  script: { int: [{ content: TEXT.int, reasoning: 'The visitor wants pepper.' }] }, order: 'first',
}, async ({ site }) => {
  const r = await run(site);
  assertScripted(r, PARTS);
  assert.ok(r.events.every((e) => !/The visi|wants/.test(e.text)), 'no event has any of it');
}));

for (const [reason, state] of [['length', 'cut'], ['content_filter', 'filtered']]) {
  test(`finish_reason ${reason}: ${state}, with its text`, { skip }, foreign({
    script: { int: [{ content: 'As far as it went', finishReason: reason }] }, order: 'first',
  }, async ({ site }) => {
    const r = await run(site);
    assert.equal(r.stateOf('int'), state, r.summary());
    assert.equal(r.parts.int, 'As far as it went');
    assertScripted(r, ALL_BUT('int'));
  }));
}

test('its count of tokens is told', { skip }, foreign({
  script: { int: [{ content: TEXT.int, usage: { prompt_tokens: 71, completion_tokens: 23, total_tokens: 94 } }] },
  more: { profile: { stream_options: true } }, order: 'first',
}, async ({ site, ofInt }) => {
  const r = await run(site);
  assertScripted(r, PARTS);
  assert.deepEqual(ofInt()[0].body.stream_options, { include_usage: true });
  assert.deepEqual(r.states.int.at(-1).tokens, { in: 71, out: 23, estimated: false });
}));
