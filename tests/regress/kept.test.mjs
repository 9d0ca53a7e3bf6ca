// Stages kept from one request to the next: the same processes, and nothing of
// one visitor left in them for the other.

import { COOK, assert, proc, run, scene, start, test, textOf, underAsan, waitFor } from '../lib/harness.mjs';

// One worker only, so that the second visitor certainly meets the first one's.
const kept = (stage_requests, more = {}) => ({ limits: { max_runs: 1, stage_requests }, ...more });
const stagesOf = (site) => site.tree().workers.flatMap((w) => w.stages);

for (const https of [false, true]) {
  const over = https ? 'https' : 'http';

  test(`stage_requests 0 over ${over}: the same stages serve every run`, scene(kept(0, { https }), async ({ site, provider }) => {
    provider.auto();
    await run(site);
    await site.idle();
    const first = stagesOf(site).sort();
    assert.equal(first.length, 5, 'five stages stay, since ste takes over from add');
    for (let n = 0; n < 3; n++) {
      await run(site);
      await site.idle();
    }
    // A visitor may come before the worker of the last one is free, and be heard by another, which keeps stages of its own.
    const workers = site.tree().workers.filter(({ stages }) => stages.length > 0);
    assert.deepEqual(workers.map(({ stages }) => stages.length), workers.map(() => 5));
    assert.ok(workers.length <= 2, `${workers.length} workers`);
    assert.deepEqual(stagesOf(site).filter((pid) => first.includes(pid)).sort(), first);
  }));

  test(`stage_requests 1 over ${over}: a fork per stage and request`, scene(kept(1, { https }), async ({ site, provider }) => {
    const seen = new Set();
    for (let n = 0; n < 3; n++) {
      provider.auto({ ing: false });
      const r = await start(site);
      const ing = await provider.next('ing');
      ing.text('Iron.');
      await r.text('ing', 'Iron.');
      const pid = await waitFor(() => proc.ownerOfPort(ing.connection.socket.remotePort, stagesOf(site)), 'the stage of this connection');
      assert.ok(!seen.has(pid), 'each run has a stage of its own');
      seen.add(pid);
      ing.finish('stop').done();
      await r.over();
      await waitFor(() => !proc.alive(pid), 'the stage to leave after its one request');
    }
    await provider.allClosed();
    await waitFor(() => site.rests(), 'listener and worker alone');
    await waitFor(() => site.zombies().length === 0, 'no zombie');
  }));
}

test('stage_requests 2: no stage serves more than two', scene(kept(2), async ({ site, provider }) => {
  const served = new Map();
  provider.auto((x) => {
    const pid = proc.ownerOfPort(x.connection.socket.remotePort, site.ours());
    served.set(pid, (served.get(pid) ?? 0) + 1);
    x.answer(textOf(x));
  });
  for (let n = 0; n < 4; n++) await run(site);
  assert.ok(!served.has(undefined), 'each exchange has a process of ours at its other end');
  assert.equal(Math.max(...served.values()), 2, `${[...served.values()]}`);
}));

// Words that occur nowhere else, in each place that a visitor's text goes through.
const WORDS = {
  visitor: 'zebrafishquince', list: 'cobblestonestew', ingredients: 'moonlitparsnip', steps: 'velvethatchet', error: 'brokenteapotlid',
};
const FIRST = { ...COOK, ingredientsOnHand: `beef, ${WORDS.visitor} and onions` };

function answerInWords(provider, more = {}) {
  const long = (word) => `${word} `.repeat(3) + 'and some more text that fills the buffers. '.repeat(40) + word;
  provider.auto({
    init: JSON.stringify([{ name: `${WORDS.list} one`, intro: WORDS.list }, { name: `${WORDS.list} two`, intro: 'b' }]),
    add: long(WORDS.ingredients), int: long(WORDS.ingredients), sde: long(WORDS.ingredients),
    ing: long(WORDS.visitor), ste: long(WORDS.steps), ...more,
  });
}

function remembered(site) {
  return site.ours().flatMap((pid) => Object.values(WORDS).flatMap((word) =>
    proc.findInMemory(pid, word).map((hit) => `${word} in process ${pid} at ${hit.address} (${hit.region})`)));
}

/** Skips where it cannot be told, runs the body where it can. */
const memoryTest = (name, options, body) => test(name, async (t) => {
  if (proc.memoryClosed()) return t.skip(proc.memoryClosed());
  if (await underAsan()) return t.skip('AddressSanitizer keeps freed memory as it was, on purpose');
  return scene(options, body)(t);
});

const forgets = (site) => waitFor(() => remembered(site).length === 0, () => `all to be forgotten:\n${remembered(site).join('\n')}`);

for (const https of [false, true]) {
  memoryTest(`nothing of a visitor is left for the next, over ${https ? 'https' : 'http'}`, kept(0, { https }), async ({ site, provider }) => {
    answerInWords(provider, { ing: false });
    const r = await start(site, FIRST);
    const ing = await provider.next('ing');
    ing.text(`${WORDS.visitor} has iron. `.repeat(50));
    await r.text('ing', WORDS.visitor);
    assert.ok(remembered(site).length > 0, 'the search sees what is there');
    ing.finish('stop').done();
    await r.over();
    assert.equal(stagesOf(site).length, 5, 'the stages are kept');
    await forgets(site);
    answerInWords(provider);
    await run(site);
  });
}

memoryTest('nothing is left of one who asked for JSON', kept(0), async ({ site, provider }) => {
  answerInWords(provider);
  const response = await site.post(FIRST, { headers: { accept: 'application/json' } });
  assert.ok((await response.text()).includes(WORDS.steps));
  await forgets(site);
});

memoryTest('nothing is left of a run that failed', kept(0), async ({ site, provider }) => {
  answerInWords(provider, {
    add: (x) => x.error(500, { error: { message: `the ${WORDS.error} fell on ${WORDS.visitor}` } }),
    int: (x) => x.text(WORDS.ingredients).cut(),
  });
  await run(site, FIRST);
  await forgets(site);
});

memoryTest('nothing is left of one who left', kept(0), async ({ site, provider }) => {
  answerInWords(provider, { int: false });
  const r = await start(site, FIRST);
  (await provider.next('int')).text(WORDS.ingredients);
  await r.text('int', WORDS.ingredients);
  await r.state('ing', 'done');
  r.leave();
  await provider.allClosed();
  await forgets(site);
});

memoryTest('nothing is left of bad input', kept(0), async ({ site }) => {
  for (const body of [{ ...FIRST, prepTime: -1 }, { ...FIRST, [WORDS.error]: WORDS.list }, `{"${WORDS.visitor}`]) {
    await (await site.post(body)).text();
  }
  await forgets(site);
});
