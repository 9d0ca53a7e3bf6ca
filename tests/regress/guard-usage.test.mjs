// What an attempt has cost, by what its service says and does not say: counts that come
// too early, twice, or with a refusal. tests/unit/test_answer_end.c has more of them.

import { assert, run, scene, test } from '../lib/harness.mjs';
import { book, guarded, one, spent } from '../lib/guarded.mjs';

const USAGE = { prompt_tokens: 40, completion_tokens: 700, total_tokens: 740 };
const NOTHING = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
const FAILED = { error: { message: 'Failed to generate JSON', code: 'json_validate_failed', failed_generation: 'word '.repeat(90) } };
const words = 'word '.repeat(700);

const count = (x, usage) => x.event({ ...x.chunkOf({}), choices: [], usage });
/** A chunk with text and a count. */
const early = (x, usage) => x.event({ ...x.chunkOf({ content: 'W' }), usage });
const all = (most) => most;

for (const [what, answer, cost] of [
  ['a count in the first chunk alone is not believed', (x) => early(x, USAGE).text(words).finish('stop').done(), all],
  ['nor is one of nothing', (x) => early(x, NOTHING).text(words).finish('stop').done(), all],
  ['nor one before the end, with no text after it', (x) => count(x.text(words), USAGE).finish('stop').done(), all],
  ['nor one of llama.cpp', (x) => x.event({ ...x.chunkOf({ content: 'W' }), timings: { prompt_n: 40, predicted_n: 1 } }).text(words).finish('stop').done(), all],
  ['a count with the end is', (x) => x.text(words).finish('stop', USAGE).done(), () => 740],
  ['one after it is', (x) => count(x.text(words).finish('stop'), USAGE).done(), () => 740],
  ['of two the greater holds', (x) => count(x.text(words).finish('stop', USAGE), NOTHING).done(), () => 740],
  ['for the answer alone, too', (x) => count(x.text(words).finish('stop', { prompt_tokens: 1, completion_tokens: 700 }), { prompt_tokens: 40, completion_tokens: 0 }).done(), () => 740],
  ['in one chunk, too', (x) => x.text(words).finish('stop').event({ ...x.chunkOf({}), choices: [{ index: 0, delta: {}, usage: NOTHING }], usage: USAGE }).done(), () => 740],
  ['an end with text after it was none', (x) => x.text('W').finish('stop', NOTHING).text(words).cut(), all],
  ['a whole completion', (x) => x.error(200, { choices: [{ message: { role: 'assistant', content: words }, finish_reason: 'stop' }], usage: USAGE }), () => 740],
  ['a refusal that costs', (x) => x.error(400, { error: { message: 'no' }, usage: USAGE }), () => 740],
  ['a failure that costs', (x) => x.error(500, { error: { message: 'no', usage: USAGE } }), () => 740],
  ['a refusal that quotes what was written', (x) => x.error(400, FAILED), all],
  ['an error that quotes what was written', (x) => x.event(FAILED).done(), all],
  ['an error after text', (x) => x.text(words).event({ error: { message: 'no', code: 400 }, usage: NOTHING }).done(), all],
]) {
  test(what, scene({ ...guarded({ site: { tokens_day: 1_000_000 } }), edit: one({ max_tokens: 800 }) }, async ({ site, provider }) => {
    provider.auto(answer);
    await run(site);
    const asked = book(site).filter(({ kind }) => kind === 'asked' || kind === 'more');
    assert.ok(asked.length >= 1);
    assert.equal((await spent(site)).tokens, asked.reduce((sum, { tokens }) => sum + cost(tokens), 0));
  }));
}

/** Sends the count only if it was asked for it. */
const ifAsked = (x) => x.answer('Iron.', x.body.stream_options?.include_usage ? { usage: USAGE } : {});
const limited = { ...guarded({ site: { tokens_day: 1_000_000 } }), edit: one({ max_tokens: 800 }) };

test('a service is asked for its count if tokens are limited', scene(limited, async ({ site, provider }) => {
  provider.auto(ifAsked);
  await run(site);
  assert.equal((await spent(site)).tokens, 740);
}));

test('one that refuses that is not asked for it again, and its answers count in full', scene(limited, async ({ site, provider }) => {
  provider.auto((x) => ('stream_options' in x.body ? x.error(400, { error: { message: 'Unknown parameter: stream_options', param: 'stream_options' } }) : ifAsked(x)));
  await run(site);
  await run(site);
  assert.deepEqual(provider.exchanges.map(({ body }) => 'stream_options' in body), [true, false, false]);
  const asked = book(site).filter(({ kind }) => kind === 'asked' || kind === 'more');
  assert.equal((await spent(site)).tokens, asked.slice(1).reduce((sum, { tokens }) => sum + tokens, 0));
}));

test('a profile that says no stays so, and so does a site that limits runs alone', async (t) => {
  for (const [guard, profile] of [[{ site: { tokens_day: 1_000_000 } }, { stream_options: false }], [{ site: { runs_day: 9 } }, {}]]) {
    await t.test(JSON.stringify(guard), scene({ ...guarded(guard, { service: { profile } }), edit: one({ max_tokens: 800 }) }, async ({ site, provider }) => {
      provider.auto(ifAsked);
      await run(site);
      assert.ok(!('stream_options' in provider.exchanges[0].body));
    }));
  }
});
