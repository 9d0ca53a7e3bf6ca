// `make install` and `make uninstall`, into a directory that stands for a system.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT, assert, cleanEnvironment, test } from '../lib/harness.mjs';

const exec = promisify(execFile);
const PREFIX = '/opt/kitchen';

const make = async (dir, ...args) => (await exec('make', ['-C', PROJECT, ...args], { env: cleanEnvironment(dir) })).stdout;

/** A body with make(target), which resolves to what make said, and PREFIX where it is for now. */
const installed = (body) => async () => {
  const system = fs.mkdtempSync(path.join(tmpdir(), 'recipe-install-'));
  try {
    await make(system, '-s', 'recipe.fcgi');
    await body({
      make: (target) => make(system, target, `PREFIX=${PREFIX}`, `DESTDIR=${system}`),
      system, prefix: path.join(system, PREFIX),
    });
  } finally {
    fs.rmSync(system, { recursive: true });
  }
};

const filesOf = (dir) => fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());

test('installed, it finds what was installed with it; nothing is compiled for that', installed(async ({ make, system, prefix }) => {
  assert.doesNotMatch(await make('install'), / -c -o /, 'the program is there, and another PREFIX is no reason');
  const program = path.join(prefix, 'bin/recipe.fcgi');
  const { stdout } = await exec(program, ['check'], { env: cleanEnvironment(system) });
  assert.ok(stdout.includes(path.join(prefix, 'share/recipe/prompts')), stdout);
  for (const name of ['share/man/man8/recipe.fcgi.8', 'share/recipe/htdocs/index.html', 'share/recipe/prompts/demo/add.txt']) {
    assert.equal(fs.statSync(path.join(prefix, name)).mode & 0o777, 0o644, name);
  }
  const apps = path.join(PROJECT, 'apps');
  for (const { name, parentPath, path: parent } of filesOf(apps)) {
    const file = path.relative(apps, path.join(parentPath ?? parent, name));
    const mode = name === 'find-passages' ? 0o755 : 0o644;
    assert.equal(fs.statSync(path.join(prefix, 'share/recipe/apps', file)).mode & 0o777, mode, file);
  }
  const hosts = path.join(PROJECT, 'hosts'), examples = path.join(prefix, 'share/doc/recipe/examples');
  assert.deepEqual(fs.readdirSync(examples).sort(), ['apache', 'lighttpd', 'nginx', 'systemd']);
  for (const host of fs.readdirSync(examples)) {
    assert.deepEqual(fs.readdirSync(path.join(examples, host)), fs.readdirSync(path.join(hosts, host)), host);
    for (const file of filesOf(path.join(examples, host))) assert.equal(fs.statSync(path.join(examples, host, file.name)).mode & 0o777, 0o644, file.name);
  }
}));

test('uninstall leaves nothing of it', installed(async ({ make, system }) => {
  await make('install');
  await make('uninstall');
  assert.deepEqual(filesOf(system).map((f) => f.name), []);
  assert.deepEqual(fs.readdirSync(path.join(system, PREFIX)), [], 'no directory either');
}));

test('uninstall leaves what others have put there', installed(async ({ make, prefix }) => {
  await make('install');
  const theirs = ['bin/other', 'share/recipe/prompts/mine.txt', 'share/man/man8/other.8'];
  for (const name of theirs) fs.writeFileSync(path.join(prefix, name), '');
  await make('uninstall');
  assert.deepEqual(filesOf(prefix).map((f) => path.relative(prefix, path.join(f.parentPath ?? f.path, f.name))).sort(), theirs.sort());
}));
