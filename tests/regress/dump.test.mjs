// The program as it is shipped cannot be looked into by others of the same
// user: no core file, no /proc/PID/environ, no debugger. The build that the
// other tests use leaves that open, since they do look.

import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROGRAM, PROJECT, assert, cleanEnvironment, test, waitFor } from '../lib/harness.mjs';
import { freePort } from '../lib/servers.mjs';
import * as proc from '../lib/proc.mjs';

const RELEASE = path.join(PROJECT, 'build/release/recipe.fcgi');
const NOBODY = 65534;
const isRoot = process.getuid() === 0;

/** Who owns /proc/PID/environ of this program, started as an ordinary user. The kernel says root where dumps are forbidden. */
async function ownerOfEnvironment(t, program) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-dump-'));
  t.after(() => fs.rm(dir, { recursive: true }));
  await fs.chmod(dir, 0o755);
  const copy = path.join(dir, 'recipe.fcgi');
  await fs.copyFile(program, copy);
  await fs.chmod(copy, 0o755);
  await fs.cp(path.join(PROJECT, 'prompts'), path.join(dir, 'prompts'), { recursive: true });
  const port = await freePort();
  const args = [copy, '--listen', `127.0.0.1:${port}`];
  const as = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : ['env'];
  const child = spawn(as[0], [...as.slice(1), ...args], { env: cleanEnvironment(dir), stdio: 'ignore', cwd: dir });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    await waitFor(() => child.exitCode !== null || proc.listensOn(child.pid, port), 'the program to listen');
    assert.equal(child.exitCode, null, 'the program runs');
    return (await fs.stat(`/proc/${child.pid}/environ`)).uid;
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

test('the release build forbids dumps', async (t) => {
  if (!(await fs.stat(RELEASE).catch(() => null))) return t.skip(`${RELEASE} has not been built`);
  assert.equal(await ownerOfEnvironment(t, RELEASE), 0);
});

test('and the test sees the difference', async (t) => {
  assert.equal(await ownerOfEnvironment(t, PROGRAM), isRoot ? NOBODY : process.getuid());
});
