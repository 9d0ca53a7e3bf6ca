// What perf(1) says of all processes of a site while something happens, the dead ones too:
// of a control group, into which the site's processes are put before.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { sleep } from '../lib/wait.mjs';

const EVENTS = ['context-switches', 'page-faults'];

/** Where control groups of version 2 are, beside others or alone. */
function groups() {
  const line = fs.readFileSync('/proc/mounts', 'latin1').split('\n').find((l) => l.split(' ')[2] === 'cgroup2');
  return line?.split(' ')[1];
}

/** perf stat of one group; prints lines "count,unit,event,group,..." when it is told to stop. */
const perfOf = (group, more) => ['stat', '-a', '-x,', '-e', EVENTS.join(), '-G', EVENTS.map(() => group).join(), ...more];

function withGroup(f) {
  const root = groups();
  if (!root) throw new Error('there are no control groups of version 2');
  const group = `recipe-bench-${process.pid}`;
  const dir = path.join(root, group);
  fs.mkdirSync(dir, { recursive: true });
  return f({ group, dir });
}

/** Why nothing can be counted here, in words; undefined if it can. */
export function whyNotCounted() {
  try {
    return withGroup(({ group, dir }) => {
      const tried = spawnSync('perf', perfOf(group, ['true']), { encoding: 'utf8' });
      fs.rmdirSync(dir);
      if (tried.error) return 'perf does not start; Debian has it in linux-perf';
      return tried.status === 0 && tried.stderr.includes(EVENTS[1]) ? undefined : `perf may not count here: ${tried.stderr.trim().split('\n')[0]}`;
    });
  } catch (error) {
    return `no control group can be made: ${error.message}`;
  }
}

/** {seen, said}: what f returns, and what perf says that watches all processes of the bench meanwhile, those too that they fork. `args`: perf's, for a group. */
export function watched(bench, args, f) {
  return withGroup(async ({ group, dir }) => {
    for (const pid of bench.tree()) fs.writeFileSync(path.join(dir, 'cgroup.procs'), String(pid));
    const perf = spawn('perf', args(group), { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    perf.stderr.on('data', (text) => (said += text));
    const ended = new Promise((resolve) => perf.once('close', resolve));
    await sleep(300); // it says nothing when it has begun
    const seen = await f();
    perf.kill('SIGINT');
    await ended;
    for (const pid of fs.readFileSync(path.join(dir, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean)) fs.writeFileSync(path.join(path.dirname(dir), 'cgroup.procs'), pid);
    fs.rmdirSync(dir);
    return { seen, said };
  });
}

/** {seen, switches, faults}: what f returns, and what all processes of the bench did meanwhile. */
export async function counted(bench, f) {
  const { seen, said } = await watched(bench, (group) => perfOf(group, []), f);
  const count = (event) => Number(said.split('\n').find((line) => line.split(',')[2] === event)?.split(',')[0]);
  return { seen, switches: count(EVENTS[0]), faults: count(EVENTS[1]) };
}
