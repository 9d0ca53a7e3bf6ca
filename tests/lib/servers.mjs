// The ways to serve a site, one function each: it starts what is needed for
// site.program and sets site.port (HTTP), site.tlsPort (HTTPS) or site.socket
// (FastCGI). Another web server is another function; hosts.mjs is the table of
// those that people have, with their modes.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as proc from './proc.mjs';
import { waitFor } from './wait.mjs';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const NOBODY = 65534;
export const isRoot = process.getuid() === 0;

/** Starts a child of the site whose output goes to the site's stderr.txt. */
export function launch(site, command, args, options = {}) {
  const out = fs.openSync(path.join(site.dir, 'stderr.txt'), 'a');
  const child = spawn(command, args, { cwd: site.dir, env: site.env, stdio: ['ignore', out, out], ...options });
  fs.closeSync(out);
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  const entry = { child, exited };
  site.children.push(entry);
  return entry;
}

export const running = (child) => child.pid && child.exitCode === null && child.signalCode === null;

/** Ports below those that the kernel gives to connections by itself, of which there are many in a test. */
const PORTS = { from: 10_240, to: 18_000 };

/** A port that was free a moment ago; who loses it to another copy of the tests tries again. */
export async function freePort() {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    const isFree = await new Promise((resolve) => {
      const server = net.createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** Starts what `begin(port, tlsPort)` launches, again where a port was lost; sets both in the site. */
export async function onFreePorts(site, begin) {
  for (let attempt = 1; ; attempt++) {
    const [port, tlsPort] = [await freePort(), await freePort()];
    const { child } = begin(port, tlsPort);
    await waitFor(() => !running(child) || proc.listensOn(child.pid, port), `${child.spawnfile} to listen on ${port}`);
    if (running(child)) return void Object.assign(site, { port, tlsPort });
    site.children.pop();
    if (attempt === 5) throw new Error(`${child.spawnfile} does not start:\n${await site.stderr()}`);
  }
}

const shipped = (file) => fs.readFileSync(path.join(PROJECT, file), 'utf8');

/** A configuration file of the project with its placeholders filled in. */
export function fillTemplate(file, values, change = (text) => text) {
  return change(shipped(file)).replace(/@([A-Z]+)@/g, (whole, name) => {
    if (!(name in values)) throw new Error(`${file}: no value for ${whole}`);
    return values[name];
  });
}

/** The same for a site, which may want another file, or the text changed before. */
export function configurationOf(site, file, values) {
  const { template = file, change } = site.options;
  return fillTemplate(template, values, change);
}

/** Writes the site's own pages, texts by their path, into its document root. */
export function addPages(site, root) {
  for (const [name, text] of Object.entries(site.options.pages ?? {})) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
}

/** The document root: the project's pages, or a copy of them with those of the site. */
export function htdocsOf(site) {
  const { htdocs = path.join(PROJECT, 'htdocs'), pages } = site.options;
  if (!pages) return htdocs;
  const own = path.join(site.dir, 'htdocs');
  fs.cpSync(htdocs, own, { recursive: true });
  addPages(site, own);
  return own;
}

/** The lines of a server's tls.conf, or none where the site has no certificate. */
export function tlsLines(site, file, values) {
  const { tls } = site.options;
  return tls ? fillTemplate(file, { CERT: tls.certFile, KEY: tls.keyFile, ...values }) : '';
}

/** The program where everybody can run it: the tree may lie where only its owner can go. */
export function settleProgram(site, dir = site.dir) {
  const program = path.join(dir, 'recipe.fcgi');
  fs.copyFileSync(site.program, program);
  fs.chmodSync(program, 0o755);
  site.program = program;
}

/**
 * For servers that give up root: page and program where everybody can read them,
 * the site's directory nobody's. `www` is where they go. Returns the page's place.
 */
export function settleForNobody(site, www = path.join(site.dir, 'www')) {
  const htdocs = path.join(www, 'htdocs');
  fs.cpSync(htdocsOf(site), htdocs, { recursive: true });
  settleProgram(site, www);
  ownByNobody(site);
  return htdocs;
}

export function ownByNobody(site) {
  fs.chmodSync(site.dir, 0o755);
  if (isRoot) execFileSync('chown', ['-hR', `${NOBODY}:${NOBODY}`, site.dir]);
}

/** The user of programs that a root's web server must reach; nothing where we are not root. */
const asNobody = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

export async function lighttpd(site) {
  const conf = path.join(site.dir, 'lighttpd.conf');
  await onFreePorts(site, (port, tlsPort) => {
    const main = configurationOf(site, 'hosts/lighttpd/lighttpd.conf', {
      PROGRAM: site.program, HTDOCS: htdocsOf(site), PORT: port, RUN: site.runDir, SOCKET: site.socket, USER: 'nobody',
    });
    const tls = tlsLines(site, 'hosts/lighttpd/tls.conf', { TLSPORT: tlsPort });
    fs.writeFileSync(conf, [main, tls, site.options.extra ?? ''].join('\n'));
    return launch(site, 'lighttpd', ['-D', '-f', conf]);
  });
}

// ---- the program on a socket, started by others than the web server

async function listening(site, entry) {
  const ready = () => !running(entry.child) || proc.unixListening(site.socket);
  await waitFor(ready, `somebody to listen on ${site.socket}`);
  if (!running(entry.child)) throw new Error(`the program does not start:\n${await site.stderr()}`);
}

const newSocket = (site) => (site.socket = path.join(site.runDir, 'fcgi.sock'));

/** The program alone, on a unix socket. */
async function listen(site, options) {
  newSocket(site);
  await listening(site, launch(site, site.program, ['--listen', `unix:${site.socket}`], options));
}

/**
 * The same as a user of its own who may have no more than `nproc` processes:
 * the listener, one worker, and what is left are stages. Only root can do that.
 * `by` may be spawn-fcgi, which starts it as a web server does.
 */
export const limitedTo = (nproc, by = '--listen') => async (site) => {
  const id = 61000 + (process.pid % 4000);
  settleProgram(site);
  execFileSync('chown', ['-hR', `${id}:${id}`, site.dir]);
  newSocket(site);
  const command = by === 'spawn-fcgi' ? ['spawn-fcgi', '-n', '-s', site.socket, '--', site.program] : [site.program, '--listen', `unix:${site.socket}`];
  await listening(site, launch(site, 'prlimit', [`--nproc=${nproc}`, ...command], { uid: id, gid: id }));
};

/** Why a test cannot mount a disk of its own here, or false. */
export const cannotMount = () => (isRoot && spawnSync('unshare', ['-m', 'true']).status === 0 ? false : 'only root may mount, and not in every container');

/**
 * The same with a mount table of its own, and, if `size` is said, its state on a disk that has so many bytes. onDiskOf(site)
 * is where we see it.
 */
export const onOwnDisk = (size) => async (site) => {
  newSocket(site);
  fs.mkdirSync(path.join(site.dir, 'recipe'), { mode: 0o700 });
  const mount = size ? `mount -t tmpfs -o size=${size},mode=0700 none "$PWD/recipe" && ` : '';
  await listening(site, launch(site, 'unshare', ['-m', 'sh', '-c', `${mount}exec "$0" --listen "unix:$1"`, site.program, site.socket]));
};
export const onDiskOf = (site) => path.join('/proc', String(site.children[0].child.pid), 'root', site.dir, 'recipe');

/** Nobody may write into this directory of the site's own mount table from now on. */
export function makeReadOnly(site, dir) {
  const script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"';
  execFileSync('nsenter', ['-m', '-t', String(site.children[0].child.pid), 'sh', '-c', script, 'sh', dir]);
}

/** The program alone, which may write no file of more bytes. */
export const withFiles = (bytes) => async (site) => {
  newSocket(site);
  await listening(site, launch(site, 'prlimit', [`--fsize=${bytes}`, site.program, '--listen', `unix:${site.socket}`]));
};

/** The same on a TCP port; FcgiClient connects to [host, port]. */
async function listenTcp(site, options) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const entry = launch(site, site.program, ['--listen', `127.0.0.1:${port}`], options);
    await waitFor(() => !running(entry.child) || proc.listensOn(entry.child.pid, port), `somebody to listen on ${port}`);
    if (running(entry.child)) return void (site.socket = { host: '127.0.0.1', port });
    site.children.pop();
    if (attempt === 5) throw new Error(`the program does not start:\n${await site.stderr()}`);
  }
}

/** spawn-fcgi opens the socket and becomes the program (-n: it does not fork). */
async function spawnFcgi(site, options) {
  newSocket(site);
  await listening(site, launch(site, 'spawn-fcgi', ['-n', '-s', site.socket, '--', site.program], options));
}

/** The same with multiwatch between, which starts the program again when it dies; `watch` are options of its own. */
async function multiwatch(site, options) {
  newSocket(site);
  const args = ['-n', '-s', site.socket, '--', '/usr/bin/multiwatch', '-f', '1', ...(site.options.watch ?? []), '--', site.program];
  await listening(site, launch(site, 'spawn-fcgi', args, options));
}

/** One setting of a unit file. */
function unitSetting(text, name) {
  const found = new RegExp(`^${name}=(.*)$`, 'm').exec(text);
  if (!found) throw new Error(`the unit has no ${name}=`);
  return found[1];
}

/**
 * What systemd does with the shipped units, by its own tool: it holds the socket
 * and starts the program with the first connection. --inetd is StandardInput=socket.
 */
async function systemd(site, options) {
  newSocket(site);
  const values = { SOCKET: site.socket, PROGRAM: site.program, GROUP: 'nogroup' };
  const [socket, service] = ['socket', 'service'].map((kind) => fillTemplate(`hosts/systemd/recipe.${kind}`, values));
  if (unitSetting(service, 'StandardInput') !== 'socket' || unitSetting(socket, 'Accept') !== 'no') throw new Error('these units are started in another way');
  const passed = Object.entries(site.env).map(([name, value]) => `--setenv=${name}=${value}`);
  const args = ['-l', unitSetting(socket, 'ListenStream'), '--inetd', ...passed, ...unitSetting(service, 'ExecStart').split(' ')];
  await listening(site, launch(site, 'systemd-socket-activate', args, options));
}

export const backends = { listen, 'listen-tcp': listenTcp, 'spawn-fcgi': spawnFcgi, multiwatch, systemd };

/** The program as a user that the web server is, too. */
export const startBackend = (site, name) => backends[name](site, asNobody);

/** Loaded only by who asks for it: it imports this file in turn. */
const apache = async (site) => (await import('./apache.mjs')).fcgid(site);

export const servers = { lighttpd, listen, 'listen-tcp': listenTcp, 'spawn-fcgi': spawnFcgi, apache };
