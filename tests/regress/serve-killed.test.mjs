// What a site of tools/serve leaves when it is killed, and a new start in its place.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, proc, run, test, waitFor } from '../lib/harness.mjs';
import { clone, gone } from '../lib/clone.mjs';
import { freePort } from '../lib/servers.mjs';

/** A site that a provider named a serves, the way to kill it, and what then remains. */
const KILLED = [
  ['the web server', (site) => [site.lighttpd], async (site) => assert.match(site.output, /had left its program[^]*lighttpd ended with status 137/)],
  ['the start and the web server', (site) => [site.child.pid, site.lighttpd]],
  ['all but the program', (site) => [site.child.pid, site.lighttpd, ...proc.children(site.child.pid)]],
];
test('after a kill -9 a new start works, with its own configuration', async (t) => {
  for (const [name, victims, afterwards] of KILLED) {
    await t.test(name, clone({}, async (it) => {
      const port = await freePort();
      const first = await it.serve(port).open();
      const { listener } = first;
      assert.ok(listener, 'there is a program');
      for (const pid of victims(first)) proc.kill(pid, 'SIGKILL');
      await first.end();
      await afterwards?.(first);
      const again = await it.serve(port, { env: { RECIPE_PROMPTS: it.tiny } }).open();
      if (!afterwards) assert.match(again.output, new RegExp(`killed had left its program, process ${listener}, which is ended now`));
      await gone(listener);
      assert.ok((await run(again, { place: 'Skagen' })).parts.keeper.length > 0);
    }));
  }
});

// Nobody may look into the program as it is shipped, not even at its descriptors.
const RELEASE = path.join(PROJECT, 'build/release/recipe.fcgi');
const noRelease = !existsSync(RELEASE) && 'the release is not built here';
test('the same with the program as it is shipped, and not as root', { skip: noRelease }, async (t) => {
  for (const [name, victims] of KILLED.slice(0, 2)) {
    await t.test(name, clone({ program: RELEASE, nobody: true }, async (it) => {
      const port = await freePort();
      const first = await it.serve(port).open();
      const { listener } = first;
      for (const pid of victims(first)) proc.kill(pid, 'SIGKILL');
      await first.end();
      const again = await it.serve(port, { env: { RECIPE_PROMPTS: it.tiny } }).open();
      await gone(listener);
      assert.ok((await run(again, { place: 'Skagen' })).parts.keeper.length > 0);
    }));
  }
});

test('the program that somebody else has started there is not taken for one that was left', { skip: noRelease }, clone({ program: RELEASE, nobody: true }, async (it) => {
  const port = await freePort();
  const site = await it.serve(port).open();
  const { listener } = site;
  await site.stop();
  await gone(listener);
  // As spawn-fcgi does it: in a session of its own, and without arguments.
  const socket = path.join(it.dir, 'build/run', String(port), 'recipe.sock-0');
  const spawner = it.run('setsid', ['spawn-fcgi', '-s', socket, '--', it.program]);
  await waitFor(() => spawner.child.exitCode !== null, 'spawn-fcgi to leave the program alone');
  const isIt = (pid) => proc.cmdline(pid).length === 1 && proc.cmdline(pid)[0] === it.program;
  const pid = await waitFor(() => proc.unixListening(socket) && proc.pids().find(isIt), 'the program to listen');
  try {
    const start = it.serve(port);
    assert.equal(await start.end(), 1, start.output);
    assert.match(start.output, /A program that this user cannot look at listens on|recipe\.fcgi \(process \d+.*\) listens on/);
    assert.ok(proc.alive(pid));
  } finally {
    proc.kill(pid, 'SIGKILL');
  }
}));

test('after a kill -9 of the start alone its site is named', clone({}, async (it) => {
  const port = await freePort();
  const first = await it.serve(port).open();
  const { lighttpd } = first;
  first.child.kill('SIGKILL');
  await waitFor(() => first.child.signalCode !== null, 'it to be gone'); // what it wrote to, others hold open
  const again = it.serve(port);
  assert.equal(await again.end(), 1);
  assert.match(again.output, new RegExp(`This clone's site is on port ${port} already; "kill ${lighttpd}" ends it`));
  proc.kill(lighttpd, 'SIGTERM');
  await gone(lighttpd);
  await it.serve(port).open();
}));
