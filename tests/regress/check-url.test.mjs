// `recipe.fcgi check --url`: what a person is told of a site, asked from
// outside. Real web servers first, then sites that do one odd thing each.

import zlib from 'node:zlib';
import { cgid } from '../lib/apache.mjs';
import { assert, command, makeAuthority, scene, sleep, test } from '../lib/harness.mjs';
import { STREAM, answers, body, buffered, live, oddSite, runOf } from '../lib/odd-site.mjs';
import { freePort } from '../lib/servers.mjs';

/** Anywhere: there is no recipe.json, and a broken one would not be read. */
const ask = (url, args = [], options = {}) => command(['check', '--url', url, ...args], { prompts: null, config: 'broken', ...options });
const verdict = ({ stdout }) => stdout.trim().split('\n\n').at(-1).replace(/\s+/g, ' ').trim();

/** A site with this answer at /generate (and others), asked, and stopped. */
async function odd(routes, args = [], { tls, env, url = (site) => site.url } = {}) {
  const site = await oddSite(typeof routes === 'function' ? { '/generate': routes } : routes, tls);
  try {
    return Object.assign(await ask(url(site), args, { env }), { seen: site.seen, site });
  } finally {
    await site.stop();
  }
}

/** The first of some answers that has these words, or the last one: on a busy machine a stream may come late though nothing holds it. */
async function lively(asked, words = /^LIVE/, tries = 4) {
  const r = await asked();
  const isSaid = [verdict(r), r.stdout.replace(/\s+/g, ' ')].some((text) => words.test(text));
  return isSaid || tries === 1 ? r : lively(asked, words, tries - 1);
}

function told(r, status, words, ...more) {
  assert.match(verdict(r), words, r.output);
  for (const what of more) assert.match(r.output.replace(/\s+/g, ' '), what, r.output);
  assert.equal(r.status, status, r.output);
  for (const line of r.stdout.split('\n')) assert.ok(line.length < 80 || line.startsWith('      '), `too wide: ${line}`);
  assert.doesNotMatch(r.stdout, /\x1b/, 'colour is for terminals');
}

/** A shipped configuration, changed in one place. */
const changed = (from, to) => (text) => {
  assert.match(text, from);
  return text.replace(from, to);
};

const DEMO = { services: {}, mark: false };
const at = (site) => `http://127.0.0.1:${site.port}/`;

// ---- as shipped, and with one line missing

for (const server of ['lighttpd', 'apache']) {
  test(`${server} as shipped is live`, scene({ ...DEMO, server }, async ({ site }) => {
    told(await lively(() => ask(at(site))), 0, /^LIVE /, /policy Content-Security-Policy as it is shipped/, /the demo cook writes/,
      /headers type, caching and nosniff arrive as sent/, /cannot be fetched/, /complete: 7 parts/,
      /kept a run goes on after its visitor has left, and was read to its end by \d+ polls, \d+ events/);
  }));
}

test('plain CGI as shipped: a run outlives the process that the server ends', scene({ ...DEMO, server: cgid }, async ({ site }) =>
  told(await lively(() => ask(at(site))), 0, /^LIVE /, /kept a run goes on after its visitor has left/)));

test('a site that keeps nothing says so, and is asked for one run', scene({ ...DEMO, journal: false }, async ({ site }) =>
  told(await lively(() => ask(at(site))), 0, /^LIVE /, /kept no: a run ends with its connection/)));

