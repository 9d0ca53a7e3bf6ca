// Looks at processes through /proc: who is there, whose child, what it holds
// open, what it remembers. Linux only, as are the machines that run the tests.

import fs from 'node:fs';
export { LIMIT, sleep, waitFor, within } from './wait.mjs';

/** What f returns, or `otherwise` if the process left while we looked. */
function peek(f, otherwise) {
  try {
    return f();
  } catch {
    return otherwise;
  }
}

export function pids() {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
}

/** {pid, name, state, parent}, or null when there is no such process. */
export function stat(pid) {
  const line = peek(() => fs.readFileSync(`/proc/${pid}/stat`, 'latin1'), null);
  const found = line && /^\d+ \((.*)\) (\S) (\d+)/s.exec(line);
  return found ? { pid, name: found[1], state: found[2], parent: Number(found[3]) } : null;
}

/** Sends it a signal. Whether it was still there: a process may end by itself just before. */
export function kill(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (e) {
    if (e.code !== 'ESRCH') throw e;
    return false;
  }
}

export const alive = (pid) => !['Z', 'X', undefined].includes(stat(pid)?.state);
export const children = (pid) => pids().filter((p) => stat(p)?.parent === pid);
export const descendants = (pid) => children(pid).flatMap((child) => [child, ...descendants(child)]);
export const zombiesUnder = (pid) => descendants(pid).filter((p) => stat(p)?.state === 'Z');

const nulSplit = (bytes) => bytes.toString('utf8').split('\0').slice(0, -1);
export const cmdline = (pid) => peek(() => nulSplit(fs.readFileSync(`/proc/${pid}/cmdline`)), []);
export const environ = (pid) => peek(() => fs.readFileSync(`/proc/${pid}/environ`), Buffer.alloc(0));
export const executable = (pid) => peek(() => fs.readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''), '');

/** The number of the system call in which it waits; NaN if it runs, or we may not know. */
export const syscall = (pid) => peek(() => Number.parseInt(fs.readFileSync(`/proc/${pid}/syscall`, 'latin1'), 10), NaN);

/** The root directory of a process, as we see it. */
export const root = (pid) => peek(() => fs.readlinkSync(`/proc/${pid}/root`), '');
/** Whose it is, by number. */
export const user = (pid) => peek(() => fs.statSync(`/proc/${pid}`).uid, null);
/** The files that are mapped into it. */
export function mapped(pid) {
  const maps = peek(() => fs.readFileSync(`/proc/${pid}/maps`, 'utf8'), '');
  return [...new Set([...maps.matchAll(/ (\/.*)$/gm)].map((m) => m[1]))];
}

/** Hundredths of a second of CPU that it has used. */
export const cpuTicks = (pid) => peek(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').slice(11, 13).reduce((sum, n) => sum + Number(n), 0), 0);

/** Open files: [{fd, target}], target as readlink shows it ("socket:[123]"). */
export function fds(pid) {
  const names = peek(() => fs.readdirSync(`/proc/${pid}/fd`), []);
  return names
    .map((fd) => ({ fd: Number(fd), target: peek(() => fs.readlinkSync(`/proc/${pid}/fd/${fd}`), null) }))
    .filter((f) => f.target !== null);
}

/**
 * Bytes of their own that these processes hold together. What they share since
 * a fork counts once, whoever of them leaves: it does not become new memory of
 * the one that stays.
 */
export function ownBytes(pids) {
  const kib = pids.flatMap((pid) => {
    const rollup = peek(() => fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'), '');
    return [...rollup.matchAll(/^(?:Pss_Anon|SwapPss):\s+(\d+) kB/gm)].map((m) => Number(m[1]));
  });
  return 1024 * kib.reduce((a, b) => a + b, 0);
}

/** The IPv4 connections of this machine: [{local, listening, target}]: its own port, and the name an fd has. */
function tcpTable() {
  const port = (address) => Number.parseInt(address.split(':')[1], 16);
  return fs.readFileSync('/proc/net/tcp', 'latin1').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/))
    .map((f) => ({ local: port(f[1]), listening: f[3] === '0A', target: `socket:[${f[9]}]` }));
}

const holdsOneOf = (pid, targets) => fds(pid).some((f) => targets.includes(f.target));

/** Does this process hold the listening TCP socket of this port? */
export function listensOn(pid, port) {
  return holdsOneOf(pid, tcpTable().filter((s) => s.listening && s.local === port).map((s) => s.target));
}

/** The TCP ports that this process listens on. */
export function listeningPorts(pid) {
  const held = fds(pid).map((f) => f.target);
  return tcpTable().filter((s) => s.listening && held.includes(s.target)).map((s) => s.local);
}

/** Which of these processes holds the TCP connection whose own end has this port. */
export function ownerOfPort(port, among) {
  const targets = tcpTable().filter((s) => s.local === port).map((s) => s.target);
  return among.find((pid) => holdsOneOf(pid, targets));
}

/** The unix sockets with a name: [{flags, state, name}]. */
function unixTable() {
  return fs.readFileSync('/proc/net/unix', 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
    .filter((f) => f.length === 8).map((f) => ({ flags: f[3], state: f[5], name: f[7] }));
}

/** Does anybody listen on this unix socket? Seen without connecting to it. */
export function unixListening(name) {
  const LISTENING = '00010000';
  return unixTable().some((s) => s.flags === LISTENING && s.name === name);
}

/** How many connections to sockets in this directory nobody has accepted yet. */
export function unixQueued(dir) {
  const CONNECTING = '02';
  return unixTable().filter((s) => s.state === CONNECTING && s.name.startsWith(`${dir}/`)).length;
}

/** Why memory cannot be searched here, or false. */
export function memoryClosed() {
  if (process.getuid() !== 0) return 'only root may read the memory of other processes';
  return false;
}

const REGION_MAX = 256 << 20; // beyond this it is a sanitizer's shadow, not data

/** Where the bytes occur in the writable memory of a process: [{address, region}]. */
export function findInMemory(pid, bytes) {
  const needle = Buffer.from(bytes);
  const hits = [];
  const fd = fs.openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of fs.readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
      const found = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line);
      if (!found || !found[3].startsWith('rw')) continue;
      const [from, to] = [Number.parseInt(found[1], 16), Number.parseInt(found[2], 16)];
      if (to - from > REGION_MAX) continue;
      const memory = readMemory(fd, from, to - from);
      for (let at = memory.indexOf(needle); at >= 0; at = memory.indexOf(needle, at + 1)) {
        hits.push({ address: (from + at).toString(16), region: found[4] || 'anonymous' });
      }
    }
  } finally {
    fs.closeSync(fd);
  }
  return hits;
}

function readMemory(fd, from, length) {
  const memory = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const n = peek(() => fs.readSync(fd, memory, got, length - got, from + got), 0);
    if (n <= 0) break; // a guard page, or the mapping went away
    got += n;
  }
  return memory.subarray(0, got);
}
