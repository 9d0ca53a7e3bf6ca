// Many visitors of a provider that fails every fifth call before its first
// token, each time in another way: all of them get all of their recipe.

import { PARTS, TEXTS, assert, run, scene, test, textOf } from '../lib/harness.mjs';

const RUNS = 200;
const AT_ONCE = 6;
const FAILURES = [
  (x) => x.error(503, { error: { message: 'overloaded' } }),
  (x) => x.error(429, { error: { message: 'slow down' } }, { 'retry-after-ms': '50' }),
  (x) => x.error(500, '<html>oops</html>'),
  (x) => x.cut(),
  (x) => x.head().chunk({ role: 'assistant', content: '' }).cut(),
  (x) => x.head().comment('PROCESSING').event({ error: { message: 'overloaded', code: 529 } }).end(),
];

/** The same numbers in every run of the tests: 0 to 1. */
function numbers(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
}

test(`${RUNS} runs, a fifth of all calls fails: ${RUNS} recipes`, scene({ limits: { max_runs: AT_ONCE } }, async ({ site, provider, t }) => {
  const random = numbers(20240517);
  let failed = 0;
  provider.auto((x) => {
    if (random() >= 0.2) return x.answer(textOf(x));
    return FAILURES[failed++ % FAILURES.length](x);
  });
  let left = RUNS;
  const visitor = async () => {
    while (left-- > 0) {
      const r = await run(site);
      for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
      assert.equal(r.parts.ste, TEXTS.ste.replaceAll('\n', '⮑'));
      assert.equal(r.errors.length, 0);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
  t.diagnostic(`${provider.requests} calls, ${failed} failed`);
  assert.ok(failed > 200, `${failed} calls failed`);
}));
