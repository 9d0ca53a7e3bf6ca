// The folder in which the processes of a site keep what they know of each other: whatever
// is wrong with it, visitors are served, and the log or `check` says what to do.

import fs from 'node:fs';
import path from 'node:path';
import { assert, check, run, start, startProvider, startSite, test, waitFor } from '../lib/harness.mjs';
import { isRoot, launch } from '../lib/servers.mjs';
import { servicesOf } from '../lib/site.mjs';
import * as proc from '../lib/proc.mjs';

const onlyRoot = isRoot ? false : 'only root can mount, and give a directory to another user';

/** Runs f with a site whose state is in its `state` directory, which `prepare` has made. */
const at = (prepare, f, server = 'listen') => async () => {
  const provider = await startProvider();
  const site = await startSite({
    server, provider,
    edit: (graph, prompts) => {
      const dir = path.join(path.dirname(prompts), 'state');
      fs.mkdirSync(dir, { mode: 0o700 });
      prepare(dir);
      const file = path.join(path.dirname(prompts), 'recipe.json');
      fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), state: dir }));
    },
  });
  try {
    await f({ site, provider, dir: path.join(site.dir, 'state') });
  } finally {
    await site.stop();
    await provider.stop();
  }
};

async function served({ site, provider }) {
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
  assert.equal((await run(site)).stateOf('ste'), 'done');
}

/** --listen, with a file system of this kind on the state directory; nobody else sees it. */
const mounted = (options) => async (site) => {
  site.socket = path.join(site.runDir, 'fcgi.sock');
  const script = `mount -t tmpfs -o mode=0700,${options} none "$1" && exec "$2" --listen "unix:$3"`;
  launch(site, 'unshare', ['-m', 'sh', '-c', script, 'sh', path.join(site.dir, 'state'), site.program, site.socket]);
  await waitFor(() => proc.unixListening(site.socket), 'the program to listen');
};

test("another user's: said, with what to do, and served", { skip: onlyRoot }, at((dir) => fs.chownSync(dir, 65534, 65534), async (all) => {
  await served(all);
  assert.match(await all.site.stderr(), /state directory \S+state: Operation not permitted/);
}));

test('read-only: said, and served', { skip: onlyRoot }, at(() => {}, async (all) => {
  await served(all);
  assert.match(await all.site.stderr(), /state directory \S+state: Read-only file system/);
}, mounted('ro')));

test('full: said, with what to do, and served', { skip: onlyRoot }, at(() => {}, async (all) => {
  await served(all);
  assert.match(await all.site.stderr(), /keeps no locks \(No space left on device\).*set "state" to a directory/);
}, mounted('nr_inodes=2')));

test('gone in mid-run: that run is whole, and so is the next one', at(() => {}, async ({ site, provider, dir }) => {
  provider.auto({ ste: false });
  const first = await start(site);
  const held = await provider.next((x) => x.part === 'ste');
  fs.rmSync(dir, { recursive: true });
  held.answer('Step by step.');
  await first.over();
  assert.equal(first.stateOf('ste'), 'done');
  provider.auto();
  assert.equal((await run(site)).stateOf('ste'), 'done');
}));

const saysOf = async (prepare) => {
  const dir = fs.mkdtempSync('/tmp/recipe-folder-');
  try {
    prepare(dir);
    const { output } = await check({ services: {}, state: dir });
    return output.replace(/\n {14}/g, ' ');
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
};

test('check names the folder, and makes nothing', async () => {
  let made;
  const output = await saysOf((dir) => (made = dir));
  assert.match(output, new RegExp(`^  state {7}${made}/[0-9a-f]{16}, not made yet$`, 'm'));
});

test("check says that the folder is another user's, and what to do", { skip: onlyRoot }, async () => {
  const output = await saysOf((dir) => fs.chownSync(dir, 65534, 65534));
  assert.match(output, /warning .*is another user's.*sudo -u USER recipe\.fcgi check/);
});
