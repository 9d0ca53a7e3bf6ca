// The units as they are shipped, by systemd's own judges, where there is no
// systemd that could run them. That they start the program and that it works
// behind them is in hosts-nginx.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PROGRAM, assert, test } from '../lib/harness.mjs';
import { fillTemplate } from '../lib/servers.mjs';

/** The worst exposure, in tenths of 0 to 10: the network and the host's files are the 12 that it needs. */
const EXPOSED = 13;

const analyze = (...args) => spawnSync('systemd-analyze', args, { encoding: 'utf8', env: { ...process.env, SYSTEMD_PAGER: '', LC_ALL: 'C' } });
const version = Number(/^systemd (\d+)/.exec(analyze('--version').stdout ?? '')?.[1] ?? 0);

function withUnits(check) {
  const dir = fs.mkdtempSync('/tmp/recipe-units-');
  try {
    const files = ['socket', 'service'].map((kind) => {
      const file = path.join(dir, `recipe.${kind}`);
      fs.writeFileSync(file, fillTemplate(`hosts/systemd/recipe.${kind}`, { SOCKET: '/run/recipe/recipe.sock', PROGRAM, GROUP: 'nogroup' }));
      return file;
    });
    check(...files);
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

const none = version === 0 && 'there is no systemd-analyze here';

// --man=no: the page is not installed yet.
test('systemd finds nothing to say against the units', { skip: none }, () => withUnits((...files) => {
  const r = analyze('verify', '--man=no', ...files);
  assert.equal(r.stderr + r.stdout, '');
  assert.equal(r.status, 0);
}));

test('and counts little that the program could do', { skip: none || (version < 250 && 'systemd-analyze security reads no files before 250') }, () => withUnits((socket, service) => {
  const r = analyze('security', '--offline=true', `--threshold=${EXPOSED}`, '--no-pager', service);
  assert.equal(r.status, 0, r.stdout.split('\n').filter((line) => !line.startsWith('✓')).join('\n'));
}));
