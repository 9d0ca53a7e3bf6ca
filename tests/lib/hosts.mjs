// The table of hosts: each a server with a mode, its shipped configuration, and
// what is known of its manners. What they must do is in behaviours.mjs; where
// one does not apply, `not` says why in words.
//
//   start     starts it as shipped; see servers.mjs
//   beats     how many heartbeats may pass until a visitor who left is noticed
//   silence   the line that sets the server's clock for silence to a second
//   reload    the signal, and what the server's log says when it has heard it
//   streams   runs side by side on one HTTP/2 connection, 8 where it is not said
//   tooFar    its status for a body of 1 MiB, 413 where it is not said
//   waits     while open runs end after a reload, new visitors wait
//   respawns  somebody starts the listener again when it has died

import { cgid, fcgid, proxy, shared } from './apache.mjs';
import { nginx } from './nginx.mjs';
import { lighttpd, settleForNobody, startBackend } from './servers.mjs';
import { AT_A_HOST, SYSTEMS, uploaded } from './uploaded.mjs';

const AT_ONCE = 1; // a beat may fall by chance between leaving and noticing
const BY_WRITING = 3; // Apache writes twice; two beats, and one by chance

const NO_LISTENER = 'plain CGI has no listener';
const NO_FILES = 'the program and its files are not in the document root';

const apache = { server: 'Apache', beats: BY_WRITING, reload: ['SIGUSR1', /Doing graceful restart/], silence: 'ProxyTimeout 1', streams: 6 };
const byFcgid = { ...apache, silence: 'FcgidIOTimeout 1', respawns: true, tooFar: 500 };
const byCgi = { ...apache, silence: 'CGIDScriptTimeout 1', not: { 'listener killed': NO_LISTENER } };

export const HOSTS = [
  { ...byFcgid, mode: 'mod_fcgid', copy: 'apache/fcgid.conf', start: fcgid },
  { ...apache, mode: 'mod_proxy_fcgi, unix socket', copy: 'apache/proxy.conf', start: proxy('listen') },
  { ...apache, mode: 'mod_proxy_fcgi, TCP', copy: 'apache/proxy.conf', start: proxy('listen-tcp') },
  { ...byCgi, mode: 'plain CGI', copy: 'apache/cgid.conf', start: cgid },
  { ...byCgi, mode: '.htaccess, plain CGI', copy: 'apache/htaccess', start: shared() },
  { ...byCgi, mode: '.htaccess, all inside', copy: 'apache/htaccess', start: shared({ inside: true }) },
  { ...byFcgid, mode: '.htaccess, mod_fcgid with pad', copy: 'apache/htaccess', start: shared({ fastcgi: true }), pad: 65600 },
];

const nginxHost = { server: 'nginx', copy: 'hosts/nginx/recipe.conf', beats: AT_ONCE, silence: 'fastcgi_read_timeout 1s;', reload: ['SIGHUP', /reconfiguring/], site: { overwritesEnvironment: true } };
HOSTS.push(
  { ...nginxHost, mode: 'unix socket', start: nginx('listen') },
  { ...nginxHost, mode: 'TCP', start: nginx('listen-tcp') },
  { ...nginxHost, mode: 'spawn-fcgi', start: nginx('spawn-fcgi') },
  { ...nginxHost, mode: 'multiwatch', start: nginx('multiwatch'), respawns: true },
  { ...nginxHost, mode: 'systemd', copy: 'hosts/nginx/recipe.conf, hosts/systemd/', start: nginx('systemd') },
);

const external = (backend) => async (site) => {
  settleForNobody(site);
  await startBackend(site, backend);
  await lighttpd(site);
};
const lighttpdHost = { server: 'lighttpd', beats: AT_ONCE, silence: 'server.max-write-idle = 1', reload: ['SIGUSR1', /graceful shutdown started/], waits: true };
HOSTS.push(
  { ...lighttpdHost, mode: 'started by it', copy: 'hosts/lighttpd/lighttpd.conf', start: lighttpd, respawns: true },
  { ...lighttpdHost, mode: 'external socket', copy: 'hosts/lighttpd/external.conf', start: external('listen'), site: { template: 'hosts/lighttpd/external.conf' } },
);

/** The behaviours count a run's connections; those that are open before it are for nobody yet. */
const COUNTED = { preconnect: false };

// Other systems, with their own Apache: `make dist-test`.
for (const [system, name] of Object.entries(SYSTEMS)) {
  const host = { system, server: 'The tarball', copy: 'dist/INSTALL', site: { ...AT_A_HOST, service: COUNTED } };
  HOSTS.push(
    { ...byCgi, ...host, mode: `${name}, plain CGI`, start: uploaded() },
    { ...byFcgid, ...host, mode: `${name}, mod_fcgid with pad`, start: uploaded({ fastcgi: true }), pad: 65600 },
  );
}

export const nameOf = (host) => `${host.server}, ${host.mode}`;
