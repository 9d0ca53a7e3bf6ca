// A kept run is cut after any event and any byte, and taken up again in each of the ways that
// there are: in mid-run at once or late, and after its end. The two pieces are the whole run.
// The runs are those of tests/lib/golden-runs.mjs, one of 2 MiB, and one whose file has more
// than a reader may hold at once.
//
// Here it is a sample, drawn anew each time; SEED=N repeats one. RESUME=all cuts after every
// event in every way (tests/soak/resume.mjs), RUN=list only the runs whose name contains it.

import fs from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, test } from '../lib/harness.mjs';
import { KEPT_RUNS, Stand, bigRun, messagesOf } from '../lib/played.mjs';
import { LIVE_WAYS, WAYS, assertWhole, comeAgain, pollOver, wander } from '../lib/resuming.mjs';
import { drawing } from '../lib/storm.mjs';
import { messageOf } from '../lib/tape.mjs';

const ALL = process.env.RESUME === 'all';
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Clients whose line breaks in one run. */
const AT_ONCE = 20;
/** The clock of a run that has one; it fires before its time if so many clients take longer. */
const CLOCK_MS = ALL ? 15_000 : 5000;
const seen = { live: 0, over: 0, after: 0 };

const big = bigRun('2-mib', '2 MiB of all that a text may hold.', drawing(seed), { pieces: 256, length: 8192 });
const huge = bigRun('17-mib', 'More than FOLLOW_EVENT_MAX.', drawing(seed), { pieces: 34, length: 1 << 19, stage_bytes: 1 << 26 });
const runs = [big, huge, ...KEPT_RUNS].filter(({ name }) => name.includes(process.env.RUN ?? ''));

const isBig = (run) => run === big || run === huge;

/** How many events a run has; each time it is played there may be a few less or more. */
function countOf(run) {
  if (isBig(run)) return run.steps.length + 4;
  return fs.readFileSync(path.join(PROJECT, 'tests/golden/runs', `${run.name}.sse`), 'latin1').match(/^id: /gm).length;
}

const drawFor = (run) => drawing([...run.name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), seed) >>> 0);
/** Half of them right between two events. */
const shareOf = (draw) => (draw(2) === 0 ? 0 : (1 + draw(998)) / 1000);

/** Plans of cuts, in groups of those that share a run. */
function plansFor(run, draw) {
  const count = countOf(run);
  const plan = (k, way, late) => ({ k, way, late, share: shareOf(draw) });
  if (run === huge) return [[]];
  if (!ALL) return [LIVE_WAYS.map((way) => plan(draw(count), way, draw(2) === 0))];
  const every = Array.from({ length: count + 1 }, (_, k) => k);
  const plans = every.flatMap((k) => (isBig(run) ? [plan(k, LIVE_WAYS[draw(LIVE_WAYS.length)], draw(2) === 0)] : LIVE_WAYS.flatMap((way) => [plan(k, way, false), plan(k, way, true)])));
  return Array.from({ length: Math.ceil(plans.length / AT_ONCE) }, (_, i) => plans.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}

async function cutLive(stand, cuts, draw) {
  const isHuge = stand.run === huge;
  const visitor = draw(2) === 0 && !isHuge ? { k: 1 + draw(countOf(stand.run)), share: shareOf(draw), way: LIVE_WAYS[draw(LIVE_WAYS.length)], late: draw(2) === 0 } : null;
  const played = await stand.play({ cuts, visitor, draw: isHuge ? null : draw });
  const whole = messagesOf(played.tape);
  assert.equal(whole.at(-1).event, '_done');
  assert.deepEqual(whole.map(({ id }) => id), whole.map((_, i) => i + 1));
  if (played.first) assertWhole(played.first, [], whole, 'the visitor whose line held');
  for (const messages of played.durable) assertWhole(messages, [], whole, 'Durable Streams over lines that break');
  for (const cutter of played.cutters) {
    const { first, rest } = await cutter.result;
    seen[cutter.live ? 'live' : 'over']++;
    assertWhole(first, rest, whole, cutter.what);
  }
  return played;
}

/** Which events it is cut after when it is over, and by which ways it is read then. */
function cutsAfter(run, tape, draw) {
  const every = Array.from({ length: tape.last + 1 }, (_, k) => k);
  if (run === huge) return [[1, ['header', 'sse', 'catch-up']]];
  if (ALL && run !== big) return every.map((k) => [k, WAYS]);
  if (ALL) return every.map((k) => [k, [WAYS[draw(WAYS.length)]]]);
  const some = every.length < 100 ? every : Array.from({ length: 12 }, () => draw(every.length));
  return some.map((k) => [k, [WAYS[draw(WAYS.length)], WAYS[draw(WAYS.length)]]]);
}

async function cutAfterEnd({ site, run: entry }, { run, tape }, draw) {
  const whole = messagesOf(tape);
  for (const [k, ways] of cutsAfter(entry, tape, draw)) {
    const from = tape.endOf(k);
    const next = tape.ends[k] ?? from + 1;
    const part = tape.upTo(from + draw(next - from));
    assert.equal(part.last, k);
    for (const way of ways) {
      assertWhole(part.events.map(messageOf), await comeAgain(site, run, way, k), whole, `cut after ${k}, after the end, by ${way}`);
      seen.after++;
    }
  }
  if (entry === huge) return;
  assertWhole(await wander(site, run, draw), [], whole, 'live=sse after the end, over lines that break');
  assertWhole(await pollOver(site, run, draw), [], whole, 'long poll after the end, with answers that are lost');
}

/** Plays it once, on a site of its own. What goes wrong first is what is told. */
async function cutOnce(run, draw, cuts, isLast) {
  const stand = await Stand.open(run, CLOCK_MS);
  try {
    const played = await cutLive(stand, cuts, draw);
    if (isLast) await cutAfterEnd(stand, played, draw);
  } catch (e) {
    await stand.close().catch((left) => (e.message += `; after that, ${left.message}`));
    throw e;
  }
  await stand.close();
}

async function cutAll(run) {
  const draw = drawFor(run);
  const plans = plansFor(run, draw);
  for (const [i, cuts] of plans.entries()) await cutOnce(run, draw, cuts, i === plans.length - 1);
}

test('cut anywhere and taken up again, it is the whole run', { concurrency: 3 }, async (t) => {
  t.diagnostic(`seen: SEED=${seed}`);
  await Promise.all(runs.map((run) => t.test(run.name, () => cutAll(run))));
  t.diagnostic(`seen: ${seen.live} cuts in mid-run, ${seen.over} whose run was over before the client came again, ${seen.after} after the end`);
});
