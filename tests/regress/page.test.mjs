// What lighttpd serves beside the program: htdocs, with its policy, and nothing else;
// and what is in htdocs.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { PROJECT, assert, scene, test } from '../lib/harness.mjs';

const HTDOCS = path.join(PROJECT, 'htdocs');
const FILES = readdirSync(HTDOCS);
/** Of the service worker: itself, the templates, which the program reads, what only programmers read, and the page of any graph. */
const NOT_KEPT = ['sw.js', 'plain.html', 'any.html', 'client.d.ts', 'types.d.ts', 'app.html', 'app.js', 'speed.html', 'speed.js'];

test('the HTML, CSS, JavaScript and JSON of htdocs are at most 143 KiB: all pages, both languages, the service worker, the templates', () => {
  const sizes = FILES.filter((file) => /\.(html|css|js|json)$/.test(file)).map((file) => [file, statSync(path.join(HTDOCS, file)).size]);
  const sum = sizes.reduce((n, [, size]) => n + size, 0);
  assert.ok(sum <= 143 * 1024, `${sum} bytes: ${sizes.join(' ')}`);
});

test('the service worker keeps all that the page is made of, and nothing else', () => {
  const [, list] = /const FILES = '([^']*)'/.exec(readFileSync(path.join(HTDOCS, 'sw.js'), 'utf8'));
  const kept = list.split(' ').map((file) => (file === './' ? 'index.html' : file));
  assert.deepEqual(kept.sort(), FILES.filter((file) => !NOT_KEPT.includes(file)).sort());
});

// ---- the reader of the stream

/** Browsers know it for a module; Node 18 takes a .js for CommonJS. It imports nothing. */
const { SseParser } = await import(`data:text/javascript,${encodeURIComponent(readFileSync(path.join(HTDOCS, 'client.js'), 'utf8'))}`);

/** What the page reads of a stream that comes in these pieces, bytes. */
function read(...pieces) {
  const decoder = new TextDecoder();
  const parser = new SseParser();
  return pieces.flatMap((bytes) => parser.push(decoder.decode(bytes, { stream: true })));
}

const GOLDEN = path.join(PROJECT, 'tests/golden');
const SIGNS = { '\\n': '\n', '\\r': '\r', '\\0': '\0', '\\\\': '\\' };
test("golden streams, cut at every byte, are read as the program's own reader does", () => {
  const streams = readdirSync(GOLDEN).filter((file) => file.endsWith('.sse'));
  assert.ok(streams.length > 15);
  for (const file of streams) {
    const bytes = readFileSync(path.join(GOLDEN, file));
    const lines = readFileSync(path.join(GOLDEN, file.replace('.sse', '.events')), 'utf8').split('\n').slice(0, -1);
    // Of a provider's the last event counts without its end; for the page it does not, so that nothing is taken twice.
    if (file.startsWith('unfinished')) lines.pop();
    const want = lines.map((line) => line.slice(line.indexOf(']') + 2).replace(/\\[nr0\\]/g, (sign) => SIGNS[sign]));
    assert.deepEqual(read(bytes), want, file);
    assert.deepEqual(read(...[...bytes].map((byte) => Uint8Array.of(byte))), want, `${file}, byte by byte`);
    for (let cut = 0; cut <= bytes.length; cut++) assert.deepEqual(read(bytes.subarray(0, cut), bytes.subarray(cut)), want, `${file} at ${cut}`);
  }
});

test('an event is read at the end of its block, whatever else is in there and in what order', () => {
  const block = ['data: _run|{}', 'retry: 86400000', 'id: 1', 'event: part', 'foo: bar', ': a comment', 'retry', 'id:'];
  for (let n = 0; n < block.length; n++) {
    const lines = [...block.slice(n), ...block.slice(0, n)];
    const text = `${lines.join('\n')}\n`;
    assert.deepEqual(read(Buffer.from(text)), [], 'not before');
    assert.deepEqual(read(Buffer.from(text), Buffer.from('\n')), ['_run|{}'], text);
  }
  assert.deepEqual(read(Buffer.from('retry: 5\n\nid: 7\n\nfoo: bar\n\n: hb\n\ndata: add|leeks\nid: 8\n\n')), ['add|leeks']);
});

// ---- the service worker in a world where everything can fail; browser/worker.test.mjs has it in a real one

const settled = () => new Promise((resolve) => setImmediate(resolve));
const SCOPE = 'https://my.site/recipe/';

