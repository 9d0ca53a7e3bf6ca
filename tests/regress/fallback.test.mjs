// A service that cannot be asked at all: the next one is, at once, by the same
// process, whatever the first had left in its pipe, and it costs nothing of
// what a part may have.

import net from 'node:net';
import { assert, makeAuthority, run as ask, startProvider, test, waitFor } from '../lib/harness.mjs';
import { always, firstly, policy, refuse, story, well } from '../lib/policy.mjs';
import { stage } from '../lib/prompts.mjs';

const GOOD = ['good first', 'good done'];
const SIZES = { short: ['Say {{what}}.', 'onions'], long: ['{{what}} '.repeat(1000), 'onion '.repeat(30)] }; // 180 KB, which no pipe takes at once
const RES = { RES_OPTIONS: 'timeout:1 attempts:1' };

async function listening(onSocket) {
  const server = net.createServer(onSocket);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A port of this machine where nobody listens. */
async function refused() {
  const server = await listening();
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return { base_url: `http://127.0.0.1:${port}/v1` };
}
const DEAD = {
  'a connection that is refused': refused,
  'a name that does not resolve': async () => ({ base_url: 'http://no-such-host.invalid/v1' }),
  'TLS with one who speaks none': async ({ plain }) => ({ base_url: `https://127.0.0.1:${plain.address().port}/v1` }),
  'a certificate that is not right': async ({ other }) => ({ base_url: other.baseUrl }),
};

/** policy(), with what is dead known only when the providers are there. */
const dying = (services, dead, options, body) => async (t) => {
  const authority = await makeAuthority();
  const other = await startProvider({ tls: await authority.certificate() });
  const plain = await listening((socket) => socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const more = (set) => dead({ ...set, other, plain });
  try {
    await policy({ services, limits: { connect_ms: 60_000 }, env: RES, ...options, more }, body)(t);
    assert.equal(other.requests, 0);
  } finally {
    plain.close();
    await other.stop();
    await authority.remove();
  }
};

for (const [name, dead] of Object.entries(DEAD)) {
  for (const preconnect of [false, true]) {
    for (const [size, [template, what]] of Object.entries(SIZES)) {
      test(`${name}, preconnect ${preconnect}, a ${size} prompt: the good one is asked at once`, dying(['dead', 'good'],
        async (set) => ({ dead: { preconnect, ...await dead(set) } }),
        { stages: [stage('one', ['dead', 'good'], { template })] },
        async ({ good, site }) => {
          always(good, well());
          for (let n = 1; n <= 3; n++) {
            const r = await ask(site, { what });
            assert.deepEqual(story(r), ['dead start', 'good start', ...GOOD]);
            assert.deepEqual(r.states.one.map((s) => s.attempt), [1, 2, 2, 2]);
            assert.equal(good.requests, n);
          }
        }));
    }
  }
}

const all = (names) => async () => Object.fromEntries(await Promise.all(names.map(async (id) => [id, await refused()])));
const ORDERS = [['d1', 'good', 'd3', 'd4', 'd5'], ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'good']];
for (const order of ORDERS) {
  const dead = order.filter((id) => id !== 'good');
  const before = order.slice(0, order.indexOf('good')).map((id) => `${id} start`);

  test(`${order.join(', ')}: the good one is asked`, dying(order, all(dead), {}, async ({ good, run }) => {
    always(good, well());
    for (let n = 1; n <= 3; n++) {
      assert.deepEqual(story(await run()), [...before, 'good start', ...GOOD]);
      assert.equal(good.requests, n);
    }
  }));
}

test('whatever was dead before: the last has all eight attempts', dying(ORDERS[1], all(ORDERS[1].slice(0, 7)), {}, async ({ good, run }) => {
  firstly(good, Array(7).fill(refuse(503, { message: 'busy' }, { 'retry-after-ms': '1' })));
  assert.equal((await run()).stateOf('one'), 'done');
  assert.equal(good.requests, 8);
}));

const TWO = [stage('first', 'good'), stage('one', ['dead', 'good'], { needs: ['first'] })];
test('it fails while it waits for its prompt: nobody is told, and nothing is counted', dying(['dead', 'good'],
  async () => ({ dead: { preconnect: true, ...await refused() }, good: { preconnect: true } }), { stages: TWO }, async ({ good, start }) => {
    const r = await start();
    const first = await good.next();
    await waitFor(() => good.connections.length === 2, 'the next service to be connected to in its place');
    always(good, well());
    first.answer('Well.');
    await r.over();
    assert.deepEqual(story(r), ['good start', ...GOOD]);
    assert.deepEqual(r.states.one.map((s) => s.attempt), [1, 1, 1]);
  }));
