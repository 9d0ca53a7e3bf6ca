// The read path of Durable Streams over a kept run, request by request.

import { randomUUID } from 'node:crypto';
import { COOK, assert, startSite, test, waitFor } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';

const at = (options, f) => async () => {
  const { limits, ...pace } = options;
  const home = await startHome({ slots: 100, ...pace });
  const service = home.provider.service('m');
  const site = await startSite({ server: 'lighttpd', config: { services: { '70b': service, 'groq-8b': service }, limits, cors: ['https://other.example'] } });
  const post = () => site.post(COOK, { headers: { 'idempotency-key': randomUUID() } });
  const read = (id, query, headers) => site.get(`/runs/${id}?${query}`, headers);
  try {
    await f({ home, site, post, read });
  } finally {
    await site.stop();
    await home.stop();
  }
};
const idOf = (text) => /"id":"([0-9a-f]{32})"/.exec(text)[1];
const offset = (n) => String(n).padStart(10, '0');
const { keys } = Object;

test('all there is, the rest after any offset, and the end', at({}, async ({ post, read }) => {
  const text = await (await post()).text();
  const id = idOf(text);
  const count = text.match(/^id: /gm).length;
  const whole = await read(id, 'offset=-1');
  assert.equal(whole.status, 200);
  assert.equal(whole.headers['content-type'], 'application/json');
  assert.equal(whole.headers['stream-next-offset'], offset(count));
  assert.equal(whole.headers['stream-up-to-date'], 'true');
  assert.equal(whole.headers['stream-closed'], undefined, 'not with messages');
  assert.match(whole.headers['cache-control'], /no-store/);
  const messages = await whole.json();
  assert.deepEqual(messages.map((m) => m.id), Array.from({ length: count }, (_, i) => i + 1));
  assert.deepEqual(messages[0].data.id, id);
  assert.equal(messages.at(-1).event, '_done');
  assert.ok(messages.filter((m) => m.event[0] !== '_').every((m) => typeof m.text === 'string' && keys(m).length === 3));
  for (const k of [1, 7, count - 1]) assert.deepEqual(await (await read(id, `offset=${offset(k)}`)).json(), messages.slice(k));
  for (const query of [`offset=${offset(count)}`, 'offset=now']) {
    const end = await read(id, query);
    assert.equal(end.status, 200);
    assert.equal(end.headers['stream-closed'], 'true');
    assert.deepEqual(await end.json(), []);
  }
  const poll = await read(id, `offset=${offset(count)}&live=long-poll`);
  assert.equal(poll.status, 204);
  assert.equal(poll.headers['stream-closed'], 'true');
  assert.match(poll.headers['stream-cursor'], /^\d+$/);
  const next = await read(id, `offset=${offset(count)}&live=long-poll&cursor=${poll.headers['stream-cursor']}`);
  assert.ok(Number(next.headers['stream-cursor']) > Number(poll.headers['stream-cursor']));
}));

test('what is known is not sent again; a head; who may read', at({}, async ({ site, post, read }) => {
  const id = idOf(await (await post()).text());
  const { headers } = await read(id, 'offset=-1');
  const known = await read(id, 'offset=-1', { 'if-none-match': headers.etag });
  assert.equal(known.status, 304);
  assert.equal(known.headers.etag, headers.etag);
  assert.equal((await read(id, 'offset=-1', { 'if-none-match': '"1:2"' })).status, 200);
  const head = await site.request({ method: 'HEAD', path: `/runs/${id}?offset=-1` });
  assert.equal(head.status, 200);
  assert.equal(head.headers['stream-next-offset'], headers['stream-next-offset']);
  assert.equal(head.headers['stream-closed'], 'true', 'there are no messages that could be cut off');
  assert.equal(await head.text(), '');
  const other = await read(id, 'offset=-1', { origin: 'https://other.example' });
  assert.equal(other.headers['access-control-allow-origin'], 'https://other.example');
  for (const name of ['Stream-Next-Offset', 'Stream-Up-To-Date', 'Stream-Closed', 'Stream-Cursor', 'ETag']) assert.match(other.headers['access-control-expose-headers'], new RegExp(name));
  const asked = await site.request({ method: 'OPTIONS', path: `/runs/${id}`, headers: { origin: 'https://other.example', 'access-control-request-method': 'GET' } });
  assert.match(asked.headers['access-control-allow-headers'], /If-None-Match/);
}));

test('what is asked wrongly', at({}, async ({ post, read }) => {
  const text = await (await post()).text();
  const count = text.match(/^id: /gm).length;
  for (const query of ['offset=', 'offset=1', 'offset=-2', 'offset=00000000001', 'offset=0000000x01', `offset=${offset(count + 1)}`, 'offset=-1&offset=-1', 'live=sse', 'offset=-1&live=maybe', 'offset=-1&live=sse&live=sse']) assert.equal((await read(idOf(text), query)).status, 400, query);
  assert.equal((await read('0'.repeat(32), 'offset=-1')).status, 404);
}));

test('too many readers are told when to come again', at({ limits: { max_readers: 0 } }, async ({ post, read }) => {
  const busy = await read(idOf(await (await post()).text()), 'offset=-1');
  assert.equal(busy.status, 503);
  assert.equal(busy.headers['retry-after'], '1');
}));

test('a long poll waits for messages, and gathers some', at({ gapMs: 250, firstMs: 700 }, async ({ post, read }) => {
  const response = await post();
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.chunks) text += chunk;
  })();
  await waitFor(() => /\nid: 3\n/.test(text), 'the run to begin');
  const id = idOf(text);
  let at_ = offset(0);
  const seen = [];
  let polls = 0;
  for (;;) {
    const answer = await read(id, `offset=${at_}&live=long-poll`);
    polls++;
    at_ = answer.headers['stream-next-offset'];
    if (answer.status === 204 && answer.headers['stream-closed'] === 'true') break;
    seen.push(...await answer.json());
  }
  await reading;
  assert.deepEqual(seen.map((m) => m.id), Array.from({ length: text.match(/^id: /gm).length }, (_, i) => i + 1));
  assert.ok(polls < seen.length / 2, `${polls} polls for ${seen.length} messages`);
}));

test('as server-sent events: messages and what they lead up to, and the end', at({ gapMs: 20 }, async ({ post, read }) => {
  const response = await post();
  const first = (await response.chunks[Symbol.asyncIterator]().next()).value.toString();
  const id = /"id":"([0-9a-f]{32})"/.exec(first)?.[1] ?? idOf((await response.chunks[Symbol.asyncIterator]().next()).value.toString());
  const text = await (await read(id, 'offset=-1&live=sse')).text();
  const blocks = text.split('\n\n').filter((block) => block && block[0] !== ':');
  const seen = [];
  for (let i = 0; i < blocks.length; i++) {
    const [event, data] = /^event: (data|control)\ndata: ?(.*)$/.exec(blocks[i]).slice(1);
    if (event === 'data') {
      seen.push(...JSON.parse(data));
      assert.match(blocks[i + 1], /^event: control\n/);
    } else if (i < blocks.length - 1) {
      assert.deepEqual(keys(JSON.parse(data)), ['streamNextOffset', 'streamCursor', 'upToDate']);
      assert.equal(Number(JSON.parse(data).streamNextOffset), seen.at(-1)?.id ?? 0);
    } else assert.equal(JSON.parse(data).streamClosed, true);
  }
  assert.deepEqual(seen.map((m) => m.id), seen.map((_, i) => i + 1));
  assert.equal(seen.at(-1).event, '_done');
}));
