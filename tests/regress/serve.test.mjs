// A start as a stranger makes it: `make run`, or tools/serve, which that calls,
// with a real lighttpd. What it says, whom it answers, what it refuses.

import fs from 'node:fs/promises';
import http2 from 'node:http2';
import path from 'node:path';
import { COOK, PROJECT, assert, proc, run, startProvider, test, waitFor } from '../lib/harness.mjs';
import { clone, gone } from '../lib/clone.mjs';
import { freePort } from '../lib/servers.mjs';

test('it says what will be used and where the site is, serves it, and ends', clone({}, async (it) => {
  const port = await freePort();
  const site = await it.serve(port).open();
  assert.match(site.output, /stage +ste +demo\n/);
  assert.match(site.lastLine, new RegExp(`^Open http://127\\.0\\.0\\.1:${port}/ .*Ctrl-C.*build/run/${port}/`));
  const page = await site.get('/');
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<title>/);
  const r = await run(site);
  assert.equal(r.run.demo, true);
  await waitFor(async () => /state=done/.test(await site.log('program.log')), 'the log to have the run');
  assert.equal(await site.stop('SIGINT'), 0);
  await waitFor(() => it.processes().length === 0, 'nobody to be left');
}));

test('at / is the page of the prompts: of the recipe, or of any graph', clone({}, async (it) => {
  for (const [prompts, script] of [[undefined, 'main.js'], [path.join(it.dir, 'prompts'), 'main.js'], [it.tiny, 'app.js']]) {
    const site = await it.serve(await freePort(), { env: prompts ? { RECIPE_PROMPTS: prompts } : {} }).open();
    const page = await (await site.get('/')).text();
    assert.ok(page.includes(`src="${script}"`), `${prompts}: ${page}`);
    assert.equal((await site.get('/app.html')).status, 200);
    assert.equal(await site.stop(), 0);
  }
}));

