// Flow control: a visitor who reads slowly, or not at all for a while, holds
// the provider back. Nothing piles up in between, and nothing is lost.

import { COOK, assert, boundedGrowth, proc, run, scene, sleep, start, test, waitFor } from '../lib/harness.mjs';

const MIB = 1 << 20;
const PIECE = 'all work and no play '.repeat(400);
const LIMITS = { stage_bytes: 64 * MIB, stall_ms: 60000, idle_ms: 60000, first_token_ms: 60000 };
const ask = (site) => site.fcgi().send({ body: JSON.stringify(COOK), headers: { 'content-type': 'application/json' } });

/** Sends this much text; what the other side does not take stays with us. Returns the size. */
function flood(x, bytes) {
  let size = 0;
  for (; size < bytes; size += PIECE.length) x.text(PIECE);
  return size;
}

/** Waits until the provider's socket has stopped moving: everything behind it is full. */
async function stuck(socket) {
  let last = -1;
  await waitFor(() => {
    const same = socket.writableLength === last && last > 0;
    last = socket.writableLength;
    return same;
  }, 'the provider to be held back', { every: 250 });
}

test('a visitor who does not read holds the provider back, in bounded memory', scene({ server: 'listen', limits: LIMITS }, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const client = ask(site);
  const ing = await provider.next('ing');
  await waitFor(() => client.stdout.includes('_run|'), 'the stream to begin');
  const weight = () => proc.ownBytes(site.ours());
  const before = weight();
  client.pause();
  const size = flood(ing, 24 * MIB);
  ing.finish('stop').done();
  await stuck(ing.connection.socket);
  assert.ok(ing.connection.socket.writableLength > 10 * MIB, 'most of it is still at the provider');
  const more = weight() - before;
  assert.ok(more < (await boundedGrowth()), `our processes have grown by ${more} bytes`);
  client.resume();
  await client.over;
  const text = client.stdout.toString('utf8');
  const got = [...text.matchAll(/^data: ing\|(.*)$/gm)].reduce((sum, m) => sum + m[1].length, 0);
  assert.equal(got, size, 'and every byte arrives');
  assert.match(text, /"part":"ing","state":"done"/);
}));

test('one who stalls does not stop another', scene({ server: 'listen', limits: LIMITS }, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const client = ask(site);
  const ing = await provider.next('ing');
  client.pause();
  flood(ing, 8 * MIB);
  await stuck(ing.connection.socket);
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
  client.leave();
  await ing.closed;
}));

test('a visitor who stalls and leaves is noticed', scene({ server: 'listen', limits: LIMITS }, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const client = ask(site);
  const ing = await provider.next('ing');
  client.pause();
  flood(ing, 8 * MIB);
  await stuck(ing.connection.socket);
  client.leave();
  await provider.allClosed();
}));

test('a very fast model is relayed whole', scene({ limits: LIMITS }, async ({ site, provider }) => {
  provider.auto({ ing: false, int: false });
  const r = await start(site);
  const [ing, int] = [await provider.next('ing'), await provider.next('int')];
  let text = '';
  for (let n = 0; n < 20000; n++) {
    ing.text(`${n} `);
    int.text(`${-n} `);
    text += `${n} `;
  }
  ing.finish('stop').done();
  int.finish('stop').done();
  await r.over();
  assert.equal(r.parts.ing, text);
  assert.equal(r.parts.int.length, text.length + 19999);
}));

/*
 * When patience ends, what is queued for this visitor must not be touched any
 * more, though he reads again in the same moment: the moments around it are
 * tried one after the other. He gets a true beginning of the stream or nothing.
 */
for (const pad of [0, 4096]) {
  test(`a visitor who reads again as he is given up, pad ${pad}`, scene({ server: 'listen', limits: { ...LIMITS, stall_ms: 300, pad } }, async ({ site, provider }) => {
    for (let n = 0; n < 14; n++) {
      provider.rest().auto({ ing: false });
      const client = ask(site);
      const ing = await provider.next('ing');
      await waitFor(() => client.stdout.includes('_run|'), 'the stream to begin');
      client.pause();
      flood(ing, 4 * MIB);
      await sleep(250 + 8 * n);
      const before = client.stdout.length;
      client.resume();
      await waitFor(() => client.socket.destroyed || client.stdout.length > before + 65536, 'more of it, or its end');
      client.leave();
      await ing.closed;
      const text = client.stdout.toString('latin1').replaceAll('\xe2\xae\x91', '').replace(/^data: ing\|[^\n]*$/gm, (line) => {
        assert.match(line, /^data: ing\|[a-z ]*$/);
        return '';
      });
      assert.match(text, /^[\x20-\x7e\r\n]*$/, 'no foreign byte');
    }
    const [worker] = site.tree().workers;
    assert.ok(worker === undefined || proc.alive(worker.pid));
    assert.doesNotMatch(await site.stderr(), /Sanitizer|signal/);
    provider.rest().auto();
    assert.equal((await run(site)).stateOf('ste'), 'done');
  }));
}
