// The lines that `check --url` prints, put in: each real web server is started
// as it is shipped but for one mistake, the check says what is wrong, and with
// the lines that it printed, just as it printed them, the mistake is mended.

import { describe } from 'node:test';
import { fcgid, cgid, proxy, shared } from '../lib/apache.mjs';
import { assert, command, sleep, startProvider, startSite, test } from '../lib/harness.mjs';
import { nginx } from '../lib/nginx.mjs';
import { lighttpd } from '../lib/servers.mjs';

const SOCKET = 'unix:/run/recipe/recipe.sock';

/** What the check says of a site that these options make. */
async function check(options) {
  const site = await startSite({ services: {}, mark: false, ...options });
  try {
    return await command(['check', '--url', `http://127.0.0.1:${site.port}/`], { prompts: null, config: 'broken' });
  } finally {
    await site.stop();
  }
}

/**
 * The first of some checks that says this, or the last one: on a busy machine a stream may come late though nothing
 * holds it; what holds it does so each time.
 */
async function checkUntil(options, words, tries = 4) {
  const said = await check(options);
  return words.test(said.stdout) || tries === 1 ? said : checkUntil(options, words, tries - 1);
}

/** The lines that are to be copied: of what stands between the facts and the verdict. */
const advised = ({ stdout }) => stdout.split('\n\n').slice(1, -1).join('\n').split('\n')
  .filter((line) => line.startsWith('      ')).map((line) => line.slice(6));

/** Of a text; what is to be changed must be there. */
function put(text, from, to) {
  assert.ok(from instanceof RegExp ? from.test(text) : text.includes(from), `there is no ${from}`);
  return text.replaceAll(from, () => to);
}
const without = (from) => (text) => put(text, from, '');

const NGINX = { server: nginx('listen'), overwritesEnvironment: true };
const inLocation = (line) => (text) => put(text, 'include fastcgi_params;', `include fastcgi_params;\n${line}`);
const inServer = (line) => (text) => put(text, 'index index.html;', `index index.html;\n${line}`);
const inHost = (line) => (text) => put(text, '</VirtualHost>', `${line}\n</VirtualHost>`);
const atEnd = (line) => (text) => `${text}\n${line}\n`;

const both = (f, g) => (text) => g(f(text));
const pad = (line) => ({ limits: JSON.parse(`{${line}}`).limits });
const DEFLATE = 'SetOutputFilter DEFLATE';
/** In place of the shipped lines of the same paths. */
const proxied = (lines) => (text) => put(put(text, /^\tProxyPass "\/runs".*\n/gm, ''), /^\tProxyPass "\/generate".*$/gm,
  lines.replaceAll(`${SOCKET}|fcgi://localhost`, '@BACKEND@'));
const BUFFERED = without(' flushpackets=on');
const UNCOMPRESSED = /^\s*SetEnv no-(gzip|brotli) 1$/gm;
const POLICY = [/no Content-Security-Policy arrives/, /Content-Security-Policy as it is shipped/];
const CACHING = [/Cache-Control was sent as "no-cache, no-transform" and\s+arrives as/, /type, caching and nosniff arrive as sent/];
const EXPIRES = 'ExpiresActive On\nExpiresDefault "access plus 1 hour"';
const HELD = [/^HELD/m, /^LIVE/m];
const PADDED = [/^HELD/m, /, padded[^]*^LIVE/m];
const ROUTE = [/^BROKEN.*does not lead to/m, /^LIVE/m];

/**
 * Each: its name, the site's options, the mistake, which of the advised lines
 * are put in, and how: a change of the mistaken text, or of the options. Then
 * what is said before and after; LIVE after HELD where it is not given.
 */
