// The service worker beside other applications of the same origin: the page
// opens without a network, and nothing of the others is kept.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT, assert, table, test } from './lib.mjs';

const HTDOCS = path.join(PROJECT, 'htdocs');
const dir = mkdtempSync(path.join(tmpdir(), 'recipe-htdocs-'));
cpSync(HTDOCS, dir, { recursive: true });
mkdirSync(path.join(dir, 'webmail'));
for (const file of ['webmail/inbox.html', 'webmail/main.js', 'video.mp4']) writeFileSync(path.join(dir, file), 'private');
test.after(() => rmSync(dir, { recursive: true, force: true }));

/** The worker itself, the templates, what programmers read, and the page of any graph; index.html is kept as './'. */
const NOT_KEPT = ['sw.js', 'plain.html', 'any.html', 'client.d.ts', 'types.d.ts', 'app.html', 'app.js', 'speed.html', 'speed.js', 'index.html'];
const KEPT = readdirSync(HTDOCS).filter((file) => !NOT_KEPT.includes(file));
/** What the caches of the origin hold, by their names. */
const caches = (page) => page.tab.evaluate(async () => {
  const all = {};
  for (const name of await window.caches.keys()) all[name] = (await (await window.caches.open(name)).keys()).map(({ url }) => url).sort();
  return all;
});

test('only the files of the page are kept, and opened without a network', table({ htdocs: dir, expect: /ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 404/ }, async ({ page, provider }) => {
  // As an older worker has left it.
  await page.tab.evaluate(async () => (await window.caches.open('page')).put('webmail/inbox.html', new Response('private mail')));
  provider.auto();
  await page.cook();
  await page.run('done');
  await page.tab.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.until('the older cache to be gone', async () => !(await window.caches.has('page')));
  await page.tab.reload();
  await page.until('the worker to answer', () => navigator.serviceWorker.controller !== null);
  const ask = (urls) => page.tab.evaluate((all) => Promise.all(all.map(([url, init]) => fetch(url, init).then(async (r) => [r.status, (await r.text()).length > 0], () => null))), urls);
  const others = [['webmail/inbox.html'], ['webmail/main.js'], ['video.mp4', { headers: { range: 'bytes=0-3' } }], ['nothing.js'], ['services'], ['sw.js']];
  const ours = [['main.js?v=1'], ['./?from=mail'], ['view.js', { headers: { range: 'bytes=0-3' } }]];
  assert.deepEqual((await ask([...others, ...ours])).map(([status]) => status), [200, 200, 206, 404, 200, 200, 200, 200, 206]);
  assert.deepEqual(await caches(page), { [`page ${page.url}`]: ['', ...KEPT].map((file) => page.url + file).sort() });
  await page.context.setOffline(true);
  assert.deepEqual(await ask(others), others.map(() => null));
  assert.deepEqual(await ask(ours), ours.map(() => [200, true]));
  await page.tab.goto(`${page.url}?from=mail`);
  assert.equal(await page.text('#generate'), 'Generate');
  await page.shelf(1);
  await page.context.setOffline(false);
}));
