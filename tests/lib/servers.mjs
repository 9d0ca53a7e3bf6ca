// The ways to serve a site, one function each: it starts what is needed for
// site.program and sets site.port (HTTP) or site.socket (FastCGI). Another web
// server is another function here.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as proc from './proc.mjs';
import { waitFor } from './wait.mjs';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** Starts a child of the site whose output goes to the site's stderr.txt. */
export function launch(site, command, args) {
  const out = fs.openSync(path.join(site.dir, 'stderr.txt'), 'a');
  const child = spawn(command, args, { cwd: site.dir, env: site.env, stdio: ['ignore', out, out] });
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

/** A port that was free a moment ago; who loses it to another copy of the tests tries again. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A configuration file of the project with its placeholders filled in. */
export function fillTemplate(file, values) {
  const text = fs.readFileSync(path.join(PROJECT, file), 'utf8');
  return text.replace(/@([A-Z]+)@/g, (whole, name) => {
    if (!(name in values)) throw new Error(`${file}: no value for ${whole}`);
    return values[name];
  });
}

async function lighttpd(site) {
  const htdocs = site.options.htdocs ?? path.join(PROJECT, 'htdocs');
  const conf = path.join(site.dir, 'lighttpd.conf');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    fs.writeFileSync(conf, fillTemplate(site.options.template ?? 'lighttpd/lighttpd.conf', {
      PROGRAM: site.program, HTDOCS: htdocs, PORT: port, RUN: site.runDir, USER: 'nobody',
    }));
    const entry = launch(site, 'lighttpd', ['-D', '-f', conf]);
    const { child } = entry;
    await waitFor(() => !running(child) || proc.listensOn(child.pid, port), `lighttpd to listen on ${port}`);
    if (running(child)) return void (site.port = port);
    site.children.pop();
    if (attempt === 5) throw new Error(`lighttpd does not start:\n${await site.stderr()}`);
  }
}

async function listening(site, entry) {
  const ready = () => !running(entry.child) || proc.unixListening(site.socket);
  await waitFor(ready, `somebody to listen on ${site.socket}`);
  if (!running(entry.child)) throw new Error(`the program does not start:\n${await site.stderr()}`);
}

/** The program alone, on a unix socket. */
async function listen(site) {
  site.socket = path.join(site.runDir, 'fcgi.sock');
  await listening(site, launch(site, site.program, ['--listen', `unix:${site.socket}`]));
}

/** The same on a TCP port; FcgiClient connects to [host, port]. */
async function listenTcp(site) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const entry = launch(site, site.program, ['--listen', `127.0.0.1:${port}`]);
    await waitFor(() => !running(entry.child) || proc.listensOn(entry.child.pid, port), `somebody to listen on ${port}`);
    if (running(entry.child)) return void (site.socket = { host: '127.0.0.1', port });
    site.children.pop();
    if (attempt === 5) throw new Error(`the program does not start:\n${await site.stderr()}`);
  }
}

/** spawn-fcgi opens the socket and becomes the program (-n: it does not fork). */
async function spawnFcgi(site) {
  site.socket = path.join(site.runDir, 'fcgi.sock');
  await listening(site, launch(site, 'spawn-fcgi', ['-n', '-s', site.socket, '--', site.program]));
}

/** Loaded only by who asks for it: it imports this file in turn. */
const apache = async (site) => (await import('./apache.mjs')).apache(site);

export const servers = { lighttpd, listen, 'listen-tcp': listenTcp, 'spawn-fcgi': spawnFcgi, apache };
