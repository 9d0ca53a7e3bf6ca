// Limits of what visitors may spend: who is refused, by which words, and what is written
// down of it. tests/unit/test_ledger*.c have the days, clocks, disks and kills.

import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { booksOf } from '../lib/book.mjs';
import { COOK, assert, command, run, scene, start, test, textOf, waitFor } from '../lib/harness.mjs';
import { cgid } from '../lib/apache.mjs';
import { nginx } from '../lib/nginx.mjs';
import { book, folder, from, guarded, ofCommand, one, refused, spent } from '../lib/guarded.mjs';
import { stage } from '../lib/prompts.mjs';

const errorOf = (r, part) => r.errors.find((e) => e.part === part);

test('as many runs a day as the site may have', scene(guarded({ site: { runs_day: 2 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  await run(site);
  const asked = provider.requests;
  const error = await refused(await site.post());
  assert.equal(error.code, 'limit_site');
  assert.match(error.message, /^this site has used up what it may spend today; it is open again after midnight, in \d+ minutes$/);
  assert.ok(error.retry_s > 0 && error.retry_s <= 25 * 3600);
  assert.equal(provider.requests, asked, 'nothing is asked');
  const day = await spent(site);
  assert.equal(day.runs, 2);
  assert.equal(day.refused, 1);
  assert.match(await site.stderr(), /100 % of what the site may spend today is used/);
}));

test('the log says once that four fifths are used, and once that all is', scene(guarded({ site: { runs_day: 5 } }), async ({ site, provider }) => {
  provider.auto();
  for (let n = 0; n < 5; n++) await run(site);
  for (let n = 0; n < 3; n++) await refused(await site.post());
  assert.deepEqual((await site.stderr()).match(/\d+ % of what/g), ['80 % of what', '100 % of what']);
}));

test('a visitor has so many at once, and others are not held up', scene(guarded({ visitor: { at_once: 1 } }), async ({ site, provider }) => {
  provider.auto(() => false);
  const r = await start(site, COOK, from('192.0.2.7'));
  const error = await refused(await site.post(COOK, from('6.6.6.6, 192.0.2.7')));
  assert.equal(error.code, 'limit_visitor');
  assert.equal(error.retry_s, 10);
  provider.auto();
  await run(site, COOK, from('192.0.2.8'));
  r.leave();
  await waitFor(async () => (await site.post(COOK, from('192.0.2.7'))).status === 200, 'his place to be free');
}));

test('a visitor has so many an hour; a household is one', scene(guarded({ visitor: { runs_hour: 2 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site, COOK, from('2001:db8:1:2::1'));
  await run(site, COOK, from('2001:db8:1:2:ffff::1'));
  const error = await refused(await site.post(COOK, from('2001:db8:1:2:3:4:5:6')));
  assert.equal(error.code, 'limit_visitor');
  assert.match(error.message, /try again in 60 minutes/);
  await run(site, COOK, from('2001:db8:1:3::1'));
  /* Whoever sits at this machine has no limit. */
  for (let n = 0; n < 4; n++) await run(site);
}));

test('no address is on disk, and none in the log', scene(guarded({ visitor: { runs_hour: 1 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site, COOK, from('198.51.100.77'));
  await refused(await site.post(COOK, from('198.51.100.77')));
  for (const name of fs.readdirSync(folder(site))) {
    const bytes = fs.readFileSync(path.join(folder(site), name));
    assert.ok(!bytes.includes('198.51.100') && !bytes.includes(Buffer.from([198, 51, 100, 77])), name);
    assert.equal(fs.statSync(path.join(folder(site), name)).mode & 0o777, 0o600, name);
  }
  assert.doesNotMatch(await site.stderr(), /198\.51\.100/);
}));

test('a proxy that is not trusted: all are one, and the log says what to add', scene(guarded({ visitor: { runs_hour: 1 } }, { config: { trusted_proxies: undefined } }), async ({ site, provider }) => {
  provider.auto();
  await run(site, COOK, from('192.0.2.7'));
  await refused(await site.post(COOK, from('192.0.2.8')));
  await refused(await site.post(COOK, { headers: { forwarded: 'for=192.0.2.9' } }));
  assert.match(await site.stderr(), /"trusted_proxies": \["127\.0\.0\.1"\]/);
  await run(site);
}));

const USAGE = { prompt_tokens: 40, completion_tokens: 7, total_tokens: 47 };

test('check --url says so, too, as long as it is not trusted', scene(guarded({ visitor: { runs_hour: 9 } }, { config: { trusted_proxies: undefined } }), async ({ site, provider }) => {
  provider.auto();
  const proxy = http.createServer((request, response) => {
    const { url: path, method } = request;
    const headers = { ...request.headers, 'x-forwarded-for': '192.0.2.7' };
    request.pipe(http.request({ port: site.port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    }));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const of = async (port) => (await command(['check', '--url', `http://127.0.0.1:${port}/`], { prompts: null })).stdout;
    assert.match((await of(proxy.address().port)).replace(/\s+/g, ' '), /a proxy stands in front of the program .* "trusted_proxies": \["ADDRESS"\]/);
    assert.doesNotMatch(await of(site.port), /proxy stands/);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}));

test('what is reserved is settled by usage', scene({ ...guarded({ site: { tokens_day: 1_000_000 } }, { service: { price: { in: 0.5, out: 2 } } }), edit: one({}) }, async ({ site, provider }) => {
  provider.auto((x) => x.answer('Iron.', { usage: USAGE }));
  await run(site);
  const day = await spent(site);
  assert.equal(day.tokens, 47);
  assert.equal(day.cost.toFixed(6), ((40 * 0.5 + 7 * 2) / 1e6).toFixed(6));
  assert.equal(day.reserved_tokens, 0);
  assert.deepEqual(Object.keys(day.services), ['70b']);
  const [asked] = book(site).filter(({ kind }) => kind === 'asked');
  const [part] = book(site).filter(({ kind }) => kind === 'part');
  assert.ok(asked.tokens <= part.tokens && asked.tokens > 100 + 47, `${asked.tokens} of ${part.tokens}`);
}));

for (const [what, answer, cost] of [
  ['an answer without usage costs what it may have cost', (x) => x.answer('Iron.'), (most) => most],
  ['so does one that broke off', (x) => x.text('Ir').cut(), (most) => most],
  ['a refusal costs nothing', (x) => x.error(403), () => 0],
  ['a count in the middle is none', (x) => x.event({ ...x.chunkOf({ content: 'Ir' }), usage: { prompt_tokens: 0, completion_tokens: 0 } }).cut(), (most) => most],
  ['thoughts that only the total has are counted', (x) => x.answer('Iron.', { usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 90 } }), () => 90],
  ['a gateway that gave up may have had its model write', (x) => x.error(504), (most) => most],
  ['usage is heeded even then', (x) => x.text('Ir').finish('stop', USAGE).cut(), () => 47],
]) {
  test(what, scene({ ...guarded({ site: { tokens_day: 1_000_000 } }), edit: one({}) }, async ({ site, provider }) => {
    provider.auto(answer);
    await run(site);
    const asked = book(site).filter(({ kind }) => kind === 'asked' || kind === 'more');
    assert.ok(asked.length >= 1);
    assert.equal((await spent(site)).tokens, asked.reduce((sum, { tokens }) => sum + cost(tokens), 0));
  }));
}

test('one who leaves is charged what was asked, and no more', scene(guarded({ site: { tokens_day: 1_000_000 } }), async ({ site, provider }) => {
  provider.auto({ init: false, ing: false });
  const r = await start(site);
  await provider.next('init');
  await provider.next('ing');
  r.leave();
  await provider.allClosed();
  await waitFor(() => book(site).some(({ kind }) => kind === 'end'), 'the end to be written');
  const asked = book(site).filter(({ kind }) => kind === 'asked').reduce((sum, { tokens }) => sum + tokens, 0);
  const reserved = book(site).filter(({ kind }) => kind === 'part').reduce((sum, { tokens }) => sum + tokens, 0);
  const day = await spent(site);
  assert.equal(day.tokens, asked);
  assert.equal(day.reserved_tokens, 0);
  assert.ok(asked < reserved);
}));

test('without room for a second attempt the part fails, and says why', scene({ ...guarded({ site: { tokens_day: 2500 } }), edit: one({ max_tokens: 1000 }) }, async ({ site, provider }) => {
  provider.auto((x) => x.head().cut());
  const r = await run(site);
  assert.equal(r.stateOf('ing'), 'failed');
  assert.equal(errorOf(r, 'ing').code, 'limit_site');
  assert.equal(provider.requests, 1, 'it is not asked again');
  const day = await spent(site);
  assert.ok(day.tokens > 1000 && day.tokens <= 2500);
}));

test('what no day has room for is refused in words of its own, and check warns of it', scene({ ...guarded({ site: { tokens_day: 900 } }), edit: one({ max_tokens: 1000 }) }, async ({ site }) => {
  const { code, message, retry_s: wait } = await refused(await site.post());
  assert.equal(code, 'limit_site');
  assert.match(message, /more than this site may spend on a whole day, so its operator/);
  assert.ok(wait > 0);
  const { stdout } = await ofCommand(site, ['check']);
  assert.match(stdout, /warning .*no run can begin/);
  assert.match(stdout, /but see the warnings about .*recipe\.json/);
}));

test('what a run reserves is in check, which has no warning if it fits', scene({ ...guarded({ site: { tokens_day: 90000 } }, { service: { price: { in: 0.5, out: 2 } } }), edit: one({ max_tokens: 1000 }) }, async ({ site }) => {
  const { stdout } = await ofCommand(site, ['check']);
  const [, tokens, cost] = stdout.match(/reserves +(\d+) tokens for each run.* a cost of (\d\.\d{4})/);
  assert.ok(tokens > 1000 && tokens < 3000);
  assert.ok(cost >= 0.002 && cost < 0.003);
  assert.doesNotMatch(stdout, /no run can begin/);
}));

test('a limit of one service leaves the other', scene(guarded({ service: { '70b': { tokens_day: 0 } } }, {}, {
  edit: async (graph) => {
    graph.stages = [{ ...stage('ing'), service: ['70b', 'groq-8b'] }];
  },
}), async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.equal(r.stateOf('ing'), 'done');
  assert.deepEqual(r.states.ing.map(({ service, state }) => `${service} ${state}`).filter((said) => /start|done/.test(said)).at(-1), 'groq-8b done');
  assert.equal(provider.requests, 1);
}));

const two = (first, second) => ({
  edit: async (graph) => {
    graph.stages = [{ ...stage('ing'), service: first }, { ...stage('init'), service: second }];
  },
});
for (const over of ['70b', 'groq-8b']) {
  test(`of orders that differ, only those begin elsewhere whose first is over: ${over}`, scene(guarded({ service: { [over]: { tokens_day: 0 } } }, {}, two(['70b', 'groq-8b'], ['groq-8b', '70b'])), async ({ site, provider }) => {
    provider.auto();
    const r = await run(site);
    assert.equal(r.stateOf('ing'), 'done');
    assert.equal(r.stateOf('init'), 'done');
    assert.equal(provider.requests, 2);
    assert.deepEqual(Object.entries((await spent(site)).services).filter(([, sum]) => sum.tokens > 0).map(([id]) => id), [over === '70b' ? 'groq-8b' : '70b']);
    assert.doesNotMatch((await ofCommand(site, ['check'])).stdout, /no run can begin/);
  }));
}

test('a part whose only service is over keeps the run from beginning', scene(guarded({ service: { '70b': { tokens_day: 0 } } }, {}, two(['70b'], ['groq-8b', '70b'])), async ({ site, provider }) => {
  provider.auto();
  assert.equal((await refused(await site.post())).code, 'limit_site');
  assert.equal(provider.requests, 0);
  assert.match((await ofCommand(site, ['check'])).stdout, /no run can begin/);
}));

test('if no service has room, nothing begins, and it is one refusal', scene(guarded({ service: { '70b': { tokens_day: 0 }, 'groq-8b': { tokens_day: 0 } } }, {}, {
  edit: async (graph) => {
    graph.stages = [{ ...stage('ing'), service: ['70b', 'groq-8b'] }];
  },
}), async ({ site }) => {
  assert.equal((await refused(await site.post())).code, 'limit_site');
  assert.equal((await spent(site)).refused, 1);
}));

test('the limit of a visitor is no reason for the demo', scene(guarded({ visitor: { runs_hour: 1 }, over: 'demo' }), async ({ site, provider }) => {
  provider.auto();
  await run(site, COOK, from('192.0.2.7'));
  assert.equal((await refused(await site.post(COOK, from('192.0.2.7')))).code, 'limit_visitor');
}));

/** A POST with these headers, as they are spelt. Resolves to its status. */
function posting(port, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, path: '/generate', method: 'POST', headers: { 'content-type': 'application/json' } }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode));
    }).once('error', reject);
    for (const [name, value] of headers) request.setHeader(name, value);
    request.end(JSON.stringify(COOK));
  });
}

