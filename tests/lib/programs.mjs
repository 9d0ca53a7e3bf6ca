// Stages that run a program, for writePrompts: each with a script of its own in
// the directory of the prompts. And what is left of programs: they have none of
// a site's environment, but its directory.

import fs from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as proc from './proc.mjs';
import { atExit } from './leave.mjs';
import { writePrompts } from './prompts.mjs';
import { waitFor } from './wait.mjs';

/** A stage whose program is this shell script. */
export const script = (part, lines, more = {}) => ({ part, script: lines, run: [`./${part}.sh`], template: 'About {{what}}.', ...more });

const SLEEPS = 'while :; do sleep 1000; done';
/** Programs that are hard to end, and how many processes each has at least once it has written "ready". */
export const HARD = {
  deaf: [`trap '' TERM HUP INT QUIT; echo ready; ${SLEEPS}`, 2],
  apart: [`setsid sleep 1001 & setsid sh -c 'setsid sleep 1002 & ${SLEEPS}' & (setsid sleep 1006 &); sleep 0.1; echo ready; ${SLEEPS}`, 4],
  pipes: [`sleep 1003 | sleep 1004 & echo ready; sleep 1005 | (trap '' PIPE TERM; ${SLEEPS})`, 5],
  chain: [`export F='sleep 0.01; setsid sh -c "$F" &'; sh -c "$F"; echo ready; ${SLEEPS}`, 2],
  busy: ['echo ready; yes >&2', 2],
  flood: ["echo ready; trap '' PIPE; while :; do echo and more; done", 1],
};

/** Writes the prompts of these stages with their scripts; returns the directory. */
export async function writePrograms(stages, dir) {
  dir ??= await mkdtemp(path.join(tmpdir(), 'recipe-programs-'));
  atExit(() => fs.rmSync(dir, { recursive: true, force: true }));
  fs.chmodSync(dir, 0o755);
  await writePrompts(dir, stages.map(({ script: _, ...stage }) => stage));
  for (const { part, script: lines } of stages) {
    if (lines !== undefined) fs.writeFileSync(path.join(dir, `${part}.sh`), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  }
  return dir;
}

/** Options of a scene whose stages are these. */
export const programs = (stages, more = {}) => ({ mark: false, config: {}, ...more, prompts: null, site: async (set) => ({ prompts: await writePrograms(stages), ...(await more.site?.(set)) }) });

/** The processes that programs of this site have started, in whichever session: they work in its directory. */
export function programsOf(site) {
  const ours = new Set(site.ours());
  const cwd = (pid) => {
    try {
      return fs.readlinkSync(`/proc/${pid}/cwd`);
    } catch {
      return '';
    }
  };
  return proc.pids().filter((pid) => cwd(pid) === fs.realpathSync(site.prompts) && !ours.has(pid) && proc.alive(pid));
}

/** Waits until none is left. */
export const noneLeft = (site) => waitFor(() => programsOf(site).length === 0, () => `all programs to end: ${programsOf(site).map((pid) => proc.cmdline(pid).join(' '))}`);

/** Does what ends a run, waits until no program is left, and returns after how many ms those of now had ended. */
export async function endAll(site, end) {
  const there = programsOf(site);
  await end();
  const began = performance.now();
  await waitFor(() => !there.some(proc.alive), 'the programs to end', { every: 1 });
  const ms = performance.now() - began;
  await noneLeft(site);
  return ms;
}
