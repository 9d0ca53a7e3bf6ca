// Starts by tools/serve whose port, socket or run directory somebody else has, and
// several sites of one clone, each on a port of its own.

import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { TINY, assert, proc, run, startProvider, test, waitFor } from '../lib/harness.mjs';
import { clone } from '../lib/clone.mjs';
import { freePort } from '../lib/servers.mjs';

/** A server of somebody else. */
async function listenOn(options) {
  const server = net.createServer((socket) => socket.destroy());
  await new Promise((resolve, reject) => server.once('error', reject).listen(options, resolve));
  return server;
}

/** Two neighbours that are free, so that it is known which one is offered. */
async function twoFreePorts() {
  for (;;) {
    const port = await freePort();
    const next = await listenOn({ host: '127.0.0.1', port: port + 1 }).catch(() => null);
    if (next) {
      await new Promise((resolve) => next.close(resolve));
      return [port, port + 1];
    }
  }
}

test('a taken port: who has it, and a free one to copy', clone({}, async (it) => {
  const [port, next] = await twoFreePorts();
  for (const host of ['127.0.0.1', '0.0.0.0', '::', '::ffff:127.0.0.1']) {
    const other = await listenOn({ host, port });
    try {
      const start = it.serve(port);
      assert.equal(await start.end(), 1, start.output);
      assert.match(start.output, new RegExp(`Port ${port} is taken by node \\(process ${process.pid}: .*serve-ports\\.test\\.mjs`), host);
      assert.equal(start.lastLine, `Another port is free:  PORT=${next} make run`);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  }
  const [, offered] = /PORT=(\d+) make run/.exec(it.starts[0].output);
  await it.serve(offered).open();
}));

test('a taken port: a command line that a terminal would obey', clone({}, async (it) => {
  const port = await freePort();
  const script = `require('net').createServer().listen(${port}, '127.0.0.1')`;
  const other = it.run(process.execPath, ['-e', script, '\u001b]0;owned\u0007', '\\033[31m\\c', '\u009b1m']);
  await waitFor(() => proc.listensOn(other.child.pid, port), 'somebody to listen');
  const start = it.serve(port);
  assert.equal(await start.end(), 1);
  assert.match(start.output, new RegExp(`taken by node \\(process ${other.child.pid}: `));
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(start.output, /[^\n\x20-\x7e]/);
  assert.match(start.lastLine, /^Another port is free/);
  await other.stop();
}));

test('a port of another address is not taken', clone({}, async (it) => {
  const port = await freePort();
  const others = [await listenOn({ host: '127.0.0.2', port }), await listenOn({ host: '::1', port })];
  try {
    await it.serve(port).open();
  } finally {
    for (const other of others) other.close();
  }
}));

test('a second start on the same port leaves the first alone, logs and all', clone({}, async (it) => {
  const port = await freePort();
  const site = await it.serve(port).open();
  await run(site);
  await waitFor(async () => /state=done/.test(await site.log('program.log')), 'the log to have the run');
  const log = await site.log('program.log');
  const second = it.serve(port, { env: { RECIPE_PROMPTS: TINY } });
  assert.equal(await second.end(), 1);
  assert.match(second.output, new RegExp(`This clone's site is on port ${port} already; "kill ${site.lighttpd}" ends it`));
  assert.match(second.lastLine, /^Another port is free: {2}PORT=\d+ make run$/);
  assert.equal(await site.log('program.log'), log);
  await run(site);
  // And what it says to do does it.
  proc.kill(site.lighttpd, 'SIGTERM');
  assert.equal(await site.end(), 0);
}));

test('two starts at the same moment: one of them has the port', clone({}, async (it) => {
  const port = await freePort();
  const both = [it.serve(port), it.serve(port)];
  await waitFor(() => both.some((s) => s.status !== null) && both.some((s) => s.output.includes('Open http')), () => both.map((s) => s.output).join('---\n'));
  const [lost, won] = both[0].status === null ? [both[1], both[0]] : both;
  assert.equal(lost.status, 1, lost.output);
  assert.match(lost.lastLine, /^Another port is free/);
  assert.equal((await won.get('/services')).status, 200);
}));

test('what is no port is refused', clone({}, async (it) => {
  for (const port of ['', '0', '00', '65536', '-1', '80a', 'http', '8 0', '123456789012345678901']) {
    const start = it.serve(port);
    assert.equal(await start.end(), 1, port);
    assert.equal(start.lastLine, `PORT is a number from 1 to 65535, not "${port}".`);
  }
  const port = await freePort();
  await it.serve(port).open();
  const start = it.serve(`00${port}`);
  assert.equal(await start.end(), 1);
  assert.match(start.output, new RegExp(`site is on port ${port} already`));
}));

test('a living socket of somebody else is not answered by', clone({}, async (it) => {
  const port = await freePort();
  const dir = path.join(it.dir, 'build/run', String(port));
  await fs.mkdir(dir, { recursive: true });
  for (const name of ['recipe.sock', 'recipe.sock-0']) {
    const other = await listenOn({ path: path.join(dir, name) });
    try {
      const start = it.serve(port);
      assert.equal(await start.end(), 1, start.output);
      assert.match(start.output, new RegExp(`node \\(process ${process.pid}: .*\\) listens on ${path.join(dir, name)}\\.`));
      assert.match(start.lastLine, /^Another port is free/);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  }
  // The program, started by hand: somebody wants it.
  const socket = path.join(dir, 'recipe.sock-0');
  const byHand = it.run('./recipe.fcgi', ['--listen', `unix:${socket}`]);
  await waitFor(() => proc.unixListening(socket), 'the program to listen');
  const start = it.serve(port);
  assert.equal(await start.end(), 1, start.output);
  assert.match(start.output, /recipe\.fcgi \(process \d+: .*--listen .*\) listens on/);
  assert.ok(proc.alive(byHand.child.pid));
  byHand.child.kill('SIGKILL');
  await byHand.end();
  // One that nobody listens on is no hindrance.
  await fs.access(socket);
  await it.serve(port).open();
}));

// ---- several sites of one clone

test('two sites from one clone, with other services, models and prompts', async (t) => {
  const [a, b] = [await startProvider(), await startProvider()];
  a.auto();
  b.auto();
  try {
    await clone({}, async (it) => {
      const services = (provider, model) => ({ services: { [model]: provider.service(model) } });
      const one = await it.serve(await freePort(), { config: await it.config('one', services(a, 'model-70b')) }).open();
      const two = await it.serve(await freePort(), { config: await it.config('two', services(b, 'model-8b')) }).open();
      const three = await it.serve(await freePort(), { env: { RECIPE_PROMPTS: TINY } }).open();
      for (const [site, provider, model] of [[one, a, 'model-70b'], [two, b, 'model-8b'], [one, a, 'model-70b']]) {
        const before = provider.requests;
        const others = a.requests + b.requests - before;
        assert.equal((await run(site)).stateOf('ste'), 'done');
        assert.equal(provider.requests, before + 6);
        assert.equal(a.requests + b.requests - provider.requests, others, 'the other site is not asked');
        assert.ok(provider.exchanges.every((x) => x.body.model === model));
      }
      assert.ok((await run(three, { place: 'Skagen' })).parts.keeper.length > 0);
      await waitFor(async () => /state=done/.test(await one.log('program.log')), 'the log to have the run');
      // The end of one is not the end of another.
      assert.equal(await one.stop(), 0);
      assert.equal((await run(two)).stateOf('ste'), 'done');
    })(t);
  } finally {
    await a.stop();
    await b.stop();
  }
});
