// What a tree of processes uses: CPU time, memory, descriptors. Linux only.

import fs from 'node:fs';
import { pids, stat } from '../lib/proc.mjs';

const TICK_NS = 1e7; // USER_HZ is 100 on every Linux that runs Node

/** What f returns, or `otherwise` where the process has left or we may not look. */
function peek(f, otherwise) {
  try {
    return f();
  } catch {
    return otherwise;
  }
}

// Of the living to the nanosecond: with many processes the ticks of /proc/PID/stat would
// round most of it away. Of the dead what their parent has waited for.
function cpuNs(pid) {
  const threads = peek(() => fs.readdirSync(`/proc/${pid}/task`), []);
  const own = threads.map((t) => peek(() => Number(fs.readFileSync(`/proc/${pid}/task/${t}/schedstat`, 'latin1').split(' ')[0]), 0));
  const stat = peek(() => fs.readFileSync(`/proc/${pid}/stat`, 'latin1'), '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const dead = (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * TICK_NS;
  return own.reduce((a, b) => a + b, 0) + dead;
}

// Pss shares out what several processes map, so it also moves with who else runs on the
// machine; Private_Dirty is what a process has written and nobody shares.
function memoryKib(pid, field) {
  const text = peek(() => fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'), '');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

const fds = (pid) => peek(() => fs.readdirSync(`/proc/${pid}/fd`).length, NaN);

/** A process and all below it, in one look at /proc: there may be thousands. */
export function tree(root) {
  const children = new Map();
  for (const pid of pids()) {
    const parent = stat(pid)?.parent;
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(pid);
  }
  const under = (pid) => [pid, ...(children.get(pid) ?? []).flatMap(under)];
  return under(root);
}

const sum = (list, f) => list.map(f).reduce((a, b) => a + b, 0);

/** CPU time of all of them. */
export const cpuMs = (root) => sum(tree(root), cpuNs) / 1e6;

/**
 * {processes, pssKib, dirtyKib, fds} of all of them. The last three are NaN unless we are
 * root: the program lets nobody else look.
 */
export function sample(root) {
  // A process may leave while we look; only who may look nowhere gets NaN.
  const list = tree(root).filter((pid) => !['Z', undefined].includes(stat(pid)?.state));
  return {
    processes: list.length,
    pssKib: sum(list, (pid) => memoryKib(pid, 'Pss')),
    dirtyKib: sum(list, (pid) => memoryKib(pid, 'Private_Dirty')),
    fds: sum(list, fds),
  };
}