test('a run that ends when its visitor leaves, and one that cannot be read again', async () => {
  const named = (req, res) => {
    res.writeHead(200, STREAM);
    res.end(body().replace('data: _run|{', 'data: _run|{"kept":true,'));
  };
  const message = (id, event, data) => ({ id, event, data });
  const answer = (how) => (req, res) => res.writeHead(200, { 'content-type': 'application/json', 'stream-next-offset': '0000000002' })
    .end(JSON.stringify([message(1, '_run', { kept: true }), message(2, '_done', { how })]));
  const poll = '/runs/mine?live=long-poll&offset=-1';
  for (const [how, words] of [['broken', /kept the process of a run was ended when its visitor had left/], ['left', /kept a run ended \(left\)/]]) {
    const { stdout } = await odd({ '/generate': named, [poll]: answer(how) });
    assert.match(stdout.replace(/\s+/g, ' '), words);
  }
  const { stdout, seen } = await odd({ '/generate': named });
  assert.match(stdout.replace(/\s+/g, ' '), /kept a run cannot be read again: GET runs\/mine is answered with 404/);
  const keys = seen.filter(({ path }) => path === '/generate').map(({ headers }) => headers['idempotency-key']);
  for (const key of keys.slice(0, 2)) assert.match(key, /^[0-9a-f]{32}$/);
  assert.notEqual(keys[0], keys[1]);
});

test('lighttpd that collects the answer', scene({ ...DEMO, change: changed(/stream-response-body = 2/, 'stream-response-body = 0') },
  async ({ site }) => told(await ask(at(site)), 1, /^HELD The whole answer .* at once/, /page reads by polls here/, /server\.stream-response-body = 2/)));

test('mod_fcgid with its own buffer', scene({ ...DEMO, server: 'apache', change: changed(/^\s*FcgidOutputBufferSize 0$/m, '') },
  async ({ site }) => told(await ask(at(site)), 1, /^HELD The whole answer/, /FcgidOutputBufferSize 0/, /"pad": 65600/)));

test('a page without its policy', scene({ ...DEMO, server: 'apache', change: changed(/^.*Content-Security-Policy.*$/m, '') },
  async ({ site }) => told(await lively(() => ask(at(site))), 0, /^LIVE/, /no Content-Security-Policy arrives/, /Header always set Content-Security-Policy/)));

test('a configuration that is wrong', scene({ configText: '{' }, async ({ site }) =>
  told(await ask(at(site)), 1, /^BROKEN recipe\.fcgi answers 503: .*recipe\.fcgi check/)));

// ---- buffers

test('held to its end, by nobody knows what', () => odd((req, res) => {
  res.writeHead(200, STREAM);
  buffered((text) => res.write(text), Infinity).then(() => res.end());
}).then((r) => told(r, 1, /^HELD The whole answer/, /does not say its name/, /"pad": 4096/)));

for (const [size, name] of [[4096, 4], [8192, 8], [65536, 64]]) {
  test(`a buffer of ${name} KiB`, () => odd((req, res) => {
    res.writeHead(200, { ...STREAM, server: 'nginx/1.22' });
    buffered((text) => res.write(text), size, runOf({ ms: 3000, filler: size / 8 })).then(() => res.end());
  }).then((r) => told(r, 1, new RegExp(`^HELD The stream comes in \\d+ pieces of about ${name} KiB`), /fastcgi_buffering off;/)));
}

test('compression that holds is told from a server that does', async () => {
  const r = await lively(() => odd(answers.gzipHolds), /not compressed: live/);
  told(r, 1, /^HELD/, /compressed: gzip/, /not compressed: live, and left early/, /Turn off compression/);
  assert.equal(r.seen.filter((q) => q.path === '/generate').length, 2);
});

test('a cache in front is named', () => lively(() => odd((req, res) => {
  res.writeHead(200, { ...STREAM, via: '1.1 varnish', 'x-varnish': '1', 'cache-control': 'max-age=60' });
  live((text) => res.write(text)).then(() => res.end());
})).then((r) => told(r, 0, /^LIVE/, /between Varnish/, /Cache-Control was sent as "no-cache, no-transform" and arrives as "max-age=60"/)));

/** As Cloudflare signs what it passes on. */
const byCloudflare = { ...STREAM, server: 'cloudflare', 'cf-ray': '8f2a-FRA', 'cf-cache-status': 'DYNAMIC' };

