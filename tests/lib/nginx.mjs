// nginx with the server block as it is shipped, before a program that somebody
// else has started. A main configuration of our own, nothing of the system's.

import fs from 'node:fs';
import path from 'node:path';
import { configurationOf, isRoot, launch, onFreePorts, settleForNobody, startBackend, tlsLines } from './servers.mjs';

const ETC = '/etc/nginx';

function mainConfiguration(site, server) {
  const temporary = ['client_body', 'fastcgi', 'proxy', 'uwsgi', 'scgi'];
  return `
${isRoot ? 'user nobody nogroup;' : ''}
daemon off;
worker_processes 1;
pid ${site.runDir}/nginx.pid;
error_log ${site.runDir}/error.log notice;
events { }
http {
include ${ETC}/mime.types;
access_log off;
${temporary.map((name) => `${name}_temp_path ${site.runDir}/${name};`).join('\n')}
${server}
}
`;
}

/** The line in place of the shipped one: nginx wants no directive twice. */
function withLine(server, line) {
  if (!line) return server;
  const shipped = new RegExp(`^\\s*${line.split(' ')[0]} .*;$`, 'm');
  if (!shipped.test(server)) throw new Error(`nothing to replace by ${line}`);
  return server.replace(shipped, line);
}

export const nginx = (backend) => async (site) => {
  const htdocs = settleForNobody(site);
  await startBackend(site, backend);
  const conf = path.join(site.dir, 'nginx.conf');
  fs.copyFileSync(`${ETC}/fastcgi_params`, path.join(site.dir, 'fastcgi_params'));
  const { socket } = site;
  const SOCKET = socket.port ? `${socket.host}:${socket.port}` : `unix:${socket}`;
  await onFreePorts(site, (port, tlsPort) => {
    const server = configurationOf(site, 'hosts/nginx/recipe.conf', { HTDOCS: htdocs, SOCKET, LISTEN: `127.0.0.1:${port}` });
    const tls = tlsLines(site, 'hosts/nginx/tls.conf', { TLSLISTEN: `127.0.0.1:${tlsPort}` });
    const end = server.lastIndexOf('}');
    fs.writeFileSync(conf, mainConfiguration(site, `${withLine(server.slice(0, end), site.options.extra)}\n${tls}}\n`));
    return launch(site, 'nginx', ['-e', path.join(site.runDir, 'error.log'), '-p', site.dir, '-c', conf]);
  });
};
