// Without JavaScript: a form's fields, and a document that fills from above.

import path from 'node:path';
import { COOK, PROJECT, TEXTS, assert, scene, test } from '../lib/harness.mjs';

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const encode = (fields) => String(new URLSearchParams(fields));
const page = (body, more = {}) => scene({ env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') }, ...more }, body);
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** The document as it comes. */
class Reader {
  text = '';
  constructor(response) {
    this.chunks = response.chunks[Symbol.asyncIterator]();
  }

  async until(words) {
    while (!this.text.includes(words)) {
      const { done, value } = await this.chunks.next();
      if (done) throw new Error(`the document ended before ${words}: ${this.text}`);
      this.text += value;
    }
  }
}

test('a form gets a document, in the order of the page', page(async ({ site, provider }) => {
  provider.auto();
  const response = await site.post(encode({ ...COOK, servings: '', diet: '', allergies: '', language: '' }), { headers: FORM });
  const html = await response.text();
  assert.equal(response.status, 200, html);
  assert.equal(response.headers['content-type'], 'text/html; charset=utf-8');
  let at = 0;
  for (const part of ['int', 'add', 'ste', 'sde', 'ing']) {
    const found = html.indexOf(escaped(TEXTS[part]));
    assert.ok(found > at, `${part} after what stands above it`);
    at = found;
  }
  assert.ok(html.indexOf('<li><b>') > at);
  assert.match(html, /<\/html>\s*$/);
  assert.doesNotMatch(html, /\{\{|Not written|kitchen said no|<script|style=/);
}));

test('each section streams in its turn, while the later ones are held', page(async ({ site, provider }) => {
  provider.auto({ int: false, add: false });
  const doc = new Reader(await site.post(encode(COOK), { headers: FORM }));
  const [int, add] = [await provider.next('int'), await provider.next('add')];
  await doc.until('Introduction</h2>');
  add.text('2 leeks');
  int.text('Soft & ');
  await doc.until('Soft &amp; ');
  int.text('warm.');
  await doc.until('warm.');
  assert.ok(!doc.text.includes('2 leeks'), 'its turn has not come');
  int.finish('stop').done();
  await doc.until('2 leeks');
  add.finish('stop').done();
  await doc.until('</html>');
}));

test('everything is escaped', page(async ({ site, provider }) => {
  const evil = '</div><script>alert(1)</script><img src=x onerror="alert(2)"> &amp; \'';
  const one = { name: evil, intro: evil };
  provider.auto({ ...Object.fromEntries(['int', 'add', 'ste', 'sde', 'ing'].map((p) => [p, evil])), init: JSON.stringify([one, one, one]) });
  const html = await (await site.post(encode(COOK), { headers: FORM })).text();
  assert.equal(html.split(escaped(evil)).length - 1, 11, 'five parts, a name and an intro, and two of each');
  assert.doesNotMatch(html, /<script|<img/);
}));

const FAILING = { add: (x) => x.error(401, { error: { message: '<b>no</b>' } }), sde: (x) => x.text('Rice').finish('length').done() };
test('what fails says so in its place, without the words of the service', page(async ({ site, provider }) => {
  provider.auto(FAILING);
  const html = await (await site.post(encode(COOK), { headers: FORM })).text();
  assert.equal(html.match(/<em class="note">Not written\. [^:<]*<\/em>/g).length, 2, 'add and ste');
  assert.match(html, /Rice<em class="note">Cut short/);
  assert.doesNotMatch(html, /<b>no|&lt;b&gt;no|401/);
}));

test("the owner of the site reads why", page(async ({ site, provider }) => {
  provider.auto(FAILING);
  const html = await (await site.post(encode(COOK), { headers: FORM })).text();
  assert.match(html, /Not written\. [^<]*<\/em><em class="note">[^<]*401[^<]*&lt;b&gt;no&lt;\/b&gt;<\/em>/);
}, { env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs'), RECIPE_LOCAL: '1' } }));

// ---- its language

const KOREAN = { ...FORM, 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' };
test('the page speaks the language that its visitor likes best', page(async ({ site, provider }) => {
  provider.auto(FAILING);
  const response = await site.post(encode(COOK), { headers: KOREAN });
  assert.equal(response.headers.vary, 'Accept, Accept-Language');
  const html = await response.text();
  for (const words of ['<html lang="ko">', '>소개</h2>', '>만드는 법</h2>', '>다른 요리</h2>', '다시 만들기</a>', '여기까지입니다.', 'Rice<em class="note">길이 제한', '<em class="note">쓰지 못했습니다.']) assert.ok(html.includes(words), words);
  assert.doesNotMatch(html, /Ask for|Introduction|This is all|Not written|Cut short|No model|\{\{/);
  const refused = await (await site.post(encode({ ...COOK, prepTime: '0' }), { headers: KOREAN })).text();
  assert.match(refused, /<h1 id="name">부엌이 거절했습니다<\/h1>\n<p [^>]*lang="en"[^>]*>&quot;prepTime&quot; is 0/);
  for (const languages of ['en-US,ko;q=0.5', 'de', 'de;q=0.9, en;q=0.1, ko;q=0.05', '']) {
    const english = await (await site.post(encode(COOK), { headers: { ...FORM, ...languages && { 'accept-language': languages } } })).text();
    assert.match(english, /<html lang="en">[^]*>Introduction<\/h2>[^]*This is all of it/, languages);
    assert.doesNotMatch(english, /[\uac00-\ud7a3]/, languages);
  }
}));

test('no list of dishes', page(async ({ site, provider }) => {
  provider.auto({ init: (x) => x.error(401) });
  const html = await (await site.post(encode(COOK), { headers: FORM })).text();
  assert.match(html, /No recipe this time/);
  assert.ok(html.includes(escaped(TEXTS.ing)));
  assert.match(html, /<\/html>/);
}));

test('the demo says that it is one', page(async ({ site }) => {
  const html = await (await site.post(encode(COOK), { headers: FORM })).text();
  assert.match(html, /class="demo">No model wrote this, but a built-in demo\.<\/p>/);
}, { config: {} }));

test('what is wrong with a form is a page too', page(async ({ site, provider }) => {
  for (const [body, status, says] of [[encode({ ...COOK, prepTime: '0' }), 400, /prepTime/], ['', 400, /empty/], ['ingredientsOnHand=be%ff&prepTime=1', 400, /UTF-8/], [encode({ ...COOK, '<b>': 'x' }), 400, /&lt;b&gt;.* is not a field/], [`a=${'x'.repeat(17000)}`, 413, /16384/]]) {
    const response = await site.post(body, { headers: FORM });
    const html = await response.text();
    assert.equal(response.status, status, html);
    assert.match(response.headers['content-type'], /^text\/html/);
    assert.match(html, says);
    assert.match(html, /The kitchen said no/);
    assert.doesNotMatch(html, /Ingredients<\/h2>/);
  }
  assert.equal(provider.requests, 0);
}));

test('a form on another site is refused', page(async ({ site, provider }) => {
  provider.auto();
  const ours = `http://127.0.0.1:${site.port}`;
  const cases = [[{ 'sec-fetch-site': 'cross-site' }, 403], [{ 'sec-fetch-site': 'same-site' }, 403], [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200], [{ origin: 'https://evil.example' }, 403], [{ origin: ours, host: `127.0.0.1:${site.port}` }, 200], [{ origin: 'null' }, 403],
    [{ origin: `127.0.0.1:${site.port}` }, 403], [{ origin: 'http://127.0.0.1:1' }, 403], [{ referer: 'http://evil.example/' }, 403], [{ referer: `${ours}/` }, 200], [{}, 200]];
  for (const [headers, status] of cases) {
    const response = await site.post(encode(COOK), { headers: { ...FORM, ...headers } });
    await response.text();
    assert.equal(response.status, status, JSON.stringify(headers));
  }
}));

test("a form's lines and odd bytes reach the model", page(async ({ site, provider }) => {
  provider.auto({ ing: (x) => x.answer(x.prompt.includes('a+b &= %zz\n김치') && !x.prompt.includes('\r') ? 'unharmed' : x.prompt) });
  const html = await (await site.post('ingredientsOnHand=a%2Bb+%26%3D+%zz%0D%0A%EA%B9%80%EC%B9%98&prepTime=%34%35', { headers: FORM })).text();
  assert.match(html, /unharmed/);
}));

test('without a template HTML is plain text', scene({ env: { RECIPE_HTDOCS: '/nowhere' } }, async ({ site, provider }) => {
  provider.auto();
  const response = await site.post(encode(COOK), { headers: FORM });
  assert.match(response.headers['content-type'], /^text\/plain/);
  assert.ok((await response.text()).includes(TEXTS.ste));
}));