/** The worker at SCOPE: `get` is what a page is answered, or null if the worker leaves it to the browser. */
function startWorker() {
  const set = { stored: [], online: true, refuses: '', failed: [] };
  const on = {};
  const fail = (what) => set.refuses.includes(what) && Promise.reject(new DOMException(what, 'QuotaExceededError'));
  const cache = {
    put: async (url, response) => await fail('put') || set.stored.push([url, response]),
    match: async ({ url }) => await fail('match') || set.stored.find(([kept]) => kept === url.split('?')[0])?.[1],
    addAll: async () => fail('addAll'),
  };
  vm.runInNewContext(readFileSync(path.join(HTDOCS, 'sw.js'), 'utf8'), {
    registration: { scope: SCOPE }, skipWaiting: async () => {}, Response,
    addEventListener: (name, listener) => (on[name] = listener),
    caches: { open: async () => await fail('open') || cache, delete: async () => fail('delete') },
    fetch: async ({ answer }) => set.online ? answer : Promise.reject(new TypeError('no network')),
  });
  set.get = async (url, answer, method = 'GET') => {
    let given = null;
    on.fetch({ request: { method, url: new URL(url, SCOPE).href, answer }, respondWith: (promise) => (given = promise) });
    const answered = await given;
    await settled(); // what it keeps, it keeps meanwhile
    return answered;
  };
  set.begin = (name) => new Promise((resolve, reject) => on[name]({ waitUntil: (done) => done.then(resolve, reject) }));
  return set;
}

test('the service worker keeps a good answer to a file of the page, and nothing else', async () => {
  const worker = startWorker();
  const ok = (more) => Object.defineProperties(new Response('text'), Object.fromEntries(Object.entries(more ?? {}).map(([name, value]) => [name, { value }])));
  for (const url of ['../webmail/inbox', 'services', 'generate', 'plain.html', 'sw.js', 'main.js/', 'x/main.js', 'main.jsx', '../main.js', 'style.css/x', 'https://cdn.example/recipe/main.js', 'https://my.site.evil/recipe/main.js', 'http://my.site/recipe/main.js', 'https://my.site:8443/recipe/main.js']) {
    assert.equal(await worker.get(url, ok()), null, url);
  }
  for (const method of ['POST', 'HEAD', 'PUT']) assert.equal(await worker.get('main.js', ok(), method), null, method);
  const bad = [new Response('part', { status: 206 }), new Response('no', { status: 404 }), new Response('', { status: 500 }), ok({ redirected: true }), Response.error()];
  for (const answer of bad) assert.equal(await worker.get('main.js', answer), answer);
  assert.equal((await worker.get('./?from=mail#ko', ok())).status, 200, 'answered, but not kept');
  assert.deepEqual(worker.stored, []);
  for (const url of ['./', 'main.js', './#ko', 'index.html']) assert.equal((await worker.get(url, ok())).status, 200);
  assert.deepEqual(worker.stored.map(([url]) => url), ['', 'main.js', '', 'index.html'].map((file) => SCOPE + file), 'without its fragment');
  worker.online = false;
  for (const url of ['main.js', 'main.js?v=2', './?from=mail']) assert.equal(await (await worker.get(url)).clone().text(), 'text', url);
  assert.equal((await worker.get('order.js')).type, 'error', 'not kept');
});

test('the service worker answers where nothing can be kept', async () => {
  const failed = [];
  const note = (error) => failed.push(error);
  process.on('unhandledRejection', note);
  try {
    const worker = startWorker();
    for (const refuses of ['put', 'open', 'match', 'addAll', 'put open match addAll delete']) {
      Object.assign(worker, { refuses, online: true });
      await worker.begin('install');
      await worker.begin('activate');
      assert.equal(await (await worker.get('main.js', new Response('new'))).text(), 'new', refuses);
      worker.online = false;
      assert.equal((await worker.get('view.js')).type, 'error', refuses);
    }
  } finally {
    process.off('unhandledRejection', note);
  }
  assert.deepEqual(failed, []);
});

test('the page, with a policy that runs nothing inline', scene({}, async ({ site }) => {
  const response = await site.get('/');
  assert.equal(response.status, 200);
  assert.match(response.headers['content-type'], /^text\/html; charset=utf-8/);
  const policy = response.headers['content-security-policy'];
  assert.match(policy, /script-src 'self'|default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  assert.match(await response.text(), /<form/);
}));

const HIDDEN = ['/recipe.json', '/prompts/stages.json', '/../recipe.json', '/%2e%2e/recipe.json', '/recipe.fcgi', '/lib/', '/../prompts/add.txt', '/error.log'];
test('nothing outside of htdocs', async (t) => {
  await scene({}, async ({ site }) => {
    for (const path of HIDDEN) {
      await t.test(path, async () => {
        const client = site.raw().send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        await client.until((c) => c.ended, 'an answer');
        assert.ok([400, 403, 404].includes(client.status), `${path}: ${client.status}`);
      });
    }
  })(t);
});
