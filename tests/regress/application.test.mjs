// docs/application.md, done as a reader would: its files are written and its
// commands run in the order of the page, and its site is asked.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROGRAM, PROJECT, assert, cleanEnvironment, run, startProvider, startSite, test, waitFor } from '../lib/harness.mjs';

const PAGE = fs.readFileSync(path.join(PROJECT, 'docs/application.md'), 'utf8');
const SERVER = /^RECIPE_PROMPTS=\$PWD make -C ~\/recipe\.fcgi run$/;

/** The page's blocks in order: {file, text} of those that name a file, {commands: [{line, says}]} of a terminal. */
function blocks() {
  return [...PAGE.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)].map(([, kind, file, text]) => {
    if (kind !== 'console') {
      assert.ok(file, `a block of ${kind} names its file`);
      return { file, text };
    }
    const commands = [];
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) commands.push({ line: line.slice(2), says: [] });
      else commands.at(-1).says.push(line);
    }
    return { commands };
  });
}

/** A home with the program as a clone would have it, and the shop's directory. */
class Reader {
  constructor() {
    this.home = fs.mkdtempSync(path.join(tmpdir(), 'recipe-reader-'));
    this.shop = path.join(this.home, 'shop');
    fs.mkdirSync(path.join(this.home, 'recipe.fcgi'));
    fs.symlinkSync(PROGRAM, path.join(this.home, 'recipe.fcgi/recipe.fcgi'));
    // "make all" and nothing else: the program under test is there already.
    fs.writeFileSync(path.join(this.home, 'recipe.fcgi/Makefile'), 'all:\n\t@true\n');
    fs.cpSync(path.join(PROJECT, 'htdocs'), path.join(this.home, 'recipe.fcgi/htdocs'), { recursive: true });
  }

  /** A command of the page, as a shell runs it. */
  async does(line, says) {
    const cwd = fs.existsSync(this.shop) ? this.shop : this.home;
    const env = cleanEnvironment(this.home, { RECIPE_HTDOCS: path.join(this.home, 'recipe.fcgi/htdocs') });
    const own = this.site ? line.replace('127.0.0.1:8080', `127.0.0.1:${this.site.port}`) : line;
    const { code, output } = await new Promise((resolve) => {
      execFile('sh', ['-c', own], { cwd, env }, (e, stdout, stderr) => resolve({ code: e?.code ?? 0, output: stdout + stderr }));
    });
    assert.equal(code, 0, `${line}\n${output}`);
    for (const wanted of says) assert.ok(output.split('\n').includes(wanted), `${line}\nsays\n${output}\nand not\n${wanted}`);
    return output;
  }

  write({ file, text }) {
    const to = path.join(this.shop, file);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, text);
  }

  /** What "make run" does: serves the shop's own directory, in which files are saved meanwhile. */
  async serves() {
    this.site = await startSite({ server: 'lighttpd', config: {}, mark: false, prompts: this.shop, env: { RECIPE_PROMPTS: this.shop } });
  }

  async leave() {
    await this.site?.stop();
    fs.rmSync(this.home, { recursive: true });
  }
}

const MAIL = { message: 'How much is a saddle?' };

/** Asks until the answer is as wanted: what is saved is used within a second. */
const asks = (site, body, wanted) => waitFor(async () => {
  const response = await site.post(body, { headers: { accept: 'application/json' } });
  const doc = await response.json();
  return response.status === 200 && wanted(doc) && doc;
}, 'the page to be as the reader expects it', { every: 100 });

test('every file and command of docs/application.md, in its order', async (t) => {
  const reader = new Reader();
  t.after(() => reader.leave());
  let step = 0;
  const after = [
    // 1. its own demo text, once there is one
    ['demo/reply.txt', () => asks(reader.site, MAIL, (doc) => /You wrote: "How much is a saddle\?"/.test(doc.parts.reply.text))],
    // 2. the program and the reply that needs it
    ['reply.system.txt', () => asks(reader.site, MAIL, (doc) => doc.parts.prices?.text.trim() === 'saddle: 35 euros, 7 in stock' && doc.parts.reply.text)],
    // 3. all of it
    ['demo/short.txt', () => asks(reader.site, { ...MAIL, tone: 'formal' }, (doc) => /^Thank you! /.test(doc.parts.short?.text ?? ''))],
  ];
  for (const block of blocks()) {
    if (block.file) reader.write(block);
    for (const { line, says } of block.commands ?? []) {
      if (SERVER.test(line)) await reader.serves();
      else await reader.does(line, says);
    }
    if (block.file && block.file === after[step]?.[0]) await after[step++][1]();
  }
  assert.equal(step, after.length, 'all steps were there');
});

test('what a model is asked in the end', async (t) => {
  const reader = new Reader();
  const provider = await startProvider();
  t.after(async () => {
    await reader.leave();
    await provider.stop();
  });
  fs.mkdirSync(reader.shop);
  for (const block of blocks().filter((b) => b.file)) reader.write(block);
  fs.chmodSync(path.join(reader.shop, 'lookup'), 0o755);
  reader.site = await startSite({ prompts: reader.shop, services: { home: provider.service('m') } });
  provider.auto();
  const r = await run(reader.site, { ...MAIL, tone: 'formal' });
  assert.deepEqual(Object.keys(r.parts), ['prices', 'reply', 'short']);
  const [system, user] = provider.exchanges.find((x) => x.part === 'reply').body.messages;
  assert.match(system.content, /^You answer the mail of a small shop/);
  assert.match(user.content, /How much is a saddle\?\n\nThis is what we have\.[^]*:\n\nsaddle: 35 euros, 7 in stock\n\nWrite a formal reply/);
  await run(reader.site, { message: 'Hello there' });
  assert.match(provider.exchanges.filter((x) => x.part === 'reply').at(-1).body.messages[1].content, /The customer names none of our products\.\n\nWrite a friendly reply/);
});

test('what it says of others is there', () => {
  for (const [, file] of PAGE.matchAll(/`((?:lib|tests|apps)\/[\w./-]*)`/g)) assert.ok(fs.existsSync(path.join(PROJECT, file)), file);
  assert.ok(fs.existsSync(path.join(PROJECT, 'prompts/stages.schema.json')));
});
