// What lighttpd serves beside the program: htdocs, with its policy, and nothing else;
// and what is in htdocs.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, scene, test } from '../lib/harness.mjs';

const HTDOCS = path.join(PROJECT, 'htdocs');
const FILES = readdirSync(HTDOCS);

test('the whole page is at most 60 KiB: both languages, the service worker and the template for those without JavaScript', () => {
  const sizes = FILES.map((file) => [file, statSync(path.join(HTDOCS, file)).size]);
  const sum = sizes.reduce((n, [, size]) => n + size, 0);
  assert.ok(sum <= 60 * 1024, `${sum} bytes: ${sizes.join(' ')}`);
});

test('the service worker keeps all that the page is made of, and nothing else', () => {
  const [, list] = /const FILES = '([^']*)'/.exec(readFileSync(path.join(HTDOCS, 'sw.js'), 'utf8'));
  const kept = list.split(' ').map((file) => (file === './' ? 'index.html' : file));
  // It does not keep itself, nor the template, which the program reads.
  assert.deepEqual(kept.sort(), FILES.filter((file) => !['sw.js', 'plain.html'].includes(file)).sort());
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
