// Visitors of an account with limits: 100 processes (RLIMIT_NPROC), or a cgroup with 100
// processes and 1 GB, beside 0, 85 or 93 other processes of the account; 5 to 40 visitors
// at once, each of whom tries again after a 5xx as the page does. All must get a whole
// run within five minutes, and no part may fail for lack of a process. What the web
// server answers because it could not start our process at all is counted and is no miss.
//
// Prints a table, and ends with "N passed, N failed". Only root can set such limits:
// without it, one line says so. ACCOUNTS='cgi nproc others=85' runs only the lines that have
// all of these words.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cgid, fcgid } from '../lib/apache.mjs';
import { ASKING } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';
import * as proc from '../lib/proc.mjs';
import { Run } from '../lib/run.mjs';
import { PROGRAM, Site } from '../lib/site.mjs';
import { isRoot, launch, lighttpd, settleForNobody } from '../lib/servers.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';

const NPROC = 100;
const MEMORY = 1 << 30;
const FIVE_MINUTES = 300_000;
/** When a visitor comes again whom the answer does not tell it; the page waits for the person. */
const RETRY_S = 2;

const VISITORS = [5, 10, 20, 40];
const OTHERS = [0, 85, 93];

const build = path.join(path.dirname(PROGRAM), 'account');
/** The user of a line: another one each time, for whom no process of the last line counts. */
let account = 61000 + (process.pid % 3000);

// ---- limits

/** The cgroup of the account: its directories, one in version 2 and two in version 1; [] where there are none. */
async function makeGroup() {
  const write = (dir, name, value) => fs.writeFileSync(path.join(dir, name), String(value));
  const name = `recipe-soak-${process.pid}`;
  const v2 = fs.existsSync('/sys/fs/cgroup/cgroup.controllers');
  const dirs = v2 ? [`/sys/fs/cgroup/${name}`] : ['pids', 'memory'].map((kind) => `/sys/fs/cgroup/${kind}/${name}`);
  try {
    for (const dir of dirs) fs.mkdirSync(dir);
    write(dirs[0], 'pids.max', NPROC);
    write(dirs.at(-1), v2 ? 'memory.high' : 'memory.limit_in_bytes', MEMORY);
    return dirs;
  } catch {
    await removeGroup(dirs);
    return [];
  }
}

