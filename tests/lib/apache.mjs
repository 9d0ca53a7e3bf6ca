// Apache with mod_fcgid and the virtual host as it is shipped. Debian's
// modules, a main configuration of our own, nothing of the system's service.

import fs from 'node:fs';
import path from 'node:path';
import * as proc from './proc.mjs';
import { fillTemplate, freePort, launch, running } from './servers.mjs';
import { waitFor } from './wait.mjs';

const MODULES = '/usr/lib/apache2/modules';
const NEEDED = ['mpm_event', 'authz_core', 'mime', 'dir', 'alias', 'headers', 'fcgid'];
const NOBODY = 65534;

/** Apache gives up root, so its user must be able to read what it serves. */
function copyForNobody(site, htdocs) {
  const www = path.join(site.dir, 'www');
  fs.cpSync(htdocs, path.join(www, 'htdocs'), { recursive: true });
  fs.copyFileSync(site.program, path.join(www, 'recipe.fcgi'));
  fs.chmodSync(path.join(www, 'recipe.fcgi'), 0o755);
  fs.chmodSync(site.dir, 0o755);
  for (const dir of [site.runDir, path.join(site.runDir, 'fcgid')]) {
    fs.mkdirSync(dir, { recursive: true });
    if (process.getuid() === 0) fs.chownSync(dir, NOBODY, NOBODY);
  }
  site.program = path.join(www, 'recipe.fcgi');
  return path.join(www, 'htdocs');
}

const quoted = (value) => `"${value.replace(/["\\]/g, '\\$&')}"`;

function mainConfiguration(site, port, virtualHost) {
  const passed = Object.entries(site.env).filter(([, value]) => value !== '');
  return [
    `ServerRoot ${quoted(site.runDir)}`,
    'ServerName localhost',
    `PidFile ${quoted(path.join(site.runDir, 'httpd.pid'))}`,
    `DefaultRuntimeDir ${quoted(site.runDir)}`,
    `Mutex ${quoted(`file:${site.runDir}`)} default`,
    `ErrorLog ${quoted(path.join(site.runDir, 'error.log'))}`,
    ...(process.getuid() === 0 ? ['User nobody', 'Group nogroup'] : []),
    ...NEEDED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    'TypesConfig /dev/null',
    'AddType text/html .html',
    'AddType text/css .css',
    'AddType text/javascript .js',
    'DirectoryIndex index.html',
    `FcgidIPCDir ${quoted(path.join(site.runDir, 'fcgid'))}`,
    `FcgidProcessTableFile ${quoted(path.join(site.runDir, 'fcgid_shm'))}`,
    ...passed.map(([name, value]) => `FcgidInitialEnv ${name} ${quoted(value)}`),
    `Listen 127.0.0.1:${port}`,
    virtualHost,
  ].join('\n');
}

export async function apache(site) {
  const htdocs = copyForNobody(site, path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../htdocs'));
  const conf = path.join(site.dir, 'httpd.conf');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const host = fillTemplate(site.options.template ?? 'apache/recipe.conf', { PROGRAM: site.program, HTDOCS: htdocs, PORT: port });
    fs.writeFileSync(conf, mainConfiguration(site, port, host));
    const { child } = launch(site, 'apache2', ['-d', site.runDir, '-f', conf, '-DFOREGROUND']);
    await waitFor(() => !running(child) || proc.listensOn(child.pid, port), `Apache to listen on ${port}`);
    if (running(child)) return void (site.port = port);
    site.children.pop();
    if (attempt === 5) throw new Error(`Apache does not start:\n${await site.stderr()}`);
  }
}