/** A POST whose X-Forwarded-For stands there twice. */
const twice = (port, first, last) => posting(port, [['x-forwarded-for', [first, last]]]);

test('a header that is there twice: the last one counts, under nginx', scene(guarded({ visitor: { runs_hour: 1 } }, {}, { server: nginx('listen') }), async ({ site, provider }) => {
  provider.auto();
  assert.equal(await twice(site.port, '6.6.6.1', '192.0.2.7'), 200);
  assert.equal(await twice(site.port, '6.6.6.2', '192.0.2.7'), 429);
  assert.equal(await twice(site.port, '6.6.6.2', '192.0.2.8'), 200);
}));

test('a header that a client spells with "_" changes nobody into another, under lighttpd', scene(guarded({ visitor: { runs_hour: 1 } }, {}, { server: 'lighttpd' }), async ({ site, provider }) => {
  provider.auto();
  const proxy = ['X-Forwarded-For', '192.0.2.7'];
  const made = (last, name = 'X_Forwarded_For') => [name, `6.6.6.${last}`];
  assert.equal(await posting(site.port, [proxy]), 200);
  /* Before it or after it: it is the proxy's own visitor, with its one run. */
  assert.equal(await posting(site.port, [proxy, made(1)]), 200);
  assert.equal(await posting(site.port, [made(2), proxy]), 429);
  assert.equal(await posting(site.port, [proxy, made(3, 'X-Forwarded_For')]), 429);
  assert.equal(await posting(site.port, [['Forwarded', 'for=192.0.2.8'], proxy, made(4)]), 429);
  assert.equal(await posting(site.port, [proxy]), 429);
}));