const CASES = [
  ['nginx, deaf to the program', NGINX, inLocation('fastcgi_ignore_headers X-Accel-Buffering;'), /^fastcgi_buffering/, inLocation],
  ['nginx, deaf and compressing', NGINX, inLocation('fastcgi_ignore_headers X-Accel-Buffering; gzip on; gzip_types text/event-stream;'), /^fastcgi_buffering/, inLocation],
  ['nginx, deaf: the pad', NGINX, inLocation('fastcgi_ignore_headers X-Accel-Buffering;'), /^"limits"/, pad, PADDED],
  ['nginx without the policy', NGINX, without(/^.*add_header (Content-Sec|X-Content).*$/gm), /^add_header/, inServer, POLICY],
  ['nginx without the route', NGINX, without(/^\tlocation [^]*?\n\t}$/gm), /./, (lines) => inServer(lines.replace(SOCKET, '@SOCKET@')), ROUTE],
  ['nginx that dates everything', NGINX, inServer('expires 1h;'), /./, inLocation, CACHING],

  ['mod_proxy_fcgi that collects', { server: proxy('listen') }, BUFFERED, /^ProxyPass/, proxied],
  ['mod_proxy_fcgi that collects and compresses', { server: proxy('listen') }, both(BUFFERED, inHost(DEFLATE)), /^ProxyPass/, proxied],
  ['mod_proxy_fcgi that collects: the pad', { server: proxy('listen') }, BUFFERED, /^"limits"/, pad, PADDED],
  ['Apache without the policy', { server: proxy('listen') }, without(/^.*Header always set (Content-Sec|X-Content).*$/gm), /^Header/, inHost, POLICY],
  ['Apache that dates everything', { server: proxy('listen') }, inHost(EXPIRES), /./, inHost, CACHING],
  ['mod_fcgid that collects', { server: fcgid }, without(/^\s*FcgidOutputBufferSize 0$/gm), /^Fcgid/, inHost],
  ['mod_fcgid that collects: the pad', { server: fcgid }, without(/^\s*FcgidOutputBufferSize 0$/gm), /^"limits"/, pad, PADDED],
  ['plain CGI that is compressed', { server: cgid }, both(without(UNCOMPRESSED), inHost(DEFLATE)), /^SetEnvIf/, inHost],

  ['.htaccess that is not there', { server: shared() }, () => '', /^(?!Header)/, atEnd, ROUTE],
  ['.htaccess on a host that compresses', { server: shared(), extra: DEFLATE }, without(UNCOMPRESSED), /^SetEnvIf/, atEnd],
  ['.htaccess on a host that dates everything', { server: shared(), extra: EXPIRES }, (text) => text, /./, atEnd, CACHING],
  ['.htaccess with mod_fcgid', { server: shared() }, (text) => put(text, 'SetHandler cgi-script', '</Files>\nAddHandler fcgid-script .fcgi\n<Files "x">'),
    /^(Options|AddHandler)/, (lines) => (text) => put(text, 'AddHandler fcgid-script .fcgi', lines)],

  ['lighttpd that collects', { server: lighttpd }, without(/^\s*server\.stream-response-body = 2$/gm), /^server/,
    (line) => (text) => put(text, /^\tfastcgi.server = /gm, `${line}\n\tfastcgi.server = `)],
  ['lighttpd without the policy', { server: lighttpd }, without(/^\t"(Content-Sec|X-Content).*$/gm), /./, atEnd, POLICY],
  ['lighttpd without the route', { server: lighttpd }, without(/^\$HTTP[^]*/gm), /./,
    (lines) => atEnd(lines.replace('/path/recipe.fcgi', '@PROGRAM@').replace('/run/recipe/recipe.sock', '@RUN@/recipe.sock')), ROUTE],
];

/** One case. The mended site is the mistaken one with the lines in it. */
async function mended(options, spoil, which, how, [before, after] = HELD) {
  const first = await check({ ...options, change: spoil });
  assert.match(first.stdout, before, first.output);
  const lines = advised(first).filter((line) => which.test(line)).join('\n');
  assert.notEqual(lines, '', first.output);
  const mend = how(lines);
  const second = await checkUntil(typeof mend === 'function' ? { ...options, change: both(spoil, mend) } : { ...options, change: spoil, ...mend }, after);
  assert.match(second.stdout, after, `with\n${lines}\n${second.output}`);
}

// Three at once: a run of the demo cook is mostly waiting.
describe('what is advised mends it', { concurrency: 3 }, () => {
  for (const [name, ...rest] of CASES) test(name, () => mended(...rest));
});

// ---- a proxy before another web server

test('nginx before lighttpd', async () => {
  const behind = await startSite({ services: {}, mark: false });
  try {
    const ask = (line, words) => checkUntil({ ...NGINX, change: (text) => put(text, /^\t\tfastcgi_[^]*?(?=\n\t})/gm, `\t\tproxy_pass http://127.0.0.1:${behind.port};\n${line}`) }, words);
    const [HOLDS, FLOWS] = HELD;
    assert.match((await ask('', FLOWS)).stdout, FLOWS, 'the header passes lighttpd');
    const held = await ask('proxy_ignore_headers X-Accel-Buffering;', HOLDS);
    assert.match(held.stdout, HOLDS);
    const [line] = advised(held).filter((l) => l.startsWith('proxy_'));
    assert.match((await ask(`proxy_ignore_headers X-Accel-Buffering;\n${line}`, FLOWS)).stdout, FLOWS);
  } finally {
    await behind.stop();
  }
});

// ---- clocks of silence

/** The model says nothing until the server has lost patience; asked again, it thinks beyond that. */
async function outlasts(options, setting, line) {
  const provider = await startProvider();
  const thinking = async (x) => {
    await sleep(1500);
    for (const word of ['Beef ', 'has ', 'iron.']) {
      x.text(word);
      await sleep(200);
    }
    x.finish('stop').done();
  };
  const site = (value) => ({ ...options, provider, services: undefined, mark: true, change: (text) => put(text, setting, value) });
  try {
    provider.rest();
    const cut = await check(site(line.replace(/\d+/, '1')));
    assert.match(cut.stdout, /^BROKEN {2}(After|The stream breaks off)/m, cut.output);
    assert.ok(advised(cut).includes(line), cut.output);
    provider.auto({ ing: thinking });
    const whole = await check(site(line));
    assert.match(whole.stdout, /complete: 7 parts/, whole.output);
  } finally {
    await provider.stop();
  }
}

describe('what is advised outlasts silence', { concurrency: 4 }, () => {
  test('nginx', () => outlasts(NGINX, /fastcgi_read_timeout .*/g, 'fastcgi_read_timeout 300s;'));
  test('mod_proxy_fcgi', () => outlasts({ server: proxy('listen') }, /^\s*ProxyTimeout .*$/gm, 'ProxyTimeout 300'));
  test('mod_fcgid', () => outlasts({ server: fcgid }, /FcgidIOTimeout .*/g, 'FcgidIOTimeout 60'));
  test('plain CGI', () => outlasts({ server: cgid }, /^\s*CGIDScriptTimeout .*$/gm, 'CGIDScriptTimeout 60'));
});
