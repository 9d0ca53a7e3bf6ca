// The visitor leaves: every connection to a provider is closed, and nothing of
// the run is left. That site.stop() finds no process left is part of each test.

import { COOK, assert, proc, run, scene, start, test, waitFor } from '../lib/harness.mjs';
import { cgiParams } from '../lib/fastcgi.mjs';

const ONE_EACH = { stage_requests: 1, max_runs: 1 };

test('before the first token', scene({}, async ({ site, provider }) => {
  const r = await start(site);
  const open = [await provider.next('init'), await provider.next('ing')];
  r.leave();
  await Promise.all(open.map((x) => x.closed));
  await provider.allClosed();
}));

test('in the middle of the text', scene({}, async ({ site, provider }) => {
  provider.auto({ init: undefined, int: false, add: false, sde: false, ing: false });
  const r = await start(site);
  for (const part of ['add', 'int', 'sde', 'ing']) {
    (await provider.next(part)).text('Once upon a time');
    await r.text(part, 'Once upon a time');
  }
  r.leave();
  await provider.allClosed();
}));

test('with a reset instead of an end', scene({}, async ({ site, provider }) => {
  const client = site.raw();
  const body = JSON.stringify(COOK);
  client.send(`POST /generate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await client.until((c) => c.text.includes(': ok'), 'the stream to begin');
  await provider.next('init');
  client.socket.resetAndDestroy();
  await provider.allClosed();
}));

test('while the head is all it has', scene({}, async ({ site, provider }) => {
  const r = await start(site);
  r.leave();
  await provider.allClosed();
}));

for (const accept of ['application/json', 'text/plain']) {
  test(`a visitor who asked for ${accept}`, scene({ limits: { heartbeat_ms: 200 } }, async ({ site, provider }) => {
    const response = await site.post(COOK, { headers: { accept } });
    const open = [await provider.next('init'), await provider.next('ing')];
    open[1].text('Beef');
    response.leave();
    await provider.allClosed();
  }));
}

test('waiting stages close the connections they had opened', scene({ https: true }, async ({ site, provider }) => {
  const r = await start(site);
  await provider.next('init');
  await provider.next('ing');
  await provider.waitOpen(5);
  assert.equal(provider.requests, 2, 'three of five connections wait');
  r.leave();
  await provider.allClosed();
}));

test('the worker keeps no process, fd or zombie of a run that was left', scene({ limits: ONE_EACH }, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  const settled = () => site.rests();
  await waitFor(settled, 'the stages of the first run to go');
  const worker = site.tree().workers[0].pid;
  const files = () => proc.fds(worker).map((f) => f.target.replace(/\d+/g, 'N')).sort();
  const before = await calm(files);
  for (let n = 0; n < 12; n++) {
    provider.auto(() => false);
    const r = await start(site);
    const ing = await provider.next('ing');
    if (n % 2) {
      ing.text('Beef');
      await r.text('ing', 'Beef');
    }
    r.leave();
    await provider.allClosed();
  }
  await waitFor(settled, () => `listener and workers alone; there are ${site.ours().length} processes`);
  assert.ok(site.tree().workers.some(({ pid }) => pid === worker), 'the worker lives on');
  await waitFor(() => String(files()) === String(before), () => `${files()} to be again ${before}`);
  await waitFor(() => site.zombies().length === 0, 'no zombie');
}));

test('the next run of the same worker is whole', scene({ limits: { max_runs: 1 } }, async ({ site, provider }) => {
  for (let n = 0; n < 5; n++) {
    provider.auto(() => false);
    const r = await start(site);
    await provider.next('init');
    await provider.next('ing');
    r.leave();
    await provider.allClosed();
    provider.auto();
    assert.equal((await run(site)).stateOf('ste'), 'done');
  }
}));

test('one who leaves costs the others nothing', scene({}, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const [one, two] = [await start(site, { ...COOK, ingredientsOnHand: 'one leek' }), await start(site, { ...COOK, ingredientsOnHand: 'two leeks' })];
  const first = await provider.next((x) => x.part === 'ing' && x.prompt.includes('one leek'));
  const second = await provider.next((x) => x.part === 'ing' && x.prompt.includes('two leeks'));
  second.text('Leeks');
  await two.text('ing', 'Leeks');
  one.leave();
  await first.closed;
  second.text(' are green.').finish('stop').done();
  await two.over();
  assert.equal(two.parts.ing, 'Leeks are green.');
}));

// Without a web server, which may or may not tell in time that its visitor has gone.
test('one who leaves while queued costs no model a token', scene({ server: 'listen', limits: { max_runs: 1 } }, async ({ site, provider }) => {
  const of = (name) => (x) => x.prompt.includes(name);
  provider.auto({ ing: false });
  const holder = await start(site, { ...COOK, ingredientsOnHand: 'holder' });
  const held = await provider.next('ing');
  const leaver = site.fcgi().send({ body: JSON.stringify({ ...COOK, ingredientsOnHand: 'leaver' }), headers: { 'content-type': 'application/json' } });
  await waitFor(() => leaver.stdout.includes(': waiting 0'), 'the request to wait for its turn');
  leaver.leave();
  await leaver.closed;
  provider.auto();
  held.answer('Good.');
  await holder.over();
  const stayer = await run(site, { ...COOK, ingredientsOnHand: 'stayer' });
  assert.equal(stayer.stateOf('ste'), 'done');
  assert.equal(provider.exchanges.filter(of('leaver')).length, 0, 'no model was asked');
}));

test('one who leaves in the middle of the body', scene({ server: 'listen' }, async ({ site, provider }) => {
  const client = site.fcgi().begin().params(cgiParams({ length: 60, headers: { 'content-type': 'application/json' } }));
  client.stdin('{"ingr');
  await waitFor(() => site.tree().workers?.length === 1, 'a worker');
  client.leave();
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
  assert.equal(provider.requests, 6);
}));

test('the end of the FastCGI connection alone is a sign', scene({ server: 'listen' }, async ({ site, provider }) => {
  const client = site.fcgi().send({ body: JSON.stringify(COOK), headers: { 'content-type': 'application/json' } });
  await provider.next('init');
  client.socket.end(); // as lighttpd's tcp-fin-propagate does: half closed
  await provider.allClosed();
  client.leave();
}));

// The files of a process once they have stopped changing between two looks.
async function calm(files) {
  let last = null;
  await waitFor(() => {
    const now = String(files());
    const same = now === last;
    last = now;
    return same;
  }, 'the files of the worker to settle', { every: 100 });
  return files();
}
