// tools/need: what it changes on a machine is said before it changes, and what
// was only for the time of the installation is gone afterwards. With a dpkg and
// an apt-get of the test's own, in a mount namespace with an empty /usr/sbin.

import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LIMIT, PROJECT, assert, proc, test, waitFor, within } from '../lib/harness.mjs';
import { atExit } from '../lib/leave.mjs';

const POLICY = '/usr/sbin/policy-rc.d';
const OWN = ['unshare', process.getuid() === 0 ? '-m' : '-rm', 'sh', '-c', `mount -t tmpfs tmpfs /usr/sbin && { eval "$BEFORE"; "$@"; status=$?; eval "$AFTER"; exit $status; }`, 'sh'];
const cannot = spawnSync(OWN[0], [...OWN.slice(1), 'true']).status !== 0 && 'this machine gives no mount namespace';

/** Notes what had been said by then and what the policy is; then it does what APT says. */
const APT = `#!/bin/sh
{ echo "CALL $*"; cat "$DIR/said"; echo "POLICY"; cat ${POLICY} 2>/dev/null; [ ! -x ${POLICY} ] || { ${POLICY}; echo "EXIT $?"; }; } >>"$DIR/seen"
eval "$APT"
`;

async function need(purposes, { installed = false, apt = '', before = '', after = '', during } = {}) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-need-'));
  const forget = atExit(() => rmSync(dir, { recursive: true, force: true }));
  try {
    await fs.mkdir(path.join(dir, 'bin'));
    const tool = (name, text) => fs.writeFile(path.join(dir, 'bin', name), text, { mode: 0o755 });
    await tool('apt-get', APT);
    await tool('dpkg-query', `#!/bin/sh\n${installed ? "echo 'install ok installed'" : 'exit 1'}\n`);
    await fs.writeFile(path.join(dir, 'seen'), '');
    const said = await fs.open(path.join(dir, 'said'), 'a');
    const env = { PATH: `${dir}/bin:/usr/bin:/bin`, DIR: dir, APT: apt, BEFORE: before, AFTER: `{ ${after || 'true'}; } >"$DIR/after" 2>&1` };
    const child = spawn(OWN[0], [...OWN.slice(1), path.join(PROJECT, 'tools/need'), ...purposes], { env, stdio: ['ignore', said.fd, said.fd] });
    const ended = new Promise((resolve) => child.once('close', (status) => resolve(status)));
    await said.close();
    const read = (name) => fs.readFile(path.join(dir, name), 'utf8').catch(() => '');
    await during?.(child, read);
    const status = await within(ended, 'tools/need to end', LIMIT);
    return { status, said: await read('said'), seen: await read('seen'), after: await read('after') };
  } finally {
    forget();
    await fs.rm(dir, { recursive: true, force: true });
  }
}

const LIST = `ls ${POLICY}; cat ${POLICY}`;
const lastLine = (text) => text.trimEnd().split('\n').at(-1);
const own = (name, body) => test(name, { skip: cannot }, body);

/** tools/need itself, below what carries it. */
const needOf = (child) => proc.descendants(child.pid).find((pid) => proc.cmdline(pid).some((arg) => arg.endsWith('tools/need')));

own('packages and policy are named before anything changes, and the policy goes', async () => {
  const { status, said, seen, after } = await need(['build', 'run'], { after: LIST });
  assert.equal(status, 0, said);
  const [, first, second, ...more] = seen.split('CALL ');
  assert.match(first, /^update -qq\n/);
  for (const word of ['To build and run this machine lacks', ' gcc ', ' lighttpd ', 'apt-get update', 'apt-get install --no-install-recommends', 'a minute or two', `${POLICY} keeps`]) {
    assert.ok(first.split('POLICY')[0].includes(word), `${word} is said first:\n${first}`);
  }
  assert.match(first, /POLICY\n#!\/bin\/sh\n# .*tools\/need.*\nexit 101\nEXIT 101\n$/);
  assert.match(second, /^install -y -qq --no-install-recommends make gcc .* lighttpd ca-certificates\n/);
  assert.match(second, /EXIT 101\n$/);
  assert.deepEqual(more, []);
  assert.match(after, /No such file/);
  assert.match(lastLine(said), /^\d+ packages, and what they need, are installed\.$/);
});

own('silent where all is there', async () => {
  const { status, said, seen } = await need(['build', 'run', 'test'], { installed: true });
  assert.deepEqual([status, said, seen], [0, '', '']);
});

own("somebody else's policy is left alone", async () => {
  const { status, said, seen, after } = await need(['run'], { before: `printf '#!/bin/sh\\nexit 0\\n' >${POLICY}; chmod 755 ${POLICY}`, after: LIST });
  assert.equal(status, 0, said);
  assert.doesNotMatch(said, /policy/);
  assert.match(seen, /EXIT 0\n/);
  assert.match(after, /exit 0/);
});

own('an installation that fails: the policy goes, and the last line says so', async () => {
  for (const [command, apt] of [['update', 'exit 100'], ['install', '[ "$1" = update ] || { echo "E: no room" >&2; exit 100; }']]) {
    const { status, said, after } = await need(['run'], { apt, after: LIST });
    assert.equal(status, 1);
    assert.match(lastLine(said), new RegExp(`^apt-get ${command} failed`));
    assert.match(after, /No such file/);
  }
});

own('an installation that is interrupted: the policy goes', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    const { status, after } = await need(['run'], {
      apt: 'echo "PID $$" >>"$DIR/seen"; exec sleep 1000',
      after: LIST,
      during: async (child, read) => {
        const apt = await waitFor(async () => /PID (\d+)/.exec(await read('seen'))?.[1], 'apt-get to be asked');
        proc.kill(needOf(child), signal);
        // A terminal tells both; a shell waits for what it has started.
        proc.kill(Number(apt), 'SIGTERM');
      },
    });
    assert.notEqual(status, 0, signal);
    assert.match(after, /No such file/, signal);
  }
});

const written = (maker) => `printf '#!/bin/sh\\n# for the time of an installation by tools/need of recipe.fcgi, process %s\\nexit 101\\n' ${maker} >${POLICY}; chmod 755 ${POLICY}`;

own('what a killed installation has left is removed by the next start', async () => {
  const killed = await need(['run'], {
    apt: 'echo "PID $$" >>"$DIR/seen"; exec sleep 1000',
    after: LIST,
    during: async (child, read) => {
      const apt = await waitFor(async () => /PID (\d+)/.exec(await read('seen'))?.[1], 'apt-get to be asked');
      proc.kill(needOf(child), 'SIGKILL');
      proc.kill(Number(apt), 'SIGKILL');
    },
  });
  const [, maker] = /process (\d+)$/m.exec(killed.after);
  const { said, after } = await need(['run'], { installed: true, before: written(maker), after: LIST });
  assert.match(said, /An installation that was killed has left \/usr\/sbin\/policy-rc\.d.*removed now/);
  assert.match(after, /No such file/);
});

own('that of an installation which goes on stays', async () => {
  const { said, after } = await need(['run'], { installed: true, before: written(process.pid), after: LIST });
  assert.equal(said, '');
  assert.match(after, new RegExp(`process ${process.pid}`));
});
