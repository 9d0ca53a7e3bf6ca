// Places for runs. All processes of a site together begin at most max_runs runs at once.
// A visitor who finds no place waits and is told how many are before him. If max_waiting
// visitors wait already, he is sent away and told when to try again.

import { COOK, assert, run, scene, start, test, waitFor } from '../lib/harness.mjs';

const asks = (name) => ({ ...COOK, ingredientsOnHand: name });
const of = (name) => (x) => x.part === 'ing' && x.prompt.includes(name);
const waits = (n) => (r) => r.comments.includes(`waiting ${n}`);

/** A run that holds the only place until it is let go. */
async function holder(site, provider) {
  provider.auto({ ing: false });
  const visit = await start(site, asks('holder'));
  const held = await provider.next(of('holder'));
  return { visit, end: async () => (held.answer('Iron.'), visit.over()) };
}

for (const server of ['listen', 'lighttpd']) {
  test(`those who wait are told their number, and served in order, ${server}`, scene({ server, limits: { max_runs: 1, heartbeat_ms: 300 } }, async ({ site, provider }) => {
    const first = await holder(site, provider);
    const second = await start(site, asks('second'));
    await second.until(waits(0), 'the second to wait');
    const third = await start(site, asks('third'));
    await third.until(waits(1), 'the third to wait behind it');
    assert.deepEqual(third.comments.slice(0, 2), ['ok', 'waiting 1']);
    await third.until((r) => r.comments.filter((c) => c === 'waiting 1').length > 1, 'it to be said again at a heartbeat');
    await first.end();
    const held = await provider.next(of('second'));
    await third.until(waits(0), 'the third to be the next');
    assert.equal(provider.pending(of('third')), 0);
    held.answer('Iron.');
    await second.over();
    (await provider.next(of('third'))).answer('Iron.');
    await third.over();
  }));
}

test('one who leaves the queue costs nothing, and moves the others up', scene({ server: 'listen', limits: { max_runs: 1 } }, async ({ site, provider }) => {
  const first = await holder(site, provider);
  const second = site.fcgi().send({ body: JSON.stringify(asks('second')), headers: { 'content-type': 'application/json' } });
  await waitFor(() => second.stdout.includes(': waiting 0'), 'the second to wait');
  const third = site.fcgi().send({ body: JSON.stringify(asks('third')), headers: { 'content-type': 'application/json' } });
  await waitFor(() => third.stdout.includes(': waiting 1'), 'the third to wait');
  second.leave();
  await waitFor(() => third.stdout.includes(': waiting 0'), 'the third to move up');
  provider.auto();
  await first.end();
  await waitFor(() => third.stdout.includes('_done|'), 'the third to be served');
  assert.equal(provider.exchanges.filter((x) => x.prompt.includes('second')).length, 0);
}));

test('beyond max_waiting the answer is 503, with a time to come again', scene({ server: 'listen', limits: { max_runs: 1, max_waiting: 1 } }, async ({ site, provider }) => {
  const first = await holder(site, provider);
  const second = await start(site, asks('second'));
  await second.until(waits(0), 'the second to wait');
  const sent = await site.post(asks('third'));
  assert.equal(sent.status, 503);
  assert.ok(Number(sent.headers['retry-after']) > 0);
  const { error } = JSON.parse(await sent.text());
  assert.equal(error.code, 'busy');
  assert.equal(error.retry_s, Number(sent.headers['retry-after']));
  assert.equal((await site.get('/services')).status, 200, 'small requests get in');
  provider.auto();
  await first.end();
  await second.over();
}));

test('the other forms wait, too, and are whole', scene({ server: 'listen', limits: { max_runs: 1 } }, async ({ site, provider }) => {
  const first = await holder(site, provider);
  const whole = async (name, accept) => (await site.post(asks(name), { headers: { accept } })).text();
  const both = Promise.all([whole('second', 'application/json'), whole('third', 'text/plain')]);
  provider.auto();
  await first.end();
  const [json, text] = await both;
  assert.equal(JSON.parse(json).parts.ste.state, 'done');
  assert.match(text, /\(end\)\n$/);
}));

test('the turn of a worker that was killed is free', scene({ server: 'listen', limits: { max_runs: 1 } }, async ({ site, provider }) => {
  const first = await holder(site, provider);
  for (const { pid } of site.tree().workers) process.kill(pid, 'SIGKILL');
  await first.visit.closed();
  provider.rest().auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));