test('held behind Cloudflare', () => odd((req, res) => {
  res.writeHead(200, byCloudflare);
  buffered((text) => res.write(text), Infinity).then(() => res.end());
}).then((r) => told(r, 1, /^HELD/, /server cloudflare/, /between Cloudflare/, /what stands behind it holds this one/)));

test('compressed and cached by Cloudflare', () => odd((req, res) => {
  if (!/gzip/.test(req.headers['accept-encoding'] ?? '')) return answers.live(req, res);
  res.writeHead(200, { ...byCloudflare, 'cache-control': 'max-age=14400', 'content-encoding': 'gzip' });
  sleep(1000).then(() => res.end(zlib.gzipSync(body())));
}).then((r) => told(r, 1, /^HELD/, /Make a rule for the path \/generate/, /arrives as "max-age=14400"/, /Respect Existing Headers/)));

// ---- answers that are no run

const says = (status, type, text, headers = {}) => (req, res) => res.writeHead(status, { ...(type ? { 'content-type': type } : {}), ...headers }).end(text);
const cases = [
  ['a page instead of a stream', says(200, 'text/html', '<html>'), /^BROKEN .* answers with text\/html/],
  ['a missing route', says(404, 'text/html', 'no', { server: 'Apache/2.4' }), /route is missing/, /RewriteRule/],
  ['a static server', says(405, 'text/html', 'no', { server: 'nginx' }), /route is missing/, /fastcgi_pass/],
  ['forbidden', says(403, 'text/html', 'no'), /^BROKEN Forbidden \(403\)/],
  ['a program that does not start', says(500, 'text/html', 'no'), /does not start \(500\)/],
  ['a socket that nobody serves', says(502, 'text/html', 'no'), /does not reach the program \(502\)/],
  ['other inputs', says(400, 'application/json', '{"error":{"code":"bad_input","message":"topic is missing"}}'), /^UNSURE .*topic is missing.*--body/],
  ['a redirect', says(301, null, '', { location: '/elsewhere' }), /^BROKEN POST .* is sent on \(301\) to http:\/\/127.*\/elsewhere/],
  ['the program as a file', says(200, 'application/octet-stream', '\x7fELF....'), /hands the program out/],
  ["somebody else's events", says(200, 'text/event-stream', 'data: hello\n\n'), /not recipe\.fcgi's/],
  ['an end without _done', says(200, 'text/event-stream', body(runOf().slice(0, -1))), /^BROKEN The stream breaks off/],
  ["the server's page inside the stream", says(200, 'text/event-stream', body(runOf().slice(0, -1)) + '<!DOCTYPE HTML><html><h1>500</h1></html>', { server: 'Apache' }),
    /put its own HTML page into the stream/, /FcgidBusyTimeout 3600/],
  ['a run too short to tell', says(200, 'text/event-stream', body(runOf({ ms: 20 }))), /^UNSURE .* too soon to tell/],
];
for (const [name, answer, words, ...more] of cases) test(name, async () => told(await odd(answer), 1, words, ...more));

// ---- hostile or endless

test('nothing of a site moves the cursor', async () => {
  const evil = '\x1b[2J\x1b]0;x\x07\x9b31m';
  const site = await oddSite({ '/generate': (req, res) => {
    req.socket.end(`HTTP/1.1 200 OK\r\nServer: a${evil}\r\nCache-Control: ${evil}\r\nContent-Type: text/event-stream\r\n\r\n`
      + `${body(runOf().slice(0, -1))}data: _error|${JSON.stringify({ part: evil, code: evil, message: `\u202e${evil}` })}\n\n${body(runOf().slice(-1))}`, 'latin1');
  } });
  try {
    const r = await ask(site.url);
    assert.doesNotMatch(r.output, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    assert.match(r.output, /server {6}a\?/);
    assert.match(r.output, /1 part failed/);
  } finally {
    await site.stop();
  }
});

test('an answer without end is left by its length', () => odd((req, res) => {
  res.writeHead(200, STREAM);
  const more = () => { while (!res.destroyed && res.write('x'.repeat(65536) + '\n')); };
  res.on('drain', more);
  more();
}).then((r) => told(r, 1, /^BROKEN The answer does not end/)));

test('and by the time it takes', () => odd((req, res) => {
  res.writeHead(200, STREAM);
  const timer = setInterval(() => res.write(': hb\n\n'), 20);
  res.on('close', () => clearInterval(timer));
}, ['--wait', '1']).then((r) => told(r, 1, /^BROKEN The run did not end within/)));

// ---- the way there

test('a redirect within the host is followed, with the page', async () => {
  const r = await lively(() => odd({ '/': says(302, null, '', { location: '/recipes/index.html?x' }), '/recipes/': answers.page,
    '/recipes/services': answers.services, '/recipes/generate': answers.live }));
  told(r, 0, /^LIVE/, /page moves to http/);
});

test('a redirect to another host is not followed', async () => {
  const other = await oddSite({});
  try {
    const r = await lively(() => odd({ '/': says(302, null, '', { location: `http://localhost:${other.port}/` }), '/generate': answers.live }));
    told(r, 0, /^LIVE/, /moves to http:\/\/localhost.*was not followed/);
    assert.equal(other.seen.length, 0);
  } finally {
    await other.stop();
  }
});

test('what is private and can be fetched', async () => {
  const r = await lively(() => odd({ '/generate': answers.live, '/recipe.json': says(200, 'application/json', '{"services":{}}'),
    '/.htaccess': says(200, 'text/plain', 'Options +ExecCGI'), '/prompts/stages.json': says(200, 'text/html', '{ a page for every path }') }));
  told(r, 0, /^LIVE/, /DANGER \S+recipe\.json can be fetched by anybody; .* replace every key/, /DANGER \S+\.htaccess/);
  assert.doesNotMatch(r.output, /stages\.json/);
});

test('nobody there', async () => {
  told(await ask(`http://127.0.0.1:${await freePort()}/`), 1, /^BROKEN Nothing listens/);
  told(await ask('http://no-such-host.invalid/'), 1, /^BROKEN No such host/);
});

test('an address that is none', async () => {
  for (const args of [['--url', 'my.site'], ['--url', 'ftp://my.site/'], ['--url'], ['--url', 'http://a/', '--wait', 'x'], ['--ur', 'http://a/']]) {
    const r = await command(['check', ...args], { prompts: null });
    assert.equal(r.status, 2, args.join(' '));
    assert.equal(r.stdout, '');
  }
});

// ---- TLS and HTTP/2

test('by TLS and HTTP/2, and what TLS refuses', async () => {
  const authority = await makeAuthority();
  const env = { SSL_CERT_FILE: authority.file };
  try {
    const tls = await authority.certificate();
    told(await lively(() => odd(answers.live, [], { tls, env })), 0, /^LIVE/, /HTTP\/2/);
    told(await odd(answers.live, [], { tls }), 1, /^BROKEN .*nobody whom this machine trusts|certificates/);
    const wrong = await authority.certificate({ names: ['DNS:other.example'] });
    told(await odd(answers.live, [], { tls: wrong, env }), 1, /^BROKEN .*certificate is for another name/);
    const h2 = (req, res) => {
      if (req.httpVersion !== '2.0') return answers.live(req, res);
      res.writeHead(200, STREAM);
      buffered((text) => res.write(text), Infinity).then(() => res.end());
    };
    told(await lively(() => odd(h2, [], { tls, env }), /HTTP\/1\.1: live/), 1, /^HELD/, /not compressed, by HTTP\/1\.1: live/, /Turn off HTTP\/2/);
  } finally {
    await authority.remove();
  }
});
