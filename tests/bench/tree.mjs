// What a tree of processes uses: CPU time, memory, descriptors. Linux only.

import fs from 'node:fs';
import { descendants } from '../lib/proc.mjs';

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

/**
 * {processes, cpuMs, pssKib, dirtyKib, fds} of a process and all below it. The last three
 * are NaN unless we are root: the program lets nobody else look.
 */
export function sample(root) {
  const pids = [root, ...descendants(root)];
  const sum = (f) => pids.map(f).reduce((a, b) => a + b, 0);
  return {
    processes: pids.length,
    cpuMs: sum(cpuNs) / 1e6,
    pssKib: sum((pid) => memoryKib(pid, 'Pss')),
    dirtyKib: sum((pid) => memoryKib(pid, 'Private_Dirty')),
    fds: sum(fds),
  };
}
