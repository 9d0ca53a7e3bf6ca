// Under CGI a query without "=" is the program's argv (RFC 3875, 4.4), and it
// is a visitor's. Through a real mod_cgid, with both shipped configurations as
// they are, and without the rule that refuses such a query.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cgid, shared } from '../lib/apache.mjs';
import { PROGRAM, PROJECT, assert, cleanEnvironment, command, proc, run, scene, startProvider, test, waitFor, within } from '../lib/harness.mjs';
import { freePort } from '../lib/servers.mjs';

const HOSTS = { 'cgid.conf': cgid, '.htaccess': shared(), '.htaccess, all inside': shared({ inside: true }) };
/** Queries that were commands, and such as merely lack a "=". */
const WORDS = ['--version', '--help', 'check', 'check+--url+http://127.0.0.1:9/', '--listen+unix:x.sock', '1731', 'a+b', '%2D%2Dversion', '-'];

for (const [name, server] of Object.entries(HOSTS)) {
  test(`${name}: a query without "=" is refused, one with it is served`, scene({ server }, async ({ site, provider }) => {
    for (const word of WORDS) {
      for (const request of [site.get(`/services?${word}`), site.post(undefined, { path: `/generate?${word}`, body: '{}' })]) {
        const response = await request;
        assert.equal(response.status, 403, `?${word}`);
        await response.text();
      }
    }
    for (const query of ['?', '?a=1', '?lastEventId=7', '?a=1+--version']) {
      const response = await site.get(`/services${query}`);
      assert.equal(response.status, 200, query);
      assert.ok((await response.json()).services.length > 0);
    }
    provider.auto();
    await run(site);
  }));
}

/** The shipped files without their refusal: what is left is the program's own guard. */
const unguarded = (text) => {
  const bare = text.replace(/^.*<If "%\{QUERY_STRING\}[^]*?<\/If>\n/m, '').replace(/^RewriteCond "%\{QUERY_STRING\}.*\n.*\n/m, '');
  assert.notEqual(bare, text);
  return bare;
};

for (const [name, server] of Object.entries(HOSTS)) {
  test(`${name}, its refusal taken out: the words are not looked at`, scene({ server, change: unguarded }, async ({ site }) => {
    const shown = path.join(site.dir, name === 'cgid.conf' ? 'www' : 'home/public_html');
    const kept = path.join(shown, '.htaccess');
    if (!fs.existsSync(kept)) fs.writeFileSync(kept, '# empty\n');
    fs.chmodSync(shown, 0o777);
    const before = { text: fs.readFileSync(kept, 'utf8'), names: fs.readdirSync(shown).sort() };
    const inner = await startProvider();
    const port = await freePort();
    try {
      const words = [...WORDS, '--listen+unix:.htaccess', `--listen+127.0.0.1:${port}`, `check+--url+${inner.baseUrl}`];
      for (const word of words) {
        const response = await site.get(`/services?${word}`);
        assert.equal(response.status, 200, `?${word}`);
        assert.ok((await response.json()).services.length > 0, `?${word} is a request for /services`);
      }
      assert.equal(inner.connections.length, 0, 'nobody was asked');
      assert.deepEqual(site.processes().filter((pid) => proc.listensOn(pid, port)), [], 'no port was opened');
    } finally {
      await inner.stop();
    }
    assert.equal(fs.readFileSync(kept, 'utf8'), before.text);
    assert.deepEqual(fs.readdirSync(shown).sort(), before.names, 'no file came or went');
  }));
}

test('either variable of a request is enough', async () => {
  for (const env of [{ REQUEST_METHOD: 'GET' }, { GATEWAY_INTERFACE: 'CGI/1.1' }, { GATEWAY_INTERFACE: '' }]) {
    const { stdout } = await command(['--version'], { env });
    assert.doesNotMatch(stdout, /^recipe\.fcgi \d/, JSON.stringify(env));
  }
});

// ---- what --listen does to files

/** The program on a unix socket in a directory of its own, until `body` is over. */
async function onSocket(t, body) {
  const dir = fs.mkdtempSync(path.join(tmpdir(), 'recipe-socket-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 's');
  const begin = async () => {
    const child = spawn(PROGRAM, ['--listen', `unix:${file}`], { cwd: dir, env: cleanEnvironment(dir, { RECIPE_PROMPTS: path.join(PROJECT, 'prompts') }), stdio: 'ignore' });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await waitFor(() => child.exitCode !== null || proc.unixListening(file), 'the program to listen');
    assert.equal(child.exitCode, null);
    return { child, end: (signal) => (child.kill(signal), within(exited, 'the program to end')) };
  };
  await body({ dir, file, begin });
}

test('a socket that nobody listens on is replaced, and removed at the end', (t) => onSocket(t, async ({ file, begin }) => {
  const first = await begin();
  await first.end('SIGKILL');
  assert.ok(fs.lstatSync(file).isSocket(), 'a stale socket');
  const second = await begin();
  await second.end('SIGTERM');
  assert.ok(!fs.existsSync(file));
}));

test('what others have put at its path is not removed at the end', (t) => onSocket(t, async ({ file, begin }) => {
  for (const put of [() => fs.writeFileSync(file, 'theirs'), () => net.createServer().listen(file)]) {
    const own = await begin();
    fs.unlinkSync(file);
    const server = put();
    await waitFor(() => fs.existsSync(file), 'the other file');
    await own.end('SIGTERM');
    assert.ok(fs.existsSync(file), 'it is still there');
    server?.close();
    await waitFor(() => !server || !fs.existsSync(file), 'the other to leave');
    fs.rmSync(file, { force: true });
  }
}));

const OTHERS = {
  'a file': (file) => fs.writeFileSync(file, 'the only copy\n'),
  'an empty file': (file) => fs.writeFileSync(file, ''),
  'a directory': (file) => fs.mkdirSync(file),
  'a link': (file) => fs.symlinkSync('/etc/passwd', file),
  'a dangling link': (file) => fs.symlinkSync('nowhere', file),
};
for (const [what, make] of Object.entries(OTHERS)) {
  test(`--listen leaves ${what} alone and says what to do`, (t) => onSocket(t, async ({ file }) => {
    make(file);
    const before = fs.lstatSync(file);
    const { status, stderr } = await command(['--listen', `unix:${file}`]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /no socket; name another path/);
    assert.equal(fs.lstatSync(file).ino, before.ino);
    assert.equal(fs.lstatSync(file).size, before.size);
  }));
}
