// Without JavaScript the form still works, and what comes is text.

import http from 'node:http';
import path from 'node:path';
import { nginx } from '../lib/nginx.mjs';
import { PROJECT, SIZES, TEXTS, assert, launch, scene, test } from './lib.mjs';

const browser = launch();

for (const width of SIZES) {
  test(`the form without JavaScript, ${width} px`, scene({ env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } }, async ({ site, provider }) => {
    const context = await (await browser).newContext({ javaScriptEnabled: false, viewport: { width, height: 800 } });
    try {
      const tab = await context.newPage();
      await tab.goto(`http://127.0.0.1:${site.port}/`);
      provider.auto({ sde: '<script>alert(1)</script><b>Rice</b>' });
      await tab.fill('#ingredients', 'leeks\nand eggs');
      await Promise.all([tab.waitForURL('**/generate'), tab.click('#generate')]);
      assert.equal(await tab.textContent('[data-part=ste] .text'), TEXTS.ste);
      assert.equal(await tab.textContent('[data-part=sde] .text'), '<script>alert(1)</script><b>Rice</b>');
      assert.equal(await tab.locator('.ideas li').count(), 2);
      await tab.screenshot({ path: path.join(PROJECT, `build/screens/${width}-plain.png`), fullPage: true });
    } finally {
      await context.close();
    }
  }));
}

test('both pages in Korean without JavaScript', scene({ env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } }, async ({ site, provider }) => {
  const context = await (await browser).newContext({ javaScriptEnabled: false, locale: 'ko-KR', viewport: { width: 360, height: 800 } });
  try {
    const tab = await context.newPage();
    provider.auto({ sde: (x) => x.error(401) });
    await tab.goto(`http://127.0.0.1:${site.port}/graph`);
    assert.equal(await tab.textContent('#generate'), '쓰기');
    await tab.fill('[name=ingredientsOnHand]', '두부');
    await tab.fill('[name=prepTime]', '30');
    await Promise.all([tab.waitForURL('**/generate'), tab.click('#generate')]);
    assert.equal(await tab.locator('html').getAttribute('lang'), 'ko');
    assert.deepEqual(await tab.locator('h2').allTextContents(), ['소개', '재료', '만드는 법', '곁들임', '재료 이야기', '다른 요리']);
    assert.match(await tab.textContent('[data-part=sde] .text'), /^쓰지 못했습니다/);
    assert.match(await tab.textContent('main'), /언어 모델이 쓴 글/);
    await tab.screenshot({ path: path.join(PROJECT, 'build/screens/360-ko-plain.png'), fullPage: true });
  } finally {
    await context.close();
  }
}));

// ---- forms of this site and of others, over http, where a browser sends no Sec-Fetch-Site

const HTML = { 'content-type': 'text/html' };

/** Another site: every path is a page with a form for ours, under that policy; `/frame/` puts it into a sandbox. */
async function startForeign(target) {
  const form = `<form action="${target}" method="post" target="_top"><input name="ingredientsOnHand" value="beef"><input name="prepTime" value="45"><button id="generate">Win</button></form>`;
  const server = http.createServer(({ url }, response) => {
    const policy = url.slice(1);
    if (policy === 'frame') response.writeHead(200, HTML).end(`<iframe sandbox="allow-forms allow-popups allow-top-navigation" srcdoc='${form}'></iframe>`);
    else response.writeHead(200, { ...HTML, 'referrer-policy': policy }).end(form);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

const onHttp = (options, body) => scene({ server: nginx('listen'), ...options }, async (set) => {
  const url = `http://recipe.test:${set.site.port}/`;
  const foreign = await startForeign(`${url}generate`);
  const context = await (await browser).newContext({ javaScriptEnabled: false });
  /** What the form of a page is answered, and where it said that it was. */
  const send = async (where, fill) => {
    const tab = await context.newPage();
    await tab.goto(where);
    const frame = tab.frames().at(-1);
    if (fill) await frame.fill('#ingredients', 'leeks and eggs');
    const [request] = await Promise.all([tab.waitForEvent('request', (r) => r.method() === 'POST'), frame.click('#generate')]);
    const [response, headers] = [await request.response(), await request.allHeaders()];
    await response.finished();
    await tab.close();
    assert.equal(headers['sec-fetch-site'], undefined, 'a browser that judges by itself tests nothing here');
    return { status: response.status(), origin: headers.origin };
  };
  try {
    await body({ ...set, url, send, foreign: (page) => `http://evil.test:${foreign.port}/${page}` });
  } finally {
    await context.close();
    await foreign.stop();
  }
});

const WAYS = {
  'as shipped': (text) => text,
  'where the web server says no-referrer': (text) => text.replace(/(Referrer-Policy )same-origin/, '$1no-referrer'),
  'where it takes the port off the Host': (text) => text.replace(/HTTP_HOST .*;/, 'HTTP_HOST $host;'),
};
for (const [what, change] of Object.entries(WAYS)) {
  test(`the form of the page is ours, over http, ${what}`, onHttp({ change }, async ({ url, send, provider }) => {
    provider.auto();
    assert.deepEqual(await send(url, true), { status: 200, origin: url.slice(0, -1) });
  }));
}

test('a form of another site is refused, over http, whatever it hides', onHttp({}, async ({ send, foreign, provider }) => {
  const ours = foreign('').slice(0, -1);
  for (const [page, origin] of [['unsafe-url', ours], ['same-origin', 'null'], ['no-referrer', 'null'], ['frame', 'null']]) {
    assert.deepEqual(await send(foreign(page)), { status: 403, origin }, page);
  }
  assert.equal(provider.requests, 0);
}));
