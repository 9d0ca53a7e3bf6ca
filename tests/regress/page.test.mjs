// What lighttpd serves beside the program: htdocs, with its policy, and nothing else;
// and what is in htdocs.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { PROJECT, assert, scene, test } from '../lib/harness.mjs';

const HTDOCS = path.join(PROJECT, 'htdocs');
const FILES = readdirSync(HTDOCS);

test('the whole page is at most 72 KiB: both languages, the service worker and the template for those without JavaScript', () => {
  const sizes = FILES.map((file) => [file, statSync(path.join(HTDOCS, file)).size]);
  const sum = sizes.reduce((n, [, size]) => n + size, 0);
  assert.ok(sum <= 72 * 1024, `${sum} bytes: ${sizes.join(' ')}`);
});

test('the service worker keeps all that the page is made of, and nothing else', () => {
  const [, list] = /const FILES = '([^']*)'/.exec(readFileSync(path.join(HTDOCS, 'sw.js'), 'utf8'));
  const kept = list.split(' ').map((file) => (file === './' ? 'index.html' : file));
  // It does not keep itself, nor the template, which the program reads.
  assert.deepEqual(kept.sort(), FILES.filter((file) => !['sw.js', 'plain.html'].includes(file)).sort());
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
    put: async (request, response) => await fail('put') || set.stored.push([request.url, response]),
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
  assert.deepEqual(worker.stored.map(([url]) => url), ['', 'main.js', '#ko', 'index.html'].map((file) => SCOPE + file));
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