test('each shipped file says which line shows the other page', async () => {
  for (const file of ['hosts/lighttpd/lighttpd.conf', 'hosts/lighttpd/external.conf', 'hosts/nginx/recipe.conf', 'apache/cgid.conf', 'apache/fcgid.conf', 'apache/proxy.conf']) {
    const text = await fs.readFile(path.join(PROJECT, file), 'utf8');
    assert.match(text, /^\s*# The page at \/: "?app\.html"? for prompts other than the recipe's\.\n.*index\.html/m, file);
  }
  assert.match(await fs.readFile(path.join(PROJECT, 'apache/htaccess'), 'utf8'), /other prompts take the # from this line:\n#RewriteRule "\^\$" app\.html \[END\]\n/);
});

// ---- whom it answers

const NAMES = [
  ['localhost', 200], ['LocalHost', 200], ['localhost.', 200], ['localhost:8080', 200], ['localhost.:80', 200], ['localhost:', 200],
  ['127.0.0.1', 200], ['127.0.0.1:1', 200], ['127.0.0.1.', 200], ['[::1]', 200], ['[::1]:65535', 200],
  ['evil.example', 403], ['evil.example:8080', 403], ['localhost.evil.example', 403], ['127.0.0.1.nip.example', 403],
  ['evil.localhost', 403], ['evil-localhost', 403], ['localhostx', 403], ['xlocalhost', 403], ['0.0.0.0', 403], ['127.0.0.2', 403],
  ['[::]', 403], ['[::ffff:127.0.0.1]', 403], ['192.168.0.1', 403], ['xn--e1afmkfd.example', 403],
  // What is no name at all lighttpd refuses by itself.
  ['127.1', 400], ['2130706433', 400], ['', 400], ['localhost, evil.example', 400], ['evil.example@localhost', 400],
  ['localhost/evil', 400], ['localhost:evil', 400], ['localhost\u0000.evil.example', 400], ['%6cocalhost', 400], ['[::1].', 400],
];

/** Heads without the blank line, and what they are answered; %s is a path. */
const HEADS = [
  ['HTTP/1.0 without a name', 'GET %s HTTP/1.0', 403],
  ['HTTP/1.0 with another', 'GET %s HTTP/1.0\r\nHost: evil.example', 403],
  ['HTTP/1.1 without a name', 'GET %s HTTP/1.1', 400],
  ['two names, ours first', 'GET %s HTTP/1.1\r\nHost: localhost\r\nHost: evil.example', 400],
  ['two names, ours last', 'GET %s HTTP/1.1\r\nHost: evil.example\r\nHost: localhost', 400],
  ['a name that is continued', 'GET %s HTTP/1.1\r\nHost: localhost\r\n .evil.example', 400],
  ['another in the target', 'GET http://evil.example%s HTTP/1.1\r\nHost: localhost', 400],
  ['ours in the target alone', 'GET http://localhost%s HTTP/1.1\r\nHost: evil.example', 400],
  ['another in both', 'GET http://evil.example%s HTTP/1.1\r\nHost: evil.example', 403],
  ['ours for a proxy that there is not', 'GET %s HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\nX-Host: localhost', 403],
];

const NO_PORT = /Host/;

async function rawStatus(site, bytes) {
  const client = site.raw().send(bytes);
  try {
    return await client.until((c) => c.status && (c.ended || /\r\n\r\n/.test(c.text)) && c.status);
  } finally {
    client.leave();
  }
}

test('it answers to names of this machine and to no other', async (t) => {
  const provider = await startProvider();
  provider.auto();
  try {
    await clone({}, async (it) => {
      const env = { OPENAI_BASE_URL: provider.baseUrl, OPENAI_MODEL: 'model-70b', OPENAI_API_KEY: 'sk-the-owner-pays' };
      const site = await it.serve(await freePort(), { env }).open();
      const body = JSON.stringify(COOK);
      for (const [name, status] of NAMES) {
        await t.test(`Host: ${JSON.stringify(name)}`, async () => {
          assert.equal(await rawStatus(site, `GET / HTTP/1.1\r\nHost: ${name}\r\n\r\n`), status);
          assert.equal(await rawStatus(site, `GET /services HTTP/1.1\r\nHost: ${name}\r\n\r\n`), status);
          const asked = provider.requests;
          const post = `POST /generate HTTP/1.1\r\nHost: ${name}\r\nOrigin: http://${name}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
          if (status === 200) return;
          assert.equal(await rawStatus(site, post), status);
          assert.equal(provider.requests, asked, 'no model is asked');
        });
      }
      for (const [name, head, status] of HEADS) {
        await t.test(name, async () => {
          for (const url of ['/', '/services', '/style.css']) assert.equal(await rawStatus(site, `${head.replace('%s', url)}\r\n\r\n`), status, url);
        });
      }
      await t.test('every method and path, in plain words', async () => {
        for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
          for (const url of ['/', '/generate', '/services', '/style.css', '/nothing', '/%2e%2e/recipe.json']) {
            const client = site.raw().send(`${method} ${url} HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
            await client.closed;
            assert.equal(client.status, 403, `${method} ${url}`);
            assert.match(client.text, new RegExp(`answers to the names\\s+localhost, 127\\.0\\.0\\.1 and \\[::1\\] only[^]*http://127\\.0\\.0\\.1:${site.port}/`));
            assert.doesNotMatch(client.text, /access-control-allow/i);
          }
        }
      });
      await t.test('the second request of a connection is looked at, too', async () => {
        const client = site.raw().send('GET /services HTTP/1.1\r\nHost: localhost\r\n\r\nGET /services HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
        await client.closed;
        assert.deepEqual(client.text.match(/^HTTP\/1\.1 \d+/gm), ['HTTP/1.1 200', 'HTTP/1.1 403']);
      });
      await t.test('HTTP/2 in clear', async () => {
        const session = http2.connect(`http://127.0.0.1:${site.port}`);
        try {
          for (const [authority, status] of [['localhost', 200], ['127.0.0.1:80', 200], ['evil.example', 403]]) {
            const stream = session.request({ ':authority': authority, ':path': '/services' });
            const got = await new Promise((resolve, reject) => stream.once('response', (h) => resolve(h[':status'])).once('error', reject));
            assert.equal(got, status, authority);
            stream.close();
          }
        } finally {
          session.destroy();
        }
      });
      assert.equal(provider.requests, 0);
      assert.equal((await run(site)).stateOf('ste'), 'done', 'and the owner is served');
    })(t);
  } finally {
    await provider.stop();
  }
});

test('hosts with a name of their own get no such restriction', async () => {
  for (const file of ['hosts/lighttpd/lighttpd.conf', 'hosts/lighttpd/external.conf', 'hosts/lighttpd/tls.conf']) {
    assert.doesNotMatch(await fs.readFile(path.join(PROJECT, file), 'utf8'), NO_PORT, file);
  }
});

// ---- places

const PLACES = [
  ['spaces and signs', 'my cook & #1 \'s'],
  ['a long way down', `${'a-directory-with-a-long-name/'.repeat(5)}clone`],
];
test('a clone in an odd place', async (t) => {
  for (const [name, dir] of PLACES) {
    await t.test(name, clone({ name: dir }, async (it) => {
      const port = await freePort();
      const site = await it.serve(port).open();
      assert.equal((await run(site)).run.demo, true);
      await waitFor(async () => /state=done/.test(await site.log('program.log')), 'the log to have the run');
      const { listener } = site;
      const left = (await fs.readdir('/tmp')).filter((n) => n.startsWith('recipe-run.'));
      assert.equal(await site.stop(), 0);
      await gone(listener);
      const still = (await fs.readdir('/tmp')).filter((n) => n.startsWith('recipe-run.'));
      assert.ok(left.some((n) => !still.includes(n)), 'what it made elsewhere is removed');
    }));
  }
});

// ---- what it starts with

test("README's line for a model of one's own, before a server as Ollama is", async () => {
  const readme = await fs.readFile(path.join(PROJECT, 'README.md'), 'utf8');
  const [, variables] = /^ {4}((?:OPENAI_\w+=\S+ )+)make run/m.exec(readme);
  const env = Object.fromEntries(variables.trim().split(' ').map((pair) => pair.split(/=(.*)/).slice(0, 2)));
  assert.deepEqual(env, { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'llama3.2' });
  const ollama = await startProvider();
  ollama.models = ['llama3.2:latest'];
  ollama.auto();
  try {
    await clone({}, async (it) => {
      env.OPENAI_BASE_URL = env.OPENAI_BASE_URL.replace('11434', String(ollama.port));
      const site = await it.serve(await freePort(), { env }).open();
      assert.match(site.output, /llama3\.2 is served as llama3\.2:latest/);
      const r = await run(site);
      assert.equal(r.run.demo, false);
      assert.equal(r.stateOf('ste'), 'done');
      assert.ok(ollama.exchanges.every((x) => x.body.model === 'llama3.2'));
    })({ diagnostic: () => {} });
  } finally {
    await ollama.stop();
  }
});

test('it starts with warnings, and not where nothing can work', async (t) => {
  const provider = await startProvider();
  provider.answerModels = (x) => (x.key === 'sk-refused' ? x.error(401, {}) : x.error(200, { data: [{ id: '/models/a.gguf' }] }));
  provider.auto();
  try {
    await clone({}, async (it) => {
      const home = provider.service('llama3.2');
      const config = await it.config('warned', { services: { home, poor: provider.service('m', { key: 'env:NOT_SET' }) }, default_service: 'home' });
      const site = await it.serve(await freePort(), { config }).open();
      assert.match(site.output, /which has\s+\/models\/a\.gguf/);
      assert.match(site.output, /"poor" is left out/);
      assert.match(site.output, /^ {2}ready +but see the warnings about home, poor$/m);
      assert.equal((await run(site)).stateOf('ste'), 'done');
      const hopeless = await it.config('hopeless', { services: { home: { ...home, key: 'env:KEY' } } });
      const start = it.serve(await freePort(), { config: hopeless, env: { KEY: 'sk-refused' } });
      assert.equal(await start.end(), 1);
      assert.equal(start.lastLine, '  wrong       nothing can work: home refuses the key');
      const broken = path.join(it.top, 'broken.json');
      await fs.writeFile(broken, '{ "limits": { "max_runs": 0 } }');
      const wrong = it.serve(await freePort(), { config: broken });
      assert.equal(await wrong.end(), 1);
      assert.match(wrong.lastLine, /^ {2}wrong +\S+broken\.json:1: .*max_runs/);
    })(t);
  } finally {
    await provider.stop();
  }
});

test('lighttpd does not start: its words, and the last line', clone({}, async (it) => {
  await fs.appendFile(path.join(it.dir, 'hosts/lighttpd/loopback.conf'), 'server.nonsense = (\n');
  const start = it.serve(await freePort());
  assert.equal(await start.end(), 1);
  assert.match(start.output, /loopback|nonsense|parser|configfile/);
  assert.match(start.lastLine, /^lighttpd did not start/);
}));

test('make run says what it compiles before it does, and nothing where all is made', clone({ more: ['Makefile', 'lib', 'recipe.fcgi.c'] }, async (it) => {
  const files = (await fs.readdir(path.join(it.dir, 'lib'), { recursive: true })).filter((name) => name.endsWith('.c')).length + 1;
  const make = async () => {
    const port = await freePort();
    const start = it.run('make', ['run'], { port, env: { PORT: String(port), CFLAGS: '-O0' } });
    await start.open();
    return start;
  };
  const first = await make();
  assert.match(first.output, new RegExp(`^Compiling ${files} files, which takes \\d+ seconds or so \\.\\.\\.\\n  user `));
  assert.equal((await first.get('/services')).status, 200);
  const second = await make();
  assert.match(second.output, /^ {2}user /);
  assert.equal((await second.get('/services')).status, 200);
  for (const start of [first, second]) proc.kill(start.lighttpd, 'SIGTERM');
  for (const start of [first, second]) assert.equal(await start.end(), 0);
}));
