// limits.pad: for hosts that hold an answer back until a buffer of theirs is
// full. Here a buffer stands between that passes nothing on but when more than
// its size has come together, as mod_fcgid's does.

import { COOK, PARTS, assert, run, scene, start, test, waitFor } from '../lib/harness.mjs';

const BUFFER = 65536;
const PADDED = { server: 'listen', limits: { pad: 65600, heartbeat_ms: 300 } };
const json = { 'content-type': 'application/json' };

/** What a visitor has behind such a buffer: all up to the last record that overflowed it. */
class Behind {
  held = 0;
  passed = 0;
  constructor(client) {
    this.client = client;
    this.seen = 0;
  }
  get text() {
    const all = this.client.stdout;
    this.held += all.length - this.seen;
    this.seen = all.length;
    if (this.held > BUFFER) {
      this.passed = this.seen;
      this.held = 0;
    }
    return all.subarray(0, this.passed).toString('utf8');
  }
}

test('each fragment passes the buffer before the next is sent', scene(PADDED, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const client = site.fcgi().send({ body: JSON.stringify(COOK), headers: json });
  const behind = new Behind(client);
  const ing = await provider.next('ing');
  await waitFor(() => behind.text.includes(': ok\n\n'), 'the first bytes');
  for (const word of ['Beef ', 'has ', 'iron.']) {
    ing.text(word);
    await waitFor(() => behind.text.includes(`data: ing|${word}\n`), `"${word}" behind the buffer`);
  }
  const beats = () => behind.text.split(': hb\n').length;
  const before = beats();
  await waitFor(() => beats() > before, 'a heartbeat behind the buffer');
  ing.finish('stop').done();
  await waitFor(() => behind.text.includes('data: _done|'), 'the end behind the buffer');
  await client.over;
}));

test('no more than five times a second, and the same text', scene(PADDED, async ({ site, provider }) => {
  provider.auto();
  const began = Date.now();
  const r = await run(site);
  const pads = r.comments.filter((comment) => /^\.{65600}$/.test(comment)).length;
  assert.ok(pads >= 2, `${pads} times`);
  assert.ok(pads <= (Date.now() - began) / 200 + 1, `${pads} times`);
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
}));

test('a document is padded by white space', scene(PADDED, async ({ site, provider }) => {
  provider.auto();
  const response = await site.post(COOK, { headers: { accept: 'application/json' } });
  const text = await response.text();
  assert.ok(text.length > 2 * 65600);
  assert.equal(JSON.parse(text).parts.ste.state, 'done');
}));

test('an error is short', scene(PADDED, async ({ site }) => {
  const response = await site.post({ ingredientsOnHand: '', prepTime: 1 });
  assert.equal(response.status, 400);
  assert.ok((await response.text()).length < 1000);
}));

test('without it nothing is added', scene({ server: 'listen' }, async ({ site, provider }) => {
  provider.auto();
  const r = await start(site);
  await r.over();
  assert.deepEqual([...new Set(r.comments)], ['ok']);
}));
