// "rpm" and "tpm" of a service: all processes of a site together ask it for no more. And what
// `recipe.fcgi bulk` makes of a limit that nobody has configured.

import { Desk, bucket, callOf, startEcho, timesOf } from '../lib/bulk.mjs';
import { assert, run, start, startSite, test, waitFor } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';

const manyOf = (n) => Array.from({ length: n }, (_, i) => callOf(`id-${i}`, `prompt ${i}`));

/** Runs a file against a bucket; `service` is added to the settings of its service. */
async function drain(lines, limit, service, words = ['--at-once', '16']) {
  const { refuse, headers, seen } = bucket(limit);
  const echo = await startEcho({ ms: 20, refuse, headers: limit.tells ? headers : undefined });
  const desk = await Desk.open(manyOf(lines), { a: { base_url: echo.base_url, model: 'model-70b', parallel: 100, ...service } });
  try {
    const exit = await desk.start(words).exit;
    assert.equal(exit.status, 0, exit.stderr);
    assert.deepEqual(await desk.errors(), [], 'no line fails because of a limit');
    const times = timesOf(await desk.read());
    assert.equal(times.size, lines);
    assert.ok([...times.values()].every((n) => n === 1));
    return { ...seen, stderr: exit.stderr };
  } finally {
    await desk.close();
    await echo.stop();
  }
}

// The bucket has room for what comes in within a second, so a burst would be refused.
test('bulk: requests a minute are spread, so that none is refused', async () => {
  const { taken, refused } = await drain(60, { perSecond: 20 }, { rpm: 1200 });
  assert.deepEqual({ taken, refused }, { taken: 60, refused: 0 });
});

test('bulk: so are tokens a minute, as soon as it is known how many a line takes', async () => {
  const { taken, refused } = await drain(60, { tokensPerSecond: 100, tokens: 5, seconds: 10 }, { tpm: 6000 });
  assert.deepEqual({ taken, refused }, { taken: 60, refused: 0 });
});

test('bulk: the progress says how much of the limit is used', async () => {
  const { stderr } = await drain(26, { perSecond: 100 }, { rpm: 120 });
  assert.match(stderr, /tokens\/s, a at \d+ %, \d+ (of \d+ wait|under way)/);
});

for (const tells of [false, true]) {
  test(`bulk: a limit that nobody has configured, ${tells ? 'told by headers' : 'known by refusals alone'}`, async () => {
    const { taken } = await drain(80, { perSecond: 20, tells }, {});
    assert.equal(taken, 80);
  });
}

/** Runs f with a site whose two services have eight requests in two minutes. */
const at = (server, f) => async () => {
  const home = await startHome({ slots: 100 });
  const service = { ...home.provider.service('m'), parallel: 100, rpm: 4 };
  const site = await startSite({ server, places: 'as they are', config: { services: { '70b': service, 'groq-8b': service } } });
  try {
    await f({ home, site });
  } finally {
    await site.stop();
    await home.stop();
  }
};

for (const server of ['listen', 'apache']) { // the second by mod_fcgid, whose processes share a file alone
  test(`visitors wait for requests a minute, ${server}: what a service allows is shared by all`, at(server, async ({ home, site }) => {
    const began = Date.now();
    const visits = [await start(site), await start(site), await start(site)];
    const waits = (visit) => Object.values(visit.states).flat().some((p) => p.state === 'waiting');
    await waitFor(() => home.requests >= 8 && visits.every(waits), 'all that is allowed to be asked, and the rest to wait');
    // A bucket of four each, and one more every 15 s.
    const allowed = 8 + 2 * Math.ceil((Date.now() - began) / 15_000);
    assert.ok(home.requests <= allowed, `${home.requests} were asked, ${allowed} are allowed`);
    for (const visit of visits) visit.leave();
  }));
}

test('a server with one place: a visitor waits for no more than the line that has it', async () => {
  const home = await startHome({ slots: 1, gapMs: 1, firstMs: 40 });
  const service = { ...home.provider.service('m'), parallel: 1 };
  const site = await startSite({ server: 'listen', places: 'as they are', config: { services: { '70b': service, 'groq-8b': service } } });
  const desk = await Desk.open(Array.from({ length: 400 }, (_, n) => ({ custom_id: `id-${n}`, ingredientsOnHand: 'rice', prepTime: 30, want: ['ing'] })), {});
  Object.assign(desk, { env: site.env });
  const lines = desk.start(['--at-once', '8']);
  try {
    await waitFor(() => home.requests > 5, 'the file to begin');
    const before = home.requests;
    const visit = await run(site);
    assert.ok(['init', 'add', 'int', 'ing', 'sde', 'ste'].every((part) => visit.stateOf(part) === 'done'));
    // Its six prompts, and a line that has the place whenever it has nothing to ask yet.
    assert.ok(home.requests - before <= 2 * 6 + 1, `${home.requests - before} were asked while the visitor waited`);
    assert.equal(home.mostWaiting, 0);
    assert.equal(lines.child.exitCode, null, 'the file is still under way');
  } finally {
    lines.child.kill('SIGKILL');
    await lines.exit;
    await desk.close();
    await site.stop();
    await home.stop();
  }
});
