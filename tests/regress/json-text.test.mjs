// The same run as one JSON document, and as text to be read.

import path from 'node:path';
import { ASKING, COOK, PARTS, PROJECT, TEXTS, assert, proc, scene, test, waitFor } from '../lib/harness.mjs';

const ask = (site, accept) => site.post(COOK, { headers: { accept } });
const CHOICES = [
  ['text/event-stream', 'text/event-stream'], ['*/*', 'text/event-stream'], ['image/png', 'text/event-stream'],
  ['application/json', 'application/json'], ['text/plain', 'text/plain'],
  ['application/json, text/event-stream;q=0.5', 'application/json'],
];
test('the answer is chosen by Accept', async (t) => {
  await scene({}, async ({ site, provider }) => {
    provider.auto();
    for (const [accept, type] of CHOICES) {
      await t.test(accept, async () => {
        const response = await ask(site, accept);
        await response.text();
        assert.match(response.headers['content-type'], new RegExp(`^${type}`));
      });
    }
  })(t);
});

test('application/json: the whole run as one document', scene({}, async ({ site, provider }) => {
  provider.auto();
  const response = await ask(site, 'application/json');
  assert.match(response.headers['content-type'], /^application\/json/);
  const doc = await response.json();
  assert.deepEqual(Object.keys(doc).sort(), ['alternates', 'done', 'errors', 'parts', 'pick', 'run']);
  assert.match(doc.run.id, /^[0-9a-f]{32}$/);
  assert.deepEqual(Object.keys(doc.parts), PARTS);
  for (const part of ASKING) {
    assert.equal(doc.parts[part].state, 'done');
    assert.equal(doc.parts[part].text, TEXTS[part], 'newlines are newlines here');
  }
  const list = JSON.parse(TEXTS.init);
  assert.deepEqual(doc.pick, { index: doc.pick.index, ...list[doc.pick.index] });
  assert.deepEqual(doc.alternates, list.filter((_, i) => i !== doc.pick.index));
  assert.deepEqual(doc.errors, []);
  assert.ok(doc.done.ms >= doc.done.first_ms);
}));

test('a ⮑ that a model writes is a newline, here and for the stages after it', scene({}, async ({ site, provider }) => {
  provider.auto({ add: '2 onions⮑1 leek', ste: (x) => x.answer(x.prompt.includes('2 onions\n1 leek') ? 'as lines' : x.prompt) });
  const doc = await (await ask(site, 'application/json')).json();
  assert.equal(doc.parts.add.text, '2 onions\n1 leek');
  assert.equal(doc.parts.ste.text, 'as lines');
}));

test('application/json: a failure is in it', scene({}, async ({ site, provider }) => {
  provider.auto({ add: (x) => x.text('2 onions').cut() });
  const doc = await (await ask(site, 'application/json')).json();
  assert.deepEqual([doc.parts.add.state, doc.parts.add.text], ['failed', '2 onions']);
  assert.equal(doc.parts.ste.state, 'skipped');
  assert.deepEqual(doc.errors.map((e) => [e.part, e.code]), [['add', 'cut_off'], ['ste', 'skipped']]);
}));

test('application/json: white space is its heartbeat', scene({ limits: { heartbeat_ms: 100 } }, async ({ site, provider }) => {
  provider.auto({ ing: false });
  const response = await ask(site, 'application/json');
  const ing = await provider.next('ing');
  let text = '';
  for await (const chunk of response.chunks) {
    text += chunk;
    if (!ing.ended && text.length >= 3) {
      assert.match(text, /^\s*$/);
      ing.answer('Iron.');
    }
  }
  assert.equal(JSON.parse(text).parts.ing.text, 'Iron.');
}));

test('text/plain: parts in the order of stages.json, readable', scene({}, async ({ site, provider }) => {
  provider.auto();
  const response = await ask(site, 'text/plain');
  assert.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
  const text = await response.text();
  const at = ['add', 'int', 'ing', 'sde', 'ste'].map((part) => text.indexOf(TEXTS[part]));
  assert.ok(at.every((n) => n >= 0), text);
  assert.deepEqual(at, [...at].sort((a, b) => a - b), text);
  assert.ok(!text.includes('⮑') && !text.includes('"part"'), text);
}));

test('text/plain: one part is live, the rest wait for their turn', scene({}, async ({ site, provider }) => {
  provider.auto({ add: false, ing: false });
  const response = await ask(site, 'text/plain');
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.chunks) text += chunk;
  })();
  const [add, ing] = [await provider.next('add'), await provider.next('ing')];
  ing.answer('Beef has iron.');
  add.text('1 pound of beef');
  await waitFor(() => text.includes('1 pound of beef'), () => `add to be live in ${text}`);
  add.text(', 2 onions');
  await waitFor(() => text.includes('1 pound of beef, 2 onions'), () => `add to stay live in ${text}`);
  assert.ok(!text.includes('iron'), 'ing waits, though it is done');
  add.finish('stop').done();
  await reading;
  assert.ok(text.indexOf('2 onions') < text.indexOf('iron'), text);
}));

test('text/plain: a failure is told', scene({}, async ({ site, provider }) => {
  provider.auto({ add: (x) => x.error(401) });
  const text = await (await ask(site, 'text/plain')).text();
  assert.match(text, /401/);
  assert.ok(text.includes(TEXTS.ing), text);
}));

test('text/plain: its last line says that it is whole', scene({}, async ({ site, provider }) => {
  provider.auto({ sde: (x) => x.error(400) });
  assert.match(await (await ask(site, 'text/plain')).text(), /\n\(end\)\n$/, 'also where a part has failed');
}));

test('text/plain and text/html: one that breaks off has no such end', scene({ server: 'listen', env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } }, async ({ site, provider }) => {
  for (const [accept, end] of [['text/plain', '(end)'], ['text/html', 'This is all of it.']]) {
    provider.rest().auto({ ing: false });
    const client = site.fcgi().send({ body: JSON.stringify(COOK), headers: { 'content-type': 'application/json', accept } });
    const ing = await provider.next('ing');
    ing.text('Beef has');
    await waitFor(() => client.stdout.length > 300, 'some of it');
    const stage = await waitFor(() => proc.ownerOfPort(ing.connection.socket.remotePort, site.ours()), 'its stage');
    proc.kill(proc.stat(stage).parent, 'SIGKILL');
    await client.closed;
    assert.ok(!client.stdout.toString().includes(end));
    provider.rest().auto();
    assert.ok((await (await ask(site, accept)).text()).includes(end));
  }
}));

test('text/plain: a terminal is sent no control of a model\'s', scene({}, async ({ site, provider }) => {
  provider.auto({ add: '\u001b[2J2 onions\u009b31m\r\n1 leek\u0007\u007f', int: (x) => x.error(400, { error: { message: 'bad \u001b]0;title\u0007' } }) });
  const text = await (await ask(site, 'text/plain')).text();
  assert.ok(text.includes('\u241b[2J2 onions\\u009b31m\n1 leek\u2407\u2421\n'), text);
  assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\x7f-\x9f]/);
}));
