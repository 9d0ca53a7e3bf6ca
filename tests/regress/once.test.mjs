// A request may have to be paid for: what the provider has taken is sent again
// only as another attempt, of which the visitor is told. Whatever breaks off,
// and when: requests taken and attempts told are the same number.

import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assert, makeAuthority, run, start, startProvider, startSite, test, waitFor } from '../lib/harness.mjs';
import { ASK, stage, writePrompts } from '../lib/prompts.mjs';
import { TAKEN, UNTAKEN, startTaker } from '../lib/taker.mjs';

const IDLE = 'nothing: it closes what is idle';
const MOMENTS = [...Object.keys(TAKEN), ...UNTAKEN, IDLE];
const BREAKS = 2;
const LIMITS = { max_runs: 1, retry_wait_ms: 20 }; // one worker, so that the second run meets the first one's connections

/** A part for each moment, all of which wait for the part "first". */
async function open({ https, preconnect, moments = MOMENTS }) {
  const authority = https ? await makeAuthority() : null;
  const credentials = await authority?.certificate();
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-once-'));
  const first = await startProvider();
  const takers = await Promise.all(moments.map((moment) => startTaker(moment, credentials)));
  const names = takers.map((_, n) => `p${n}`);
  const services = Object.fromEntries(takers.map((taker, n) => [names[n], taker.service({ preconnect })]));
  const stages = [stage('first', 'first'), ...names.map((name) => stage(name, name, { needs: ['first'] }))];
  const site = await startSite({
    config: { services: { first: first.service(), ...services }, limits: LIMITS }, prompts: await writePrompts(dir, stages),
  });
  const stop = async () => {
    await site.stop();
    for (const server of [first, ...takers]) await server.stop();
    await authority?.remove();
    await fs.rm(dir, { recursive: true });
  };
  return { site, first, takers, names, stop };
}

/** One run; the prompts come once the connections that wait for them are there, and some of them closed again. */
async function play({ site, first, takers, names }, preconnect, breaks) {
  const before = takers.map((taker) => taker.taken.length);
  const kept = takers.map((taker) => taker.taken.length > 0);
  takers.forEach((taker) => taker.breaks(breaks));
  const r = await start(site, ASK);
  const x = await first.next();
  if (preconnect) await waitFor(() => takers.every((taker, n) => kept[n] || taker.connections > 0), 'a connection to each');
  await takers.at(-1).closeIdle();
  x.answer('Well.');
  await r.over();
  return takers.map((taker, n) => ({
    moment: taker.moment, state: r.stateOf(names[n]), error: r.errorOf(names[n]),
    told: r.states[names[n]].filter((s) => s.state === 'start').map((s) => s.attempt),
    taken: taker.taken.slice(before[n]), summary: r.summary(),
  }));
}

function judge({ moment, state, told, taken, summary }) {
  const all = `${moment}: told ${told}, taken ${taken.length}\n${summary}`;
  assert.equal(state, 'done', all);
  assert.deepEqual(told, told.map((_, n) => n + 1), all);
  if (moment in TAKEN) assert.deepEqual([told.length, taken.length], [BREAKS + 1, BREAKS + 1], all);
  else assert.equal(taken.length, 1, all);
  if (moment === IDLE) assert.equal(told.length, 1, all);
  assert.ok(told.length <= BREAKS + 1, all);
  for (const { lines } of taken) assert.equal(lines.filter((line) => /^content-length:/i.test(line)).length, 1, `${all}\n${lines.join('\n')}`);
}

for (const https of [false, true]) {
  for (const preconnect of [false, true]) {
    test(`it breaks off: ${https ? 'https' : 'http'}, preconnect ${preconnect}`, async () => {
      const set = await open({ https, preconnect });
      try {
        (await play(set, preconnect, BREAKS)).forEach(judge);
        await set.site.idle();
        for (const seen of await play(set, preconnect, BREAKS)) {
          judge(seen);
          if (seen.moment in TAKEN) assert.equal(seen.taken[0].earlier > 0, preconnect, `${seen.moment}: on the connection of the first run`);
        }
      } finally {
        await set.stop();
      }
    });

    test(`it always breaks off: ${https ? 'https' : 'http'}, preconnect ${preconnect}`, async () => {
      const set = await open({ https, preconnect, moments: Object.keys(TAKEN) });
      try {
        for (const { state, error, told, taken, moment, summary } of await play(set, preconnect, Infinity)) {
          assert.equal(state, 'failed', moment);
          assert.deepEqual([error.code, error.retryable], ['cut_off', true], summary);
          assert.deepEqual([told.length, taken.length], [8, 8], `${moment}\n${summary}`);
        }
      } finally {
        await set.stop();
      }
    });
  }
}

test('a kept connection that the server closes meanwhile: the next run does not notice', async () => {
  const set = await open({ https: false, preconnect: true, moments: [IDLE] });
  try {
    for (let n = 0; n < 3; n++) {
      set.first.auto();
      assert.equal((await run(set.site, ASK)).states.p0.at(-1).attempt, 1);
      await set.takers[0].closeIdle();
    }
    assert.equal(set.takers[0].taken.length, 3);
  } finally {
    await set.stop();
  }
});
