// The face itself: what a test asks for is what a page gets, in each engine.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ENGINES, assert, assertQuiet, open, waitFor } from './lib.mjs';

const PAGE = `<!doctype html><title>Page</title><meta name="viewport" content="width=device-width">
<p id="language">LANGUAGE</p><input id="field" value="old"><button id="button">Press</button> <a id="file" href="file">File</a>
<noscript id="without">no script</noscript><div style="height: 2000px"></div><script src="page.js"></script>`;
const SCRIPT = `button.onclick = (e) => button.textContent = e.pointerType;
field.onkeydown = (e) => { if (e.key === 'Enter') button.textContent = e.ctrlKey ? 'sent' : 'not sent'; };`;
const BAD = `console.error('said'); console.log('told'); setTimeout(() => { throw new Error('thrown'); });
Promise.reject(new Error('rejected')); document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.2:9/x.png' }));`;

let server;
let url;
before(async () => {
  const answers = {
    '/file': [{ 'content-disposition': 'attachment; filename="a b.md"' }, 'hello'],
    '/page.js': [{ 'content-type': 'text/javascript' }, SCRIPT],
    '/bad.js': [{ 'content-type': 'text/javascript' }, BAD],
  };
  server = http.createServer((request, response) => {
    const html = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self'" };
    const page = PAGE.replace('LANGUAGE', request.headers['accept-language']);
    const [headers, body] = answers[request.url] ?? [html, request.url === '/bad' ? page.replace('page.js', 'bad.js') : page];
    response.writeHead(200, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}/`;
});
after(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));

const face = (name, options, body) => ENGINES.forEach((engine) => test(`${name}, ${engine}`, async () => {
  const tab = await open(engine, options);
  try {
    await tab.goto(url);
    await body(tab);
  } finally {
    await tab.close();
  }
}));

/** Not every driver answers only after the page has heard. */
const says = (tab, words) => tab.until(`the button to say ${words}`, (w) => document.querySelector('#button').textContent === w, words);

const about = (tab) => tab.evaluate(() => {
  const is = (query) => matchMedia(query).matches;
  return {
    size: [innerWidth, innerHeight], language: navigator.language, sent: document.querySelector('#language').textContent.split(/[,;]/)[0],
    dark: is('(prefers-color-scheme: dark)'), still: is('(prefers-reduced-motion: reduce)'), coarse: is('(pointer: coarse)'),
  };
});

face('a visitor at a desk', {}, async (tab) => {
  assert.deepEqual(await about(tab), { size: [1440, 900], language: 'en-US', sent: 'en-US', dark: false, still: false, coarse: false });
  await tab.fill('#field', 'leeks 두부');
  assert.equal(await tab.value('#field'), 'leeks 두부');
  await tab.press('Control+Enter');
  await says(tab, 'sent');
  await tab.click('#button');
  await says(tab, 'mouse');
  assert.equal(await tab.visible('#without'), false);
  await tab.click('#file');
  const file = await tab.downloaded();
  assert.equal(path.basename(file), 'a b.md');
  assert.equal(readFileSync(file, 'utf8'), 'hello');
  assertQuiet(tab);
});

face('one with a phone who reads Korean', { width: 360, height: 740, scheme: 'dark', locale: 'ko-KR', still: true, touch: true }, async (tab) => {
  const coarse = tab.engine !== 'webkit';
  assert.equal(tab.touches, coarse);
  assert.deepEqual(await about(tab), { size: [360, 740], language: 'ko-KR', sent: 'ko-KR', dark: true, still: true, coarse });
  await tab.tap('#button');
  await says(tab, coarse ? 'touch' : 'mouse');
  assertQuiet(tab);
});

face('one without JavaScript', { scripts: false, width: 360 }, async (tab) => {
  assert.equal(await tab.visible('#without'), true);
  await tab.fill('#field', 'leeks');
  await tab.click('#button');
  assert.deepEqual([await tab.value('#field'), await tab.text('#button')], ['leeks', 'Press']);
});

face('sizes, pictures, steps back, errors', {}, async (tab) => {
  await tab.size(768, 1000);
  const png = await tab.screenshot({ full: true });
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20) > 2000], [768, true]);
  assert.deepEqual((await about(tab)).size, [768, 1000]);
  assert.equal((await tab.screenshot()).readUInt32BE(20), 1000);
  assert.ok((await tab.paper())?.subarray(0, 4).equals(Buffer.from('%PDF')) ?? tab.engine === 'webkit');
  for (const next of ['#there', 'other']) {
    await tab.goto(url + next);
    await tab.back();
    await tab.until('the page before', (before) => location.href === before, url);
  }
  await assert.rejects(tab.evaluate(() => { throw new TypeError('mine'); }), /mine/);
  assert.equal(await tab.evaluate(async (n) => (await Promise.resolve(n)) + 1, 1), 2);
  assertQuiet(tab);
});

face('a visitor has a store of his own', {}, async (tab) => {
  const other = await open(tab.engine);
  try {
    await other.goto(url);
    await tab.evaluate(() => void (localStorage.kept = 'yes'));
    await tab.reload();
    assert.equal(await tab.evaluate(() => localStorage.kept), 'yes');
    assert.equal((await other.evaluate(() => localStorage.kept)) ?? null, null);
  } finally {
    await other.close();
  }
});

face('the console is heard', {}, async (tab) => {
  await tab.goto(`${url}bad`);
  const all = [/^error: said$/, /^log: told$/, /^error: .*thrown/, /^error: .*rejected/, /^error: CSP: img-src http:\/\/127\.0\.0\.2/];
  await waitFor(() => all.every((one) => tab.messages.some((m) => one.test(m))), () => `all messages of ${tab.messages}`);
});
