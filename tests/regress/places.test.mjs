// Places at a server. All processes of a site together send a home server only as many
// requests as it answers at once. A part that has to wait for a place says so, and is
// not given up.

import { assert, run, start, startSite, test, waitFor } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';

const PARTS = ['init', 'add', 'int', 'ing', 'sde', 'ste'];

/** Runs f with a site and a home server; `more` is added to the settings of its services. */
const at = (options, f) => async () => {
  const { more = {}, server = 'listen', limits, ...pace } = options;
  const home = await startHome(pace);
  const site = await startSite({
    server, places: 'as they are',
    config: { services: { '70b': { ...home.provider.service('m'), ...more }, 'groq-8b': { ...home.provider.service('m'), ...more } }, limits },
  });
  try {
    await f({ home, site });
  } finally {
    await site.stop();
    await home.stop();
  }
};

const written = (visit) => assert.deepEqual(PARTS.map((part) => visit.stateOf(part)), PARTS.map(() => 'done'));

for (const server of ['listen', 'lighttpd', 'apache']) { // the last by mod_fcgid, a process each
  test(`one place, two visitors, ${server}: all is written, and never more than one request waits`, at({ slots: 1, server }, async ({ home, site }) => {
    const visits = await Promise.all([run(site), run(site)]);
    visits.forEach(written);
    assert.equal(home.requests, 12);
    assert.equal(home.mostWriting, 1);
    assert.ok(home.mostWaiting <= 1, `${home.mostWaiting} waited`);
    assert.equal(home.givenUp, 0);
  }));
}

test('a part that waits says so, with the number before it', at({ slots: 1, more: { parallel: 1 } }, async ({ home, site }) => {
  const visit = await run(site);
  written(visit);
  assert.equal(home.mostWaiting, 0);
  const waits = Object.values(visit.states).flat().filter((p) => p.state === 'waiting');
  assert.ok(waits.length > 0, 'somebody waited');
  assert.ok(waits.every((p) => Number.isInteger(p.ahead) && p.ahead >= 0));
}));

test('a server with a bound is never sent more, whatever it could take', at({ slots: 100, more: { parallel: 2 } }, async ({ home, site }) => {
  const visits = await Promise.all([run(site), run(site), run(site)]);
  visits.forEach(written);
  assert.equal(home.mostWriting, 2);
}));

test('a server that takes any number is found out, and remembered', at({ slots: 100, gapMs: 30 }, async ({ home, site }) => {
  written(await run(site));
  written(await run(site));
  home.mostWriting = 0;
  const visits = await Promise.all([run(site), run(site)]);
  visits.forEach(written);
  assert.ok(home.mostWriting >= 5, `${home.mostWriting} at once in the third run`);
}));

test('a server that has become smaller is found out again', at({ slots: 100, gapMs: 30 }, async ({ home, site }) => {
  for (let n = 0; n < 3; n++) written(await run(site));
  home.slots = 1;
  written(await run(site));
  written(await run(site));
  home.mostWaiting = 0;
  written(await run(site));
  assert.ok(home.mostWaiting <= 1, `${home.mostWaiting} wait in the third run`);
  assert.equal(home.givenUp, 0);
}));

test('a place comes back from a worker that was killed', at({ slots: 1, gapMs: 200, more: { parallel: 1 } }, async ({ home, site }) => {
  const lost = await start(site);
  await waitFor(() => home.writing === 1, 'a request to be answered');
  for (const { pid } of site.tree().workers) process.kill(pid, 'SIGKILL');
  await lost.closed();
  home.gapMs = 5;
  written(await run(site));
}));

// The longest answer takes longer than first_token_ms, and all of them longer than run_ms.
test('the time in which a run only waits is not its own, nor is that before its turn', at({ slots: 1, gapMs: 60, limits: { run_ms: 12000, first_token_ms: 1500 } }, async ({ home, site }) => {
  const visits = await Promise.all([run(site), run(site), run(site)]);
  visits.forEach(written);
  assert.equal(home.givenUp, 0);
}));
