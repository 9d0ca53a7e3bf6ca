// A customer's site at a shared host: tools/host made the machine, tests/dist/run
// entered it, and here the tarball is uploaded and set up as dist/INSTALL tells.
// Everything of it is as that system ships it, but for the virtual host that the
// host gives its customer.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { byFcgid } from './apache.mjs';
import * as proc from './proc.mjs';
import { addPages, launch, running } from './servers.mjs';
import { waitFor } from './wait.mjs';

const exec = promisify(execFile);

const { HOST_ROOT = '', TARBALL = '' } = process.env;
const HOME = '/home/cook';
const USER = 1000;
const there = (...names) => path.join(HOST_ROOT, ...names);
const home = (...names) => there(HOME, ...names);
const ENV = { HOME, PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8' };

export const SYSTEMS = { bullseye: 'Debian 11', trixie: 'Debian 13', jammy: 'Ubuntu 22.04' };
/** The names under which site and provider are found; the machine's /etc/hosts has them. */
export const NAMES = { site: 'my.site', provider: 'provider.test' };

/** Runs a shell's lines there, as the customer in her home or as root: {status, output}. */
export async function shell(script, { root = false } = {}) {
  const who = root ? [] : [`--userspec=${USER}:${USER}`, '--groups='];
  const line = `cd; ${script}`;
  const said = await exec('chroot', [...who, HOST_ROOT, 'sh', '-ec', line], { env: ENV }).catch((e) => e);
  return { status: said.code ?? 0, output: said.stdout + said.stderr };
}

/** The same, of what must go well: its output. */
export async function must(script, options) {
  const { status, output } = await shell(script, options);
  assert.equal(status, 0, `${script}:\n${output}`);
  return output;
}

/** A line that INSTALL shows, word for word. */
export function inInstall(line) {
  const text = fs.readFileSync(home('unpacked/INSTALL'), 'utf8');
  assert.ok(text.split('\n').includes(`       ${line}`), `INSTALL does not say: ${line}`);
  return line;
}

const follow = (line) => must(inInstall(line));

/** The second way of .htaccess. */
function chooseFcgid() {
  const file = home('public_html/.htaccess');
  fs.writeFileSync(file, byFcgid(fs.readFileSync(file, 'utf8')));
}

/** The example as a person completes it; the service is the test's, by its name. */
function settings(site, { fastcgi }) {
  const text = fs.readFileSync(home('unpacked/recipe.json.example'), 'utf8').replace('/home/YOU/', `${HOME}/`);
  const all = JSON.parse(text);
  const [service] = Object.values(all.services);
  service.base_url = site.options.provider.baseUrl.replace('127.0.0.1', NAMES.provider);
  site.options.provider.models = service.model;
  Object.assign(service, site.options.service);
  if (fastcgi) service.ca_file = `${HOME}/ca.pem`;
  fs.writeFileSync(home('recipe.json'), JSON.stringify({ ...all, limits: site.options.limits }));
  fs.chownSync(home('recipe.json'), USER, USER);
}

/** Upload and set up; a mode that SFTP does not bring along is not there before INSTALL's step. */
async function install(site, { fastcgi }) {
  fs.copyFileSync(TARBALL, there('tmp/upload.tar.gz'));
  await must(`
    rm -rf keys prompts unpacked *.pem recipe.json public_html/* public_html/.htaccess
    mkdir unpacked
    tar -xzf /tmp/upload.tar.gz -C unpacked --strip-components=1
    cp -r --no-preserve=mode unpacked/public_html/. public_html
    cp -r --no-preserve=mode unpacked/prompts .`);
  addPages(site, home('public_html'));
  await follow('chmod 755 public_html/recipe.fcgi');
  await follow('mkdir -m 700 keys');
  await must('echo the-key >keys/groq');
  await follow('chmod 600 keys/groq');
  settings(site, { fastcgi });
  // The provider is told which part it is asked for: see site.mjs.
  fs.cpSync(site.prompts, home('prompts'), { recursive: true });
  if (fastcgi) chooseFcgid();
  site.program = home('public_html/recipe.fcgi');
  site.runDir = there('var/log/apache2');
}

/** The authority: the customer's upload for mod_fcgid, else the system's own store has it. */
async function trust(site, { fastcgi }) {
  const { authority } = site.options;
  const file = fastcgi ? home('ca.pem') : there('usr/local/share/ca-certificates/test.crt');
  fs.copyFileSync(authority.file, file);
  if (!fastcgi) await must('update-ca-certificates', { root: true });
}

const TLS = `SSLEngine on
	SSLCertificateFile /etc/ssl/cert.pem
	SSLCertificateKeyFile /etc/ssl/key.pem
	Protocols h2 http/1.1`;

const virtualHost = (port, more) => `<VirtualHost *:${port}>
	ServerName ${NAMES.site}
	DocumentRoot ${HOME}/public_html
	SuexecUserGroup cook cook
	<Directory ${HOME}/public_html>
		AllowOverride FileInfo Options
		Require all granted
	</Directory>
	${more}
</VirtualHost>
`;

/** What the host gives its customer, with HTTPS and HTTP/2 where there is a certificate. */
function configure({ tls, extra = '' }) {
  const hosts = [`ServerName ${NAMES.site}\n`, virtualHost(80, extra)];
  if (tls) {
    fs.copyFileSync(tls.certFile, there('etc/ssl/cert.pem'));
    fs.copyFileSync(tls.keyFile, there('etc/ssl/key.pem'));
    hosts.push(virtualHost(443, `${TLS}\n\t${extra}`));
  }
  fs.writeFileSync(there('etc/apache2/sites-enabled/cook.conf'), hosts.join(''));
}

/** Starts Apache as that system does, but in the foreground. */
async function serve(site) {
  configure(site.options);
  fs.rmSync(there('var/log/apache2/error.log'), { force: true });
  const start = '. /etc/apache2/envvars; apachectl configtest; exec apache2 -DFOREGROUND';
  const { child } = launch(site, 'chroot', [HOST_ROOT, 'sh', '-c', start], { env: ENV });
  Object.assign(site, { port: 80, tlsPort: 443 });
  const answers = () => site.get('/').then(async (r) => (await r.text()) !== null, () => false);
  await waitFor(async () => !running(child) || await answers(), 'Apache to answer');
  if (!running(child)) throw new Error(`Apache does not start:\n${await site.stderr()}`);
}

/** Starts a site so: by plain CGI, or by mod_fcgid as .htaccess tells how. */
export const uploaded = (mode = {}) => async (site) => {
  await install(site, mode);
  await trust(site, mode);
  await serve(site);
};

/** Options of a scene with such a site. */
export const AT_A_HOST = {
  https: { names: [`DNS:${NAMES.provider}`] },
  site: ({ authority }) => ({ authority }),
  processes: () => proc.pids().filter((pid) => proc.root(pid) === HOST_ROOT),
};

/** Versions there, in words. */
export async function versions() {
  const said = await must("dpkg-query -W -f '${Package} ${Version}, ' apache2-bin libapache2-mod-fcgid libc6");
  return said.replace(/, $/, '');
}