/** Also of what a line that threw has left in it. */
async function removeGroup(dirs) {
  for (const dir of dirs.filter((d) => fs.existsSync(d))) {
    await waitFor(() => {
      for (const pid of fs.readFileSync(path.join(dir, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)) proc.kill(Number(pid), 'SIGKILL');
      try {
        fs.rmdirSync(dir);
        return true;
      } catch {
        return false;
      }
    }, `${dir} to be empty`);
  }
}

/** Builds what becomes the account's user and then the program. */
function buildAccount(program, limits) {
  const groups = limits.groups.map((dir) => `"${dir}", `).join('');
  execFileSync('cc', ['-O1', '-Wall', '-o', build, `-DPROGRAM="${program}"`, `-DACCOUNT=${account}`, `-DNPROC=${limits.nproc}`, `-DGROUPS=${groups}`, new URL('account.c', import.meta.url).pathname]);
}

/** Gives the file to root, set-user-ID, so that the web server's user can become the account. */
function makeSetuid(file) {
  fs.chownSync(file, 0, 0);
  fs.chmodSync(file, 0o4755);
}

/** n processes of the account that are not ours. */
async function startOthers(n, limits) {
  if (n === 0) return { stop() {} };
  const enter = limits.groups.map((dir) => `echo 0 >${dir}/cgroup.procs; `).join('');
  const sleepers = `${enter}exec setpriv --reuid ${account} --regid 65534 --clear-groups sh -c 'i=1; while [ $i -lt ${n} ]; do sleep 1200 & i=$((i + 1)); done; wait'`;
  const child = spawn('sh', ['-c', sleepers], { stdio: 'ignore' });
  await waitFor(() => proc.children(child.pid).length === n - 1, 'the other processes of the account');
  return {
    async stop() {
      // Their parent waits for them and ends: a zombie would count for the next line.
      for (const pid of proc.children(child.pid)) proc.kill(pid, 'SIGKILL');
      await waitFor(() => child.exitCode !== null || child.signalCode !== null, 'them to go');
    },
  };
}

// ---- sites

/** mod_fcgid or plain CGI, whose program is set-user-ID once the server has started. */
const byApache = (serve) => async (site) => {
  site.program = build;
  await serve(site);
  makeSetuid(site.program);
};

/** The program with --listen, as the account's user from its start; lighttpd hands requests on to it. */
async function byListen(site) {
  settleForNobody(site);
  fs.copyFileSync(build, site.program);
  makeSetuid(site.program);
  site.socket = path.join(site.accountDir, 'fcgi.sock');
  launch(site, site.program, ['--listen', `unix:${site.socket}`]);
  await waitFor(() => proc.unixListening(site.socket), 'the program to listen');
  await lighttpd(site);
}

const MODES = {
  cgi: { server: byApache(cgid) },
  fcgid: { server: byApache(fcgid) },
  listen: { server: byListen, template: 'hosts/lighttpd/external.conf' },
};

/** A site of the account, and its home server. */
async function startAt({ mode, others, limits }) {
  const home = await startHome({ slots: 1000, gapMs: 30 });
  const dir = fs.mkdtempSync('/tmp/recipe-account-');
  fs.chownSync(dir, account, 65534);
  fs.chmodSync(dir, 0o755);
  const program = path.join(dir, 'recipe.fcgi');
  fs.copyFileSync(PROGRAM, program);
  buildAccount(program, limits);
  const services = { '70b': { ...home.provider.service('m'), parallel: 1000 }, 'groq-8b': { ...home.provider.service('m'), parallel: 1000 } };
  const state = path.join(dir, 'state');
  fs.mkdirSync(state, { mode: 0o700 });
  fs.chownSync(state, account, 65534);
  const site = new Site({ ...MODES[mode], config: { services, default_service: '70b', state } });
  site.accountDir = dir;
  const crowd = await startOthers(others, limits);
  await site.start();
  return {
    site,
    async stop() {
      await crowd.stop();
      // mod_fcgid cannot end what runs as another user, and may start more meanwhile.
      let stopped = false;
      const stopping = site.stop().finally(() => (stopped = true));
      await waitFor(() => {
        for (const pid of processesOf()) proc.kill(pid, 'SIGKILL');
        return stopped && processesOf().length === 0;
      }, 'the processes of the account to go', { every: 50 });
      await stopping;
      await home.stop();
      fs.rmSync(dir, { recursive: true });
    },
  };
}

// ---- visitors

/** The live processes of the account. */
const processesOf = () => proc.pids().filter((pid) => proc.user(pid) === account && proc.alive(pid));

/** Comes again until the answer is no 5xx; what he met is counted in `met`. */
async function visit(site, met, deadline) {
  for (;;) {
    const response = await site.post();
    if (response.status === 200) {
      const run = await new Run(response).closed();
      const bad = ASKING.filter((part) => run.stateOf(part) !== 'done');
      if (!run.done || bad.length > 0) throw new Error(`not whole: ${bad.join(' ')}\n${run.summary()}`);
      met.waited += run.comments.some((c) => c.startsWith('waiting')) ? 1 : 0;
      return;
    }
    const text = await response.text();
    const friendly = text.startsWith('{') && JSON.parse(text).error?.code === 'busy';
    if (response.status < 500) throw new Error(`${response.status}: ${text}`);
    met[friendly ? 'busy' : 'refused']++;
    if (performance.now() > deadline) throw new Error(`no run within five minutes: ${response.status} ${text.slice(0, 200)}`);
    await sleep(1000 * (Number(response.headers['retry-after']) || RETRY_S));
  }
}

/** Most processes of ours, and their memory, while f runs. */
async function watched(f, others) {
  const most = { processes: 0, kib: 0 };
  let over = false;
  const watching = (async () => {
    while (!over) {
      const ours = processesOf().filter((pid) => !/^(sh|sleep)$/.test(proc.stat(pid)?.name ?? ''));
      most.processes = Math.max(most.processes, Math.min(ours.length, processesOf().length - others));
      most.kib = Math.max(most.kib, proc.ownBytes(ours) / 1024);
      await sleep(100);
    }
  })();
  try {
    await f();
  } finally {
    over = true;
    await watching;
  }
  return most;
}

async function measure(line) {
  account++;
  // What has been killed counts until its parent has waited for it.
  const [pids] = line.limits.groups;
  if (pids) await waitFor(() => Number(fs.readFileSync(path.join(pids, 'pids.current'), 'utf8')) === 0, `${pids} to be empty`);
  const met = { whole: 0, waited: 0, busy: 0, refused: 0, misses: [] };
  const { site, stop } = await startAt(line);
  const began = performance.now();
  try {
    const visits = Array.from({ length: line.visitors }, () => visit(site, met, began + FIVE_MINUTES).then(() => met.whole++, (e) => met.misses.push(e.message)));
    const most = await watched(() => Promise.all(visits), line.others);
    const seconds = (performance.now() - began) / 1000;
    if (met.misses.length > 0 || process.env.SAY) console.log((await site.stderr()).split('\n').filter((l) => !/state=done/.test(l)).slice(-30).join('\n'));
    return { ...met, ...most, seconds };
  } finally {
    await stop();
  }
}

// ---- the table

const seen = { passed: 0, failed: 0 };

function print(line, m) {
  // With the account empty 20 at once need no second try.
  const needless = line.others === 0 && line.visitors <= 20 && m.busy + m.refused > 0;
  const good = m.whole === line.visitors && m.seconds < FIVE_MINUTES / 1000 && !needless;
  seen[good ? 'passed' : 'failed']++;
  console.log(`| ${line.name} | ${line.mode} | ${line.others} | ${line.visitors} | ${m.whole} | ${m.waited} | ${m.busy} | ${m.refused} | ${m.seconds.toFixed(1)} | ${m.processes} | ${(m.kib / 1024).toFixed(0)} |${good ? '' : ' FAILED'}`);
  if (!good) console.log([...m.misses.slice(0, 2), needless ? 'a second try was needed' : ''].join('\n'));
}

if (!isRoot) {
  console.log('skipped: only root can set the limits of another user\n0 passed, 0 failed');
  process.exit();
}
const groups = await makeGroup();
if (groups.length === 0) console.log('skipped: no cgroup can be made here');
const limits = [{ name: 'nproc', nproc: NPROC, groups: [] }, ...(groups.length > 0 ? [{ name: 'cgroup', nproc: 0, groups }] : [])];
const words = (process.env.ACCOUNTS ?? '').split(' ').filter(Boolean);
const lines = limits.flatMap((l) => Object.keys(MODES).flatMap((mode) => OTHERS.flatMap((others) => VISITORS.map((visitors) => ({ name: l.name, limits: l, mode, others, visitors })))))
  .filter((l) => words.every((w) => [l.name, l.mode, `others=${l.others}`, `visitors=${l.visitors}`].includes(w)));
console.log('| limit | by | others | visitors | whole runs | were told to wait | 503 of ours | of the web server | seconds | processes | MiB |');
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
try {
  for (const line of lines) {
    try {
      print(line, await measure(line));
    } catch (e) {
      seen.failed++;
      console.log(`FAILED: ${line.name} ${line.mode}, ${line.others} others, ${line.visitors} visitors: ${e.stack}`);
    }
  }
} finally {
  await removeGroup(groups);
}
console.log(`${seen.passed} passed, ${seen.failed} failed`);
process.exit(seen.failed > 0 ? 1 : 0);
