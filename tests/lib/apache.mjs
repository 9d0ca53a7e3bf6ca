// Apache, its modes as they are shipped. Debian's modules, a main configuration
// of our own, nothing of the system's service.

import fs from 'node:fs';
import path from 'node:path';
import { configurationOf, htdocsOf, isRoot, launch, onFreePorts, ownByNobody, settleForNobody, startBackend, tlsLines } from './servers.mjs';

const MODULES = '/usr/lib/apache2/modules';
const NEEDED = [
  'mpm_event', 'authz_core', 'mime', 'negotiation', 'dir', 'env', 'setenvif', 'alias', 'headers', 'rewrite', 'filter', 'deflate',
  'expires', 'fcgid', 'cgid', 'proxy', 'proxy_fcgi', 'ssl', 'http2',
];
const PCRE = ['/usr/lib/x86_64-linux-gnu/libpcre.so.3', '/usr/lib/aarch64-linux-gnu/libpcre.so.3'];
const END = '</VirtualHost>';

const quoted = (value) => `"${value.replace(/["\\]/g, '\\$&')}"`;

function mainConfiguration(site) {
  const at = (name) => quoted(path.join(site.runDir, name));
  const passed = Object.entries(site.env).filter(([, value]) => value !== '');
  return [
    `ServerRoot ${quoted(site.runDir)}`,
    'ServerName localhost',
    `PidFile ${at('httpd.pid')}`,
    `DefaultRuntimeDir ${quoted(site.runDir)}`,
    `Mutex ${quoted(`file:${site.runDir}`)} default`,
    `ErrorLog ${at('error.log')}`,
    'LogLevel notice',
    ...(isRoot ? ['User nobody', 'Group nogroup'] : []),
    // Debian 12's mod_qos lacks it (findings/debian12-mod-qos-lacks-a-library.sh).
    ...PCRE.filter((file) => site.options.modules?.includes('qos') && fs.existsSync(file)).map((file) => `LoadFile ${file}`),
    ...[...NEEDED, ...(site.options.modules ?? [])].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    'TypesConfig /dev/null',
    'AddType text/html .html',
    'AddType text/css .css',
    'AddType text/javascript .js',
    'DirectoryIndex index.html',
    // Debian's: what no <Directory> allows is not there.
    '<Directory />', 'Require all denied', '</Directory>',
    `ScriptSock ${at('cgisock')}`,
    // The pace of a process a second after ten is the host's; see apache/fcgid.conf.
    'FcgidSpawnScoreUpLimit 64',
    `FcgidIPCDir ${at('fcgid')}`,
    `FcgidProcessTableFile ${at('fcgid_shm')}`,
    ...passed.flatMap(([name, value]) => [`FcgidInitialEnv ${name} ${quoted(value)}`, `SetEnv ${name} ${quoted(value)}`]),
  ].join('\n');
}

/** Starts it with this virtual host, a function of the port, and with the same behind TLS. */
async function start(site, virtualHost) {
  const conf = path.join(site.dir, 'httpd.conf');
  fs.mkdirSync(path.join(site.runDir, 'fcgid'));
  ownByNobody(site);
  const host = (port, more) => [`Listen 127.0.0.1:${port}`, virtualHost(port).replace(END, `${more}\n${site.options.extra ?? ''}\n${END}`)];
  await onFreePorts(site, (port, tlsPort) => {
    const tls = tlsLines(site, 'apache/tls.conf', { PORT: tlsPort });
    fs.writeFileSync(conf, [mainConfiguration(site), ...host(port, ''), ...(tls ? host(tlsPort, tls) : [])].join('\n'));
    return launch(site, 'apache2', ['-d', site.runDir, '-f', conf, '-DFOREGROUND']);
  });
}

const own = (file) => async (site) => {
  const htdocs = settleForNobody(site);
  await start(site, (port) => configurationOf(site, file, { PROGRAM: site.program, HTDOCS: htdocs, PORT: port }));
};

export const fcgid = own('apache/fcgid.conf');
export const cgid = own('apache/cgid.conf');

/** mod_proxy_fcgi before a program that `backend` starts. */
export const proxy = (backend) => async (site) => {
  const htdocs = settleForNobody(site);
  await startBackend(site, backend);
  const { socket } = site;
  const BACKEND = socket.port ? `fcgi://${socket.host}:${socket.port}` : `unix:${socket}|fcgi://localhost`;
  await start(site, (port) => configurationOf(site, 'apache/proxy.conf', { HTDOCS: htdocs, BACKEND, PORT: port }));
};

/** .htaccess, its second way: what is set for the program makes way for what is commented out. */
export const byFcgid = (text) => text.replace(/(?<=<Files "recipe\.fcgi">\n)[^]*?(?=<\/Files>)/, (block) =>
  block.replace(/^\t(#?)(Set\w+ )/gm, (line, off, word) => (off ? `\t${word}` : `\t#${word}`)));

/**
 * Shared hosting: the host's configuration allows .htaccess to set what most
 * hosts allow, and has MultiViews on, as some do. `inside`: everything is in the document root, else settings,
 * prompts and keys are above it. `fastcgi`: the second way of that file.
 */
export const shared = ({ inside = false, fastcgi = false } = {}) => async (site) => {
  const home = path.join(site.dir, 'home');
  const shown = path.join(home, 'public_html');
  const hidden = inside ? shown : home;
  fs.cpSync(htdocsOf(site), shown, { recursive: true });
  fs.copyFileSync(site.program, path.join(shown, 'recipe.fcgi'));
  fs.chmodSync(path.join(shown, 'recipe.fcgi'), 0o755);
  site.program = path.join(shown, 'recipe.fcgi');
  fs.renameSync(site.configFile, path.join(hidden, 'recipe.json'));
  fs.renameSync(site.prompts, path.join(hidden, 'prompts'));
  fs.mkdirSync(path.join(hidden, 'keys'));
  fs.writeFileSync(path.join(hidden, 'keys', 'groq'), 'secret', { mode: 0o600 });
  for (const name of ['RECIPE_CONFIG', 'RECIPE_PROMPTS']) delete site.env[name];
  const text = configurationOf(site, 'apache/htaccess', {});
  fs.writeFileSync(path.join(shown, '.htaccess'), fastcgi ? byFcgid(text) : text);
  await start(site, (port) => [
    `<VirtualHost *:${port}>`, `DocumentRoot ${quoted(shown)}`,
    `<Directory ${quoted(shown)}>`, 'Options FollowSymLinks MultiViews', 'Require all granted', 'AllowOverride FileInfo Options', '</Directory>',
    '<FilesMatch "^\\.ht">', 'Require all denied', '</FilesMatch>', END,
  ].join('\n'));
};