test('a model that takes no limit of tokens is not asked if tokens are limited', scene({ ...guarded({ site: { tokens_day: 100_000 } }), edit: one({}) }, async ({ site, provider }) => {
  provider.auto((x) => ('max_tokens' in x.body || 'max_completion_tokens' in x.body ? x.error(400, {
    error: { message: `Unsupported parameter: '${'max_tokens' in x.body ? 'max_tokens' : 'max_completion_tokens'}'`, param: 'max_tokens' in x.body ? 'max_tokens' : 'max_completion_tokens' },
  }) : x.answer(textOf(x))));
  const r = await run(site);
  assert.equal(r.stateOf('ing'), 'failed');
  assert.equal(errorOf(r, 'ing').code, 'limit_site');
  assert.match(errorOf(r, 'ing').message, /takes no limit of tokens/);
  assert.equal((await spent(site)).tokens, 0);
}));

test('"over": "demo" has the demo write, which counts for nothing', scene(guarded({ site: { runs_day: 1 }, over: 'demo' }), async ({ site, provider }) => {
  provider.auto();
  const first = await run(site);
  assert.equal(first.run.demo, false);
  const asked = provider.requests;
  for (let n = 0; n < 2; n++) {
    const r = await run(site);
    assert.equal(r.run.demo, true);
    assert.equal(r.run.over, 'limit_site');
    assert.match(r.run.hint, /used up what it may spend/);
    assert.equal(r.stateOf('ste'), 'done');
  }
  assert.equal(provider.requests, asked);
  assert.equal((await spent(site)).runs, 1);
}));

test('"over": "demo" lifts no limit of a visitor', scene(guarded({ visitor: { runs_hour: 3, at_once: 1 }, site: { runs_day: 1 }, over: 'demo' }), async ({ site, provider }) => {
  provider.auto();
  const of = async (address) => {
    const r = await run(site, COOK, from(address));
    return r.run.demo;
  };
  assert.equal(await of('192.0.2.7'), false);
  assert.equal(await of('192.0.2.7'), true);
  assert.equal(await of('192.0.2.7'), true);
  const { code, retry_s: wait } = await refused(await site.post(COOK, from('192.0.2.7')));
  assert.equal(code, 'limit_visitor');
  assert.ok(wait > 3000 && wait <= 3600);
  assert.equal(await of('192.0.2.8'), true);
  /* At once, too: one of these is served. */
  const many = await Promise.all(Array.from({ length: 6 }, () => site.post(COOK, from('192.0.2.9')).then(async (r) => {
    await r.text();
    return r.status;
  })));
  assert.ok(many.filter((status) => status === 200).length < 4, many.join());
  const day = await spent(site);
  assert.equal(day.runs, 1);
  assert.deepEqual(Object.keys(day.services).sort(), ['70b', 'groq-8b']);
}));

test('what was answered before costs nothing', scene(guarded({ site: { runs_day: 1 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  const response = await site.post(COOK, { headers: { 'last-event-id': '7' } });
  assert.equal(response.status, 204);
}));

test('a page in HTML and a text are refused in their own form', scene(guarded({ site: { runs_day: 0 } }), async ({ site }) => {
  const page = await site.post(COOK, { headers: { accept: 'text/html' } });
  assert.equal(page.status, 429);
  assert.match(await page.text(), /used up what it may spend/);
}));

test('a book that cannot be opened closes the site, and the log says so', scene(guarded({ site: { runs_day: 9 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  const file = path.join(folder(site), booksOf(folder(site))[0]);
  fs.rmSync(file);
  fs.mkdirSync(file);
  const asked = provider.requests;
  const error = await refused(await site.post());
  assert.equal(error.code, 'limit_site');
  assert.match(error.message, /cannot write down what it spends/);
  assert.equal(provider.requests, asked);
  assert.match(await site.stderr(), /what is spent cannot be written down in .*, so no run begins/);
}));

test('"guard": false counts nothing; without it, and without a key, nothing either', scene(guarded(false), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  assert.deepEqual(booksOf(folder(site)), []);
}));

test('with a key the built-in limits hold', scene({
  site: ({ provider }) => ({
    config: { services: { '70b': { ...provider.service('m'), key: 'env:A_KEY' } }, default_service: '70b', trusted_proxies: '127.0.0.1' }, env: { A_KEY: 'sk-0123456789abcdef' },
  }),
}, async ({ site, provider }) => {
  provider.auto(() => false);
  const runs = [];
  for (let n = 0; n < 4; n++) runs.push(await start(site, COOK, from('192.0.2.7')));
  assert.equal((await refused(await site.post(COOK, from('192.0.2.7')))).code, 'limit_visitor');
  for (const r of runs) r.leave();
  await provider.allClosed();
}));

test('under plain CGI, and after a restart', scene({ ...guarded({ site: { runs_day: 2 } }), server: cgid }, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  await run(site);
  assert.equal((await refused(await site.post())).code, 'limit_site');
}));

test('a worker that is killed gives back what it had not asked', scene(guarded({ site: { tokens_day: 19_000 } }), async ({ site, provider }) => {
  provider.auto({ init: false, ing: false });
  const r = await start(site);
  await provider.next('init');
  await provider.next('ing');
  const reserved = book(site).filter(({ kind }) => kind === 'part').reduce((sum, { tokens }) => sum + tokens, 0);
  assert.ok(reserved > 10_000 && reserved < 15_000, `${reserved}`);
  for (const { pid } of site.tree().workers) process.kill(pid, 'SIGKILL');
  await r.closed().catch(() => {});
  await provider.allClosed();
  const asked = book(site).filter(({ kind }) => kind === 'asked').reduce((sum, { tokens }) => sum + tokens, 0);
  provider.auto((x) => x.answer(textOf(x), { usage: USAGE }));
  await run(site);
  await run(site);
  assert.equal((await spent(site)).tokens, asked + 2 * 6 * 47);
}));

test('a run of the command line counts if recipe.json names limits', scene(guarded({ site: { runs_day: 1 }, visitor: { at_once: 0 } }), async ({ site, provider }) => {
  provider.auto();
  const words = ['run', ...Object.entries(COOK).map(([name, value]) => `${name}=${value}`)];
  assert.equal((await ofCommand(site, words)).status, 0);
  const second = await ofCommand(site, words);
  assert.equal(second.status, 2);
  assert.match(second.stderr, /used up what it may spend today/);
}));
